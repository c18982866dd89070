use casement_core::timer::{self, shards};
use casement_service::ports::{Conversations, DueTimer, Timers};

use super::*;
use crate::keys;

async fn arm(store: &TestStore, customer: &str, due_at: DateTime<Utc>) -> DueTimer {
    let mut conversation = new_conversation(customer);
    conversation.due_at = Some(due_at);
    conversation.notice_generation = 4;
    store.save(&conversation).await.unwrap();
    DueTimer {
        conversation: conversation.key,
        generation: 4,
        due_at,
    }
}

/// Customers whose timers are in the same shard.
fn neighbours(count: usize) -> (String, Vec<String>) {
    let home = timer::shard(&key("c0"));
    let customers = (0..).map(|n| format!("c{n}"));
    let same = customers.filter(|customer| timer::shard(&key(customer)) == home);
    (home.clone(), same.take(count).collect())
}

#[tokio::test]
async fn due_timers_come_earliest_first() {
    let store = store().await;
    let (shard, customers) = neighbours(4);
    let late = arm(&store, &customers[0], at(75)).await;
    arm(&store, &customers[1], at(76)).await;
    let early = arm(&store, &customers[2], at(-900)).await;
    store.save(&new_conversation(&customers[3])).await.unwrap();
    let due = store.due(&shard, at(75), None).await;
    assert_eq!(due, Ok(vec![early, late]));
    for other in shards().filter(|other| *other != shard) {
        assert_eq!(store.due(&other, at(75), None).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repetition() {
    let store = store().await;
    let (shard, customers) = neighbours(203);
    let mut armed = Vec::new();
    for (index, customer) in (0..).zip(&customers) {
        // Several are due in the same second.
        armed.push(arm(&store, customer, at(index / 7)).await);
    }
    let mut found: Vec<DueTimer> = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let page = store.due(&shard, at(75), found.last()).await.unwrap();
        sizes.push(page.len());
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    assert_eq!(sizes, [100, 100, 3, 0]);
    assert!(found.is_sorted_by_key(|timer| timer.due_at));
    found.sort_by(|a, b| a.conversation.cmp(&b.conversation));
    armed.sort_by(|a, b| a.conversation.cmp(&b.conversation));
    assert_eq!(found, armed);
}

#[tokio::test]
async fn a_timer_that_is_not_understood_stops_no_other() {
    let store = store().await;
    let (shard, customers) = neighbours(1);
    let good = arm(&store, &customers[0], at(0)).await;
    let mut foreign = keys::conversation(&key("x"));
    foreign.pk = "NOBODY".to_owned();
    let attributes = [
        ("due_shard", string(&*shard)),
        ("due_at", AttributeValue::N("1".to_owned())),
        ("notice_generation", AttributeValue::N("1".to_owned())),
    ];
    write(&store, foreign, &attributes).await;
    assert_eq!(store.due(&shard, at(75), None).await, Ok(vec![good]));
}

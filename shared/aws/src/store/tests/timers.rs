use casement_core::model::ledger::{
    KnownMessage, LedgerEntry, OutboundKey, ReceivedMessage, SentMessage,
};
use casement_core::model::timer::{self, shards, unsettled_shards};
use casement_service::ports::{Conversations, DueConversation, Ledger, Timers as _};

use super::*;
use crate::keys;

async fn arm(store: &TestStore, customer: &str, due_at: DateTime<Utc>) -> DueConversation {
    let mut conversation = new_conversation(customer);
    conversation.timers = every_timer(due_at);
    store.save(&conversation).await.unwrap();
    DueConversation {
        conversation: conversation.key,
        due_at,
        timers: conversation.timers,
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
    let mut found: Vec<DueConversation> = Vec::new();
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
    foreign.pk = "NOBODY".to_owned().into();
    let attributes = [
        ("due_shard", string(&*shard)),
        ("due_at", AttributeValue::N("1".to_owned())),
    ];
    write(&store, foreign, &attributes).await;
    assert_eq!(store.due(&shard, at(75), None).await, Ok(vec![good]));
}

#[tokio::test]
async fn customers_messages_are_counted_until_they_are_settled() {
    let store = store().await;
    let unsettled = async |now| {
        let mut count = 0;
        for shard in unsettled_shards() {
            count += store.unsettled(&shard, now).await.unwrap();
        }
        count
    };
    let wamid = |n: i64| Wamid::new(format!("wamid.{n}"));
    for n in 0..40 {
        let message = KnownMessage::Received(ReceivedMessage::default());
        let entry = LedgerEntry::claimed(message, at(n));
        store.create(&wamid(n), &entry).await.unwrap();
    }
    // What we send is not a customer's message.
    let ours = OutboundKey::notice(&key("49151"), 1);
    let message = SentMessage::new(&key("49151"), &IssueId::new("10001"));
    let entry = LedgerEntry::claimed(message, at(0));
    store.create(&ours, &entry).await.unwrap();
    assert_eq!(unsettled(at(599)).await, 0);
    assert_eq!(unsettled(at(609)).await, 10);
    for n in 0..40 {
        let entry = store.entry(&wamid(n)).await.unwrap().unwrap();
        let ended = if n < 30 {
            entry.settled()
        } else {
            // Another attempt does not begin anew.
            entry.released(at(500)).reclaimed(at(500))
        };
        store.update(&wamid(n), &ended).await.unwrap();
    }
    assert_eq!(unsettled(at(640)).await, 10);
    for shard in shards() {
        assert_eq!(store.due(&shard, at(9_999), None).await, Ok(vec![]));
    }
}

//! Ten thousand timers that are due in the same minute: the real sweep and the real use case of
//! `due-timer`, against the emulated table and queue.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod world;

use std::collections::BTreeSet;

use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::identity::{
    ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId,
};
use casement_core::model::queue::{OutboundQueueMessage, WaitTask};
use casement_core::model::timer::Timer;
use casement_service::ports::{Conversations, Saved};
use chrono::{DateTime, Duration, Utc};

use world::{Requests, World, together};

const TIMERS: usize = 10_000;

/// Somebody who waits for the notice of `due_at`.
fn waiting(customer: usize, due_at: DateTime<Utc>) -> Conversation {
    let phone = PhoneNumber::new(format!("4915{customer:08}"));
    let key = ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str());
    let identity = CustomerIdentity::new(None, Some(phone)).unwrap();
    let mut conversation = Conversation::new(key, identity);
    conversation.window_expires_at = Some(due_at + Duration::hours(23));
    conversation.awaiting_since = Some(due_at - Duration::hours(1));
    conversation.notice_generation = 1;
    conversation.notice_state = NoticeState::Armed;
    conversation.timers.set(Timer::DelayNotice, due_at);
    conversation.issue = Some(IssueRef {
        id: IssueId::new(customer.to_string()),
        key: format!("SUP-{customer}"),
    });
    conversation
}

#[tokio::test]
async fn ten_thousand_timers_of_one_minute_ring_once() {
    let world = World::start().await;
    let due_at = world.now() + Duration::minutes(30);
    let customers = (0..TIMERS).map(|customer| {
        let within = i64::try_from(customer % 60).unwrap();
        waiting(customer, due_at + Duration::seconds(within))
    });
    let conversations: Vec<_> = customers.collect();
    together(conversations.iter().map(async |conversation| {
        assert_eq!(world.store.save(conversation).await, Ok(Saved::Yes));
    }))
    .await;

    // The sweep of the minute before, and that of the minute after, which finds those that have
    // not rung yet.
    world.advance_to(due_at - Duration::seconds(10));
    world.requests.reset();
    let first = world.sweep().await;
    assert_eq!((first.queued, first.shards_left), (TIMERS, 0));
    let swept = world.requests.all();
    assert!(world.largest_page() <= 100, "{}", world.largest_page());
    world.advance_to(due_at + Duration::seconds(50));
    let again = world.sweep().await;
    assert_eq!(again.queued, TIMERS);
    world.advance_to(due_at + Duration::seconds(60));

    world.requests.reset();
    let rung = world.ring_all().await;
    assert_eq!(rung, 2 * TIMERS, "each came twice");
    let sent = world.outbound();
    assert_eq!(sent.len(), TIMERS, "and rang once");
    let customers: BTreeSet<_> = sent
        .iter()
        .map(|message| match message {
            OutboundQueueMessage::DelayNotice(WaitTask { conversation, .. }) => {
                conversation.clone()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(customers.len(), TIMERS);
    assert_eq!(world.sweep().await.queued, 0, "none is left");

    let Requests {
        queries, batches, ..
    } = swept;
    println!("the sweep of {TIMERS} timers: {queries} queries, {batches} batches of ten messages");
    let Requests { reads, writes, .. } = world.requests.all();
    println!("ringing them twice: {reads} reads, {writes} writes");
    assert!(batches <= TIMERS / 10 + 8 * 13, "{batches}");
    assert!(queries <= TIMERS / 100 + 2 * 8 + 8 + 8, "{queries}");
    assert!(writes <= TIMERS, "{writes}");
}

#[tokio::test]
async fn a_run_that_has_its_fill_leaves_the_rest_to_the_next() {
    let world = World::start().await;
    world.limit_pages(1);
    let due_at = world.now();
    let pages = casement_service::PAGES_PER_SHARD;
    let one_shard = (0..).map(|customer| waiting(customer, due_at));
    let home = casement_core::model::timer::shard(&waiting(0, due_at).key);
    let neighbours =
        one_shard.filter(|known| casement_core::model::timer::shard(&known.key) == home);
    for conversation in neighbours.take(pages + 3) {
        assert_eq!(world.store.save(&conversation).await, Ok(Saved::Yes));
    }
    let first = world.sweep().await;
    assert_eq!((first.queued, first.shards_left), (pages, 1));
    world.ring_all().await;
    let second = world.sweep().await;
    assert_eq!((second.queued, second.shards_left), (3, 0));
    world.ring_all().await;
    assert_eq!(world.outbound().len(), pages + 3);
}

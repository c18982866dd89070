//! The store against an embedded DynamoDB.

mod conversations;
mod failures;
mod held;
mod ledger;
mod links;
mod reconciliation;
mod templates;
mod timers;

use aws_sdk_dynamodb::types::AttributeValue;
use casement_core::model::conversation::{
    Conversation, Ended, FormerRequest, KeepOpen, NoticeState, Opening, ShownWait, ShownWindow,
};
use casement_core::model::identity::{
    Bsuid, ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId, Wamid,
};
use casement_core::model::timer::{Timer, Timers};
use chrono::{DateTime, Duration, Utc};

use super::DynamoStore;
use super::item::{Item, string};
use crate::keys::{ItemKey, PK, SK};
use crate::testing::{TABLE, TestClock, table};

type TestStore = DynamoStore<TestClock>;

async fn store() -> TestStore {
    DynamoStore::new(table().await, TABLE, TestClock::new())
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn key(customer: &str) -> ConversationKey {
    ConversationKey::new(&PhoneNumberId::new("1065"), customer)
}

fn new_conversation(customer: &str) -> Conversation {
    let identity = CustomerIdentity::new(None, Some(PhoneNumber::new(customer)));
    Conversation::new(key(customer), identity.unwrap())
}

/// A conversation in which everything is set.
fn full_conversation(customer: &str) -> Conversation {
    let bsuid = Some(Bsuid::new("DE.7"));
    Conversation {
        identity: CustomerIdentity::new(bsuid, Some(PhoneNumber::new(customer))).unwrap(),
        profile_name: Some("Ada".to_owned().into()),
        window_expires_at: Some(at(86_400)),
        last_inbound_at: Some(at(0)),
        last_inbound_wamid: Some(Wamid::new("wamid.A==")),
        issue: Some(IssueRef {
            id: IssueId::new("10001"),
            key: "SUP-1".to_owned(),
        }),
        opening: Some(Opening {
            reference: "ref".to_owned(),
            former: Some(FormerRequest {
                issue: IssueRef {
                    id: IssueId::new("10000"),
                    key: "SUP-0".to_owned(),
                },
                ended: Ended::Done,
            }),
            since: at(1),
        }),
        awaiting_since: Some(at(0)),
        notice_generation: 3,
        notice_state: NoticeState::Armed,
        timers: every_timer(at(1_800)),
        keep_open: KeepOpen {
            times: 1,
            asked_of: Some(at(90)),
        },
        alerted_of: Some(at(91)),
        shown_window: Some(ShownWindow {
            issue_id: IssueId::new("10001"),
            ends: at(92),
        }),
        shown_wait: Some(ShownWait {
            issue_id: IssueId::new("10001"),
            waiting_since: Some(at(0)),
            held: 2,
        }),
        held_count: 2,
        opted_out: true,
        ..new_conversation(customer)
    }
}

/// All of them, a second after one another, the first at `due_at`.
fn every_timer(due_at: DateTime<Utc>) -> Timers {
    let mut timers = Timers::default();
    for (seconds, timer) in (0..).zip(Timer::ALL) {
        timers.set(timer, due_at + Duration::seconds(seconds));
    }
    timers
}

/// The conversation as it stands after it was saved.
fn raised(mut conversation: Conversation) -> Conversation {
    conversation.version += 1;
    conversation
}

/// An item as DynamoDB has it.
async fn stored(store: &TestStore, key: ItemKey) -> Item {
    store.get(key).await.unwrap().unwrap()
}

fn number(item: &Item, attribute: &str) -> i64 {
    item[attribute].as_n().unwrap().parse().unwrap()
}

fn days(days: i64) -> i64 {
    Duration::days(days).num_seconds()
}

/// Writes attributes into an item past the ports.
async fn write(store: &TestStore, key: ItemKey, attributes: &[(&str, AttributeValue)]) {
    let mut item: Item = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    item.insert(PK.to_owned(), string(key.pk));
    item.insert(SK.to_owned(), string(key.sk));
    store
        .client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(item))
        .send()
        .await
        .unwrap();
}

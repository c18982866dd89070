use casement_core::model::content::Findings;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::fate::{Absence, CallFailure, Side};
use casement_core::model::identity::{ConversationKey, Wamid};
use casement_core::model::ledger::{LEASE, LedgerEntry, LedgerKey, LedgerState};
use casement_core::model::queue::{ConversationTask, DelayQueueMessage, OutboundQueueMessage};
use casement_core::model::timer::Timer;
use chrono::Duration;

use super::*;
use crate::event::Event;
use crate::fakes::{World, at, identity, key, number, text};
use crate::outcome::{Done, Ignored};
use crate::ports::*;

mod absence;
mod bounds;
mod earlier;
mod files;
mod histories;
mod identity_change;
mod last_attempt;
mod leaks;
mod lost_answers;
mod numbers;
mod race;
mod receipts;
mod routing;
mod stale;
mod unwanted;

const BUSY: CallFailure = CallFailure::Jira {
    status: 429,
    retry_after: None,
};

fn words(world: &World) -> Vec<(String, String)> {
    world.said()
}

fn said(issue: &str, text: &str) -> (String, String) {
    (issue.to_owned(), text.to_owned())
}

#[tokio::test]
async fn two_messages_are_one_request_with_two_comments() {
    let world = World::new();
    for (id, body) in [("a", "one"), ("b", "two")] {
        let outcome = world
            .inbound()
            .receive(&text(id, body, at(0)), Attempt::Another)
            .await;
        assert_eq!(outcome, Ok(Outcome::Done(Done::Received)));
    }
    assert_eq!(world.requests(), 1);
    assert_eq!(words(&world), [said("1", "one"), said("1", "two")]);
    assert!(world.conversation().window_is_open(at(60)));
    assert_eq!(world.delay_queue().len(), 1, "one silence, one timer");
}

#[tokio::test]
async fn the_same_message_twice_is_one_comment() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap();
    assert_eq!(
        world.inbound().receive(&message, Attempt::Another).await,
        Ok(Outcome::Ignored(Ignored::Duplicate))
    );
    assert_eq!(words(&world).len(), 1);
}

#[tokio::test]
async fn while_jira_refuses_the_window_opens_all_the_same() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world.fail_open(BUSY, false);
    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap_err();
    let waiting = world.conversation();
    assert!(waiting.window_is_open(at(60)));
    assert_eq!(waiting.notice_state, NoticeState::Armed);
    assert_eq!(
        waiting.opening, None,
        "nothing to look up: Jira refused for certain"
    );

    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.requests(), 1);
    assert_eq!(words(&world), [said("1", "one")]);
    assert_eq!(
        world.conversation().notice_generation,
        1,
        "still the same silence"
    );
}

#[tokio::test]
async fn a_long_message_goes_on_where_it_stopped() {
    let world = World::new();
    let message = text("a", &"word ".repeat(20_000), at(0));
    world.fail_comment(CallFailure::Unknown(Side::Jira), true);
    world.fail_comment(BUSY, false);
    for _ in 0..2 {
        world
            .inbound()
            .receive(&message, Attempt::Another)
            .await
            .unwrap_err();
    }
    // The first comment was found, and the second was missing.
    assert_eq!((words(&world).len(), world.comment_lookups()), (1, 2));
    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap();
    let whole = message.documents(&Findings::default()).len();
    assert!(whole > 3);
    assert_eq!((words(&world).len(), world.comment_lookups()), (whole, 3));
    let key = LedgerKey::Message(Wamid::new("wamid.a"));
    assert_eq!(world.entry_of(&key).unwrap().comments.len(), whole);
}

#[tokio::test]
async fn a_long_message_begins_anew_when_its_request_is_deleted() {
    let world = World::new();
    let message = text("a", &"word ".repeat(20_000), at(0));
    world.fail_comment(CallFailure::Unknown(Side::Jira), true);
    world.fail_comment(BUSY, false);
    for _ in 0..2 {
        world
            .inbound()
            .receive(&message, Attempt::Another)
            .await
            .unwrap_err();
    }
    world.delete_request("1");
    world.set_now(at(15 * 60));
    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap();
    let in_new = words(&world);
    let in_new = in_new.iter().filter(|(issue, _)| issue == "2").count();
    assert_eq!(in_new, message.documents(&Findings::default()).len());
}

#[tokio::test]
async fn a_worker_that_died_is_followed_when_its_lease_has_ended() {
    let world = World::new();
    let message = text("a", "one", at(0));
    let ledger_key = LedgerKey::Message(Wamid::new("wamid.a"));
    world.put_entry(ledger_key.clone(), LedgerEntry::claimed(at(0)));
    let later = world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap_err();
    assert_eq!(later.after, Some(LEASE));

    world.set_now(at(0) + LEASE);
    world
        .inbound()
        .receive(&message, Attempt::Another)
        .await
        .unwrap();
    assert_eq!(words(&world).len(), 1);
    let entry = world.entry_of(&ledger_key).unwrap();
    assert_eq!(entry.state, LedgerState::Settled);
    assert_eq!(entry.comments.len(), 1);
}

#[tokio::test]
async fn a_deleted_request_is_followed_by_a_new_one() {
    let world = World::new();
    world
        .inbound()
        .receive(&text("a", "one", at(0)), Attempt::Another)
        .await
        .unwrap();
    world.delete_request("1");
    world
        .inbound()
        .receive(&text("b", "two", at(1)), Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.requests(), 2);
    assert_eq!(words(&world)[1], said("2", "two"));
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-2");
}

#[tokio::test]
async fn somebody_elses_write_in_between_is_not_lost() {
    let world = World::new();
    world.conflict_next(2);
    world
        .inbound()
        .receive(&text("a", "one", at(0)), Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.requests(), 1);
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-1");
}

#[tokio::test]
async fn one_customer_under_two_identifiers_is_one_conversation() {
    for (first, second) in [
        ((None, Some("49151")), (Some("DE.1"), Some("49151"))),
        ((Some("DE.1"), Some("49151")), (None, Some("49151"))),
        ((Some("DE.1"), Some("49151")), (Some("DE.1"), None)),
    ] {
        let world = World::new();
        let mut message = text("a", "one", at(0));
        message.from = identity(first.0, first.1);
        world
            .inbound()
            .receive(&message, Attempt::Another)
            .await
            .unwrap();
        let mut message = text("b", "two", at(1));
        message.from = identity(second.0, second.1);
        world
            .inbound()
            .receive(&message, Attempt::Another)
            .await
            .unwrap();
        assert_eq!(world.requests(), 1, "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn a_message_releases_what_was_held() {
    let world = World::new();
    world
        .inbound()
        .receive(&text("a", "one", at(0)), Attempt::Another)
        .await
        .unwrap();
    let mut conversation = world.conversation();
    conversation.held_count = 1;
    world.put(conversation);
    world
        .inbound()
        .receive(&text("b", "two", at(1)), Attempt::Another)
        .await
        .unwrap();
    let expected = OutboundQueueMessage::ReleaseHeld(ConversationTask {
        conversation: key(),
        issue_id: casement_core::model::identity::IssueId::new("1"),
    });
    assert_eq!(world.outbound_queue(), [expected]);
}

#[tokio::test]
async fn a_timer_that_is_far_away_is_left_to_the_sweep() {
    let world = World::new();
    // A message from the future, as seen by a clock that is behind.
    world
        .inbound()
        .receive(&text("a", "one", at(3600)), Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.delay_queue(), []);
    assert_eq!(world.conversation().timers.next(), Some(at(3600 + 600)));

    world.set_now(at(3600 + 600 - 60));
    assert_eq!(world.sweep().await.unwrap().queued, 1);
    let due = DelayQueueMessage::TimerDue {
        conversation: key(),
        timer: Timer::DelayNotice,
        due_at: at(3600 + 600),
    };
    assert_eq!(world.delay_queue(), [(due, Duration::seconds(60))]);
}

#[tokio::test]
async fn a_sweep_reads_page_after_page() {
    let world = World::new();
    let mut due = 0;
    for customer in 0..40 {
        let phone = format!("49151{customer:03}");
        let conversation_key = ConversationKey::new(&number(), phone.as_str());
        let mut conversation = Conversation::new(conversation_key, identity(None, Some(&phone)));
        conversation.notice_generation = 1;
        if customer % 10 < 9 {
            conversation.timers.set(Timer::DelayNotice, at(customer));
            due += 1;
        }
        world.put(conversation);
    }
    assert_eq!(world.sweep().await.unwrap().queued, due);
}

#[tokio::test]
async fn what_jira_will_never_take_is_said_and_does_not_block_the_next_message() {
    let world = World::new();
    world
        .inbound()
        .receive(&text("a", "one", at(0)), Attempt::Another)
        .await
        .unwrap();
    let refused = CallFailure::Jira {
        status: 400,
        retry_after: None,
    };
    world.fail_comment(refused, false);
    world
        .inbound()
        .receive(&text("b", "two", at(1)), Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.notes().len(), 1);
    assert!(
        world.notes()[0].contains("status 400"),
        "{:?}",
        world.notes()
    );
}

#[tokio::test]
async fn before_the_dead_letters_the_agents_are_told() {
    let world = World::new();
    world
        .inbound()
        .receive(&text("a", "one", at(0)), Attempt::Another)
        .await
        .unwrap();
    world.fail_comment(BUSY, false);
    let later = world
        .inbound()
        .receive(&text("b", "two", at(1)), Attempt::Last)
        .await
        .unwrap_err();
    assert_eq!(later.cause, "Jira refused with status 429");
    assert!(
        world.notes()[0].contains("could not be written"),
        "{:?}",
        world.notes()
    );
}

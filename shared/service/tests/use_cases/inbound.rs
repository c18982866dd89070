use casement_core::model::content::Enrichment;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::fate::{Absence, CallFailure, Side};
use casement_core::model::identity::{ConversationKey, IssueId, Wamid};
use casement_core::model::ledger::{KnownMessage, LEASE, LedgerEntry, ReceivedMessage};
use casement_core::model::queue::{ConversationTask, DelayQueueMessage, OutboundQueueMessage};
use casement_core::model::timer::Timer;
use chrono::Duration;

use casement_core::model::content::InboundMessage;
use casement_service::ports::Clock;
use casement_service::{Attempt, Done, Event, Ignored, Later, Outcome};
use casement_testkit::{
    Call, Identifiers, Save, World, at, comment_created, identity, key, number, text, text_from,
};

use crate::{done, ignored};

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
mod shared_number;
mod stale;
mod unwanted;

const BUSY: CallFailure = CallFailure::Jira {
    status: 429,
    retry_after: None,
};

fn said(issue: &str, text: &str) -> (String, String) {
    (issue.to_owned(), text.to_owned())
}

/// Returns the number of comments that the ledger knows of a message.
fn comments_of(world: &World, wamid: &str) -> usize {
    match world.entry_of(&Wamid::new(wamid)).unwrap().about {
        KnownMessage::Received(message) => message.comments.len(),
        other => panic!("not a customer's message: {other:?}"),
    }
}

#[tokio::test]
async fn two_messages_are_one_request_with_two_comments() {
    let world = World::new();
    for (id, body) in [("a", "one"), ("b", "two")] {
        let outcome = world.receive(&text(id, body, at(0))).await;
        assert_eq!(outcome, done(Done::Received));
    }
    assert_eq!(world.requests(), 1);
    assert_eq!(world.said(), [said("1", "one"), said("1", "two")]);
    assert!(world.conversation().window_is_open(at(60)));
    assert_eq!(world.delay_queue().len(), 1, "one wait, one timer");
}

#[tokio::test]
async fn the_same_message_twice_is_one_comment() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world.receive(&message).await.unwrap();
    assert_eq!(world.receive(&message).await, ignored(Ignored::Duplicate));
    assert_eq!(world.said().len(), 1);
}

#[tokio::test]
async fn while_jira_refuses_the_window_opens_all_the_same() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world.fail(Call::OpenRequest, BUSY);
    world.receive(&message).await.unwrap_err();
    let waiting = world.conversation();
    assert!(waiting.window_is_open(at(60)));
    assert_eq!(waiting.notice_state, NoticeState::Armed);
    assert_eq!(
        waiting.opening, None,
        "nothing to look up: Jira refused for certain"
    );

    world.receive(&message).await.unwrap();
    assert_eq!(world.requests(), 1);
    assert_eq!(world.said(), [said("1", "one")]);
    assert_eq!(
        world.conversation().notice_generation,
        1,
        "still the same wait"
    );
}

#[tokio::test]
async fn a_long_message_goes_on_where_it_stopped() {
    let world = World::new();
    let message = text("a", &"word ".repeat(20_000), at(0));
    world.lose_answer(Call::AddComment, true);
    world.fail(Call::AddComment, BUSY);
    for _ in 0..2 {
        world.receive(&message).await.unwrap_err();
    }
    // The first comment was found, and the second was missing.
    assert_eq!((world.said().len(), world.calls(Call::FindComment)), (1, 2));
    world.receive(&message).await.unwrap();
    let whole = message.documents(&Enrichment::default()).len();
    assert!(whole > 3);
    assert_eq!(
        (world.said().len(), world.calls(Call::FindComment)),
        (whole, 3)
    );
    assert_eq!(comments_of(&world, "wamid.a"), whole);
}

#[tokio::test]
async fn a_long_message_begins_anew_when_its_request_is_deleted() {
    let world = World::new();
    let message = text("a", &"word ".repeat(20_000), at(0));
    world.lose_answer(Call::AddComment, true);
    world.fail(Call::AddComment, BUSY);
    for _ in 0..2 {
        world.receive(&message).await.unwrap_err();
    }
    world.delete_request("1");
    world.set_now(at(15 * 60));
    world.receive(&message).await.unwrap();
    let in_new = world.said();
    let in_new = in_new.iter().filter(|(issue, _)| issue == "2").count();
    assert_eq!(in_new, message.documents(&Enrichment::default()).len());
}

#[tokio::test]
async fn a_worker_that_died_is_followed_when_its_lease_has_ended() {
    let world = World::new();
    let message = text("a", "one", at(0));
    let wamid = Wamid::new("wamid.a");
    let begun = KnownMessage::Received(ReceivedMessage::default());
    world.put_entry(&wamid, &LedgerEntry::claimed(begun, at(0)));
    let later = world.receive(&message).await.unwrap_err();
    assert_eq!(later.after, Some(LEASE));

    world.set_now(at(0) + LEASE);
    world.receive(&message).await.unwrap();
    assert_eq!(world.said().len(), 1);
    assert!(world.entry_of(&wamid).unwrap().claim.is_settled());
    assert_eq!(comments_of(&world, "wamid.a"), 1);
}

#[tokio::test]
async fn a_deleted_request_is_followed_by_a_new_one() {
    let world = World::new();
    world.customer_writes("a", "one", at(0)).await;
    world.delete_request("1");
    world.customer_writes("b", "two", at(1)).await;
    assert_eq!(world.requests(), 2);
    assert_eq!(world.said()[1], said("2", "two"));
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-2");
}

#[tokio::test]
async fn somebody_elses_write_in_between_is_not_lost() {
    let world = World::new();
    world.next_saves(&[Save::Conflicts; 2]);
    world.customer_writes("a", "one", at(0)).await;
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
        for (id, from) in [("a", first), ("b", second)] {
            let message = text_from(id, from, at(0));
            world.receive(&message).await.unwrap();
        }
        assert_eq!(world.requests(), 1, "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn a_message_releases_what_was_held() {
    let world = World::new();
    world.customer_writes("a", "one", at(0)).await;
    world.change(|conversation| conversation.held_count = 1);
    world.customer_writes("b", "two", at(1)).await;
    let expected = OutboundQueueMessage::ReleaseHeld(ConversationTask {
        conversation: key(),
        issue_id: IssueId::new("1"),
    });
    assert_eq!(world.outbound_queue(), [expected]);
}

#[tokio::test]
async fn a_timer_that_is_far_away_is_left_to_the_sweep() {
    let world = World::new();
    // A message from the future, as seen by a clock that is behind.
    world.customer_writes("a", "one", at(3600)).await;
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
    world.customer_writes("a", "one", at(0)).await;
    let refused = CallFailure::Jira {
        status: 400,
        retry_after: None,
    };
    world.fail(Call::AddComment, refused);
    world.customer_writes("b", "two", at(1)).await;
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
    world.customer_writes("a", "one", at(0)).await;
    world.fail(Call::AddComment, BUSY);
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

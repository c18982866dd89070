use std::task::{Context, Waker};

use casement_core::model::content::InboundMessage;
use casement_core::model::identity::PhoneNumber;
use casement_core::model::opt_out::OptOut;
use casement_core::model::status::Delivery;

use casement_core::model::queue::{ConversationTask, OptOutTask};

use super::beginning::elsewhere;
use super::*;
use casement_testkit::identity;

/// The number as an agent types it, and as WhatsApp writes it.
const TYPED: &str = "5511912345678";
const WRITTEN: &str = "551112345678";

fn says(id: &str, words: &str, after: i64) -> InboundMessage {
    InboundMessage {
        from: identity(None, Some(WRITTEN)),
        ..text(id, words, at(after))
    }
}

async fn receives(world: &World, id: &str, words: &str, after: i64) {
    world.receive(&says(id, words, after)).await.unwrap();
}

/// Makes a customer who writes under one spelling in request 1, and a request 7 with the other
/// spelling.
async fn two_spellings() -> World {
    let world = World::new();
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    receives(&world, "a", "hello", 0).await;
    world.has_phone("7", "+55 11 91234 5678");
    world.answers_come_from(Some(WRITTEN));
    world
}

fn at_key(world: &World, customer: &str) -> Conversation {
    let key = casement_core::model::identity::ConversationKey::new(&number(), customer);
    world.stored(&key).unwrap()
}

fn goes_on(world: &World) -> usize {
    let notes = world.notes().into_iter();
    notes
        .filter(|note| note.contains("goes on in SUP-7"))
        .count()
}

fn reply_in_7(world: &World, id: &str, words: &str, after: i64) -> OutboundQueueMessage {
    world.agent_writes(id, words, at(after));
    comment_created("7", id)
}

/// Asserts that the customer's next message and its answer are in request 7.
async fn assert_goes_on_in_7(world: &World) {
    let before = world.said().len();
    receives(world, "b", "and now?", 600).await;
    let said = world.said();
    assert_eq!(said[before..], [("7".to_owned(), "and now?".to_owned())]);
    let reply = reply_in_7(world, "101", "Yes", 610);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.sent().last().unwrap(), "Yes");
    assert_eq!(world.recipients().last().unwrap(), WRITTEN);
    assert_eq!(goes_on(world), 1, "{:?}", world.notes());
    let left = at_key(world, TYPED);
    assert_eq!(left.joined, Some(at_key(world, WRITTEN).key));
    assert_eq!((left.issue, left.timers.next()), (None, None));
}

#[tokio::test]
async fn a_customer_who_wrote_under_the_other_spelling_goes_on_in_the_new_request() {
    let world = two_spellings().await;
    let command = elsewhere(&world, "100", RIGHT);
    for _ in 0..2 {
        world.carry_out(&command).await.unwrap();
    }
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    let notes = world.notes();
    assert!(
        !notes.iter().any(|note| note.contains("stays closed")),
        "{notes:?}"
    );
    assert_goes_on_in_7(&world).await;
}

#[tokio::test]
async fn a_second_template_needs_no_second_spelling() {
    let world = two_spellings().await;
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    world.has_phone("8", "+55 11 91234 5678");
    note(&world, "102", RIGHT);
    let command = comment_created("8", "102");
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.conversations(), 2);
    assert_eq!(at_key(&world, WRITTEN).issue.unwrap().key, "SUP-8");
    assert_eq!(world.recipients(), [TYPED, WRITTEN]);
}

#[tokio::test]
async fn a_done_request_is_left_for_the_new_one() {
    let world = two_spellings().await;
    world.resolve("1", at(1));
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    assert_goes_on_in_7(&world).await;
    assert!(world.is_done("1"), "nothing reopens it");
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn an_opt_out_stays() {
    let world = two_spellings().await;
    receives(&world, "stop", "STOP", 10).await;
    assert!(at_key(&world, WRITTEN).opted_out);
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    assert!(at_key(&world, WRITTEN).opted_out);
    let confirmed = OutboundQueueMessage::ConfirmOptOut(OptOutTask {
        conversation: at_key(&world, TYPED).key,
        opt_out: OptOut::Stop,
        occasion: "0123456789abcdef0123".to_owned(),
        issue_id: IssueId::new("1"),
    });
    world.carry_out(&confirmed).await.unwrap();
    assert_eq!(world.recipients().last().unwrap(), WRITTEN);
    assert_goes_on_in_7(&world).await;
}

#[tokio::test]
async fn a_blocked_customer_is_blocked_under_both_spellings() {
    for blocked in [TYPED, WRITTEN] {
        for unwanted in ["record", "ignore"] {
            let world = two_spellings().await;
            let settings =
                format!("{BEGINS}blocked = [\"{blocked}\"]\nunwanted = \"{unwanted}\"\n");
            world.set_settings(&settings);
            world
                .carry_out(&elsewhere(&world, "100", RIGHT))
                .await
                .unwrap();
            let before = world.said();
            receives(&world, "b", "let me in", 60).await;
            assert_eq!(world.said(), before, "{blocked} {unwanted}");
            assert_eq!(world.requests(), 1);
        }
    }
}

#[tokio::test]
async fn held_replies_move_and_go_out_once() {
    let world = two_spellings().await;
    // WhatsApp does not tell its spelling yet, so the agent's answer waits under the typed number.
    world.answers_come_from(Some(TYPED));
    world.set_now(at(30));
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    for (id, words) in [("103", "first"), ("104", "second")] {
        let reply = reply_in_7(&world, id, words, 40);
        assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    }
    // The window of the other conversation is closed as well.
    world.set_now(at(0) + day(2));
    world.answers_come_from(Some(WRITTEN));
    note(&world, "105", RIGHT);
    let again = comment_created("7", "105");
    world.carry_out(&again).await.unwrap();
    assert_eq!(at_key(&world, WRITTEN).held_count, 2);
    assert_eq!(at_key(&world, TYPED).held_count, 0);
    assert_eq!(world.held_count(), 2);
    let later = 2 * 86_400 + 60;
    world.set_now(at(later));
    receives(&world, "b", "hm", later).await;
    for conversation in [TYPED, WRITTEN, TYPED] {
        let release = OutboundQueueMessage::ReleaseHeld(ConversationTask {
            conversation: at_key(&world, conversation).key,
            issue_id: IssueId::new("7"),
        });
        world.carry_out(&release).await.unwrap();
    }
    let template = "order_update: It comes on Monday";
    assert_eq!(world.sent(), [template, template, "first", "second"]);
    assert_eq!(world.recipients()[2..], [WRITTEN, WRITTEN]);
    assert_eq!(world.held_count(), 0);
}

#[tokio::test]
async fn an_open_window_of_the_other_conversation_releases_what_is_held() {
    let world = two_spellings().await;
    world.answers_come_from(Some(TYPED));
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    let reply = reply_in_7(&world, "103", "first", 40);
    world.carry_out(&reply).await.unwrap();
    world.answers_come_from(Some(WRITTEN));
    note(&world, "105", RIGHT);
    let again = comment_created("7", "105");
    world.carry_out(&again).await.unwrap();
    assert_eq!(world.sent().last().unwrap(), "first");
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    assert_eq!(world.held_count(), 0);
}

fn template_report(recipient: &str) -> StatusReport {
    StatusReport {
        phone_number_id: Some(number()),
        wamid: Wamid::new("wamid.out1"),
        recipient: Some(identity(None, Some(recipient))),
        callback: Some("template:100/0".to_owned()),
        price: None,
        delivery: Delivery::Sent,
        at: at(1),
    }
}

#[tokio::test]
async fn a_report_says_the_spelling_when_the_answer_is_lost() {
    let world = two_spellings().await;
    let command = elsewhere(&world, "100", RIGHT);
    world.lose_answer(Call::Send, true);
    world.carry_out(&command).await.unwrap_err();
    let report = template_report(WRITTEN);
    world
        .statuses()
        .record(&report, Attempt::Another)
        .await
        .unwrap();
    // Another attempt, and the message that the report has asked for.
    let mut messages = vec![command];
    messages.extend(
        world
            .outbound_queue()
            .into_iter()
            .filter(|message| matches!(message, OutboundQueueMessage::CommentEdited(_))),
    );
    assert_eq!(messages.len(), 2);
    for message in &messages {
        world.carry_out(message).await.unwrap();
    }
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    assert_goes_on_in_7(&world).await;
}

#[tokio::test]
async fn a_report_says_the_spelling_when_the_answer_does_not() {
    let world = two_spellings().await;
    world.answers_come_from(None);
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    let report = template_report(WRITTEN);
    world
        .statuses()
        .record(&report, Attempt::Another)
        .await
        .unwrap();
    let asked = world.outbound_queue().pop().unwrap();
    assert_eq!(asked.group(), &IssueId::new("7"));
    world.carry_out(&asked).await.unwrap();
    assert_goes_on_in_7(&world).await;
    // A further report asks for nothing more.
    let queued = world.outbound_queue().len();
    let read = StatusReport {
        delivery: Delivery::Read,
        ..template_report(WRITTEN)
    };
    world
        .statuses()
        .record(&read, Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.outbound_queue().len(), queued);
}

#[tokio::test]
async fn the_spelling_survives_a_crash_after_the_send() {
    let world = two_spellings().await;
    let command = elsewhere(&world, "100", RIGHT);
    // Jira fails to take the note about the move.
    world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
    world.carry_out(&command).await.unwrap_err();
    let key = OutboundKey::template(&CommentId::new("100"));
    let known = world.entry_of(&key).unwrap().about.recipient;
    assert_eq!(known, Some(PhoneNumber::new(WRITTEN)));
    assert_eq!(at_key(&world, TYPED).joined, None);
    // The template is gone by the time of the next attempt.
    world.list_template("order_update", "en_US", "It comes on {{1}}", "PAUSED");
    world.set_now(at(30));
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.sent().len(), 1);
    assert_goes_on_in_7(&world).await;
}

#[tokio::test]
async fn a_join_may_be_cut_short_anywhere() {
    for (seed, steps) in (0..40).flat_map(|seed| [(seed, 5), (seed, 15), (seed, 25)]) {
        let world = two_spellings().await;
        world.shuffle(seed);
        let command = elsewhere(&world, "100", RIGHT);
        {
            let mut context = Context::from_waker(Waker::noop());
            let mut attempt = std::pin::pin!(world.carry_out(&command));
            for _ in 0..steps {
                if attempt.as_mut().poll(&mut context).is_ready() {
                    break;
                }
            }
        }
        world.set_now(at(300));
        world.carry_out(&command).await.unwrap();
        assert_goes_on_in_7(&world).await;
    }
}

#[tokio::test]
async fn others_may_write_while_two_are_joined() {
    for saves_before in 0..7 {
        let world = two_spellings().await;
        world.next_saves(&vec![Save::Succeeds; saves_before]);
        world.next_saves(&[Save::Conflicts]);
        world
            .carry_out(&elsewhere(&world, "100", RIGHT))
            .await
            .unwrap();
        assert_goes_on_in_7(&world).await;
    }
}

mod absence;
mod answering;
mod cancelled;
mod commands;
mod deleted;
mod edited;
mod fields;
mod hours;
mod in_parts;
mod leaks;
pub(crate) mod notice;
mod opt_out;
mod phone;
mod refused;
mod rules;
mod speaking;
mod stale;
mod timers;
mod typing;
mod window;

use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::fate::{CallFailure, Side, WhatsappCode};
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use casement_core::model::ledger::{
    CommentVersion, GRACE, KnownMessage, LedgerEntry, OutboundKey, SentEntry, SentMessage,
};
use casement_core::model::queue::{CommentEvent, DelayQueueMessage};
use casement_core::model::timer::Timer;
use chrono::{DateTime, Duration, Utc};

mod files;
mod reopening;
mod templates;

use casement_core::model::comment::Comment;

use notice::{ring, ring_at};

use casement_core::model::queue::OutboundQueueMessage;
use casement_service::ports::Clock;
use casement_service::{Attempt, Done, Ignored, Later, Outcome};
use casement_testkit::{Call, OWN, Save, World, at, comment_created, key, text};

use crate::{done, ignored};

fn day(days: i64) -> Duration {
    Duration::days(days)
}

#[tokio::test]
async fn a_public_comment_reaches_the_phone_once() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "It ships today", at(60));
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    assert_eq!(world.sent(), ["It ships today"]);
    assert_eq!(world.conversation().awaiting_since, None);
    assert_eq!(world.conversation().timers.next(), None);
}

#[tokio::test]
async fn what_is_not_for_the_customer_stays_inside() {
    let world = World::waiting().await;
    for (id, change, outcome) in [
        (
            "1",
            (|c| c.public = Some(false)) as fn(&mut Comment),
            Ignored::NotPublic,
        ),
        ("2", |c| c.public = None, Ignored::NotPublic),
        ("3", |c| c.restricted = true, Ignored::Restricted),
        ("4", |c| c.author = AccountId::new(OWN), Ignored::Own),
    ] {
        let message = world.comment(id, "between us", at(60), change);
        assert_eq!(
            world.carry_out(&message).await,
            Ok(Outcome::Ignored(outcome))
        );
    }
    let deleted = world.agent_writes("5", "oops", at(60));
    world.delete_comment("5");
    assert_eq!(world.carry_out(&deleted).await, ignored(Ignored::Gone));
    assert!(world.sent().is_empty());
    assert!(world.conversation().awaiting_since.is_some());
}

#[tokio::test]
async fn a_comment_on_a_foreign_issue_is_left_alone() {
    let world = World::waiting().await;
    let OutboundQueueMessage::CommentCreated(CommentEvent {
        comment_id, author, ..
    }) = world.agent_writes("1", "hi", at(60))
    else {
        panic!("not a comment")
    };
    let elsewhere = OutboundQueueMessage::CommentCreated(CommentEvent {
        issue_id: IssueId::new("999"),
        comment_id,
        author,
        door: None,
    });
    assert_eq!(
        world.carry_out(&elsewhere).await,
        ignored(Ignored::NoConversation)
    );
}

#[tokio::test]
async fn a_late_reply_is_held_and_released_before_a_newer_one() {
    let world = World::waiting().await;
    world.set_now(at(0) + day(1) + Duration::hours(1));
    let late = world.agent_writes("100", "late", at(90_000));
    assert_eq!(world.carry_out(&late).await, done(Done::Held));
    assert_eq!(world.carry_out(&late).await, done(Done::Held));
    assert!(world.sent().is_empty());
    assert_eq!(world.held_count(), 1);
    assert_eq!(world.conversation().held_count, 1);
    assert_eq!(world.notes().len(), 1, "{:?}", world.notes());
    assert!(world.notes()[0].starts_with("Not sent yet"));

    // The customer writes again, and a new reply is handled before the release comes round.
    world.set_now(at(0) + day(2));
    world
        .customer_writes("b", "still there?", at(0) + day(2))
        .await;
    let newer = world.agent_writes("101", "newer", at(0) + day(2));
    assert_eq!(world.carry_out(&newer).await, done(Done::Sent));
    assert_eq!(world.sent(), ["late", "newer"]);

    let release = world.outbound_queue().remove(0);
    assert_eq!(world.carry_out(&release).await, done(Done::Released));
    assert_eq!(world.sent().len(), 2);
    assert_eq!(
        (world.held_count(), world.conversation().held_count),
        (0, 0)
    );
}

#[tokio::test]
async fn held_replies_follow_their_comments() {
    let world = World::waiting().await;
    world.set_now(at(0) + day(2));
    for (id, words) in [("100", "withdrawn"), ("101", "frist"), ("102", "second")] {
        world
            .agent_answers(id, words, at(0) + day(2))
            .await
            .unwrap();
    }
    world.delete_comment("100");
    world.agent_writes("101", "first", at(0) + day(2));
    world.customer_writes("b", "hello?", at(0) + day(2)).await;
    let release = world.outbound_queue().remove(0);
    world.carry_out(&release).await.unwrap();
    assert_eq!(world.sent(), ["first", "second"]);
    assert_eq!(world.conversation().held_count, 0);
    assert_eq!(
        world.conversation().awaiting_since,
        None,
        "the release is the answer"
    );
}

#[tokio::test]
async fn an_old_webhook_about_a_sent_reply_holds_nothing() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.carry_out(&reply).await.unwrap();
    world.set_now(at(0) + day(2));
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn after_a_lost_answer_a_proof_is_awaited_before_the_message_is_repeated() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.lose_answer(Call::Send, false);
    world.carry_out(&reply).await.unwrap_err();
    let later = world.carry_out(&reply).await.unwrap_err();
    assert_eq!(later.after, Some(GRACE));
    world.set_now(at(60) + GRACE);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.sent(), ["hi"]);
}

#[tokio::test]
async fn an_answer_that_cannot_be_sent_is_said_to_the_agent() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_026)));
    assert_eq!(world.carry_out(&reply).await, done(Done::Failed));
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    assert_eq!(world.notes().len(), 1);
    assert!(world.notes()[0].contains("131026"), "{:?}", world.notes());
}

#[tokio::test]
async fn what_a_reply_became_is_kept_by_the_next_attempt_if_need_be() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.throttle(Call::CreateMessageEntry);
    world.carry_out(&reply).await.unwrap_err();
    let kept = || world.entry_of(&Wamid::new("wamid.out1"));
    assert!(kept().is_none());
    world.allow(Call::CreateMessageEntry);
    world.carry_out(&reply).await.unwrap();
    let kept = kept().unwrap().about;
    assert_eq!(kept.comment().unwrap().1, &CommentId::new("100"));
    assert_eq!(world.sent(), ["hi"], "it is out, and does not go out again");
}

#[tokio::test]
async fn a_refusal_is_said_and_shown_by_the_next_attempt_if_need_be() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_026)));
    // Jira does not answer after the message was refused, so no agent knows of the refusal yet.
    world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
    world.refuse(Call::ShowDelivery, CallFailure::Unreachable(Side::Jira));
    world.carry_out(&reply).await.unwrap_err();
    assert_eq!(world.notes().len(), 0);
    world.set_now(at(60) + GRACE);
    world.carry_out(&reply).await.unwrap_err();
    assert_eq!(world.notes().len(), 1);
    world.allow(Call::ShowDelivery);
    world.set_now(at(60) + GRACE + GRACE);
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.notes().len(), 1);
    assert_eq!(world.shown(), ["100 failed"]);
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn meta_wins_over_our_clock_after_a_second_opinion() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    let closed = || CallFailure::whatsapp(WhatsappCode::WINDOW_CLOSED);
    world.fail(Call::Send, closed());
    let later = world.carry_out(&reply).await.unwrap_err();
    assert_eq!(later.after, Some(Duration::seconds(45)));
    world.fail(Call::Send, closed());
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    assert!(!world.conversation().window_is_open(at(60)));
    assert!(world.notes()[0].starts_with("Not sent yet"));

    world.set_now(at(600));
    world.customer_writes("b", "yes?", at(600)).await;
    world.carry_out(&world.outbound_queue()[0]).await.unwrap();
    assert_eq!(world.sent(), ["hi"]);
}

#[tokio::test]
async fn a_bad_token_keeps_the_message() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(190)));
    let later = world.carry_out(&reply).await.unwrap_err();
    assert!(later.needs_operator);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
}

#[tokio::test]
async fn before_the_dead_letters_the_agent_is_told() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.fail(Call::Send, CallFailure::Unreachable(Side::Whatsapp));
    world
        .outbound()
        .carry_out(&reply, Attempt::Last)
        .await
        .unwrap_err();
    assert!(
        world.notes()[0].starts_with("Could not be delivered"),
        "{:?}",
        world.notes()
    );
    // Once a day at most, and not once for ever.
    for (later, notes) in [(120, 1), (50_000, 2)] {
        world.set_now(at(later));
        world.fail(Call::Send, CallFailure::Unreachable(Side::Whatsapp));
        let outbound = world.outbound();
        let carried_out = outbound.carry_out(&reply, Attempt::Last).await;
        assert_eq!(world.notes().len(), notes, "{later} {carried_out:?}");
    }
}

#[tokio::test]
async fn a_comment_without_text_is_said_to_the_agent() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "", at(60));
    for _ in 0..2 {
        assert_eq!(world.carry_out(&reply).await, done(Done::NothingToSend));
    }
    assert_eq!(world.notes().len(), 1);
}

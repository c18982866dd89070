use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{CallFailure, Side, WhatsappCode};
use casement_core::model::identity::{CommentId, IssueId, PhoneNumberId, Wamid};
use casement_core::model::queue::{OutboundQueueMessage, WaitTask};
use casement_core::model::status::Delivery;

use casement_core::model::ledger::OutboundKey;
use casement_core::model::status::StatusReport;
use casement_service::{Attempt, Done, Ignored, Later, Outcome};
use casement_testkit::{Call, World, at, key, number};

use crate::{done, ignored};
use chrono::Duration;

mod by_id;
mod foreign;
mod late;
mod prices;

/// The wait for an entry that is not written yet.
const UNTIL_WRITTEN: Duration = Duration::seconds(5);

/// The time for which a report of an unknown message may be ahead of the ledger.
const KNOWN_WITHIN: Duration = Duration::minutes(10);

const CALLBACK: &str = "comment:100/0";

fn ledger_key() -> OutboundKey {
    OutboundKey::comment(&CommentId::new("100"), 0)
}

fn report(wamid: &str, delivery: Delivery) -> StatusReport {
    StatusReport {
        phone_number_id: Some(number()),
        wamid: Wamid::new(wamid),
        recipient: None,
        callback: Some(CALLBACK.to_owned()),
        price: None,
        delivery,
        at: at(61),
    }
}

/// Makes a reply that WhatsApp accepted as `wamid.out1`.
async fn replied() -> (World, OutboundQueueMessage) {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(60));
    let reply = world.agent_writes("100", "hi", at(60));
    world.carry_out(&reply).await.unwrap();
    (world, reply)
}

async fn record(world: &World, report: StatusReport) -> Result<Outcome, Later> {
    world.statuses().record(&report, Attempt::Another).await
}

#[tokio::test]
async fn reports_move_the_ledger_forward_only() {
    let (world, _) = replied().await;
    for (delivery, outcome) in [
        (
            Delivery::Read,
            Outcome::Done(Done::Reported(Delivery::Read)),
        ),
        (Delivery::Sent, Outcome::Ignored(Ignored::Known)),
        (Delivery::Delivered, Outcome::Ignored(Ignored::Known)),
    ] {
        assert_eq!(
            record(&world, report("wamid.out1", delivery)).await,
            Ok(outcome)
        );
    }
    let entry = world.entry_of(&ledger_key()).unwrap();
    assert_eq!(entry.about.delivery, Some(Delivery::Read));
    assert!(world.notes().is_empty(), "success is quiet");
}

#[tokio::test]
async fn reports_about_other_messages_change_nothing() {
    let (world, _) = replied().await;
    let mut foreign = report("wamid.out1", Delivery::Read);
    foreign.callback = Some("somebody else's".to_owned());
    assert_eq!(record(&world, foreign).await, ignored(Ignored::NotOurs));
    let other = report("wamid.out9", Delivery::Read);
    assert_eq!(
        record(&world, other).await,
        ignored(Ignored::AnotherMessage)
    );
}

#[tokio::test]
async fn a_report_ahead_of_the_ledger_waits_and_is_dropped_at_last() {
    let world = World::new();
    let early = report("wamid.out1", Delivery::Sent);
    let later = world
        .statuses()
        .record(&early, Attempt::Another)
        .await
        .unwrap_err();
    assert_eq!(later.after, Some(UNTIL_WRITTEN));
    let outcome = world.statuses().record(&early, Attempt::Last).await;
    assert_eq!(outcome, ignored(Ignored::UnknownMessage));
}

#[tokio::test]
async fn a_report_proves_a_send_whose_answer_was_lost() {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(60));
    let reply = world.agent_writes("100", "hi", at(60));
    world.lose_answer(Call::Send, true);
    world.carry_out(&reply).await.unwrap_err();

    record(&world, report("wamid.out1", Delivery::Delivered))
        .await
        .unwrap();
    let outcome = world.carry_out(&reply).await;
    assert_eq!(outcome, ignored(Ignored::AlreadySent));
    assert_eq!(world.sent(), ["hi"]);
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn a_failure_becomes_one_note() {
    let (world, _) = replied().await;
    let failed = report("wamid.out1", Delivery::Failed(Some(WhatsappCode(131_026))));
    assert_eq!(record(&world, failed.clone()).await, done(Done::Failed));
    assert_eq!(record(&world, failed).await, ignored(Ignored::Known));
    assert_eq!(world.notes().len(), 1);
    assert!(world.notes()[0].contains("131026"));
}

#[tokio::test]
async fn a_window_that_meta_closed_holds_the_reply() {
    let (world, _) = replied().await;
    let closed = report(
        "wamid.out1",
        Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED)),
    );
    assert_eq!(record(&world, closed.clone()).await, done(Done::Held));
    assert_eq!(
        record(&world, closed).await,
        ignored(Ignored::AnotherMessage)
    );
    let state: Conversation = world.conversation();
    assert_eq!((state.held_count, state.window_is_open(at(61))), (1, false));
    assert_eq!(world.notes().len(), 1);

    world.set_now(at(600));
    world.customer_writes("b", "anyone?", at(600)).await;
    let release = world.outbound_queue().remove(0);
    world.carry_out(&release).await.unwrap();
    assert_eq!(world.sent(), ["hi", "hi"], "accepted, refused, sent again");
    let delivered = report("wamid.out2", Delivery::Delivered);
    assert_eq!(
        record(&world, delivered).await,
        done(Done::Reported(Delivery::Delivered))
    );
}

/// Makes a reply in three parts that WhatsApp accepted as `wamid.out1` to `wamid.out3`.
async fn replied_at_length() -> World {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(60));
    world
        .agent_answers("100", &"word ".repeat(2_000), at(60))
        .await
        .unwrap();
    assert_eq!(world.sent().len(), 3);
    world
}

fn about_part(part: usize, delivery: Delivery) -> StatusReport {
    StatusReport {
        recipient: None,
        callback: Some(format!("comment:100/{part}")),
        ..report(&format!("wamid.out{}", part + 1), delivery)
    }
}

const UNDELIVERABLE: Delivery = Delivery::Failed(Some(WhatsappCode(131_026)));

#[tokio::test]
async fn parts_that_fail_together_leave_one_note() {
    let world = replied_at_length().await;
    let statuses = world.statuses();
    let reports = [0, 1, 2].map(|part| about_part(part, UNDELIVERABLE));
    // The reports come at the same time, as in one batch: the second waits for the first.
    let all = reports
        .iter()
        .map(|report| statuses.record(report, Attempt::Another));
    let results = futures_util::future::join_all(all).await;
    for (report, result) in reports.iter().zip(results) {
        if result.is_err() {
            world
                .statuses()
                .record(report, Attempt::Another)
                .await
                .unwrap();
        }
    }
    assert_eq!(world.notes().len(), 1, "{:?}", world.notes());
    for part in 0..3 {
        let key = OutboundKey::comment(&CommentId::new("100"), part);
        let entry = world.entry_of(&key).unwrap();
        assert_eq!(entry.about.delivery, Some(UNDELIVERABLE), "{part}");
    }
}

#[tokio::test]
async fn a_note_that_jira_did_not_take_is_left_by_the_next_attempt() {
    for written in [false, true] {
        let (world, _) = replied().await;
        world.lose_answer(Call::AddComment, written);
        let failed = report("wamid.out1", UNDELIVERABLE);
        record(&world, failed.clone()).await.unwrap_err();
        let outcome = record(&world, failed).await;
        assert_eq!(outcome, done(Done::Failed));
        assert_eq!(world.notes().len(), 1);
    }
}

#[tokio::test]
async fn a_failure_in_a_request_that_is_gone_is_put_down_all_the_same() {
    let (world, _) = replied().await;
    world.delete_request("1");
    let failed = report("wamid.out1", UNDELIVERABLE);
    assert_eq!(record(&world, failed).await, done(Done::Failed));
    let entry = world.entry_of(&ledger_key()).unwrap();
    assert_eq!(entry.about.delivery, Some(UNDELIVERABLE));
}

#[tokio::test]
async fn a_reply_that_arrives_after_all_is_said_to() {
    let (world, _) = replied().await;
    for (delivery, outcome) in [
        (UNDELIVERABLE, Done::Failed),
        (Delivery::Delivered, Done::ArrivedAfterAll),
        (Delivery::Read, Done::Reported(Delivery::Read)),
    ] {
        let recorded = record(&world, report("wamid.out1", delivery)).await;
        assert_eq!(recorded, Ok(Outcome::Done(outcome)));
    }
    let late = record(&world, report("wamid.out1", UNDELIVERABLE)).await;
    assert_eq!(late, ignored(Ignored::Known));
    assert_eq!(world.notes().len(), 2);
    assert!(world.notes()[1].starts_with("The customer got the message after all."));
    assert_eq!(world.shown(), ["100 failed", "100 delivered", "100 read"]);
}

#[tokio::test]
async fn a_notice_that_fails_is_said_to_the_agent() {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(700));
    let notice = OutboundQueueMessage::DelayNotice(WaitTask {
        conversation: key(),
        generation: 1,
        issue_id: IssueId::new("1"),
    });
    world.carry_out(&notice).await.unwrap();
    let callback = OutboundKey::notice(&key(), 1).to_string();
    let failed = StatusReport {
        recipient: None,
        callback: Some(callback),
        ..report("wamid.out1", UNDELIVERABLE)
    };
    assert_eq!(record(&world, failed).await, done(Done::Failed));
    let last = world.notes().pop().unwrap();
    assert!(last.contains("did not get the automatic message"), "{last}");
    assert!(world.shown().is_empty(), "a note of ours shows no delivery");
}

#[tokio::test]
async fn a_comment_shows_how_far_it_is_in_two_calls() {
    let world = replied_at_length().await;
    for delivery in [Delivery::Sent, Delivery::Delivered, Delivery::Read] {
        for part in [1, 0, 2] {
            record(&world, about_part(part, delivery)).await.unwrap();
        }
    }
    assert_eq!(world.shown(), ["100 delivered", "100 read"]);
}

#[tokio::test]
async fn a_comment_that_jira_does_not_mark_holds_up_nothing() {
    let (world, _) = replied().await;
    world.refuse(Call::ShowDelivery, CallFailure::Unknown(Side::Jira));
    let delivered = record(&world, report("wamid.out1", Delivery::Delivered)).await;
    assert_eq!(delivered, done(Done::Reported(Delivery::Delivered)));
    let entry = world.entry_of(&ledger_key()).unwrap();
    assert_eq!(entry.about.delivery, Some(Delivery::Delivered));
    assert_eq!(entry.about.delivery_at, Some(at(61)));
}

#[tokio::test]
async fn that_a_reply_failed_is_shown_however_long_jira_takes() {
    let (world, _) = replied().await;
    world.refuse(Call::ShowDelivery, CallFailure::Unknown(Side::Jira));
    let failed = || report("wamid.out1", UNDELIVERABLE);
    assert!(record(&world, failed()).await.is_err());
    // As after a crash between the two writes: the failure is in the ledger, and not on the
    // comment.
    let entry = world.entry_of(&ledger_key()).unwrap();
    assert_eq!(entry.about.delivery, Some(UNDELIVERABLE));
    assert!(record(&world, failed()).await.is_err());
    world.allow(Call::ShowDelivery);
    let repeated = record(&world, failed()).await;
    assert_eq!(repeated, ignored(Ignored::Known));
    assert_eq!(world.shown(), ["100 failed"]);
    assert_eq!(world.notes().len(), 1);
}

#[tokio::test]
async fn a_failure_on_a_comment_that_cannot_be_written_to_is_not_tried_for_ever() {
    // The comment is gone, or the account lacks the permission.
    for status in [404, 403] {
        let (world, _) = replied().await;
        world.refuse(
            Call::ShowDelivery,
            CallFailure::Jira {
                status,
                retry_after: None,
            },
        );
        let failed = record(&world, report("wamid.out1", UNDELIVERABLE)).await;
        assert_eq!(failed, done(Done::Failed), "{status}");
        assert_eq!(world.notes().len(), 1, "{status}");
    }
}

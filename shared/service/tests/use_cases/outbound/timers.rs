//! Tests of the time before a window ends, and of replies that are held long.

use casement_core::model::content::{InboundContent, InboundMessage};
use casement_core::model::timer::Timer;
use chrono::{DateTime, Duration};

use casement_core::model::queue::WaitTask;

use super::*;

/// 18:13 in UTC, so that the two hours before the end of the window are not quiet hours.
const START: i64 = 4 * 3600;

const HOUR: i64 = 3600;

async fn receive(world: &World, message: &InboundMessage) {
    world.set_now(message.sent_at);
    world.receive(message).await.unwrap();
    // The work of one minute.
    world.pass(message.sent_at + Duration::minutes(1)).await;
}

async fn waiting_since(sent_at: DateTime<chrono::Utc>) -> World {
    let world = World::new();
    receive(&world, &text("a", "hello", sent_at)).await;
    world
}

fn day_and(hours: i64) -> Duration {
    Duration::hours(24 + hours)
}

#[tokio::test]
async fn a_waiting_customer_is_asked_once_in_a_window_and_twice_in_a_row() {
    let start = at(START);
    let world = waiting_since(start).await;
    world.pass(start + day_and(-2) - Duration::seconds(1)).await;
    assert_eq!(world.sent(), ["Please wait"]);
    world.pass(start + day_and(-1)).await;
    let question = &world.sent()[1];
    assert!(
        question.ends_with("[keep-open: Still need help]"),
        "{question}"
    );
    let note = world.notes().pop().unwrap();
    assert!(
        note.starts_with("The window closes soon, so the customer was asked on WhatsApp: "),
        "{note}"
    );

    // Each tap opens a window of its own.
    let mut tapped = start + day_and(-1);
    for (tap, asked) in [("b", 2), ("c", 2)] {
        receive(&world, &text(tap, "Still need help", tapped)).await;
        world.pass(tapped + day_and(0)).await;
        assert_eq!(world.sent().len(), 1 + asked, "{tap}");
        tapped += day_and(-1);
    }

    // An answer begins a new wait.
    let reply = world.agent_writes("100", "We have it", tapped);
    receive(&world, &text("d", "Hello?", tapped)).await;
    world.carry_out(&reply).await.unwrap();
    receive(&world, &text("e", "And now?", tapped + Duration::hours(1))).await;
    let before = world.sent().len();
    world.pass(tapped + day_and(1)).await;
    assert_eq!(world.sent().len(), before + 2, "a notice and a question");
}

#[tokio::test]
async fn nobody_is_asked_who_does_not_wait() {
    for (case, change) in [
        (
            "answered",
            (|world| {
                let answered = world.conversation().answered();
                world.put(answered);
            }) as fn(&World),
        ),
        ("opted out", |world| {
            world.change(|conversation| conversation.opted_out = true);
        }),
        ("done", |world| world.resolve_request()),
        ("never", |world| world.set_settings("keep_open_times = 0\n")),
    ] {
        let start = at(START);
        let world = waiting_since(start).await;
        change(&world);
        world.pass(start + day_and(1)).await;
        let asked = world.sent().iter().any(|text| text.contains("keep-open"));
        assert!(!asked, "{case}: {:?}", world.sent());
    }
}

#[tokio::test]
async fn nobody_is_asked_at_night() {
    // Quiet from 21:00 to 08:00 in UTC; the messages come at 14:13 and the hours after it.
    for (hours, asked_before_end) in [
        (0, Some(2 * 60)),
        (8, Some(2 * 60)),
        (9, Some(2 * 60 + 13 + 5)),
        (12, Some(5 * 60 + 13 + 5)),
        (18, Some(11 * 60 + 13 + 5)),
        (19, None),
        (20, Some(2 * 60)),
    ] {
        let start = at(hours * HOUR);
        let world = World::new();
        world.set_settings("quiet_hours = \"21:00-08:00\"\n");
        receive(&world, &text("a", "hello", start)).await;
        let due_at = world.conversation().timers.due_at(Timer::KeepOpen);
        let end = start + day_and(0);
        let before_end = due_at.map(|due_at| (end - due_at).num_minutes());
        assert_eq!(before_end, asked_before_end, "{hours}");
    }
}

#[tokio::test]
async fn agents_are_warned_once_in_a_window_and_by_name() {
    for name in [None, Some("Ben")] {
        let start = at(START);
        let world = waiting_since(start).await;
        if let Some(name) = name {
            world.assign(name);
        }
        let warnings = || {
            let notes = world.notes().into_iter();
            let warnings = notes.filter(|note| note.contains("the window closes soon. "));
            warnings.collect::<Vec<_>>()
        };
        world.pass(start + day_and(-4) - Duration::seconds(1)).await;
        assert!(warnings().is_empty(), "{name:?}");
        world.pass(start + day_and(-3)).await;
        let [warning] = &warnings()[..] else {
            panic!("{:?}", warnings())
        };
        assert_eq!(
            warning.starts_with("@Ben The customer waits"),
            name.is_some(),
            "{warning}"
        );
        assert!(
            warning.contains("until 2026-09-22 at 18:13 UTC."),
            "{warning}"
        );
        world.pass(start + day_and(1)).await;
        assert_eq!(warnings().len(), 1);

        // Another message, another window.
        receive(&world, &text("b", "hello?", start + day_and(2))).await;
        world.pass(start + day_and(2) + day_and(-3)).await;
        assert_eq!(warnings().len(), 2);
    }
}

/// Makes a reply that is held since `at(0) + 25 hours`.
async fn held() -> (World, OutboundQueueMessage, DateTime<chrono::Utc>) {
    let world = World::waiting().await;
    let late = at(25 * HOUR);
    world.set_now(late);
    let reply = world.agent_writes("100", "It was in the wrong van", late);
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    (world, reply, late)
}

#[tokio::test]
async fn a_reply_that_is_held_for_too_long_is_taken_off_and_never_sent() {
    let (world, reply, late) = held().await;
    world.pass(late + day(14) - Duration::seconds(1)).await;
    assert_eq!(world.held_count(), 1);
    let outcomes = world.pass(late + day(14) + Duration::minutes(1)).await;
    // The last two sweeps have both queued the timer.
    assert_eq!(outcomes, ["hold_expiry", "hold_expired", "superseded"]);
    assert_eq!(world.held_count(), 0);
    assert_eq!(world.conversation().held_count, 0);
    assert_eq!(world.conversation().timers.next(), None);
    let note = world.notes().pop().unwrap();
    assert!(
        note.starts_with("A held reply was never sent. It was held since 2026-09-22 at 15:13 UTC"),
        "{note}"
    );

    // The webhook comes again, in a closed window and in an open one.
    for open in [false, true] {
        if open {
            let again = text("b", "hello?", late + day(15));
            world.set_now(again.sent_at);
            world.receive(&again).await.unwrap();
        }
        let outcome = world.carry_out(&reply).await;
        assert_eq!(outcome, ignored(Ignored::AlreadySent), "{open}");
    }
    assert_eq!(world.held_count(), 0);
    assert!(world.sent().is_empty(), "{:?}", world.sent());
}

#[tokio::test]
async fn each_held_reply_has_its_own_time() {
    let (world, _, late) = held().await;
    let second = late + day(1);
    world.set_now(second);
    assert_eq!(
        world
            .agent_answers("101", "It comes on Monday", second)
            .await,
        done(Done::Held)
    );
    world.pass(late + day(14) + Duration::minutes(1)).await;
    assert_eq!(world.held_count(), 1);
    let next = world.conversation().timers.next();
    assert_eq!(next, Some(second + day(14)));

    let again = text("b", "hello?", late + day(14) + Duration::hours(1));
    world.set_now(again.sent_at);
    world.receive(&again).await.unwrap();
    world.carry_out_all().await;
    assert_eq!(world.sent(), ["It comes on Monday"]);
    let expiry = world.conversation().timers.due_at(Timer::HoldExpiry);
    assert_eq!(expiry, None);
}

#[tokio::test]
async fn held_replies_go_out_before_the_notice_looks() {
    let (world, _, late) = held().await;
    let again = InboundMessage {
        content: InboundContent::Other {
            kind: "hologram".to_owned(),
        },
        ..text("b", "", late + Duration::hours(1))
    };
    world.set_now(again.sent_at);
    world.receive(&again).await.unwrap();
    // The release is late, and the notice comes first.
    let release = world.outbound_queue();
    assert!(
        matches!(release[..], [OutboundQueueMessage::ReleaseHeld(_)]),
        "{release:?}"
    );
    let due_at = world.conversation().timers.due_at(Timer::DelayNotice);
    world.set_now(due_at.unwrap());
    let notice = OutboundQueueMessage::DelayNotice(WaitTask {
        conversation: key(),
        generation: world.conversation().notice_generation,
        issue_id: IssueId::new("1"),
    });
    let outcome = world.carry_out(&notice).await;
    assert_eq!(outcome, ignored(Ignored::Answered));
    assert_eq!(world.sent(), ["It was in the wrong van"]);
    world.carry_out(&release[0]).await.unwrap();
    assert_eq!(world.sent().len(), 1);
}

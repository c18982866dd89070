use casement_core::model::conversation::NoticeState;

use casement_core::model::queue::DelayQueueMessage;
use casement_core::model::timer::Timer;
use casement_service::{Done, Ignored, Outcome};
use casement_testkit::{Call, World, at, key, text};

use crate::ignored;

fn due(timer: Timer, due_at: i64) -> DelayQueueMessage {
    DelayQueueMessage::TimerDue {
        conversation: key(),
        timer,
        due_at: at(due_at),
    }
}

#[tokio::test]
async fn a_timer_rings_once_and_is_off() {
    let world = World::waiting().await;
    world.set_now(at(600));
    let message = due(Timer::DelayNotice, 600);
    for expected in [
        Outcome::Done(Done::Rang(Timer::DelayNotice)),
        Outcome::Ignored(Ignored::Superseded),
    ] {
        assert_eq!(world.ring(&message).await, Ok(expected));
    }
    assert_eq!(world.outbound_queue().len(), 1);
    assert_eq!(world.conversation().notice_state, NoticeState::Queued);
    assert_eq!(world.conversation().timers.due_at(Timer::DelayNotice), None);
}

#[tokio::test]
async fn a_timer_that_others_move_meanwhile_is_not_taken_off() {
    let world = World::waiting().await;
    let message = due(Timer::AgentAlert, 72_000);
    world.set_now(at(72_000));
    world.customer_writes("b", "hello?", at(72_000)).await;
    let outcome = world.ring(&message).await;
    assert_eq!(outcome, ignored(Ignored::Superseded));
    let moved = world.conversation().timers.due_at(Timer::AgentAlert);
    assert_eq!(moved, Some(at(144_000)));
}

#[tokio::test]
async fn without_a_request_it_rings_again_later() {
    let world = World::waiting().await;
    world.change(|conversation| conversation.issue = None);
    world.set_now(at(600));
    let outcome = world.ring(&due(Timer::DelayNotice, 600)).await;
    assert_eq!(outcome, ignored(Ignored::NotDue));
    let moved = world.conversation().timers.due_at(Timer::DelayNotice);
    assert_eq!(moved, Some(at(660)));
}

#[tokio::test]
async fn a_lost_message_is_made_good_by_the_sweep() {
    let world = World::waiting().await;
    world.lose_delayed();
    let outcomes = world.pass(at(660)).await;
    assert_eq!(outcomes, ["delay_notice", "notice_sent"]);
    assert_eq!(world.sent(), ["Please wait"]);
}

#[tokio::test]
async fn two_timers_of_one_minute_ring_both() {
    let world = World::waiting().await;
    world.change(|conversation| conversation.timers.set(Timer::HoldExpiry, at(601)));
    world.set_now(at(590));
    world.sweep().await.unwrap();
    let queued = world.delay_queue();
    let named: Vec<_> = queued.iter().map(|(message, _)| message.clone()).collect();
    let (notice, expiry) = (due(Timer::DelayNotice, 600), due(Timer::HoldExpiry, 601));
    // The first was also queued with the customer's message.
    assert_eq!(named, [notice.clone(), notice, expiry]);
}

#[tokio::test]
async fn messages_that_are_stuck_are_counted() {
    let world = World::waiting().await;
    world.set_now(at(0));
    world.lose_answer(Call::AddComment, false);
    let stuck = text("b", "hello?", at(0));
    world.receive(&stuck).await.unwrap_err();
    for (now, unsettled) in [(599, 0), (600, 1)] {
        world.set_now(at(now));
        let swept = world.sweep().await.unwrap();
        assert_eq!(swept.unsettled, unsettled, "{now}");
    }
    world.receive(&stuck).await.unwrap();
    assert_eq!(world.sweep().await.unwrap().unsettled, 0);
}

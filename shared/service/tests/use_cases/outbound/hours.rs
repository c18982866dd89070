//! Tests of delay notices and business hours. `at(0)` is a Monday, 14:13:20 in UTC.

use casement_core::model::timer::Timer;

use super::*;

/// Rings the timer, and carries out the result.
async fn notice(world: &World) -> Result<Outcome, Later> {
    let due_at = world.conversation().timers.due_at(Timer::DelayNotice);
    ring_at(world, due_at.unwrap()).await.unwrap();
    let notice = world.outbound_queue().pop().unwrap();
    world.carry_out(&notice).await
}

async fn waiting_with(settings: &str) -> World {
    let world = World::new();
    world.set_settings(settings);
    world.customer_writes("a", "hello", at(0)).await;
    world
}

#[tokio::test]
async fn while_closed_a_customer_is_told_soon_when_it_opens() {
    let world = waiting_with("[number.hours]\ntuesday = [\"09:00-17:00\"]\n").await;
    assert_eq!(
        world.conversation().timers.due_at(Timer::DelayNotice),
        Some(at(10))
    );
    world.set_now(at(10));
    assert_eq!(notice(&world).await, done(Done::NoticeSent));
    let sent = world.sent();
    assert!(
        sent[0].starts_with("Thank you for your message, Ana. We are closed")
            && sent[0].ends_with("We open again on Tuesday, 22 September, at 09:00."),
        "{sent:?}"
    );
}

#[tokio::test]
async fn at_closing_time_the_notice_says_so() {
    let world = waiting_with("[number.hours]\nmonday = [\"09:00-14:20\"]\n").await;
    assert_eq!(
        world.conversation().timers.due_at(Timer::DelayNotice),
        Some(at(400))
    );
    world.set_now(at(400));
    assert_eq!(notice(&world).await, done(Done::NoticeSent));
    assert!(world.sent()[0].contains("Monday, 28 September, at 09:00"));
}

#[tokio::test]
async fn a_notice_that_finds_the_agents_at_work_waits_for_them() {
    let world = waiting_with("[number.hours]\nmonday = [\"14:15-17:00\"]\n").await;
    assert_eq!(
        world.conversation().timers.due_at(Timer::DelayNotice),
        Some(at(10))
    );
    // Two minutes late: the business opened at 100.
    world.set_now(at(130));
    assert_eq!(notice(&world).await, ignored(Ignored::PutOff));
    assert_eq!(
        world.conversation().timers.due_at(Timer::DelayNotice),
        Some(at(100 + 600))
    );
    assert!(world.sent().is_empty());
    world.set_now(at(700));
    assert_eq!(notice(&world).await, done(Done::NoticeSent));
    assert_eq!(world.sent(), ["Please wait"]);
}

#[tokio::test]
async fn the_first_notice_of_a_request_may_have_its_own_text() {
    let world = World::new();
    world.set_settings("[number.texts.de]\nlost_file = \"Weg\"\n");
    let own = "language = \"fr\"\n[number.texts.fr]\nfirst_contact = \"Bienvenue, {name}\"\n";
    world.set_settings(own);
    let message = text("a", "hello", at(0));
    world.receive(&message).await.unwrap();
    world.set_now(at(600));
    notice(&world).await.unwrap();
    world.agent_answers("100", "Voilà", at(700)).await.unwrap();
    let message = text("b", "encore", at(800));
    world.receive(&message).await.unwrap();
    world.set_now(at(1400));
    notice(&world).await.unwrap();
    let sent = world.sent();
    assert_eq!(sent[..2], ["Bienvenue, Ana", "Voilà"]);
    assert!(
        sent[2].starts_with("Merci pour votre message, Ana."),
        "{sent:?}"
    );
}

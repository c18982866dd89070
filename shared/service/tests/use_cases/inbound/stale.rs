//! Tests of messages that come later than the ledger remembers.

use casement_core::model::identity::IdentityChange;
use chrono::Duration;

use super::*;

const STALE: Outcome = Outcome::Ignored(Ignored::StaleMessage);

fn day(number: i64) -> chrono::DateTime<chrono::Utc> {
    at(0) + Duration::days(number)
}

/// Makes a customer who wrote at the beginning, and whose request was done then.
async fn done_at_once() -> World {
    let world = World::new();
    receive(&world, "a", 0).await.unwrap();
    world.resolve("1", at(0));
    world.set_transitions(&[("5", true), ("7", false)]);
    world
}

async fn receive(world: &World, id: &str, sent_on: i64) -> Result<Outcome, Later> {
    let message = text(id, id, day(sent_on));
    world.receive(&message).await
}

#[tokio::test]
async fn an_old_message_reopens_nothing_and_is_noted_once_a_day() {
    for (now, again, sent_on) in [
        // The ledger has forgotten the message; it never knew the message; the customer has written
        // since.
        (40, "a", 0),
        (40, "b", 3),
        (1, "b", -40),
        (0, "b", -30),
    ] {
        let world = done_at_once().await;
        world.set_now(day(now));
        if again == "a" {
            world.forget_entries();
        }
        let before = world.conversation();
        assert_eq!(receive(&world, again, sent_on).await, Ok(STALE), "{now}");
        assert!(world.is_done("1"), "{now}");
        assert_eq!(world.said(), [said("1", "a")], "{now}");
        assert_eq!(world.conversation(), before, "{now}");
        let notes = world.notes();
        assert!(notes[0].contains("old message"), "{notes:?}");
        receive(&world, "c", sent_on).await.unwrap();
        assert_eq!(world.notes().len(), 1);
        let again = receive(&world, again, sent_on).await;
        assert_eq!(again, ignored(Ignored::Duplicate), "{now}");
    }
}

#[tokio::test]
async fn a_message_in_time_is_taken_in() {
    let world = done_at_once().await;
    receive(&world, "b", -29).await.unwrap();
    assert_eq!(world.said().len(), 2);
}

#[tokio::test]
async fn what_waited_in_the_queues_is_taken_in_however_long_it_took() {
    let world = done_at_once().await;
    world.set_now(day(1));
    world.fail(Call::AddComment, BUSY);
    receive(&world, "b", 1).await.unwrap_err();
    world.set_now(day(45));
    assert_eq!(receive(&world, "b", 1).await, done(Done::Received));
    assert_eq!(world.said().last().unwrap().1, "b");
}

#[tokio::test]
async fn the_old_messages_of_a_stranger_are_a_backlog() {
    let world = World::new();
    for (id, sent_on) in [("a", -60), ("b", -400), ("c", -60)] {
        assert_eq!(receive(&world, id, sent_on).await, done(Done::Received));
    }
    assert_eq!(world.said().len(), 3);
    assert!(!world.conversation().window_is_open(at(0)));
    receive(&world, "d", 0).await.unwrap();
    assert_eq!(receive(&world, "e", -60).await, Ok(STALE));
}

fn change(id: &str, changed_on: i64) -> IdentityChange {
    IdentityChange {
        phone_number_id: number(),
        wamid: Wamid::new(id),
        former: identity(None, Some("4915112345678")),
        new: identity(None, Some("4915187654321")),
        changed_at: day(changed_on),
    }
}

#[tokio::test]
async fn an_old_change_moves_nothing_and_is_noted() {
    for (now, wrote_on, changed_on) in [(1, 1, 0), (40, 5, 10), (90, 1, 20)] {
        let world = World::new();
        world.set_now(day(wrote_on));
        receive(&world, "a", wrote_on).await.unwrap();
        world.set_now(day(now));
        let before = world.conversation();
        for expected in [Ignored::StaleIdentityChange, Ignored::Duplicate] {
            let outcome = world
                .inbound()
                .change_identity(&change("s", changed_on))
                .await;
            assert_eq!(outcome, Ok(Outcome::Ignored(expected)), "{now}");
        }
        assert_eq!(world.conversation(), before, "{now}");
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("left alone"), "{notes:?}");
        assert!(!notes[0].contains("4915187654321"), "{notes:?}");
    }
}

#[tokio::test]
async fn a_change_that_was_carried_out_long_ago_is_not_told_of_again() {
    let world = World::new();
    receive(&world, "a", 0).await.unwrap();
    world
        .inbound()
        .change_identity(&change("s", 0))
        .await
        .unwrap();
    world.set_now(day(31));
    world.forget_entries();
    let outcome = world.inbound().change_identity(&change("s", 0)).await;
    assert_eq!(outcome, ignored(Ignored::StaleIdentityChange));
    assert_eq!(world.notes().len(), 1);
}

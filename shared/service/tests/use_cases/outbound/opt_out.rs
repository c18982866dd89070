//! Tests of customers who want no automatic messages.

use super::*;

/// Receives a text and carries out the confirmations. Returns the outcome of each.
async fn said(world: &World, id: &str, body: &str) -> Vec<Outcome> {
    let before = world.outbound_queue().len();
    let message = text(id, body, world.now());
    world.receive(&message).await.unwrap();
    let mut outcomes = Vec::new();
    for message in world.outbound_queue().split_off(before) {
        outcomes.push(world.carry_out(&message).await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn a_customer_who_opts_out_gets_one_confirmation_and_no_notice() {
    let world = World::waiting().await;
    assert_eq!(
        said(&world, "b", "Stop!").await,
        [Outcome::Done(Done::OptOutConfirmed)]
    );
    assert_eq!(said(&world, "c", "stop").await, []);
    assert_eq!(said(&world, "d", "Please stop it").await, []);
    assert_eq!(world.sent().len(), 1);
    assert!(world.sent()[0].starts_with("You will get no more automatic messages"));
    assert!(world.notes()[0].starts_with("The customer wants no automatic messages."));
    assert_eq!(
        world
            .said()
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>(),
        ["hello", "Stop!", "stop", "Please stop it"],
        "every message is in Jira"
    );
    world.set_now(at(600));
    assert_eq!(ring(&world).await, ignored(Ignored::OptedOut));
    assert_eq!(
        world.agent_answers("100", "It ships today", at(600)).await,
        done(Done::Sent)
    );
    assert_eq!(
        said(&world, "e", "Start").await,
        [Outcome::Done(Done::OptOutConfirmed)]
    );
    assert!(!world.conversation().opted_out);
    assert_eq!(
        world.conversation().awaiting_since,
        None,
        "nothing to answer"
    );
    assert!(world.sent()[2].starts_with("You will get automatic messages from us again"));
}

#[tokio::test]
async fn a_confirmation_comes_once_even_if_jira_fails_meanwhile() {
    let world = World::waiting().await;
    let stop = text("b", "STOP", at(60));
    world.fail(
        Call::AddComment,
        CallFailure::Jira {
            status: 503,
            retry_after: None,
        },
    );
    world.receive(&stop).await.unwrap_err();
    assert!(world.conversation().opted_out);
    world.receive(&stop).await.unwrap();
    let confirm = world.outbound_queue().pop().unwrap();
    for outcome in [Done::OptOutConfirmed, Done::OptOutConfirmed] {
        assert_eq!(world.carry_out(&confirm).await, Ok(Outcome::Done(outcome)));
    }
    assert_eq!(world.sent().len(), 1);
    assert_eq!(world.notes().len(), 1);
}

#[tokio::test]
async fn the_agents_read_of_a_wish_that_cannot_be_confirmed() {
    let world = World::waiting().await;
    world.customer_writes("b", "STOP", at(60)).await;
    world.set_now(at(60) + day(2));
    let confirm = world.outbound_queue().pop().unwrap();
    assert_eq!(world.carry_out(&confirm).await, done(Done::OptOutNoted));
    assert!(world.sent().is_empty());
    assert!(world.notes()[0].ends_with("It was not confirmed on WhatsApp."));
}

//! Tests of one customer's messages that are taken in at the same time.

use super::*;

const BOTH: Identifiers = (Some("DE.1"), Some("4915112345678"));
const PHONE: Identifiers = (None, Some("4915112345678"));
const BSUID: Identifiers = (Some("DE.1"), None);

fn from(id: &str, identifiers: Identifiers, sent: i64) -> InboundMessage {
    text_from(id, identifiers, at(sent))
}

/// Lets two workers take in the messages at once, and again as the queue would, until both are
/// done.
async fn race(world: &World, one: &InboundMessage, other: &InboundMessage) {
    let (first, second) = (world.inbound(), world.inbound());
    for _ in 0..5 {
        let (one, other) = tokio::join!(
            first.receive(one, Attempt::Another),
            second.receive(other, Attempt::Another)
        );
        if one.is_ok() && other.is_ok() {
            return;
        }
        world.set_now(world.now() + Duration::seconds(30));
    }
    panic!("they do not end");
}

#[tokio::test]
async fn two_first_messages_at_once_are_one_request() {
    for (one, other) in [(PHONE, PHONE), (BOTH, BOTH), (BOTH, PHONE), (BSUID, BOTH)] {
        for seed in 0..200 {
            let world = World::new();
            world.shuffle(seed);
            race(&world, &from("a", one, 0), &from("b", other, 0)).await;
            let case = format!("{one:?} {other:?} {seed}");
            assert_eq!(world.requests(), 1, "{case}");
            assert_eq!(world.conversations(), 1, "{case}");
            let mut texts: Vec<_> = world.said().into_iter().map(|(_, text)| text).collect();
            texts.sort_unstable();
            assert_eq!(texts, ["a", "b"], "{case}");
        }
    }
}

#[tokio::test]
async fn two_messages_at_once_after_the_end_open_one_request() {
    for seed in 0..200 {
        let world = World::new();
        let first = from("first", BOTH, 0);
        world.receive(&first).await.unwrap();
        world.resolve("1", at(0));
        let week = 7 * 86_400;
        world.set_now(at(week));
        world.shuffle(seed);
        race(&world, &from("a", BOTH, week), &from("b", PHONE, week)).await;
        assert_eq!(world.requests(), 2, "{seed}");
        assert_eq!(world.said().len(), 3, "{seed}");
    }
}

#[tokio::test]
async fn identifiers_of_two_conversations_are_not_merged() {
    let world = World::new();
    for message in [from("a", BSUID, 0), from("b", PHONE, 0), from("c", BOTH, 1)] {
        world.receive(&message).await.unwrap();
    }
    assert_eq!(world.requests(), 2);
    assert_eq!(world.said()[2], said("1", "c"), "the BSUID's");
    world.receive(&from("d", PHONE, 2)).await.unwrap();
    assert_eq!(world.said()[3], said("2", "d"));
}

#[tokio::test]
async fn a_number_that_was_given_to_somebody_else_leads_to_nobody_elses_request() {
    let world = World::new();
    let stranger = (Some("DE.2"), BOTH.1);
    for message in [
        from("a", BOTH, 0),
        from("b", stranger, 1),
        from("c", stranger, 2),
    ] {
        world.receive(&message).await.unwrap();
    }
    assert_eq!(world.said()[1..], [said("2", "b"), said("2", "c")]);
}

//! Tests of customers whose messages the owner does not take.

use super::*;
use casement_service::ports::{Conversations, Ledger};

#[tokio::test]
async fn an_unwanted_message_is_recorded_or_ignored() {
    for (setting, is_recorded) in [("record", true), ("ignore", false)] {
        let world = World::new();
        world.set_settings(&format!(
            "blocked = [\"+49 151 12345678\"]\nunwanted = \"{setting}\"\n"
        ));
        let message = text("a", "Buy now", at(0));
        let outcome = world.receive(&message).await;
        assert_eq!(outcome, ignored(Ignored::Unwanted), "{setting}");
        assert_eq!(world.requests(), 0);
        assert!(world.delay_queue().is_empty() && world.outbound_queue().is_empty());
        let conversation = world.load(&key()).await.unwrap();
        let entry = world.entry(&Wamid::new("wamid.a")).await;
        assert_eq!(conversation.is_some(), is_recorded, "{setting}");
        assert_eq!(entry.unwrap().is_some(), is_recorded, "{setting}");
    }
}

#[tokio::test]
async fn a_customer_who_is_blocked_later_is_heard_no_more() {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_settings("allowed = [\"4930123456\"]\n");
    let second = text("b", "hello?", at(60));
    let outcome = world.receive(&second).await;
    assert_eq!(outcome, ignored(Ignored::Unwanted));
    assert_eq!(world.said(), [said("1", "hello")]);
}

#[tokio::test]
async fn a_blocked_customer_who_hides_the_number_stays_blocked() {
    for setting in ["record", "ignore"] {
        let world = World::new();
        let blocking = format!("blocked = [\"+49 151 12345678\"]\nunwanted = \"{setting}\"\n");
        world.set_settings(&blocking);
        let mut seen = text("a", "Buy now", at(0));
        seen.from = identity(Some("DE.1"), Some("4915112345678"));
        let hidden = |id: &str, bsuid: &str| {
            let mut message = text(id, "Buy now", at(60));
            message.from = identity(Some(bsuid), None);
            message
        };
        for message in [seen, hidden("b", "DE.1"), hidden("c", "DE.1")] {
            let outcome = world.receive(&message).await;
            assert_eq!(outcome, ignored(Ignored::Unwanted), "{setting}");
        }
        assert_eq!(world.requests(), 0);
        // Another customer is heard, and so is this one once the number is not blocked.
        world.receive(&hidden("d", "DE.2")).await.unwrap();
        assert_eq!(world.requests(), 1);
        world.set_settings("blocked = [\"+49 151 99999999\"]\n");
        let outcome = world.receive(&hidden("e", "DE.1")).await;
        assert_eq!(outcome, done(Done::Received), "{setting}");
    }
}

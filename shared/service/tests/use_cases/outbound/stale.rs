//! Tests of comments older than the ledger's memory.

use super::*;

const STALE: Outcome = Outcome::Ignored(Ignored::StaleComment);
const NOTE: &str = "Nothing was done about an old comment.";

#[tokio::test]
async fn an_old_comment_is_not_sent_again_when_the_ledger_has_forgotten_it() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "It ships today", at(60));
    world.carry_out(&reply).await.unwrap();
    world.set_now(at(60) + day(95));
    world.forget_entries();
    world.customer_writes("b", "thanks", at(60) + day(95)).await;
    for _ in 0..2 {
        assert_eq!(world.carry_out(&reply).await, Ok(STALE));
    }
    assert_eq!(world.sent(), ["It ships today"]);
    assert!(world.conversation().awaiting_since.is_some());
    let notes = world.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with(NOTE), "{notes:?}");
}

#[tokio::test]
async fn whatever_an_old_comment_asks_for_is_left_alone() {
    for (words, public, told) in [
        ("between us", false, 0),
        ("/window", false, 1),
        ("/cancel", false, 1),
        ("/template order_update en_US \"Monday\"", false, 1),
        ("/coffee", false, 1),
        ("/cancel", true, 1),
        ("", true, 1),
    ] {
        let world = World::waiting().await;
        world.set_settings("business_account_id = \"1022\"\n");
        world.approve("order_update", "en_US", "It comes on {{1}}");
        world.set_now(at(60) + day(90));
        let comment = world.comment("100", words, at(60), |comment| {
            comment.public = Some(public);
        });
        world.carry_out(&comment).await.unwrap();
        assert!(world.sent().is_empty(), "{words}");
        let notes = world.notes();
        assert_eq!(notes.len(), told, "{words}: {notes:?}");
        assert!(notes.iter().all(|note| note.starts_with(NOTE)), "{notes:?}");
    }
}

#[tokio::test]
async fn what_is_held_or_known_is_not_stale() {
    let world = World::waiting().await;
    world.set_now(at(60) + day(2));
    let reply = world.agent_writes("100", "late", at(60) + day(2));
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    world.set_now(at(60) + day(100));
    world.forget_entries();
    world
        .customer_writes("b", "anyone?", at(60) + day(100))
        .await;
    let outcome = world.carry_out(&reply).await;
    assert_ne!(outcome, Ok(STALE));
    assert_eq!(world.sent(), ["late"]);
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
}

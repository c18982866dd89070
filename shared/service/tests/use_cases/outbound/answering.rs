use casement_core::model::fate::WhatsappCode;
use serde_json::json;

use super::*;

/// Makes a conversation in which the customer has written `wamid.a`, `wamid.1` and `wamid.2`.
async fn written_thrice() -> World {
    let world = World::waiting().await;
    for (id, words) in [("1", "My order is late"), ("2", "And is it still warm?")] {
        world.customer_writes(id, words, at(30)).await;
    }
    world
}

/// Returns the message that a comment with this body becomes.
async fn sent(world: &World, id: &str, body: serde_json::Value) -> String {
    let message = world.comment(id, "", at(60), |comment| comment.body = body.clone().into());
    world.carry_out(&message).await.unwrap();
    world.sent().pop().unwrap()
}

fn quoting(quoted: &str, words: &str) -> serde_json::Value {
    let paragraph =
        |words: &str| json!({"type": "paragraph", "content": [{"type": "text", "text": words}]});
    json!({"type": "doc", "version": 1, "content": [
        {"type": "blockquote", "content": [paragraph(quoted)]}, paragraph(words)]})
}

fn after_an_empty_line(words: &str) -> serde_json::Value {
    json!({"type": "doc", "version": 1, "content": [{"type": "paragraph"},
        {"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
}

#[tokio::test]
async fn a_reply_shows_what_it_answers() {
    let world = written_thrice().await;
    for (id, body, expected) in [
        ("1", json!("/reply Yes"), "(wamid.2) Yes"),
        (
            "2",
            quoting("My order is late", "We know"),
            "(wamid.1) We know",
        ),
        (
            "3",
            quoting("My train is late", "Oh"),
            "> My train is late\n\nOh",
        ),
        ("4", json!("Hello"), "Hello"),
        ("7", after_an_empty_line("/reply: Yes"), "(wamid.2) Yes"),
        (
            "8",
            quoting("my order is late…", "We know"),
            "(wamid.1) We know",
        ),
    ] {
        assert_eq!(sent(&world, id, body).await, expected);
    }
    // A quotation without further words is the reply itself.
    let alone = quoting("My order is late", " ");
    assert!(
        sent(&world, "5", alone)
            .await
            .contains("> My order is late")
    );
    let in_thread = world.comment("6", "Both", at(60), |comment| {
        comment.parent = Some(CommentId::new("own-1"));
    });
    world.carry_out(&in_thread).await.unwrap();
    assert_eq!(world.sent().pop().unwrap(), "(wamid.a) Both");
}

#[tokio::test]
async fn a_message_that_meta_does_not_know_any_more_costs_no_reply() {
    for code in [131_009, 100] {
        let world = written_thrice().await;
        world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(code)));
        assert_eq!(sent(&world, "1", json!("/reply Yes")).await, "Yes");
        assert!(world.notes().is_empty());
    }
}

#[tokio::test]
async fn a_held_reply_shows_it_too() {
    let world = written_thrice().await;
    world.set_now(at(90_000));
    let late = world.comment("1", "", at(90_000), |comment| {
        comment.body = quoting("My order is late", "It is here").into();
    });
    world.carry_out(&late).await.unwrap();
    assert!(world.sent().is_empty());
    let message = text("3", "Hello?", at(90_060));
    world.set_now(at(90_060));
    world.receive(&message).await.unwrap();
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
    assert_eq!(world.sent(), ["(wamid.1) It is here"]);
}

#[tokio::test]
async fn the_command_alone_says_nothing() {
    let world = written_thrice().await;
    let message = world.agent_writes("1", "/reply", at(60));
    let outcome = world.carry_out(&message).await;
    assert_eq!(outcome, done(Done::CommandInPublic));
    assert!(world.sent().is_empty());
    assert!(world.notes()[0].starts_with("/reply was not sent"));
}

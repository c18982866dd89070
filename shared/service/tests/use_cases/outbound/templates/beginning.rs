//! Tests of conversations that begin with a template.

use super::*;

/// Writes a note on request 7, which Casement does not know.
pub(super) fn elsewhere(world: &World, id: &str, words: &str) -> OutboundQueueMessage {
    note(world, id, words);
    comment_created("7", id)
}

#[tokio::test]
async fn an_agent_begins_a_conversation_and_the_answer_comes_there() {
    let world = World::new();
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.has_phone("7", "+49 151 12345678");
    let command = elsewhere(&world, "100", RIGHT);
    assert_eq!(world.carry_out(&command).await, done(Done::TemplateSent));
    assert_eq!(world.carry_out(&command).await, done(Done::TemplateSent));
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    let conversation = world.conversation();
    assert_eq!(conversation.issue.unwrap().key, "SUP-7");
    assert_eq!(conversation.window_expires_at, None);
    world.customer_writes("a", "great", at(60)).await;
    assert_eq!(world.said(), [("7".to_owned(), "great".to_owned())]);
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn the_answer_is_found_however_whatsapp_writes_the_number() {
    let world = World::new();
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.has_phone("7", "+55 11 91234 5678");
    world.answers_come_from(Some("551112345678"));
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    let mut answer = text("a", "great", at(60));
    answer.from = casement_testkit::identity(None, Some("551112345678"));
    world.receive(&answer).await.unwrap();
    assert_eq!(world.said(), [("7".to_owned(), "great".to_owned())]);
}

#[tokio::test]
async fn nothing_begins_with_a_mistake() {
    for (settings, phone, words, expected) in [
        (
            BEGINS,
            None,
            RIGHT,
            Some("no phone number in the field customfield_10050"),
        ),
        (
            BEGINS,
            Some("0151 1234567"),
            RIGHT,
            Some("its country code is missing"),
        ),
        (
            BEGINS,
            Some("+4915112345678"),
            "/template order_update en_US",
            Some("is missing"),
        ),
        (BEGINS, Some("+4915112345678"), "only a note", None),
        (ACCOUNT, Some("+4915112345678"), RIGHT, None),
    ] {
        let world = World::new();
        world.set_settings(settings);
        world.approve("order_update", "en_US", "It comes on {{1}}");
        if let Some(phone) = phone {
            world.has_phone("7", phone);
        }
        let command = elsewhere(&world, "100", words);
        world.carry_out(&command).await.unwrap();
        assert!(world.sent().is_empty());
        assert_eq!(world.conversations(), 0, "{words}");
        match expected {
            Some(expected) => assert!(world.notes()[0].contains(expected), "{:?}", world.notes()),
            None => assert!(world.notes().is_empty()),
        }
    }
}

#[tokio::test]
async fn a_public_template_on_a_new_request_is_explained() {
    let world = World::new();
    world.set_settings(BEGINS);
    world.has_phone("7", "+49 151 12345678");
    let command = elsewhere(&world, "100", RIGHT);
    world.edit_comment("100", at(0), |comment| {
        comment.public = Some(true);
        comment.jsd_public = Some(true);
    });
    for _ in 0..2 {
        let outcome = world.carry_out(&command).await;
        assert_eq!(outcome, done(Done::CommandInPublic));
    }
    assert!(world.sent().is_empty());
    assert_eq!(world.conversations(), 0);
    assert_eq!(world.notes().len(), 1);
}

#[tokio::test]
async fn a_known_customer_goes_on_in_the_new_request() {
    let world = World::waiting().await;
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.has_phone("7", "+49 151 12345678");
    world
        .carry_out(&elsewhere(&world, "100", RIGHT))
        .await
        .unwrap();
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-7");
    assert!(
        world.notes()[0].contains("goes on in SUP-7"),
        "{:?}",
        world.notes()
    );
    assert_eq!(world.conversations(), 1);
}

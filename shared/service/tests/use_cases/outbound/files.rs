//! Tests that agents' files reach the phone, each once, and that failures are reported.

use serde_json::json;

use super::*;

/// Writes a public comment that shows these files.
pub(super) fn with_files(
    world: &World,
    id: &str,
    words: &str,
    files: &[&str],
) -> OutboundQueueMessage {
    world.comment(id, words, at(60), |comment| {
        let nodes = files.iter().map(|name| {
            json!({"type": "mediaSingle", "content": [
                {"type": "media", "attrs": {"type": "file", "id": name, "alt": name}}]})
        });
        let words = json!({"type": "paragraph", "content": [{"type": "text", "text": words}]});
        let blocks: Vec<_> = std::iter::once(words).chain(nodes).collect();
        comment.body = json!({"type": "doc", "version": 1, "content": blocks}).into();
    })
}

#[tokio::test]
async fn a_file_goes_out_with_its_text_once() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "offer.pdf", "application/pdf", 8);
    let reply = with_files(&world, "100", "Our offer", &["offer.pdf"]);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent(), ["[document: offer.pdf] Our offer"]);
    assert_eq!(
        world.uploaded(),
        [("offer.pdf".to_owned(), "content of offer.pdf".to_owned())]
    );
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn a_file_without_a_text_is_an_answer() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.png", "image/png", 8);
    let reply = with_files(&world, "100", "", &["a.png"]);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.sent(), ["[image: a.png]"]);
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn an_uploaded_file_is_not_uploaded_again() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.png", "image/png", 8);
    let reply = with_files(&world, "100", "Look", &["a.png"]);
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_056)));
    world.carry_out(&reply).await.unwrap_err();
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.uploaded().len(), 1);
    assert_eq!(world.sent(), ["[image: a.png] Look"]);

    let world = World::waiting().await;
    world.attach_to_comment("100", "a.png", "image/png", 8);
    let reply = with_files(&world, "100", "Look", &["a.png"]);
    world.fail(Call::Upload, CallFailure::Unreachable(Side::Whatsapp));
    world.carry_out(&reply).await.unwrap_err();
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent(), ["[image: a.png] Look"]);
}

#[tokio::test]
async fn what_whatsapp_does_not_take_is_said_by_name_and_the_rest_goes_out() {
    let world = World::waiting().await;
    for (name, mime_type) in [
        ("a.zip", "application/zip"),
        ("b.png", "image/png"),
        ("c.pdf", "application/pdf"),
    ] {
        world.attach_to_comment("100", name, mime_type, 8);
    }
    world.fail(Call::Upload, CallFailure::whatsapp(WhatsappCode(131_053)));
    let reply = with_files(&world, "100", "All of it", &["a.zip", "b.png", "c.pdf"]);
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.sent(), ["All of it", "[document: c.pdf]"]);
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.contains("a.zip: WhatsApp does not take"), "{note}");
    assert!(note.contains("b.png: WhatsApp refused it"), "{note}");
    world.carry_out(&reply).await.unwrap();
    assert_eq!((world.sent().len(), world.notes().len()), (2, 1));
}

#[tokio::test]
async fn words_that_went_down_with_their_file_are_said_to_be_undelivered() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.png", "image/png", 8);
    world.fail(Call::Upload, CallFailure::whatsapp(WhatsappCode(131_053)));
    let reply = with_files(&world, "100", "Look", &["a.png"]);
    assert_eq!(world.carry_out(&reply).await, done(Done::Failed));
    assert!(world.sent().is_empty());
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.contains("did not get this reply"), "{note}");
    assert!(note.contains("could not take the file"), "{note}");
}

#[tokio::test]
async fn a_comment_of_nothing_that_can_be_sent_answers_nothing() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.zip", "application/zip", 8);
    let reply = with_files(&world, "100", "", &["a.zip"]);
    let outcome = world.carry_out(&reply).await;
    assert_eq!(outcome, done(Done::NothingToSend));
    assert!(world.sent().is_empty());
    assert_eq!(world.notes().len(), 1);
    assert!(world.conversation().awaiting_since.is_some());
}

#[tokio::test]
async fn a_file_that_jira_lists_late_is_waited_for() {
    let world = World::waiting().await;
    let reply = with_files(&world, "100", "Look", &["a.png"]);
    let later = world.carry_out(&reply).await.unwrap_err();
    assert_eq!(later.after, Some(Duration::seconds(5)));
    assert!(world.sent().is_empty(), "the text waits for its file");
    world.attach_to_comment("100", "a.png", "image/png", 8);
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent(), ["[image: a.png] Look"]);

    let reply = with_files(&world, "101", "Look again", &["b.png"]);
    world.set_now(at(60 + 120));
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent()[1], "Look again");
    assert!(world.notes()[0].contains("b.png: Jira does not have it"));
}

#[tokio::test]
async fn held_replies_take_their_files_along() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.png", "image/png", 8);
    world.set_now(at(0) + day(2));
    let reply = with_files(&world, "100", "Look", &["a.png"]);
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    assert!(world.uploaded().is_empty());
    world
        .customer_writes("b", "still there?", at(0) + day(2))
        .await;
    let release = world.outbound_queue()[0].clone();
    world.carry_out(&release).await.unwrap();
    assert_eq!(world.sent(), ["[image: a.png] Look"]);
}

/// Writes a sentence with files that the comment does not name.
fn with_chips(world: &World, media: &[&str]) -> OutboundQueueMessage {
    world.comment("100", "", at(60), |comment| {
        let mut line = vec![json!({"type": "text", "text": "Use "})];
        for id in media {
            line.push(json!({"type": "mediaInline", "attrs": {"id": id, "collection": ""}}));
            line.push(json!({"type": "text", "text": " or "}));
        }
        line.push(json!({"type": "text", "text": "none."}));
        let blocks = json!([{"type": "paragraph", "content": line}]);
        comment.body = json!({"type": "doc", "version": 1, "content": blocks}).into();
    })
}

#[tokio::test]
async fn files_in_a_sentence_are_called_by_the_names_that_jira_has() {
    // The files are matched by media id, in whatever order they are listed.
    let world = World::waiting().await;
    for name in ["b.pdf", "a.pdf", "c.pdf"] {
        world.attach_to_comment("100", name, "application/pdf", 8);
    }
    let reply = with_chips(&world, &["media-a.pdf", "media-b.pdf"]);
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent()[0], "Use a.pdf or b.pdf or none.");

    // The only file is the one in the sentence, whatever its id.
    let world = World::waiting().await;
    world.attach_to_comment("100", "only.pdf", "application/pdf", 8);
    let reply = with_chips(&world, &["unheard-of"]);
    world.carry_out(&reply).await.unwrap();
    assert!(world.sent()[0].contains("Use only.pdf or none."));

    // Jira does not list the file at all: a word stands in its place.
    let world = World::waiting().await;
    let reply = with_chips(&world, &["unheard-of"]);
    world.set_now(at(60 + 120));
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent()[0], "Use [file] or none.");
}

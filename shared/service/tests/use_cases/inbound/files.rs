//! Tests that files arrive with their messages, once, and never delay a message for long.

use casement_core::model::content::{InboundContent, Media, MediaKind};
use casement_core::model::fate::WhatsappCode;

use super::*;
use casement_service::ports::FetchFailure;

fn media(error: Option<i64>) -> Media {
    Media {
        kind: MediaKind::Document,
        id: Some("55".to_owned()),
        mime_type: Some("application/pdf".to_owned()),
        sha256: None,
        file_name: Some("offer.pdf".to_owned()),
        caption: Some("please look".to_owned()),
        error: error.map(WhatsappCode),
    }
}

fn document(id: &str, error: Option<i64>) -> InboundMessage {
    InboundMessage {
        content: InboundContent::Media(media(error)),
        ..text(id, "", at(0))
    }
}

fn name(id: &str) -> String {
    media(None).attachment_name(&Wamid::new(format!("wamid.{id}")))
}

async fn receive(world: &World, message: &InboundMessage) -> Result<Outcome, Later> {
    world.receive(message).await
}

#[tokio::test]
async fn a_file_is_attached_to_the_request_of_its_message() {
    let world = World::new();
    receive(&world, &text("a", "hello", at(0))).await.unwrap();
    receive(&world, &document("b", None)).await.unwrap();
    assert_eq!(world.attachments(), [("1".to_owned(), name("b"))]);
    assert_eq!(
        world.said()[1],
        said("1", "[Document: offer.pdf]\n\nplease look")
    );
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_there_is_one_attachment_and_one_comment() {
    for attached in [true, false] {
        let world = World::new();
        world.lose_answer(Call::Attach, attached);
        receive(&world, &document("a", None)).await.unwrap_err();
        assert!(world.said().is_empty(), "the comment waits for its file");
        receive(&world, &document("a", None)).await.unwrap();
        assert_eq!(world.attachments().len(), 1, "attached: {attached}");
        assert_eq!(world.said().len(), 1);
    }
    let world = World::new();
    world.lose_answer(Call::AddComment, true);
    receive(&world, &document("a", None)).await.unwrap_err();
    receive(&world, &document("a", None)).await.unwrap();
    assert_eq!((world.attachments().len(), world.said().len()), (1, 1));
    assert_eq!(
        world.calls(Call::Fetch),
        1,
        "what is in Jira is not fetched again"
    );
}

#[tokio::test]
async fn a_file_that_never_comes_is_said_and_its_message_goes_on() {
    let refused = |status| CallFailure::Jira {
        status,
        retry_after: None,
    };
    for (case, arrange, says) in [
        (
            "gone",
            Box::new(|world: &World| world.fail_fetch(FetchFailure::Gone)) as Box<dyn Fn(&World)>,
            "no longer has it",
        ),
        (
            "foreign",
            Box::new(|world| world.fail_fetch(FetchFailure::ForeignAddress)),
            "not one of WhatsApp's own",
        ),
        (
            "odd refusal",
            Box::new(|world| {
                let odd = CallFailure::whatsapp(WhatsappCode(999));
                world.fail_fetch(FetchFailure::Call(odd));
            }),
            "did not hand it over",
        ),
        (
            "larger than Jira takes",
            Box::new(|world| world.limit_attachments(Some(12))),
            "larger than the 0 MB",
        ),
        (
            "larger than Jira's proxy takes",
            Box::new(move |world| world.fail(Call::Attach, refused(413))),
            "larger than",
        ),
        (
            "attachments off",
            Box::new(|world| world.limit_attachments(None)),
            "switched off",
        ),
        (
            "no permission",
            Box::new(move |world| world.fail(Call::Attach, refused(403))),
            "refused it with status 403",
        ),
    ] {
        let world = World::new();
        arrange(&world);
        receive(&world, &document("a", None)).await.unwrap();
        assert!(world.attachments().is_empty(), "{case}");
        let (_, comment) = &world.said()[0];
        assert!(comment.contains("please look"), "{case}: {comment}");
        assert!(comment.contains(says), "{case}: {comment}");
        let [note] = &world.notes()[..] else {
            panic!("{case}: {:?}", world.notes())
        };
        assert!(note.contains(says), "{case}: {note}");
    }
}

#[tokio::test]
async fn a_file_is_waited_for_some_time_and_no_longer() {
    let world = World::new();
    let down = || FetchFailure::Call(CallFailure::Unreachable(Side::Whatsapp));
    for _ in 0..5 {
        world.fail_fetch(down());
        receive(&world, &document("a", None)).await.unwrap_err();
        assert!(world.said().is_empty());
    }
    world.fail_fetch(down());
    receive(&world, &document("a", None)).await.unwrap();
    assert!(world.notes()[0].contains("asked several times"));

    let world = World::new();
    world.fail_fetch(down());
    receive(&world, &document("a", None)).await.unwrap_err();
    receive(&world, &document("a", None)).await.unwrap();
    assert_eq!(world.attachments().len(), 1);
}

#[tokio::test]
async fn a_request_deleted_meanwhile_does_not_take_the_file_with_it() {
    let world = World::new();
    receive(&world, &text("a", "hello", at(0))).await.unwrap();
    world.set_now(at(900));
    world.fail(Call::Attach, CallFailure::Absent(Absence::Deleted));
    receive(&world, &document("b", None)).await.unwrap();
    assert_eq!(world.attachments(), [("2".to_owned(), name("b"))]);
    assert_eq!(world.said()[1].0, "2");
}

#[tokio::test]
async fn customers_are_told_once_that_their_files_did_not_get_through() {
    let world = World::new();
    for id in ["a", "b"] {
        let lost = document(id, Some(131_052));
        receive(&world, &lost).await.unwrap();
    }
    assert_eq!(world.calls(Call::Fetch), 0);
    let queue = world.outbound_queue();
    assert_eq!(queue.len(), 2);
    for message in queue {
        world.carry_out(&message).await.unwrap();
    }
    let [told] = &world.sent()[..] else {
        panic!("{:?}", world.sent())
    };
    assert!(told.contains("did not reach us"), "{told}");
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(
        note.contains(told.as_str()),
        "nobody is asked to do it: {note}"
    );

    for id in ["c", "d"] {
        let other_trouble = document(id, Some(131_000));
        receive(&world, &other_trouble).await.unwrap();
    }
    assert_eq!(world.outbound_queue().len(), 2);
    let notes = world.notes();
    assert_eq!(notes.len(), 2, "one for both: {notes:?}");
    assert!(notes[1].contains("Please ask for it again."), "{notes:?}");
    let said = world.said();
    let to_agents = said.iter().find(|(_, words)| words.contains("lease ask"));
    assert_eq!(to_agents, None, "not in public");
}

#[tokio::test]
async fn nobody_is_told_of_a_lost_file_outside_the_window_or_against_their_will() {
    let world = World::new();
    let lost = document("a", Some(131_052));
    receive(&world, &lost).await.unwrap();
    let message = world.outbound_queue()[0].clone();
    world.set_now(at(0) + Duration::days(1));
    let outcome = world.carry_out(&message).await;
    assert_eq!(outcome, ignored(Ignored::WindowClosed));

    world.set_now(at(1));
    world.change(|conversation| conversation.opted_out = true);
    let outcome = world.carry_out(&message).await;
    assert_eq!(outcome, ignored(Ignored::OptedOut));
    assert!(world.sent().is_empty());
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.contains("the customer was not told."), "{note}");
}

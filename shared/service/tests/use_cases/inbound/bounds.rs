//! Tests of messages too long for comments, and of full requests.

use super::*;
use casement_service::Event;

const FULL: CallFailure = CallFailure::Full;

const REFUSED: CallFailure = CallFailure::Jira {
    status: 400,
    retry_after: None,
};

/// Makes a text with very many lines, so that a comment holds little of it.
fn lines() -> String {
    (0..30_000).map(|n| format!("{n}\n")).collect()
}

async fn receive(world: &World, id: &str, body: &str) -> Result<Outcome, Later> {
    world.receive(&text(id, body, at(0))).await
}

#[tokio::test]
async fn what_is_too_long_for_comments_goes_on_in_a_file() {
    let world = World::new();
    // The upload fails once, and its answer is lost once.
    world.fail(Call::Attach, BUSY);
    world.lose_answer(Call::Attach, true);
    for _ in 0..2 {
        receive(&world, "a", &lines()).await.unwrap_err();
        assert!(world.said().is_empty());
    }
    receive(&world, "a", &lines()).await.unwrap();
    receive(&world, "b", "the next one").await.unwrap();
    let said = world.said();
    assert_eq!((world.requests(), said.len()), (1, 9));
    assert_eq!(said[8].1, "the next one");
    let [(issue, name)] = &world.attachments()[..] else {
        panic!("{:?}", world.attachments())
    };
    assert_eq!(issue, "1");
    assert!(said[7].1.contains(&**name), "{:?}", said[7]);
    assert!(said[7].1.contains("too long for comments"));
    let shown = said[..7].iter().map(|(_, words)| &**words);
    let arrived = shown.collect::<String>() + &world.content_of(name);
    let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit(), "");
    assert!(digits(&arrived) == digits(&lines()), "in order and once");
}

#[tokio::test]
async fn where_no_file_can_be_attached_comments_have_it_all() {
    for refusal in [None, Some(3)] {
        let world = World::new();
        world.limit_attachments(refusal);
        receive(&world, "a", &lines()).await.unwrap();
        let message = text("a", &lines(), at(0));
        let whole = message.documents(&Enrichment::default()).len();
        assert!(whole > 8);
        assert_eq!((world.said().len(), world.attachments().len()), (whole, 0));
    }
}

#[tokio::test]
async fn a_full_request_is_followed_by_another_and_holds_up_nobody() {
    // Jira's own error for a full request, and any other that also refuses our note.
    for failure in [FULL, REFUSED] {
        let world = World::new();
        receive(&world, "a", "one").await.unwrap();
        world.fill("1", failure.clone());
        receive(&world, "b", "two").await.unwrap();
        receive(&world, "c", "three").await.unwrap();
        let expected = [said("1", "one"), said("2", "two"), said("2", "three")];
        assert_eq!(world.said(), expected, "{failure}");
        assert_eq!(world.requests(), 2);
        assert_eq!(world.related(), [("2".to_owned(), "1".to_owned())]);
        assert_eq!(world.conversation().issue.unwrap().id.as_str(), "2");
    }
}

#[tokio::test]
async fn a_message_that_jira_refuses_leaves_a_note_and_no_second_request() {
    let world = World::new();
    receive(&world, "a", "one").await.unwrap();
    world.fail(Call::AddComment, REFUSED);
    receive(&world, "b", "two").await.unwrap();
    assert_eq!((world.requests(), world.notes().len()), (1, 1));
    receive(&world, "c", "three").await.unwrap();
    assert_eq!(world.said(), [said("1", "one"), said("1", "three")]);
}

#[tokio::test]
async fn a_request_that_was_just_opened_is_not_full() {
    for failure in [FULL, REFUSED] {
        let world = World::new();
        receive(&world, "a", "one").await.unwrap();
        for issue in ["1", "2"] {
            world.fill(issue, failure.clone());
        }
        for attempt in 0..5 {
            world.set_now(at(60 * attempt));
            let later = receive(&world, "b", "two").await.unwrap_err();
            assert_ne!(later.event, Event::DeadLettered);
            assert_eq!(world.requests(), 2, "{failure}");
        }
        world.fill("2", BUSY);
        receive(&world, "b", "two").await.unwrap_err();
        assert_eq!((world.requests(), world.said().len()), (2, 1));
    }
}

#[tokio::test]
async fn the_rest_of_a_long_message_is_in_the_request_that_takes_it() {
    let world = World::new();
    receive(&world, "a", "one").await.unwrap();
    world.fill("1", FULL);
    receive(&world, "b", &lines()).await.unwrap();
    let in_new = world.said();
    let in_new = in_new.iter().filter(|(issue, _)| issue == "2");
    assert_eq!(in_new.count(), 8);
    assert_eq!(world.requests(), 2);
}

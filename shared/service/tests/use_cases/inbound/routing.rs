//! Tests of messages after the request is done.

use super::*;

const DAY: i64 = 86_400;

const REFUSED: CallFailure = CallFailure::Jira {
    status: 400,
    retry_after: None,
};

/// Makes a request that has been done for `days`.
async fn done_for(days: i64) -> World {
    let world = World::new();
    receive(&world, "a", "one").await.unwrap();
    let answered = world.conversation().answered();
    world.put(answered);
    world.resolve("1", at(0));
    world.set_transitions(&[("5", true), ("7", false)]);
    world.set_now(at(days * DAY));
    world
}

async fn receive(world: &World, id: &str, body: &str) -> Result<Outcome, Later> {
    let sent_at = world.now();
    world.receive(&text(id, body, sent_at)).await
}

#[tokio::test]
async fn a_request_that_has_just_been_done_is_reopened() {
    let world = done_for(1).await;
    receive(&world, "b", "still broken").await.unwrap();
    assert!(!world.is_done("1"));
    assert_eq!(world.said()[1], said("1", "still broken"));
    assert_eq!(world.requests(), 1);
    assert!(world.notes().is_empty());
    assert_eq!(world.conversation().notice_state, NoticeState::Armed);
}

#[tokio::test]
async fn a_lost_answer_to_the_reopening_is_looked_up_before_it_is_repeated() {
    for taken in [true, false] {
        let world = done_for(1).await;
        world.lose_answer(Call::Transition, taken);
        receive(&world, "b", "still broken").await.unwrap_err();
        receive(&world, "b", "still broken").await.unwrap();
        assert!(!world.is_done("1"), "taken: {taken}");
        assert_eq!(world.said().len(), 2);
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_reopened_takes_the_message_and_says_so_once() {
    for no_way in [true, false] {
        let world = done_for(1).await;
        for id in ["b", "c"] {
            if no_way {
                world.set_transitions(&[("5", true)]);
            } else {
                world.fail(Call::Transition, REFUSED);
            }
            receive(&world, id, "still broken").await.unwrap();
        }
        assert!(world.is_done("1"));
        assert_eq!(world.said().len(), 3);
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("could not be reopened"), "{notes:?}");
    }
}

#[tokio::test]
async fn after_some_days_a_new_request_follows_the_done_one() {
    let world = done_for(7).await;
    receive(&world, "b", "another thing").await.unwrap();
    assert_eq!(world.said()[1], said("2", "another thing"));
    assert!(world.is_done("1"));
    assert_eq!(world.related(), [("2".to_owned(), "1".to_owned())]);
    let text = world.reference_text();
    assert!(text.contains("It follows SUP-1, which is done."), "{text}");
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-2");

    receive(&world, "c", "more").await.unwrap();
    assert_eq!(world.said()[2], said("2", "more"));
}

#[tokio::test]
async fn a_request_that_jira_does_not_link_says_so_once() {
    let not_found = CallFailure::Jira {
        status: 404,
        retry_after: None,
    };
    for (failure, attempts) in [
        (REFUSED, 1),
        (not_found, 2),
        (BUSY, 6),
        (CallFailure::Unknown(Side::Jira), 6),
    ] {
        let world = done_for(7).await;
        world.refuse(Call::Relate, failure.clone());
        for _ in 1..attempts {
            let later = receive(&world, "b", "another thing").await.unwrap_err();
            world.set_now(world.now() + later.after.unwrap_or_default());
            assert_eq!(world.said()[1], said("2", "another thing"), "{failure}");
            assert!(
                world.notes().is_empty(),
                "{failure}: it may be linked later"
            );
        }
        receive(&world, "b", "another thing").await.unwrap();
        receive(&world, "c", "more").await.unwrap();
        assert_eq!(world.said().len(), 3, "{failure}");
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{failure} {notes:?}");
        assert!(notes[0].contains("It follows SUP-1"), "{notes:?}");
    }
}

#[tokio::test]
async fn a_link_that_jira_takes_later_is_no_news() {
    for failure in [BUSY, CallFailure::Unknown(Side::Jira)] {
        let world = done_for(7).await;
        world.refuse(Call::Relate, failure);
        receive(&world, "b", "another thing").await.unwrap_err();
        world.allow(Call::Relate);
        receive(&world, "b", "another thing").await.unwrap();
        assert_eq!(world.related(), [("2".to_owned(), "1".to_owned())]);
        assert_eq!(world.said()[1..], [said("2", "another thing")]);
        assert!(world.notes().is_empty());

        receive(&world, "c", "more").await.unwrap();
        assert_eq!(world.related().len(), 1);
    }
}

#[tokio::test]
async fn a_following_request_is_opened_once_whatever_becomes_of_the_answer() {
    for opened in [true, false] {
        let world = done_for(7).await;
        world.lose_answer(Call::OpenRequest, opened);
        receive(&world, "b", "another thing").await.unwrap_err();
        world.set_now(at(7 * DAY + 180));
        receive(&world, "b", "another thing").await.unwrap();
        assert_eq!(world.requests(), 2, "opened: {opened}");
        assert!(world.reference_text().contains("It follows SUP-1"));
        assert_eq!(world.related().len(), 1);
    }
    // Refused for certain: the next attempt still knows the former request.
    let world = done_for(7).await;
    world.fail(Call::OpenRequest, BUSY);
    receive(&world, "b", "another thing").await.unwrap_err();
    assert_eq!(world.conversation().issue.unwrap().key, "SUP-1");
    receive(&world, "b", "another thing").await.unwrap();
    assert!(world.reference_text().contains("It follows SUP-1"));
}

#[tokio::test]
async fn thanks_after_the_end_disturb_nobody() {
    for days in [1, 30] {
        let world = done_for(days).await;
        receive(&world, "b", "Thanks! 🙏").await.unwrap();
        assert!(world.is_done("1"));
        assert_eq!(world.said()[1], said("1", "Thanks! 🙏"));
        let conversation = world.conversation();
        assert!(conversation.window_is_open(world.now()));
        assert_eq!(conversation.notice_state, NoticeState::Idle);
        assert_eq!(
            (conversation.awaiting_since, conversation.timers.next()),
            (None, None)
        );
    }
}

#[tokio::test]
async fn a_system_message_of_a_stranger_opens_nothing() {
    let world = World::new();
    let mut message = text("a", "", at(0));
    message.content = casement_core::model::content::InboundContent::Other {
        kind: "system".to_owned(),
    };
    for expected in [Ignored::NoRequest, Ignored::Duplicate] {
        let outcome = world.receive(&message).await;
        assert_eq!(outcome, Ok(Outcome::Ignored(expected)));
    }
    assert_eq!((world.requests(), world.conversations()), (0, 0));
}

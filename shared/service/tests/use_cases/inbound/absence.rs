//! Tests of requests that Jira answers with 404.

use casement_core::model::fate::Pace;

use super::*;
use casement_service::Event;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

async fn receive(world: &World, id: &str, now: i64) -> Result<Outcome, Later> {
    world.set_now(at(now));
    world.receive(&text(id, id, at(0))).await
}

/// Opens request 1 for message "a", whose comment Jira answers with 404.
async fn opened_without_comment(absence: Absence) -> World {
    let world = World::new();
    world.hide_request("1", absence);
    receive(&world, "a", 0).await.unwrap_err();
    assert_eq!((world.requests(), world.said().len()), (1, 0));
    world
}

#[tokio::test]
async fn a_request_that_has_just_been_opened_is_waited_for() {
    for absence in [Absence::Deleted, Absence::Hidden, Absence::Unclear] {
        let world = opened_without_comment(absence).await;
        for now in [1, 30, 5 * MINUTE, 15 * MINUTE - 1] {
            let later = receive(&world, "a", now).await.unwrap_err();
            assert_eq!(later.pace, Pace::Usual, "{absence} {now}");
            assert_eq!(later.event, Event::JiraRefused(404));
            assert_eq!(world.requests(), 1);
        }
        world.show_requests();
        receive(&world, "a", 14 * MINUTE).await.unwrap();
        assert_eq!(world.requests(), 1);
        assert_eq!(world.said(), [said("1", "a")], "{absence}");
    }
}

#[tokio::test]
async fn a_hidden_request_is_waited_for_however_long_it_takes_and_whoever_writes() {
    let world = opened_without_comment(Absence::Hidden).await;
    for (id, now) in [
        ("a", HOUR),
        ("a", 6 * HOUR),
        ("b", 7 * HOUR),
        ("c", 9 * DAY),
        ("a", 9 * DAY),
    ] {
        let later = receive(&world, id, now).await.unwrap_err();
        assert_eq!((later.pace, later.needs_operator), (Pace::Paused, true));
        assert_eq!(later.event, Event::JiraRefused(404));
        assert!(
            later.cause.contains("our account may not see it"),
            "{}",
            later.cause
        );
    }
    world.show_requests();
    for id in ["a", "b", "c"] {
        receive(&world, id, 9 * DAY + 1).await.unwrap();
    }
    assert_eq!(world.requests(), 1);
    assert_eq!(world.said().len(), 3);
}

#[tokio::test]
async fn one_message_opens_two_requests_at_the_most() {
    let world = opened_without_comment(Absence::Deleted).await;
    world.hide_request("2", Absence::Deleted);
    // The second request is just as empty and new.
    let later = receive(&world, "a", HOUR).await.unwrap_err();
    assert_eq!((world.requests(), later.pace), (2, Pace::Usual));
    for (id, now) in [
        ("a", HOUR + 16 * MINUTE),
        ("b", 2 * HOUR),
        ("a", 6 * HOUR),
        ("a", 3 * DAY),
    ] {
        let later = receive(&world, id, now).await.unwrap_err();
        assert_eq!(
            (later.pace, later.needs_operator),
            (Pace::Paused, true),
            "{id} {now}"
        );
    }
    assert_eq!(world.requests(), 2);
    // A message a day later may open a request of its own.
    receive(&world, "c", 3 * DAY).await.unwrap();
    for id in ["a", "b"] {
        receive(&world, id, 3 * DAY).await.unwrap();
    }
    assert_eq!(world.requests(), 3);
    let said_in = |id: &str| said("3", id);
    assert_eq!(world.said(), [said_in("c"), said_in("a"), said_in("b")]);
}

#[tokio::test]
async fn a_deleted_request_is_followed_by_one_for_all_that_comes() {
    let world = World::new();
    receive(&world, "a", 0).await.unwrap();
    world.delete_request("1");
    for id in ["b", "c", "d"] {
        receive(&world, id, 60).await.unwrap();
    }
    assert_eq!(world.requests(), 2);
    assert_eq!(
        world.said()[1..],
        [said("2", "b"), said("2", "c"), said("2", "d")]
    );
    assert!(!world.conversation().opened.unwrap().on_trial);
    // That request is as good as the first.
    world.delete_request("2");
    receive(&world, "e", 120).await.unwrap();
    assert_eq!(
        (world.requests(), world.said()[4].clone()),
        (3, said("3", "e"))
    );
}

#[tokio::test]
async fn a_request_that_follows_a_deleted_one_has_a_reference_of_its_own() {
    let world = opened_without_comment(Absence::Deleted).await;
    let first = world.reference_text();
    world.lose_answer(Call::OpenRequest, true);
    receive(&world, "a", HOUR).await.unwrap_err();
    // A search that still lists the deleted request does not lead back to it.
    receive(&world, "a", HOUR + 5).await.unwrap();
    assert_eq!(world.said(), [said("2", "a")]);
    let reference = |text: &str| text.rsplit(' ').next().unwrap().to_owned();
    assert_ne!(reference(&first), reference(&world.reference_text()));
}

#[tokio::test]
async fn an_opening_whose_answer_is_lost_twice_is_looked_for_twice() {
    let world = World::new();
    world.lose_answer(Call::OpenRequest, false);
    receive(&world, "a", 0).await.unwrap_err();
    world.lose_answer(Call::OpenRequest, false);
    receive(&world, "a", 180).await.unwrap_err();
    // The second opening is as new to the search as the first was.
    let later = receive(&world, "a", 181).await.unwrap_err();
    assert_eq!(later.after, Some(Duration::seconds(4)));
    receive(&world, "a", 360).await.unwrap();
    assert_eq!((world.requests(), world.said().len()), (1, 1));
}

#[tokio::test]
async fn what_others_change_meanwhile_stays_beside_the_new_request() {
    // A request that shows its window is deleted. While its successor is opened, another worker
    // writes the conversation.
    let world = World::new();
    receive(&world, "a", 0).await.unwrap();
    let mut shown = world.conversation();
    shown.shown_window = Some(casement_core::model::conversation::ShownWindow {
        issue_id: shown.issue.clone().unwrap().id,
        ends: at(DAY),
    });
    world.put(shown);
    world.delete_request("1");
    world.next_saves(&[Save::Succeeds, Save::Succeeds, Save::Conflicts]);
    receive(&world, "b", 60).await.unwrap();
    let conversation = world.conversation();
    assert_eq!(conversation.issue.unwrap().key, "SUP-2");
    assert_eq!(conversation.opening, None);
    assert!(conversation.timers.due_at(Timer::WindowField).is_some());
    let entry = world.entry_of(&Wamid::new("wamid.b")).unwrap();
    assert!(entry.claim.is_settled());
}

#[tokio::test]
async fn a_conversation_that_is_erased_meanwhile_is_called_so_and_begins_anew() {
    let world = World::new();
    // Before the request is opened, a vanished conversation does no harm.
    world.next_saves(&[Save::Vanishes]);
    receive(&world, "a", 0).await.unwrap();
    let world = World::new();
    world.next_saves(&[Save::Succeeds, Save::Vanishes]);
    let later = receive(&world, "a", 0).await.unwrap_err();
    assert_eq!(later.cause, "not yet: the conversation is gone");
    assert!(!later.needs_operator && later.after.is_some());
    receive(&world, "a", 5).await.unwrap();
    assert_eq!(world.said().len(), 1);
    assert!(world.conversation().issue.is_some());
}

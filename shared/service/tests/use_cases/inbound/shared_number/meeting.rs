//! Numbers that have a conversation already.

use std::task::{Context, Waker};

use super::*;

/// Makes a conversation of the number alone, in request 1, and one of the user id, in request 2,
/// whose customer was asked.
async fn both_known() -> World {
    let world = World::new();
    world.set_settings(FIELD);
    let long_ago = at(-10_000);
    world
        .receive(&text_from("old", BY_PHONE, long_ago))
        .await
        .unwrap();
    began(&world).await;
    assert_eq!(world.conversations(), 2);
    world
}

async fn assert_joined(world: &World) {
    assert_eq!(notes_with(world, "The conversation goes on in SUP-2."), 1);
    let joined = "had a conversation already, in SUP-1. It goes on here.";
    assert_eq!(notes_with(world, joined), 1, "{:?}", world.notes());
    assert_eq!(notes_with(world, IN_REQUEST), 1);
    let left = of(world, PHONE);
    assert_eq!(left.joined, Some(of(world, BSUID).key));
    assert_eq!((left.issue, left.timers.next()), (None, None));
    assert_eq!(
        of(world, BSUID).identity,
        identity(Some(BSUID), Some(PHONE))
    );
    let sent = at(600);
    world
        .receive(&text_from("y", BY_PHONE, sent))
        .await
        .unwrap();
    world
        .receive(&text_from("z", BY_BSUID, sent))
        .await
        .unwrap();
    let said = world.said();
    let last: Vec<_> = said[said.len() - 2..].iter().map(|(id, _)| id).collect();
    assert_eq!(last, ["2", "2"]);
    assert_eq!(world.related().len(), 0);
}

#[tokio::test]
async fn a_conversation_whose_request_is_done_is_joined() {
    let world = both_known().await;
    world.resolve("1", at(-5000));
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(
        world.receive(&shares("b", true, PHONE, 60)).await,
        ignored(Ignored::Duplicate)
    );
    assert_joined(&world).await;
    assert!(world.is_done("1"), "nothing reopens it");
    // An agent still answers in the former request.
    let reply = world.agent_writes("103", "About your old order", at(610));
    world.set_now(at(610));
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.recipients().last().unwrap(), PHONE);
}

#[tokio::test]
async fn a_deleted_request_stands_in_nobodys_way() {
    let world = both_known().await;
    world.delete_request("1");
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(of(&world, PHONE).joined, Some(of(&world, BSUID).key));
    assert_eq!(notes_with(&world, "It goes on here."), 1);
}

/// Words that were meant for the number go to the number.
#[tokio::test]
async fn held_replies_go_to_the_number_that_they_were_written_for() {
    let world = World::new();
    world.set_settings(FIELD);
    let day = 86_400;
    world
        .receive(&text_from("old", BY_PHONE, at(-2 * day)))
        .await
        .unwrap();
    world.set_now(at(-60));
    let reply = world.agent_writes("99", "Late", at(-60));
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    world.set_now(at(0));
    world.resolve("1", at(-30));
    began(&world).await;
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(of(&world, BSUID).held_count, 1);
    let queued = world.outbound_queue();
    let release = queued.iter().find(|message| {
        matches!(message, OutboundQueueMessage::ReleaseHeld(task) if task.issue_id.as_str() == "2")
    });
    world.set_now(at(70));
    world.carry_out(release.unwrap()).await.unwrap();
    assert_eq!(world.sent().last().unwrap(), "Late");
    assert_eq!(world.recipients().last().unwrap(), PHONE);
    assert_eq!(world.held_count(), 0);
}

#[tokio::test]
async fn a_join_may_be_cut_short_anywhere() {
    for (seed, steps) in (0..30).flat_map(|seed| [(seed, 10), (seed, 20), (seed, 30), (seed, 45)]) {
        let world = both_known().await;
        world.resolve("1", at(-5000));
        world.shuffle(seed);
        let answer = shares("b", true, PHONE, 60);
        {
            let mut context = Context::from_waker(Waker::noop());
            let mut attempt = std::pin::pin!(world.receive(&answer));
            for _ in 0..steps {
                if attempt.as_mut().poll(&mut context).is_ready() {
                    break;
                }
            }
        }
        world.set_now(at(400));
        for _ in 0..3 {
            if world.receive(&answer).await.is_ok() {
                break;
            }
            world.set_now(world.now() + Duration::seconds(60));
        }
        assert_joined(&world).await;
    }
}

#[tokio::test]
async fn lost_answers_of_jira_repeat_nothing() {
    for call in [Call::AddComment, Call::SetFields, Call::State] {
        for had_its_effect in [true, false] {
            let world = both_known().await;
            world.resolve("1", at(-5000));
            world.lose_answer(call, had_its_effect);
            let answer = shares("b", true, PHONE, 60);
            for _ in 0..5 {
                if world.receive(&answer).await.is_ok() {
                    break;
                }
                world.set_now(world.now() + Duration::seconds(90));
            }
            assert_joined(&world).await;
        }
    }
}

#[tokio::test]
async fn two_open_requests_are_linked_and_stay_apart() {
    for attempt in 0..2 {
        let world = both_known().await;
        if attempt == 1 {
            world.lose_answer(Call::Relate, true);
        }
        let answer = shares("b", true, PHONE, 60);
        for _ in 0..3 {
            if world.receive(&answer).await.is_ok() {
                break;
            }
            world.set_now(world.now() + Duration::seconds(90));
        }
        assert_eq!(world.related(), [said("2", "1")]);
        assert_eq!(written(&world), [said("2", "+4915112345678")]);
        let here = "The number has a conversation with an open request already: SUP-1.";
        assert_eq!(notes_with(&world, here), 1, "{:?}", world.notes());
        assert_eq!(
            notes_with(&world, "The customer has another open request: SUP-2."),
            1
        );
        assert_eq!(notes_with(&world, "are linked and stay apart"), 2);
        let sent = at(600);
        world
            .receive(&text_from("x", BY_PHONE, sent))
            .await
            .unwrap();
        world
            .receive(&text_from("y", BY_BSUID, sent))
            .await
            .unwrap();
        world.receive(&text_from("z", BOTH, sent)).await.unwrap();
        let said = world.said();
        let last: Vec<_> = said[said.len() - 3..].iter().map(|(id, _)| id).collect();
        assert_eq!(last, ["1", "2", "2"]);
        assert_eq!(world.conversations(), 2);
        assert_eq!(of(&world, PHONE).joined, None);
    }
}

#[tokio::test]
async fn a_link_that_jira_does_not_take_is_said() {
    let world = both_known().await;
    let forbidden = CallFailure::Jira {
        status: 403,
        retry_after: None,
    };
    world.refuse(Call::Relate, forbidden);
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(notes_with(&world, "please link them by hand"), 2);
}

//! Tests of the delay notice.

use super::*;

pub(crate) async fn ring(world: &World) -> Result<Outcome, Later> {
    ring_at(world, at(600)).await
}

pub(super) async fn ring_at(world: &World, due_at: DateTime<Utc>) -> Result<Outcome, Later> {
    let due = DelayQueueMessage::TimerDue {
        conversation: key(),
        timer: Timer::DelayNotice,
        due_at,
    };
    world.ring(&due).await
}

#[tokio::test]
async fn a_silence_has_one_notice() {
    let world = World::waiting().await;
    world.set_now(at(600));
    for _ in 0..2 {
        ring(&world).await.unwrap();
    }
    let [notice] = &world.outbound_queue()[..] else {
        panic!("{:?}", world.outbound_queue())
    };
    assert_eq!(world.carry_out(notice).await, done(Done::NoticeSent));
    assert_eq!(world.carry_out(notice).await, ignored(Ignored::AlreadySent));
    assert_eq!(ring(&world).await, ignored(Ignored::Superseded));
    assert_eq!(world.sent(), ["Please wait"]);
    assert_eq!(
        world.notes(),
        ["Delay notice sent on WhatsApp: Please wait"]
    );
    assert!(
        world.conversation().awaiting_since.is_some(),
        "a notice is no answer"
    );
    assert_eq!(world.conversation().notice_state, NoticeState::Sent);
}

#[tokio::test]
async fn an_answer_at_any_stage_stops_the_notice() {
    for queued in [false, true] {
        let world = World::waiting().await;
        world.set_now(at(600));
        if queued {
            ring(&world).await.unwrap();
        }
        world
            .agent_answers("100", "here I am", at(600))
            .await
            .unwrap();
        if queued {
            let notice = world.outbound_queue().remove(0);
            assert_eq!(world.carry_out(&notice).await, ignored(Ignored::Answered));
        } else {
            assert_eq!(ring(&world).await, ignored(Ignored::Superseded));
        }
        assert_eq!(world.sent(), ["here I am"], "queued: {queued}");
    }
}

#[tokio::test]
async fn a_resolved_request_needs_no_notice() {
    let world = World::waiting().await;
    world.set_now(at(600));
    ring(&world).await.unwrap();
    world.resolve_request();
    let notice = world.outbound_queue().remove(0);
    assert_eq!(
        world.carry_out(&notice).await,
        ignored(Ignored::RequestDone)
    );
    assert!(world.sent().is_empty());
    assert_eq!(world.conversation().awaiting_since, None, "nobody waits");
}

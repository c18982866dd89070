//! Tests of replies in requests that Jira answers with 404.

use casement_core::model::fate::{Absence, Pace};

use casement_core::model::queue::ConversationTask;

use super::*;

#[tokio::test]
async fn a_reply_in_a_hidden_request_waits_and_is_sent() {
    for (absence, pace) in [
        (Absence::Hidden, Pace::Paused),
        (Absence::NoRequest, Pace::Paused),
        (Absence::Unclear, Pace::Usual),
    ] {
        let world = World::waiting().await;
        let reply = world.agent_writes("100", "It arrives tomorrow", at(10));
        world.hide_request("1", absence);
        for now in [20, 300, 6 * 3_600] {
            world.set_now(at(now));
            let later = world.carry_out(&reply).await.unwrap_err();
            assert_eq!(later.pace, pace, "{absence}");
        }
        world.show_requests();
        world.carry_out(&reply).await.unwrap();
        assert_eq!(world.sent(), ["It arrives tomorrow"]);
    }
}

#[tokio::test]
async fn that_a_whole_request_is_deleted_is_believed_after_a_while() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "It arrives tomorrow", at(10));
    world.delete_request("1");
    for now in [20, 600] {
        world.set_now(at(now));
        world.carry_out(&reply).await.unwrap_err();
    }
    // The request was not deleted.
    world.show_requests();
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent(), ["It arrives tomorrow"]);

    let reply = world.agent_writes("101", "And this", at(610));
    world.delete_request("1");
    world.carry_out(&reply).await.unwrap_err();
    world.set_now(at(600 + 15 * 60));
    let outcome = world.carry_out(&reply).await;
    assert_eq!(outcome, ignored(Ignored::Gone));
}

#[tokio::test]
async fn held_replies_of_a_hidden_request_stay_held() {
    let world = World::waiting().await;
    world.set_now(at(90_000));
    world
        .agent_answers("100", "late", at(90_000))
        .await
        .unwrap();
    assert_eq!(world.held_count(), 1);
    world.change(|open| open.window_expires_at = Some(at(180_000)));
    world.hide_request("1", Absence::Hidden);
    let release = OutboundQueueMessage::ReleaseHeld(ConversationTask {
        conversation: key(),
        issue_id: IssueId::new("1"),
    });
    world.carry_out(&release).await.unwrap_err();
    assert_eq!(world.held_count(), 1);
    world.show_requests();
    world.carry_out(&release).await.unwrap();
    assert_eq!(
        (world.held_count(), world.sent()),
        (0, vec!["late".to_owned()])
    );
}

use casement_service::ports::Links;

use super::*;

/// Makes two held replies, 100 and 101.
async fn two_held() -> World {
    let world = World::waiting().await;
    world.set_now(at(0) + day(2));
    for id in ["100", "101"] {
        assert_eq!(
            world.agent_answers(id, id, at(0) + day(2)).await,
            done(Done::Held)
        );
    }
    world
}

#[tokio::test]
async fn a_reply_deleted_before_it_was_sent_leaves_no_trace() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "oops", at(60));
    world.delete_comment("100");
    for message in [&reply, &World::deletion_of("100")] {
        assert_eq!(world.carry_out(message).await, ignored(Ignored::Gone));
    }
    assert!(world.sent().is_empty() && world.notes().is_empty());
}

#[tokio::test]
async fn a_reply_deleted_after_it_was_sent_is_said_once() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "oops", at(60));
    world.carry_out(&reply).await.unwrap();
    world.delete_comment("100");
    for _ in 0..2 {
        assert_eq!(
            world.carry_out(&World::deletion_of("100")).await,
            done(Done::DeletedAfterSending)
        );
    }
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.starts_with("The customer still sees the deleted reply."));
}

#[tokio::test]
async fn a_held_reply_that_is_deleted_is_taken_off_once() {
    let world = two_held().await;
    world.delete_comment("100");
    let deletion = World::deletion_of("100");
    assert_eq!(world.carry_out(&deletion).await, done(Done::Withdrawn));
    assert_eq!(world.carry_out(&deletion).await, ignored(Ignored::Gone));
    assert_eq!(
        (world.held_count(), world.conversation().held_count),
        (1, 1)
    );
    assert!(world.notes()[2].starts_with("A held reply was withdrawn."));
    assert_eq!(world.notes().len(), 3, "{:?}", world.notes());
}

#[tokio::test]
async fn a_held_reply_is_taken_off_though_its_request_is_gone_as_well() {
    let world = two_held().await;
    world.delete_comment("100");
    world.delete_request("1");
    assert_eq!(
        world.carry_out(&World::deletion_of("100")).await,
        done(Done::Withdrawn)
    );
    assert_eq!(world.conversation().held_count, 1);
}

#[tokio::test]
async fn a_deletion_that_jira_does_not_confirm_changes_nothing() {
    let world = two_held().await;
    assert_eq!(
        world.carry_out(&World::deletion_of("100")).await,
        ignored(Ignored::StillThere)
    );
    world.refuse(Call::ReadComment, CallFailure::Unknown(Side::Jira));
    world
        .carry_out(&World::deletion_of("100"))
        .await
        .unwrap_err();
    assert_eq!(world.conversation().held_count, 2);
    assert_eq!(world.notes().len(), 2, "that they are held");
}

#[tokio::test]
async fn after_a_lost_answer_a_deletion_waits_for_the_proof() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "oops", at(60));
    world.lose_answer(Call::Send, true);
    world.carry_out(&reply).await.unwrap_err();
    world.delete_comment("100");
    let deletion = World::deletion_of("100");
    let later = world.carry_out(&deletion).await.unwrap_err();
    assert_eq!(later.after, Some(GRACE));
    world.set_now(at(60) + GRACE);
    assert_eq!(world.carry_out(&deletion).await, ignored(Ignored::Gone));
}

#[tokio::test]
async fn a_comment_of_another_request_is_not_said_to_be_deleted() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "It ships", at(60));
    world.carry_out(&reply).await.unwrap();
    world.change(|conversation| {
        conversation.issue.as_mut().unwrap().id = IssueId::new("9");
    });
    world.link_issue(&IssueId::new("9"), &key()).await.unwrap();
    world.delete_comment("100");
    let elsewhere = OutboundQueueMessage::CommentDeleted(CommentEvent {
        issue_id: IssueId::new("9"),
        comment_id: CommentId::new("100"),
        author: None,
        door: None,
    });
    assert_eq!(world.carry_out(&elsewhere).await, ignored(Ignored::Gone));
    assert!(world.notes().is_empty());
}

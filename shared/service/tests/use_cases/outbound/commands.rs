use super::*;
use casement_testkit::rewrite;

#[tokio::test]
async fn a_public_comment_that_is_a_command_is_explained_once_and_not_sent() {
    for command in [
        "/cancel",
        "/Window.",
        "/template order_update en \"4711\"",
        "/reply",
        "@/x /cancel",
    ] {
        let world = World::waiting().await;
        let comment = world.agent_writes("1", command, at(60));
        let is_text = command.starts_with('@');
        for _ in 0..2 {
            let outcome = world.carry_out(&comment).await.unwrap();
            let expected = Outcome::Done(Done::CommandInPublic);
            assert_eq!(outcome == expected, !is_text, "{command}");
        }
        assert_eq!(world.sent().len(), usize::from(is_text), "{command}");
        assert_eq!(world.notes().len(), usize::from(!is_text), "{command}");
        let waits = world.conversation().awaiting_since.is_some();
        assert_eq!(waits, !is_text, "{command} is no answer");
    }
}

#[tokio::test]
async fn a_command_is_not_held_either() {
    let world = World::waiting().await;
    world.set_now(at(0) + day(2));
    world
        .agent_answers("1", "/cancel", at(0) + day(2))
        .await
        .unwrap();
    assert_eq!(world.conversation().held_count, 0);
    assert_eq!(world.notes().len(), 1);
}

#[tokio::test]
async fn a_held_reply_that_becomes_a_command_is_withdrawn() {
    let world = World::waiting().await;
    world.set_now(at(0) + day(2));
    let reply = world.agent_writes("1", "late", at(0) + day(2));
    world.carry_out(&reply).await.unwrap();
    let edited_at = at(0) + day(2) + Duration::seconds(5);
    let edit = world.edit_comment("1", edited_at, |comment| rewrite(comment, "/cancel"));
    for _ in 0..2 {
        world.carry_out(&edit).await.unwrap();
    }
    assert_eq!(world.conversation().held_count, 0);
    let notes = world.notes();
    assert!(notes[1].starts_with("/cancel was not sent"), "{notes:?}");
    assert!(notes[2].starts_with("A held reply was withdrawn"));
    assert_eq!(notes.len(), 3);
}

#[tokio::test]
async fn a_sent_reply_that_becomes_a_command_stays_with_the_customer() {
    let world = World::waiting().await;
    world.agent_answers("1", "oops", at(60)).await.unwrap();
    let edit = world.edit_comment("1", at(70), |comment| rewrite(comment, "/cancel"));
    for _ in 0..2 {
        world.carry_out(&edit).await.unwrap();
    }
    assert_eq!(world.sent(), ["oops"]);
    let notes = world.notes();
    assert!(notes[0].starts_with("/cancel was not sent"), "{notes:?}");
    assert!(notes[1].starts_with("The customer still sees the earlier text."));
    assert_eq!(notes.len(), 2);
}

#[tokio::test]
async fn a_command_in_public_is_not_the_last_reply() {
    let world = World::waiting().await;
    let comment = world.agent_writes("1", "/window", at(60));
    world.carry_out(&comment).await.unwrap();
    let command = world.agent_notes("2", "/window", at(70));
    world.carry_out(&command).await.unwrap();
    let report = world.notes().pop().unwrap();
    assert!(report.contains("There is no reply yet."), "{report}");
}

//! Tests of calls to Jira whose answer is lost.

use super::*;

#[tokio::test]
async fn a_lost_answer_to_an_opening_is_looked_up_before_it_is_repeated() {
    for opened in [true, false] {
        let world = World::new();
        let message = text("a", "one", at(0));
        world.lose_answer(Call::OpenRequest, opened);
        world.receive(&message).await.unwrap_err();

        let mut looks = Vec::new();
        let mut now = 1;
        loop {
            world.set_now(at(now));
            match world.receive(&message).await {
                Ok(_) => break,
                Err(later) => now += later.after.unwrap().num_seconds(),
            }
            looks.push(now);
        }
        let expected: &[i64] = if opened { &[5] } else { &[5, 20, 60, 180] };
        assert_eq!(looks, expected, "the search may lag");
        assert_eq!(world.requests(), 1, "opened: {opened}");
        assert_eq!(world.said(), [said("1", "one")]);
    }
}

#[tokio::test]
async fn what_was_written_before_the_request_was_known_is_handed_on_in_order() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world.lose_answer(Call::OpenRequest, true);
    world.receive(&message).await.unwrap_err();
    let second = world.agent_writes("101", "And this", at(9));
    let first = world.agent_writes("100", "We are on it", at(5));
    for early in [&first, &second] {
        let outcome = world.carry_out(early).await;
        assert_eq!(outcome, ignored(Ignored::NoConversation));
    }

    world.set_now(at(25));
    world.receive(&message).await.unwrap();
    let handed_on = world.outbound_queue();
    assert_eq!(handed_on, [first, second]);
    for early in &handed_on {
        world.carry_out(early).await.unwrap();
    }
    assert_eq!(world.sent(), ["We are on it", "And this"]);
}

#[tokio::test]
async fn a_lost_answer_to_a_comment_is_looked_up_before_it_is_repeated() {
    for written in [true, false] {
        let world = World::new();
        let message = text("a", "one", at(0));
        world.lose_answer(Call::AddComment, written);
        world.receive(&message).await.unwrap_err();
        world.receive(&message).await.unwrap();
        assert_eq!(world.said(), [said("1", "one")], "written: {written}");
    }
}

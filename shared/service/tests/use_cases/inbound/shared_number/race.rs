//! Answers that cross other messages on their way.

use casement_core::model::identity::CommentId;
use casement_core::model::queue::CommentEvent;

use super::*;

/// The customer writes with the number while the answer is on its way.
#[tokio::test]
async fn a_message_with_the_number_may_overtake_the_answer() {
    for with_number in [BOTH, BY_PHONE] {
        for answer_first in [true, false] {
            let world = was_asked().await;
            let answer = shares("b", true, PHONE, 60);
            let other = text_from("c", with_number, at(60));
            let (first, second) = if answer_first {
                (&answer, &other)
            } else {
                (&other, &answer)
            };
            for message in [first, second, first, second] {
                drop(world.receive(message).await);
            }
            let case = format!("{with_number:?} {answer_first}");
            assert_eq!(notes_with(&world, SHARED), 1, "{case}: {:?}", world.notes());
            assert_eq!(world.said().len(), 3, "{case}");
            let is_known_to_be_one = with_number == BOTH || answer_first;
            let conversations = if is_known_to_be_one { 1 } else { 2 };
            assert_eq!(world.conversations(), conversations, "{case}");
            let apart = usize::from(!is_known_to_be_one);
            assert_eq!(world.related().len(), apart, "{case}: two open requests");
            assert_eq!(written(&world).len(), 1, "{case}");
        }
    }
}

/// WhatsApp's queue keeps the messages of one user id in order. This is what the table alone
/// guarantees.
#[tokio::test]
async fn the_answer_and_a_message_with_the_number_at_once_are_one_conversation() {
    for seed in 0..100 {
        let world = was_asked().await;
        world.shuffle(seed);
        let answer = shares("b", true, PHONE, 60);
        let other = text_from("c", BOTH, at(60));
        let (first, second) = (world.inbound(), world.inbound());
        for _ in 0..5 {
            let (one, other) = tokio::join!(
                first.receive(&answer, Attempt::Another),
                second.receive(&other, Attempt::Another)
            );
            if one.is_ok() && other.is_ok() {
                break;
            }
            world.set_now(world.now() + Duration::seconds(30));
        }
        assert_eq!((world.requests(), world.conversations()), (1, 1), "{seed}");
        assert_eq!(world.said().len(), 3, "{seed}");
        assert_eq!(notes_with(&world, IN_REQUEST), 1, "{seed}");
        let known = of(&world, BSUID).identity;
        assert_eq!(known, identity(Some(BSUID), Some(PHONE)), "{seed}");
    }
}

#[tokio::test]
async fn the_question_is_not_repeated_by_an_early_answer() {
    let world = World::new();
    world.set_settings(FIELD);
    world
        .receive(&text_from("a", BY_BSUID, at(0)))
        .await
        .unwrap();
    world.agent_notes("100", "/phone", at(10));
    let command = OutboundQueueMessage::CommentCreated(CommentEvent {
        issue_id: IssueId::new("1"),
        comment_id: CommentId::new("100"),
        author: None,
        door: None,
    });
    // WhatsApp's answer to the send is lost, and the customer is quick.
    world.lose_answer(Call::Send, true);
    world.carry_out(&command).await.unwrap_err();
    world.receive(&shares("b", true, PHONE, 11)).await.unwrap();
    assert_eq!(notes_with(&world, IN_REQUEST), 1);
    world.set_now(at(500));
    assert_eq!(world.carry_out(&command).await, done(Done::PhoneNotAsked));
    assert_eq!(world.sent().len(), 1);
}

//! Tests that answers and reactions quote the earlier message.

use casement_core::model::content::{Context, InboundContent};
use casement_core::model::identity::{CommentId, IssueId};

use casement_core::model::queue::WaitTask;

use super::*;

fn answer(id: &str, to: &str) -> InboundMessage {
    InboundMessage {
        context: Context {
            reply_to: Some(Wamid::new(to)),
            ..Context::default()
        },
        ..text(id, "Yes", at(1))
    }
}

async fn receive(world: &World, message: &InboundMessage) {
    world.receive(message).await.unwrap();
}

#[tokio::test]
async fn an_answer_quotes_the_agents_words_and_the_customers_own() {
    let world = World::new();
    receive(&world, &text("a", "It broke\nagain", at(0))).await;
    let reply = world.agent_writes("100", "Is it the wheel?\nOr what?", at(1));
    world.carry_out(&reply).await.unwrap();

    receive(&world, &answer("b", "wamid.out1")).await;
    assert_eq!(
        world.said()[1].1,
        "[In reply to:]\n\nIs it the wheel?\n\nYes"
    );
    receive(&world, &answer("c", "wamid.a")).await;
    assert_eq!(world.said()[2].1, "[In reply to:]\n\nIt broke\n\nYes");
    // The quotation shows the message's own words, not its quotation.
    receive(&world, &answer("d", "wamid.b")).await;
    assert_eq!(world.said()[3].1, "[In reply to:]\n\nYes\n\nYes");
}

#[tokio::test]
async fn a_reaction_quotes_the_delay_notice() {
    let world = World::new();
    receive(&world, &text("a", "hello", at(0))).await;
    world.set_now(at(600));
    let notice = OutboundQueueMessage::DelayNotice(WaitTask {
        conversation: key(),
        generation: 1,
        issue_id: IssueId::new("1"),
    });
    world.carry_out(&notice).await.unwrap();
    let reaction = InboundMessage {
        content: InboundContent::Reaction {
            emoji: Some("👍".to_owned()),
            to: Some(Wamid::new("wamid.out1")),
        },
        ..text("b", "", at(601))
    };
    receive(&world, &reaction).await;
    let (_, reacted) = &world.said()[1];
    assert!(
        reacted.starts_with("Reacted 👍 to: Please wait"),
        "{reacted}"
    );
}

#[tokio::test]
async fn what_is_not_known_any_more_is_not_quoted() {
    let world = World::new();
    receive(&world, &text("a", "hello", at(0))).await;
    world.agent_answers("100", "oops", at(1)).await.unwrap();
    world.delete_comment("100");
    let unfinished = KnownMessage::Received(ReceivedMessage {
        comments: vec![CommentId::new("own-1")],
        ..ReceivedMessage::default()
    });
    let unfinished = LedgerEntry::claimed(unfinished, at(0));
    world.put_entry(&Wamid::new("wamid.x"), &unfinished);
    for (id, to) in [("b", "wamid.out1"), ("c", "wamid.x"), ("d", "wamid.never")] {
        receive(&world, &answer(id, to)).await;
        let (_, written) = world.said().pop().unwrap();
        assert_eq!(written, "[In reply to an earlier message]\n\nYes", "{to}");
    }
}

#[tokio::test]
async fn the_words_of_another_customer_are_not_quoted() {
    let world = World::new();
    receive(&world, &text("a", "My IBAN is DE1", at(0))).await;
    let other = |message: InboundMessage| InboundMessage {
        from: identity(None, Some("4915199999999")),
        ..message
    };
    receive(&world, &other(text("b", "hello", at(1)))).await;
    world
        .agent_answers("100", "Is it DE1?", at(1))
        .await
        .unwrap();
    let about = |id: &str, content| InboundMessage {
        content,
        ..text(id, "", at(2))
    };
    for to in ["wamid.a", "wamid.out1"] {
        let wamid = || Some(Wamid::new(to));
        for message in [
            answer(&format!("answer-{to}"), to),
            about(
                &format!("reaction-{to}"),
                InboundContent::Reaction {
                    emoji: Some("👍".to_owned()),
                    to: wamid(),
                },
            ),
        ] {
            receive(&world, &other(message)).await;
            let (request, written) = world.said().pop().unwrap();
            assert_eq!(request, "2");
            assert!(!written.contains("DE1"), "{to}: {written}");
        }
    }
}

#[tokio::test]
async fn a_request_that_followed_quotes_the_former_one() {
    let world = World::new();
    receive(&world, &text("a", "It broke", at(0))).await;
    world.delete_request("1");
    receive(&world, &text("b", "hello?", at(1))).await;
    world.show_requests();
    receive(&world, &answer("c", "wamid.a")).await;
    let (request, written) = world.said().pop().unwrap();
    assert_eq!(request, "2");
    assert_eq!(written, "[In reply to:]\n\nIt broke\n\nYes");
}

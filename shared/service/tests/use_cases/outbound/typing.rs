use super::*;
use casement_service::ports::ReadReceipt;

#[tokio::test]
async fn the_customer_sees_that_an_answer_is_on_its_way() {
    let (read, typing) = (ReadReceipt::Read, ReadReceipt::ReadAndTyping);
    for (settings, expected) in [
        ("mark_read = \"never\"", None),
        ("mark_read = \"never\"\ntyping_indicator = true", None),
        ("mark_read = \"answered\"", Some(read)),
        (
            "mark_read = \"answered\"\ntyping_indicator = true",
            Some(typing),
        ),
    ] {
        let world = World::new();
        world.set_settings(&format!("{settings}\n"));
        customer_wrote(&world).await;
        let reply = world.agent_writes("100", &"word ".repeat(2_000), at(60));
        for _ in 0..2 {
            world.carry_out(&reply).await.unwrap();
        }
        let expected = expected.map(|receipt| ("wamid.a".to_owned(), receipt));
        assert_eq!(world.receipts(), Vec::from_iter(expected), "{settings}");
    }
}

#[tokio::test]
async fn a_message_that_is_marked_already_is_not_marked_again() {
    for (settings, receipts) in [("", 1), ("typing_indicator = true", 2)] {
        let world = World::new();
        world.set_settings(&format!("{settings}\n"));
        customer_wrote(&world).await;
        world.agent_answers("100", "hi", at(60)).await.unwrap();
        assert_eq!(world.receipts().len(), receipts, "{settings}");
    }
}

#[tokio::test]
async fn an_indicator_that_whatsapp_refuses_stops_no_reply() {
    let world = World::new();
    world.set_settings("typing_indicator = true\n");
    world.refuse(Call::ShowReceipt, CallFailure::Unknown(Side::Whatsapp));
    customer_wrote(&world).await;
    assert_eq!(
        world.agent_answers("100", "hi", at(60)).await,
        done(Done::Sent)
    );
    assert_eq!(world.sent(), ["hi"]);
}

async fn customer_wrote(world: &World) {
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(60));
}

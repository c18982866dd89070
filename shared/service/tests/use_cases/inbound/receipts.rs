use casement_core::model::fate::WhatsappCode;

use super::*;
use casement_service::ports::ReadReceipt;

#[tokio::test]
async fn a_message_is_marked_as_read_when_it_is_in_jira() {
    for (setting, marked) in [
        ("", true),
        ("mark_read = \"stored\"", true),
        ("mark_read = \"answered\"", false),
        ("mark_read = \"never\"", false),
    ] {
        let world = World::new();
        world.set_settings(&format!("{setting}\n"));
        let message = text("a", "hello", at(0));
        world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
        world.receive(&message).await.unwrap_err();
        assert!(world.receipts().is_empty(), "it is not in Jira yet");

        for _ in 0..2 {
            world.receive(&message).await.unwrap();
        }
        let expected = marked.then(|| ("wamid.a".to_owned(), ReadReceipt::Read));
        assert_eq!(world.receipts(), Vec::from_iter(expected), "{setting}");
    }
}

#[tokio::test]
async fn a_mark_that_whatsapp_refuses_stops_nothing() {
    let world = World::new();
    world.refuse(Call::ShowReceipt, CallFailure::whatsapp(WhatsappCode(190)));
    for id in ["a", "b"] {
        let message = text(id, "hello", at(0));
        let received = world.receive(&message).await;
        assert_eq!(received, done(Done::Received));
    }
    assert_eq!(world.said().len(), 2);
    assert_eq!(world.calls(Call::ShowReceipt), 2);
}

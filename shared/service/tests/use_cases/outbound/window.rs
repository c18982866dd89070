use casement_core::model::status::Delivery;

use super::*;

fn internal(world: &World, id: &str, words: &str) -> OutboundQueueMessage {
    world.agent_notes(id, words, at(120))
}

#[tokio::test]
async fn a_window_is_reported_once_with_the_last_reply() {
    let world = World::waiting().await;
    let reply = world.agent_writes("1", "It arrives tomorrow", at(60));
    world.carry_out(&reply).await.unwrap();
    let key = OutboundKey::comment(&CommentId::new("1"), 0);
    let entry = world.entry_of(&key).unwrap();
    world.put_entry(&key, &entry.reported(Delivery::Delivered, at(60)));
    let command = internal(&world, "2", "/window");
    for _ in 0..2 {
        assert_eq!(world.carry_out(&command).await, done(Done::WindowReported));
    }
    let [note] = &world.notes()[..] else {
        panic!("one note")
    };
    for line in [
        "Open until ",
        "Nobody waits for an answer.",
        "No reply is held.",
        "The last reply is on the customer's phone.",
    ] {
        assert!(note.contains(line), "{line}: {note}");
    }
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_closed_window_says_what_is_held() {
    let world = World::waiting().await;
    world.set_now(at(90_000));
    world
        .agent_answers("1", "At last", at(90_000))
        .await
        .unwrap();
    let command = internal(&world, "2", "/window");
    world.carry_out(&command).await.unwrap();
    let note = world.notes().pop().unwrap();
    assert!(note.starts_with("Closed since "), "{note}");
    assert!(
        note.contains("1 reply is held, the first of them until "),
        "{note}"
    );
    assert!(note.contains("The last reply is held."), "{note}");
    assert!(
        note.contains("Answered, not received: held since "),
        "{note}"
    );
    assert!(!note.contains("Nobody waits"), "{note}");
    // None of the replies goes out: the customer waits again, without a notice.
    let cancel = internal(&world, "3", "/cancel");
    world.edit_comment("3", at(90_001), |comment| comment.created = at(90_001));
    world.carry_out(&cancel).await.unwrap();
    let conversation = world.conversation();
    assert_eq!(conversation.awaiting_since, Some(at(0)));
    assert_eq!(conversation.last_answer, None);
    assert_eq!(conversation.timers.next(), None);
    let command = internal(&world, "4", "/window");
    world.carry_out(&command).await.unwrap();
    let note = world.notes().pop().unwrap();
    assert!(note.contains("The customer has waited since "), "{note}");
    assert!(note.contains("No reply is held."), "{note}");
}

#[tokio::test]
async fn an_unknown_command_is_answered_once_and_a_path_is_not() {
    let world = World::waiting().await;
    let command = internal(&world, "2", "/windw");
    for _ in 0..2 {
        let outcome = world.carry_out(&command).await;
        assert_eq!(outcome, done(Done::UnknownCommand));
    }
    let path = internal(&world, "3", "/var/log");
    let outcome = world.carry_out(&path).await;
    assert_eq!(outcome, ignored(Ignored::NotPublic));
    assert_eq!(world.notes().len(), 1);
}

/// The comments lead to the messages, whoever wrote them, and the ledger knows which were accepted
/// and which were billed.
#[tokio::test]
async fn a_request_says_what_it_has_cost() {
    use casement_core::model::price::{Price, PriceCategory};

    let world = World::waiting().await;
    let command = internal(&world, "1", "/window");
    world.carry_out(&command).await.unwrap();
    let told = |world: &World| world.notes().pop().unwrap();
    assert!(told(&world).contains("has cost no message yet."));
    for (id, text) in [("2", "It arrives tomorrow"), ("3", "From Berlin")] {
        let reply = world.agent_writes(id, text, at(60));
        world.carry_out(&reply).await.unwrap();
    }
    let key = OutboundKey::comment(&CommentId::new("2"), 0);
    let price = Price {
        category: PriceCategory::Service,
        billable: true,
    };
    let entry = world.entry_of(&key).unwrap();
    let entry = entry.reported(Delivery::Delivered, at(60));
    world.put_entry(&key, &entry.priced(Some(price)));
    world.refuse(Call::Send, CallFailure::whatsapp(WhatsappCode(131_026)));
    let refused = world.agent_writes("4", "And who brings it", at(60));
    world.carry_out(&refused).await.unwrap();
    world.allow(Call::Send);
    let command = internal(&world, "5", "/window");
    world.carry_out(&command).await.unwrap();
    let note = told(&world);
    let expected = "This request has cost 2 messages; Meta has billed 1 so far.";
    assert!(note.contains(expected), "{note}");
}

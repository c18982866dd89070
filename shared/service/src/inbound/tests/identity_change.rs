//! Customers with another number.

use casement_core::identity::{Bsuid, PhoneNumber, Recipient};
use casement_core::identity_change::IdentityChange;

use super::*;

type Identifiers = (Option<&'static str>, Option<&'static str>);

const FORMER: Identifiers = (Some("DE.1"), Some("4915112345678"));
const NEW: Identifiers = (Some("DE.2"), Some("4915187654321"));

fn change(former: Identifiers, new: Identifiers) -> IdentityChange {
    IdentityChange {
        phone_number_id: number(),
        wamid: Wamid::new("wamid.S"),
        former: identity(former.0, former.1),
        new: identity(new.0, new.1),
        changed_at: at(10),
    }
}

async fn receive(world: &World, id: &str, from: Identifiers) {
    let mut message = text(id, id, at(0));
    message.from = identity(from.0, from.1);
    world.inbound().receive(&message, false).await.unwrap();
}

#[tokio::test]
async fn a_conversation_moves_with_its_customer() {
    let to_phone = Recipient::Phone(PhoneNumber::new("4915187654321"));
    let to_bsuid = Recipient::Bsuid(Bsuid::new("DE.2"));
    for (case, before, change, after, recipient) in [
        ("both", FORMER, change(FORMER, NEW), NEW, &to_phone),
        (
            "the number alone",
            (None, FORMER.1),
            change((None, FORMER.1), (None, NEW.1)),
            (None, NEW.1),
            &to_phone,
        ),
        (
            "a new BSUID follows the number",
            FORMER,
            change((None, FORMER.1), (None, NEW.1)),
            NEW,
            &to_phone,
        ),
        (
            "the BSUID alone",
            FORMER,
            change((FORMER.0, None), (NEW.0, None)),
            (NEW.0, None),
            &to_bsuid,
        ),
    ] {
        let world = World::new();
        receive(&world, "a", before).await;
        let window = world.any_conversation().window_expires_at;
        for expected in [
            Outcome::Done("identity_changed"),
            Outcome::Ignored("duplicate"),
        ] {
            let outcome = world.inbound().change_identity(&change).await;
            assert_eq!(outcome, Ok(expected), "{case}");
        }
        let moved = world.any_conversation();
        assert_eq!(
            moved.identity.recipient().as_ref(),
            Some(recipient),
            "{case}"
        );
        assert_eq!(moved.window_expires_at, window, "{case}");
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{case}: {notes:?}");
        assert!(notes[0].contains("make sure"), "{case}: {notes:?}");
        assert!(!notes[0].contains("4915112345678"), "{case}: {notes:?}");

        receive(&world, "b", after).await;
        assert_eq!(words(&world)[1], said("1", "b"), "{case}");
    }
}

#[tokio::test]
async fn a_change_of_a_stranger_is_counted_and_opens_nothing() {
    let world = World::new();
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, Ok(Outcome::Ignored("unknown_customer")));
    assert_eq!((world.requests(), world.conversations()), (0, 0));
}

#[tokio::test]
async fn a_customer_who_has_written_from_both_keeps_two_conversations() {
    let world = World::new();
    receive(&world, "a", FORMER).await;
    receive(&world, "b", NEW).await;
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, Ok(Outcome::Ignored("identity_conflict")));
    receive(&world, "c", NEW).await;
    assert_eq!(words(&world)[2], said("2", "c"));
}

#[tokio::test]
async fn the_next_owner_of_the_former_number_is_somebody_else() {
    let world = World::new();
    receive(&world, "a", (None, FORMER.1)).await;
    let change = change((None, FORMER.1), (None, NEW.1));
    world.inbound().change_identity(&change).await.unwrap();
    // Sent before the change, and late.
    receive(&world, "b", (None, FORMER.1)).await;
    receive(&world, "c", (Some("DE.9"), FORMER.1)).await;
    assert_eq!(words(&world)[1..], [said("1", "b"), said("2", "c")]);
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_looked_up_before_it_is_repeated() {
    for written in [true, false] {
        let world = World::new();
        receive(&world, "a", FORMER).await;
        world.fail_comment(CallFailure::Unknown(Side::Jira), written);
        let change = change(FORMER, NEW);
        world.inbound().change_identity(&change).await.unwrap_err();
        world.inbound().change_identity(&change).await.unwrap();
        assert_eq!(world.notes().len(), 1, "written: {written}");
    }
}

#[tokio::test]
async fn a_deleted_request_does_not_keep_a_conversation_from_moving() {
    let world = World::new();
    receive(&world, "a", FORMER).await;
    world.delete_request("1");
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, Ok(Outcome::Done("identity_changed")));
}

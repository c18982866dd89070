//! Tests of business numbers that the settings do not name.

use casement_core::model::fate::Pace;
use casement_core::model::identity::PhoneNumberId;

use super::*;

#[tokio::test]
async fn a_message_for_an_unknown_number_waits_for_the_settings() {
    let world = World::new();
    let message = InboundMessage {
        phone_number_id: PhoneNumberId::new("1066"),
        ..text("a", "one", at(0))
    };
    for attempt in [Attempt::Another, Attempt::Last] {
        let later = world
            .inbound()
            .receive(&message, attempt)
            .await
            .unwrap_err();
        assert_eq!((later.pace, later.needs_operator), (Pace::Paused, true));
        assert_eq!(
            later.event,
            Event::UnknownNumber(PhoneNumberId::new("1066"))
        );
        assert!(later.cause.contains("1066"), "{}", later.cause);
        assert_eq!((world.requests(), world.conversations()), (0, 0));
    }
    world.set_settings(
        "[[number]]\nphone_number_id = \"1066\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n",
    );
    let outcome = world.receive(&message).await;
    assert_eq!(outcome, done(Done::Received));
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn a_message_for_a_number_of_others_is_left_alone() {
    let world = World::new();
    let message = InboundMessage {
        // Meta's own number, in the sample that its dashboard sends.
        phone_number_id: PhoneNumberId::new("123456123"),
        ..text("a", "one", at(0))
    };
    let outcome = world.receive(&message).await;
    assert_eq!(outcome, ignored(Ignored::OtherNumber));
    assert_eq!(world.requests(), 0);
}

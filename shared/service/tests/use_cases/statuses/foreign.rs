//! Tests of reports about others' messages.

use super::*;
use casement_testkit::identity;

/// Makes a reply whose answer was lost, so that WhatsApp's id of it is not known.
async fn unresolved() -> World {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(60));
    let reply = world.agent_writes("100", "hi", at(60));
    world.lose_answer(Call::Send, true);
    world.carry_out(&reply).await.unwrap_err();
    world
}

#[tokio::test]
async fn a_report_of_another_number_or_customer_settles_nothing() {
    let customer = |phone: &str| Some(identity(None, Some(phone)));
    for (number_id, recipient, delivery) in [
        ("999", None, Delivery::Delivered),
        ("999", None, Delivery::Failed(Some(WhatsappCode(131_026)))),
        (
            "999",
            None,
            Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED)),
        ),
        ("999", customer("4915112345678"), Delivery::Sent),
        (number().as_str(), customer("4915199999999"), Delivery::Read),
    ] {
        let world = unresolved().await;
        let before = world.entry_of(&ledger_key());
        let foreign = StatusReport {
            phone_number_id: Some(PhoneNumberId::new(number_id)),
            recipient,
            ..report("wamid.theirs", delivery)
        };
        let outcome = record(&world, foreign).await;
        assert_eq!(outcome, ignored(Ignored::NotOurs), "{delivery:?}");
        assert_eq!(world.entry_of(&ledger_key()), before, "{delivery:?}");
        assert!(world.notes().is_empty(), "{delivery:?}");
        assert!(world.conversation().window_is_open(at(61)));
    }
}

#[tokio::test]
async fn a_report_of_ours_settles_it_whatever_it_leaves_out() {
    for (number_id, recipient) in [
        (Some(number()), Some(identity(None, Some("4915112345678")))),
        (Some(number()), Some(identity(Some("DE.1"), None))),
        (Some(number()), None),
        (None, None),
    ] {
        let world = unresolved().await;
        let ours = StatusReport {
            phone_number_id: number_id,
            recipient,
            ..report("wamid.out1", Delivery::Delivered)
        };
        assert_eq!(
            record(&world, ours).await,
            done(Done::Reported(Delivery::Delivered))
        );
    }
}

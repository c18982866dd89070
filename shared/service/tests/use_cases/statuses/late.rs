//! Tests of reports that come late.

use super::*;

#[tokio::test]
async fn a_report_older_than_the_ledger_is_counted() {
    let (world, _) = replied().await;
    for (days, outcome) in [
        (89, Outcome::Done(Done::Reported(Delivery::Delivered))),
        (90, Outcome::Ignored(Ignored::StaleStatus)),
        (400, Outcome::Ignored(Ignored::StaleStatus)),
    ] {
        world.set_now(at(61) + Duration::days(days));
        let delivered = report("wamid.out1", Delivery::Delivered);
        assert_eq!(record(&world, delivered).await, Ok(outcome), "{days}");
    }
}

#[tokio::test]
async fn a_late_word_that_the_window_was_closed_closes_no_newer_one() {
    let (world, _) = replied().await;
    world.set_now(at(600));
    world.customer_writes("b", "anyone?", at(600)).await;
    let closed = Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED));
    let outcome = record(&world, report("wamid.out1", closed)).await;
    assert_eq!(outcome, done(Done::Held));
    assert!(world.conversation().window_is_open(at(600)));
    // The customer has already written, so nothing else would release the reply.
    let release = world.outbound_queue().pop().unwrap();
    assert!(matches!(release, OutboundQueueMessage::ReleaseHeld(_)));
    world.carry_out(&release).await.unwrap();
    assert_eq!(world.sent(), ["hi", "hi"]);
    assert_eq!(world.held_count(), 0);
}

#[tokio::test]
async fn a_reply_that_no_conversation_can_hold_is_said_not_to_have_arrived() {
    let (world, _) = replied().await;
    world.erase_conversations();
    let closed = report(
        "wamid.out1",
        Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED)),
    );
    record(&world, closed).await.unwrap();
    assert_eq!(world.held_count(), 0);
    let notes = world.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("More than 24 hours"), "{notes:?}");
}

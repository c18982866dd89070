//! Tests of reports that come without the callback data.

use casement_core::model::queue::WaitTask;

use super::*;

/// Makes a report without the callback data, as Meta may report a failure.
fn without_callback(wamid: &str, delivery: Delivery) -> StatusReport {
    StatusReport {
        recipient: None,
        callback: None,
        ..report(wamid, delivery)
    }
}

#[tokio::test]
async fn a_report_that_names_no_message_of_ours_is_known_by_its_id() {
    for (delivery, outcome, shown) in [
        (Delivery::Sent, Done::Reported(Delivery::Sent), None),
        (
            Delivery::Delivered,
            Done::Reported(Delivery::Delivered),
            Some("100 delivered"),
        ),
        (
            Delivery::Read,
            Done::Reported(Delivery::Read),
            Some("100 read"),
        ),
        (UNDELIVERABLE, Done::Failed, Some("100 failed")),
        (
            Delivery::Failed(Some(WhatsappCode(131_053))),
            Done::Failed,
            Some("100 failed"),
        ),
        (Delivery::Failed(None), Done::Failed, Some("100 failed")),
    ] {
        let (world, _) = replied().await;
        let recorded = record(&world, without_callback("wamid.out1", delivery)).await;
        assert_eq!(recorded, Ok(Outcome::Done(outcome)));
        let entry = world.entry_of(&ledger_key()).unwrap();
        assert_eq!(entry.about.delivery, Some(delivery));
        assert_eq!(world.shown().pop().as_deref(), shown);
        let notes = usize::from(outcome == Done::Failed);
        assert_eq!(world.notes().len(), notes, "{delivery:?}");
    }
    let (world, _) = replied().await;
    let closed = Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED));
    let held = record(&world, without_callback("wamid.out1", closed)).await;
    assert_eq!(held, done(Done::Held));
    assert_eq!(world.conversation().held_count, 1);
    // The report is repeated, with or without the callback data.
    for again in [
        without_callback("wamid.out1", closed),
        report("wamid.out1", closed),
    ] {
        let known = record(&world, again).await;
        assert_eq!(known, ignored(Ignored::AnotherMessage));
    }
}

#[tokio::test]
async fn every_part_of_a_reply_is_known_by_its_id() {
    let world = replied_at_length().await;
    let failed = record(&world, without_callback("wamid.out3", UNDELIVERABLE)).await;
    assert_eq!(failed, done(Done::Failed));
    let key = OutboundKey::comment(&CommentId::new("100"), 2);
    let entry = world.entry_of(&key).unwrap();
    assert_eq!(entry.about.delivery, Some(UNDELIVERABLE));
}

#[tokio::test]
async fn a_notice_is_known_by_its_id_before_its_note_is_left() {
    let world = World::new();
    world.customer_writes("a", "hello", at(0)).await;
    world.set_now(at(700));
    let notice = OutboundQueueMessage::DelayNotice(WaitTask {
        conversation: key(),
        generation: 1,
        issue_id: IssueId::new("1"),
    });
    world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
    world.carry_out(&notice).await.unwrap_err();
    let failed = record(&world, without_callback("wamid.out1", UNDELIVERABLE)).await;
    assert_eq!(failed, done(Done::Failed));
    world.carry_out(&notice).await.unwrap();
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.contains("did not get the automatic message"), "{note}");
}

#[tokio::test]
async fn a_report_of_an_unknown_message_waits_while_it_may_be_ours() {
    let (world, _) = replied().await;
    let unknown = || without_callback("wamid.never", UNDELIVERABLE);
    let later = record(&world, unknown()).await.unwrap_err();
    assert_eq!(later.after, Some(UNTIL_WRITTEN));
    let last = world.statuses().record(&unknown(), Attempt::Last).await;
    assert_eq!(last, ignored(Ignored::NotOurs));
    world.set_now(at(61) + KNOWN_WITHIN);
    assert_eq!(record(&world, unknown()).await, ignored(Ignored::NotOurs));
    // A customer's own message was never sent to a phone.
    let theirs = without_callback("wamid.a", UNDELIVERABLE);
    assert_eq!(record(&world, theirs).await, ignored(Ignored::NotOurs));
    assert!(world.notes().is_empty());
}

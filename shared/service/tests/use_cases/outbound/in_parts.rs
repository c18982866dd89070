//! Tests of windows that close while a reply is being sent.

use super::files::with_files;
use super::*;

/// Makes a reply of two messages, with the first one sent when the window closes.
async fn half_sent() -> (World, OutboundQueueMessage) {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", &"word ".repeat(1_000), at(60));
    world.pass_next(Call::Send);
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_056)));
    world.carry_out(&reply).await.unwrap_err();
    assert_eq!(world.sent().len(), 1);
    world.set_now(at(0) + day(1) + Duration::hours(1));
    (world, reply)
}

#[tokio::test]
async fn the_rest_of_a_reply_is_held_when_the_window_closes_before_it_is_sent() {
    let (world, reply) = half_sent().await;
    for _ in 0..2 {
        assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    }
    assert_eq!(world.sent().len(), 1);
    assert_eq!(world.conversation().held_count, 1);
    assert_eq!(world.notes().len(), 1, "{:?}", world.notes());

    let now = world.now();
    world.customer_writes("b", "hello?", now).await;
    let release = world.outbound_queue().remove(0);
    let released = world.carry_out(&release).await;
    assert_eq!(released, done(Done::Released));
    let sent = world.sent();
    let marks = sent.iter().map(|text| &text[..5]);
    assert_eq!(marks.collect::<Vec<_>>(), ["(1/2)", "(2/2)"]);
    assert_eq!(world.conversation().held_count, 0);
}

#[tokio::test]
async fn what_was_not_said_when_the_window_closed_is_said_after_it() {
    let world = World::waiting().await;
    world.attach_to_comment("100", "a.zip", "application/zip", 8);
    let reply = with_files(&world, "100", "All of it", &["a.zip"]);
    world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
    world.carry_out(&reply).await.unwrap_err();
    assert_eq!(world.sent(), ["All of it"]);
    assert!(world.conversation().awaiting_since.is_some());

    world.set_now(at(0) + day(1) + Duration::hours(1));
    let repeated = world.carry_out(&reply).await;
    assert_eq!(repeated, ignored(Ignored::AlreadySent));
    let [note] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(note.contains("a.zip"), "{note}");
    assert_eq!(world.conversation().awaiting_since, None);
    assert_eq!(world.sent().len(), 1);
}

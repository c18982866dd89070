use super::*;
use casement_testkit::rewrite;

fn later(seconds: i64) -> DateTime<Utc> {
    at(seconds) + day(2)
}

/// Makes held replies 100 and 101, written at seconds 0 and 10 of the third day.
async fn two_held() -> World {
    let world = World::waiting().await;
    world.set_now(later(20));
    for (id, seconds) in [("100", 0), ("101", 10)] {
        assert_eq!(
            world.agent_answers(id, id, later(seconds)).await,
            done(Done::Held)
        );
    }
    world
}

fn command(world: &World, seconds: i64) -> OutboundQueueMessage {
    world.agent_notes("200", "/cancel", later(seconds))
}

async fn customer_writes(world: &World) {
    world.set_now(later(60));
    world.customer_writes("b", "hello?", later(60)).await;
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
}

#[tokio::test]
async fn a_command_cancels_all_held_replies_for_good() {
    let world = two_held().await;
    let command = command(&world, 20);
    assert_eq!(world.carry_out(&command).await, done(Done::Cancelled));
    assert_eq!(
        (world.held_count(), world.conversation().held_count),
        (0, 0)
    );
    let last = world.notes().pop().unwrap();
    assert!(
        last.starts_with("2 held replies are cancelled."),
        "{last:?}"
    );

    // Neither an old webhook nor an edit brings a reply back, whether the window is open or not.
    let again = comment_created("1", "100");
    let edit = world.edit_comment("101", later(30), |comment| rewrite(comment, "edited"));
    for _ in 0..2 {
        for message in [&again, &edit] {
            assert_eq!(
                world.carry_out(message).await,
                ignored(Ignored::AlreadySent)
            );
        }
        customer_writes(&world).await;
    }
    assert!(world.sent().is_empty(), "{:?}", world.sent());
}

#[tokio::test]
async fn what_is_written_after_the_command_stays_held() {
    let world = two_held().await;
    let command = command(&world, 20);
    world.carry_out(&command).await.unwrap();
    let newer = world.agent_writes("102", "newer", later(30));
    world.carry_out(&newer).await.unwrap();
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.conversation().held_count, 1);
    customer_writes(&world).await;
    assert_eq!(world.sent(), ["newer"]);
    let answers = world.notes().into_iter();
    assert_eq!(answers.filter(|note| note.contains("cancel")).count(), 4);
}

#[tokio::test]
async fn with_nothing_held_the_answer_says_so() {
    let world = World::waiting().await;
    world.carry_out(&command(&world, 20)).await.unwrap();
    assert_eq!(
        world.notes(),
        ["Nothing to cancel: no reply is held."],
        "the command itself is not ours"
    );
}

#[tokio::test]
async fn a_command_that_broke_off_is_finished_with_the_first_count() {
    let world = two_held().await;
    let command = command(&world, 20);
    world.lose_answer(Call::AddComment, true);
    world.carry_out(&command).await.unwrap_err();
    assert_eq!(world.conversation().held_count, 2);
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.conversation().held_count, 0);
    assert_eq!(world.notes().len(), 3, "{:?}", world.notes());
    assert!(world.notes()[2].starts_with("2 held"));
}

#[tokio::test]
async fn only_an_agents_internal_note_is_a_command() {
    for change in [
        (|c| c.public = None) as fn(&mut Comment),
        |c| c.author = AccountId::new(OWN),
        |c| c.written_by_us = true,
        |c| rewrite(c, "please /cancel it all"),
    ] {
        let world = two_held().await;
        let message = world.comment("200", "/cancel", later(20), |comment| {
            comment.public = Some(false);
            change(comment);
        });
        world.carry_out(&message).await.unwrap();
        assert_eq!(world.conversation().held_count, 2);
        assert_eq!(world.notes().len(), 2);
    }
}

#[tokio::test]
async fn the_rest_of_a_reply_that_was_sent_in_part_is_cancelled_too() {
    let world = World::waiting().await;
    world.set_now(later(0) - Duration::hours(25));
    customer_wrote_again(&world, "b").await;
    let long = "word ".repeat(1_000);
    let reply = world.agent_writes("100", &long, world.now());
    // Meta accepts the first part, and says before the second that the window is closed.
    world.pass_next(Call::Send);
    for _ in 0..2 {
        world.fail(
            Call::Send,
            CallFailure::whatsapp(WhatsappCode::WINDOW_CLOSED),
        );
    }
    world.carry_out(&reply).await.unwrap_err();
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    assert_eq!(world.sent().len(), 1);

    let command = world.agent_notes("200", "/cancel", world.now());
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.held_count(), 0);
    customer_wrote_again(&world, "c").await;
    let repeated = world.carry_out(&reply).await;
    assert_eq!(repeated, ignored(Ignored::AlreadySent));
    assert_eq!(world.sent().len(), 1, "the rest was taken back");
}

async fn customer_wrote_again(world: &World, id: &str) {
    let now = world.now();
    world.customer_writes(id, "hello?", now).await;
}

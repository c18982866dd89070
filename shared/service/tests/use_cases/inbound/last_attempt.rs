//! Tests of the last attempt before the dead-letter queue, when the table fails as well.

use super::*;

/// Makes the table fail in one way.
type Forget = fn(&World);

#[tokio::test]
async fn the_agents_are_told_also_when_the_table_fails() {
    let forgetting: [(Forget, &str); 2] = [
        (
            |world| world.throttle(Call::CreateMessageEntry),
            "the table failed",
        ),
        (
            |world| {
                world.fail(Call::AddComment, BUSY);
                world.throttle(Call::UpdateMessageEntry);
            },
            "Jira refused with status 429",
        ),
    ];
    for (forget, cause) in forgetting {
        let world = World::new();
        let message = text("a", "one", at(0));
        world.receive(&message).await.unwrap();
        forget(&world);
        let message = text("b", "two", at(1));
        let later = world
            .inbound()
            .receive(&message, Attempt::Last)
            .await
            .unwrap_err();
        assert!(later.cause.starts_with(cause), "{}", later.cause);
        assert_eq!(world.notes().len(), 1, "{}", later.cause);
    }
}

#[tokio::test]
async fn no_note_says_that_a_message_is_missing_that_is_there() {
    let world = World::new();
    let message = text("a", "one", at(0));
    world.receive(&message).await.unwrap();
    world.throttle(Call::UpdateMessageEntry);
    let message = text("b", "two", at(1));
    world
        .inbound()
        .receive(&message, Attempt::Last)
        .await
        .unwrap_err();
    assert_eq!(world.said(), [said("1", "one"), said("1", "two")]);
    assert!(world.notes().is_empty(), "{:?}", world.notes());
}

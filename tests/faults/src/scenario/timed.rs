//! Automatic events while a customer waits.

use std::time::Duration;

use serde_json::{Value, json};

use super::inbound;
use crate::world::{ANA, Done, Trouble, World};

const MINUTE: Duration = Duration::from_secs(61);

pub(super) async fn notice(world: &World) -> Done {
    until(world, Duration::from_secs(31 * 60), |message| {
        message["direction"] == "out"
    })
    .await
    .map(drop)
}

/// Leaves a little more than two hours until the window ends.
pub(super) async fn asked_and_waits(world: &World) -> Done {
    inbound::asked(world).await?;
    world.advance(Duration::from_secs(21 * 3_600)).await?;
    world.settle().await
}

pub(super) async fn tap(world: &World) -> Done {
    let has_button = |message: &Value| message["buttons"][0]["id"].is_string();
    let question = until(world, Duration::from_secs(62 * 60), has_button).await?;
    let button = &question["buttons"][0]["id"];
    let tap = json!({"wamid": question["wamid"], "button_id": button});
    let path = format!("/api/customers/{ANA}/tap");
    world.post(&path, tap).await?;
    world.settle().await
}

/// Moves the clock to when something is due, and on from minute to minute, as after a failed sweep,
/// until the phone shows it.
async fn until(world: &World, mut time: Duration, is_it: impl Fn(&Value) -> bool) -> Done<Value> {
    for _ in 0..15 {
        world.advance(time).await?;
        world.settle().await?;
        let chat = world.chat(ANA).await?;
        if let Some(message) = chat.into_iter().rev().find(&is_it) {
            return Ok(message);
        }
        time = MINUTE;
    }
    let state = world.get("/api/state").await?;
    Err(Trouble::Unexpected(format!("it does not come: {state}")))
}

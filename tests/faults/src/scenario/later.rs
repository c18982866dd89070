//! Events that are no longer expected, or come from somebody else.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{inbound, outbound};
use crate::world::{ANA, Done, World};

const DAY: Duration = Duration::from_secs(86_400);

/// Moves Ana to another number, two months ago.
pub(super) async fn moved_long_ago(world: &World) -> Done {
    inbound::asked(world).await?;
    inbound::moves(world).await?;
    world.advance(60 * DAY).await?;
    world.settle().await
}

/// Lets the new owner of her former number ask something, and answers both.
pub(super) async fn next_owner(world: &World) -> Done {
    world
        .writes_as(ANA, "DE.20003", "Do you have it in red?")
        .await?;
    world.settle().await?;
    let requests = world.get("/api/requests").await?;
    for request in requests.as_array().into_iter().flatten() {
        let key = request["key"].as_str().unwrap_or_default();
        let summary = request["summary"].as_str().unwrap_or_default();
        world.answers(key, &format!("About {summary}")).await?;
        world.settle().await?;
    }
    Ok(())
}

pub(super) async fn stopped(world: &World) -> Done {
    inbound::asked(world).await?;
    world.advance(Duration::from_secs(120)).await?;
    inbound::stop(world).await?;
    inbound::second(world).await
}

/// Delivers a START that was sent a minute before the STOP. No delay notice is sent.
pub(super) async fn start_comes_late(world: &World) -> Done {
    let sent = world.now().await? - TimeDelta::minutes(1);
    world.started(ANA, sent).await?;
    world.settle().await?;
    world.advance(Duration::from_secs(40 * 60)).await?;
    world.settle().await
}

/// Creates a conversation with everything that WhatsApp and Jira report, which ended a hundred days
/// ago.
pub(super) async fn long_ago(world: &World) -> Done {
    outbound::two_sent(world).await?;
    world
        .post(&format!("/api/customers/{ANA}/read"), Value::Null)
        .await?;
    world.settle().await?;
    outbound::edited_after(world).await?;
    world.settle().await?;
    inbound::stop(world).await?;
    world.wrote(ANA, "START").await?;
    inbound::moves(world).await?;
    let path = format!("/api/requests/{}/transition", world.key().await?);
    world.post(&path, json!({"to": "done"})).await?;
    world.settle().await?;
    world.advance(100 * DAY).await?;
    world.settle().await
}

pub(super) async fn all_comes_again(world: &World) -> Done {
    world.all_comes_again().await?;
    world.settle().await
}

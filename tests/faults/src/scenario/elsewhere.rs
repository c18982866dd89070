//! What other senders of the number do.

use std::time::Duration;

use serde_json::json;

use super::inbound;
use crate::world::{ANA, Done, World};

/// Meta's agent takes the conversation over and answers. An agent in Jira takes it back, and the
/// customer writes to us again.
pub(super) async fn handed_over(world: &World) -> Done {
    hand_over(world, "meta_agent").await?;
    world.wrote(ANA, "Is it in the wrong van?").await?;
    echo(world, "meta_agent", "It is on its way").await?;
    let key = world.key().await?;
    world.answers(&key, "It arrives today").await?;
    world.settle().await?;
    world.wrote(ANA, "Thank you, and the other one?").await
}

/// Meta's agent holds the conversation of a stranger, and hands it over.
pub(super) async fn handed_back(world: &World) -> Done {
    hand_over(world, "casement").await?;
    let key = world.key().await?;
    world.answers(&key, "Which order is it?").await?;
    world.settle().await
}

pub(super) async fn with_metas_agent(world: &World) -> Done {
    hand_over(world, "meta_agent").await?;
    inbound::asked(world).await
}

/// Somebody answers in the WhatsApp Business app, ten minutes before a notice would be sent.
pub(super) async fn answered_in_the_app(world: &World) -> Done {
    world.advance(Duration::from_secs(20 * 60)).await?;
    world.settle().await?;
    echo(world, "business_app", "We look into it").await?;
    world.advance(Duration::from_secs(15 * 60)).await?;
    world.settle().await
}

async fn hand_over(world: &World, to: &str) -> Done {
    let path = format!("/api/customers/{ANA}/handover");
    world.post(&path, json!({"to": to})).await?;
    world.settle().await
}

async fn echo(world: &World, by: &str, text: &str) -> Done {
    let path = format!("/api/customers/{ANA}/echo");
    world.post(&path, json!({"by": by, "text": text})).await?;
    world.settle().await
}

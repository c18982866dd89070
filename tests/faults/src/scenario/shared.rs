//! A customer whom WhatsApp shows by a user id alone.

use serde_json::{Value, json};

use crate::world::{ANA, Done, Trouble, World};

const USER_ID: &str = "DE.20001";

/// The button under the question for the phone number.
const BUTTON: &str = "request_contact_info";

pub(super) async fn wrote_without_number(world: &World) -> Done {
    writes(
        world,
        "My order is late",
        json!({"user_id": USER_ID, "hide_phone": true}),
    )
    .await?;
    world.settle().await
}

/// Asks for the number. The customer shares it, and at the same time writes with it; afterwards a
/// message comes from the number alone.
pub(super) async fn shares_and_writes(world: &World) -> Done {
    let key = world.key().await?;
    let command = json!({"text": "/phone", "public": false, "author": "agent"});
    world.comments(&key, command).await?;
    world.settle().await?;
    let (shared, written) = tokio::join!(
        shares(world),
        writes(world, "You can see my number", json!({"hide_phone": false})),
    );
    shared.and(written)?;
    world.settle().await?;
    writes(world, "It is me", json!({"user_id": null})).await?;
    world.settle().await
}

async fn shares(world: &World) -> Done {
    let chat = world.chat(ANA).await?;
    let question = chat.iter().find(|one| one["buttons"][0]["id"] == BUTTON);
    let question = question.ok_or_else(|| Trouble::Unexpected("nobody asked".to_owned()))?;
    let tap = json!({"wamid": question["wamid"], "button_id": BUTTON});
    let path = format!("/api/customers/{ANA}/tap");
    world.post(&path, tap).await.map(drop)
}

async fn writes(world: &World, text: &str, mut message: Value) -> Done {
    message["type"] = json!("text");
    message["text"] = json!({"body": text});
    message["profile_name"] = json!("Ana Lima");
    let path = format!("/api/customers/{ANA}/messages");
    world.post(&path, message).await.map(drop)
}

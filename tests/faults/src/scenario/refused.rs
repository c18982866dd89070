//! WhatsApp's refusals, and customers' messages about comments that have become internal.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{inbound, outbound};
use crate::world::{ANA, Done, Trouble, World};

/// More refusals than attempts.
const ALWAYS: [u32; 9] = [131_026; 9];

async fn refuse(world: &World) -> Done {
    let options = json!({"refuse_next": ALWAYS});
    world.post("/api/whatsapp/options", options).await.map(drop)
}

/// Has a customer ask, after which WhatsApp refuses everything.
pub(super) async fn asked(world: &World) -> Done {
    inbound::asked(world).await?;
    refuse(world).await
}

/// Closes the window, after which WhatsApp refuses templates.
pub(super) async fn asked_yesterday(world: &World) -> Done {
    outbound::asked_yesterday(world).await?;
    refuse(world).await
}

/// Lets a notice or a question come due, minute by minute as after a failed sweep.
pub(super) async fn time_passes(world: &World) -> Done {
    world.advance(Duration::from_secs(31 * 60)).await?;
    for _ in 0..15 {
        world.settle().await?;
        world.advance(Duration::from_secs(61)).await?;
    }
    world.settle().await
}

/// Moves to the last two hours of the window, in which the customer is asked.
pub(super) async fn window_ends(world: &World) -> Done {
    world.advance(Duration::from_secs(21 * 3_600)).await?;
    world.settle().await?;
    world.advance(Duration::from_secs(62 * 60)).await?;
    for _ in 0..15 {
        world.settle().await?;
        world.advance(Duration::from_secs(61)).await?;
    }
    world.settle().await
}

/// Sends two files that do not get through, without an answer in between.
pub(super) async fn files_are_lost(world: &World) -> Done {
    for _ in 0..2 {
        let lost = json!({"type": "video", "video": {"id": "1", "mime_type": "video/mp4"},
            "errors": [{"code": 131_052, "title": "Media download error"}]});
        let path = format!("/api/customers/{ANA}/messages");
        world.post(&path, lost).await?;
        world.settle().await?;
    }
    Ok(())
}

/// Sends a reply, and then makes it internal with other words.
pub(super) async fn made_internal(world: &World) -> Done {
    inbound::asked(world).await?;
    outbound::answered(world).await?;
    let requests = world.get("/api/requests").await?;
    let comments = requests[0]["comments"].as_array();
    let last = comments.and_then(|comments| comments.last()?["id"].as_str());
    let id = last.ok_or_else(|| Trouble::Unexpected("no comment".to_owned()))?;
    let path = format!("/api/requests/{}/comments/{id}", world.key().await?);
    let inside = json!({"text": "Be careful with this customer", "public": false});
    world.api(Method::PUT, &path, inside).await?;
    world.settle().await
}

/// Hides parts of a conversation: a reply is restricted, our note about a message has a remark in
/// it, and a message of the customer's is hidden. The request has been closed for too long to be
/// reopened.
pub(super) async fn hidden(world: &World) -> Done {
    inbound::asked(world).await?;
    outbound::answered(world).await?;
    inbound::stop(world).await?;
    let path = format!("/api/requests/{}", world.key().await?);
    let requests = world.get("/api/requests").await?;
    for comment in requests[0]["comments"].as_array().into_iter().flatten() {
        let is_ours = comment["author"]["displayName"] == "Casement";
        let change = match comment["public"].as_bool() {
            Some(true) if is_ours => json!({"public": false}),
            Some(true) => json!({"text": "Be careful with this customer",
                "visibility": {"type": "role", "value": "Service Desk Team"}}),
            _ => json!({"text": "This customer always complains"}),
        };
        let id = comment["id"].as_str().unwrap_or_default();
        let comment = format!("{path}/comments/{id}");
        world.api(Method::PUT, &comment, change).await?;
    }
    let done = json!({"to": "done"});
    world.post(&format!("{path}/transition"), done).await?;
    world.settle().await?;
    world.advance(Duration::from_secs(5 * 86_400)).await?;
    world.settle().await
}

/// Has the customer answer our first message, react to it and take the reaction back.
pub(super) async fn referred_to(world: &World) -> Done {
    let chat = world.chat(ANA).await?;
    let sent = chat.iter().find(|message| message["direction"] == "out");
    refer_to(world, sent).await
}

/// Has the customer do the same with every message, delete each, and write once more.
pub(super) async fn all_referred_to(world: &World) -> Done {
    for message in &world.chat(ANA).await? {
        refer_to(world, Some(message)).await?;
        let revoke = json!({"type": "revoke",
            "revoke": {"original_message_id": message["wamid"]}});
        let path = format!("/api/customers/{ANA}/messages");
        world.post(&path, revoke).await?;
        world.settle().await?;
    }
    inbound::second(world).await
}

async fn refer_to(world: &World, message: Option<&Value>) -> Done {
    let wamid = message.map_or(Value::Null, |message| message["wamid"].clone());
    for message in [
        json!({"type": "text", "text": {"body": "Yes"}, "context": {"id": wamid}}),
        json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": "👍"}}),
        json!({"type": "reaction", "reaction": {"message_id": wamid}}),
    ] {
        let path = format!("/api/customers/{ANA}/messages");
        world.post(&path, message).await?;
        world.settle().await?;
    }
    Ok(())
}

//! Actions of agents.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::inbound;
use crate::world::{ANA, Done, Trouble, World};

const LONGER_THAN_THE_WINDOW: Duration = Duration::from_secs(25 * 3_600);

/// The beginning of a JPEG file, in base64.
const PHOTO: &str = "/9j/4AAQSkZJRgABAQ==";

pub(super) async fn asked_yesterday(world: &World) -> Done {
    inbound::asked(world).await?;
    world.advance(LONGER_THAN_THE_WINDOW).await?;
    world.settle().await
}

pub(super) async fn three_held(world: &World) -> Done {
    asked_yesterday(world).await?;
    answers_one_by_one(world, &["frist", "a mistake", "third"]).await
}

pub(super) async fn two_sent(world: &World) -> Done {
    inbound::asked(world).await?;
    answers_one_by_one(world, &["It ships on Monday", "From Berlin"]).await
}

pub(super) async fn opened_in_jira(world: &World) -> Done {
    let request = json!({"summary": "Your order is ready", "phone": format!("+{ANA}")});
    world.post("/api/requests", request).await?;
    world.settle().await
}

pub(super) async fn will_be_refused(world: &World) -> Done {
    inbound::asked(world).await?;
    let options = json!({"fail_next": [131_026]});
    world.post("/api/whatsapp/options", options).await.map(drop)
}

pub(super) async fn will_be_refused_at_once(world: &World) -> Done {
    inbound::asked(world).await?;
    let always = vec![131_026; 9];
    let options = json!({"refuse_next": always});
    world.post("/api/whatsapp/options", options).await.map(drop)
}

pub(super) async fn answered(world: &World) -> Done {
    answers_one_by_one(world, &["It comes tomorrow"]).await
}

pub(super) async fn answered_at_length(world: &World) -> Done {
    let key = world.key().await?;
    let comment = json!({"text": "A word and another one. ".repeat(400), "public": true,
        "author": "agent",
        "attachments": [{"filename": "photo.jpg", "mime_type": "image/jpeg", "base64": PHOTO}]});
    world.comments(&key, comment).await?;
    world.settle().await
}

pub(super) async fn late(world: &World) -> Done {
    answers_one_by_one(world, &["It was in the wrong van"]).await?;
    world.wrote(ANA, "Still waiting").await
}

pub(super) async fn edited_before(world: &World) -> Done {
    let ids = public_comments_of_agents(world).await?;
    change(world, Method::PUT, ids.first(), json!({"text": "first"})).await?;
    change(world, Method::DELETE, ids.get(1), Value::Null).await?;
    world.wrote(ANA, "Hello?").await
}

pub(super) async fn edited_after(world: &World) -> Done {
    let ids = public_comments_of_agents(world).await?;
    let text = json!({"text": "It ships on Tuesday"});
    change(world, Method::PUT, ids.first(), text).await?;
    change(world, Method::DELETE, ids.get(1), Value::Null).await
}

pub(super) async fn internal(world: &World) -> Done {
    let key = world.key().await?;
    let restricted = json!({"type": "role", "value": "Administrators"});
    for comment in [
        json!({"text": "Let me look", "public": false, "author": "agent"}),
        json!({"text": "Only for us", "public": true, "author": "agent",
            "visibility": restricted}),
        json!({"text": "I am her brother", "public": true, "author": "customer"}),
        json!({"text": "It comes tomorrow", "public": true, "author": "agent"}),
    ] {
        world.comments(&key, comment).await?;
        world.settle().await?;
    }
    Ok(())
}

pub(super) async fn rule_notices(world: &World) -> Done {
    let key = world.key().await?;
    for text in [
        "We got your message",
        "We got your message",
        "Ada looks into it",
    ] {
        let comment = json!({"text": text, "public": true, "author": "automation"});
        world.comments(&key, comment).await?;
        world.settle().await?;
    }
    Ok(())
}

pub(super) async fn template(world: &World) -> Done {
    let key = world.key().await?;
    let text = "/template order_update en_US \"4711\" \"Ana\" \"next Monday\" \"4711\"";
    let note = json!({"text": text, "public": false, "author": "agent"});
    world.comments(&key, note).await?;
    world.settle().await
}

async fn answers_one_by_one(world: &World, texts: &[&str]) -> Done {
    let key = world.key().await?;
    for text in texts {
        world.answers(&key, text).await?;
        world.settle().await?;
    }
    Ok(())
}

async fn change(world: &World, method: Method, id: Option<&String>, body: Value) -> Done {
    let id = id.ok_or_else(|| Trouble::Unexpected("a comment is missing".to_owned()))?;
    let path = format!("/api/requests/{}/comments/{id}", world.key().await?);
    world.api(method, &path, body).await?;
    world.settle().await
}

/// Returns the ids of agents' public comments on the oldest request.
async fn public_comments_of_agents(world: &World) -> Done<Vec<String>> {
    let requests = world.get("/api/requests").await?;
    let comments = requests[0]["comments"].as_array().into_iter().flatten();
    let of_agents = comments.filter(|comment| {
        comment["public"] == true && comment["author"]["displayName"] != "Casement"
    });
    let ids = of_agents.filter_map(|comment| comment["id"].as_str());
    Ok(ids.map(str::to_owned).collect())
}

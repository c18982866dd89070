//! Actions of customers.

use serde_json::json;

use crate::world::{ANA, Done, World};

const NEW_NUMBER: &str = "4915187654321";

pub(super) async fn asked(world: &World) -> Done {
    world.wrote(ANA, "My order is late").await
}

pub(super) async fn second(world: &World) -> Done {
    world.wrote(ANA, "Is it in the wrong van?").await
}

pub(super) async fn two_at_once(world: &World) -> Done {
    let (one, other) = tokio::join!(
        world.writes(ANA, "My order is late"),
        world.writes(ANA, "The blue one"),
    );
    one.and(other)?;
    world.settle().await
}

pub(super) async fn photo(world: &World) -> Done {
    let photo = json!({"type": "image", "mime_type": "image/jpeg", "size": 50_000,
        "caption": "The wheel is bent"});
    world.sends_file(photo).await?;
    world.settle().await
}

pub(super) async fn document(world: &World) -> Done {
    let document = json!({"type": "document", "mime_type": "application/pdf",
        "size": 100_000_000, "filename": "manual.pdf", "caption": "Page nine"});
    world.sends_file(document).await?;
    world.settle().await
}

pub(super) async fn album(world: &World) -> Done {
    for caption in ["one", "two", "three", "four", "five"] {
        let photo = json!({"type": "image", "mime_type": "image/jpeg", "size": 9_000,
            "caption": caption});
        world.sends_file(photo).await?;
    }
    world.settle().await
}

pub(super) async fn number_changes(world: &World) -> Done {
    moves(world).await?;
    let key = world.key().await?;
    world.answers(&key, "It arrives today").await?;
    world.settle().await
}

/// Moves Ana to another number, from which she writes.
pub(super) async fn moves(world: &World) -> Done {
    world.moves(ANA, NEW_NUMBER).await?;
    world.settle().await?;
    world.wrote(NEW_NUMBER, "This is my new number").await
}

pub(super) async fn stop(world: &World) -> Done {
    world.wrote(ANA, "STOP").await
}

//! Records by which door Jira tells of comments.

use casement_core::model::queue::OutboundQueueMessage;
use casement_core::model::sighting::Sighting;

use crate::app::{App, Ports};
use crate::ports::*;

/// Records the door of a comment's message, so that a dead one can be seen. Nothing waits for it.
pub(crate) async fn record<P: Ports>(app: &App<P>, message: &OutboundQueueMessage) {
    use OutboundQueueMessage as M;
    let (M::CommentCreated(event) | M::CommentEdited(event) | M::CommentDeleted(event)) = message
    else {
        return;
    };
    let Some(door) = event.door else { return };
    if let Err(failure) = app.store.saw(Sighting::Door(door), app.clock.now()).await {
        tracing::warn!(%failure, door = door.as_str(), "the use of a door was not recorded");
    }
}

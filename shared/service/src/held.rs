//! Handles replies that wait until the customer writes again.

mod cancel;
mod hold;

pub(crate) use cancel::{cancel, cancel_all, close_unsent};
use casement_core::decide::fields::with_fields_armed;
use casement_core::model::conversation::{Conversation, HeldNoMore};
use casement_core::model::identity::{CommentId, ConversationKey};
pub(crate) use hold::{Because, hand_over, held_reply, hold, terms_of};

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::ports::*;

/// Returns the comment as a held reply, if it is held.
pub(crate) async fn of_comment<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &CommentId,
) -> Result<Option<HeldReply>, Failure> {
    let held = all(app, conversation).await?;
    Ok(held.into_iter().find(|held| held.comment_id == *comment))
}

/// Returns all held replies. Mostly there are none, and the table is not read.
pub(crate) async fn all<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
) -> Result<Vec<HeldReply>, Failure> {
    if conversation.held_count == 0 {
        return Ok(Vec::new());
    }
    Ok(app.store.held(&conversation.key).await?)
}

/// Removes a held reply. `received`: the customer has it.
pub(crate) async fn remove<P: Ports>(
    app: &App<P>,
    key: &ConversationKey,
    held: &HeldReply,
    received: bool,
) -> Result<(), Failure> {
    while let Some(conversation) = app.store.load(key).await? {
        let because = if received && !held.by_rule {
            HeldNoMore::Received
        } else {
            let mut left = all(app, &conversation).await?.into_iter();
            let answers = |left: HeldReply| !left.by_rule && left.comment_id != held.comment_id;
            HeldNoMore::NoAnswer {
                answer_left: left.any(answers),
            }
        };
        let conversation = conversation.with_one_held_less(because);
        let conversation = with_fields_armed(conversation, app.clock.now());
        if app.store.unhold(&conversation, held).await? == Saved::Yes {
            break;
        }
    }
    Ok(())
}

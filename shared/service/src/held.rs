//! Handles replies that wait until the customer writes again.

mod cancel;
mod hold;

pub(crate) use cancel::{cancel, cancel_all, close_unsent};
use casement_core::decide::fields::with_fields_armed;
use casement_core::decide::rule_message;
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

/// Why a held reply is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// The customer has it, and it answers.
    Answers,
    /// The customer has it, and it is a rule's notice.
    Notice,
    /// It will never be sent.
    Unsent,
    /// It is held in another conversation from now on.
    Elsewhere,
}

/// Removes a held reply.
pub(crate) async fn remove<P: Ports>(
    app: &App<P>,
    key: &ConversationKey,
    held: &HeldReply,
    removed: Removed,
) -> Result<(), Failure> {
    while let Some(conversation) = app.store.load(key).await? {
        let because = if removed == Removed::Answers {
            HeldNoMore::Received
        } else {
            let mut left = all(app, &conversation).await?.into_iter();
            let answers = |left: HeldReply| !left.by_rule && left.comment_id != held.comment_id;
            HeldNoMore::NoAnswer {
                answer_left: left.any(answers),
            }
        };
        let mut conversation = conversation.with_one_held_less(because);
        if removed == Removed::Unsent {
            conversation = rule_message::unsent(conversation, &held.comment_id);
        }
        let conversation = with_fields_armed(conversation, app.clock.now());
        if app.store.unhold(&conversation, held).await? == Saved::Yes {
            break;
        }
    }
    Ok(())
}

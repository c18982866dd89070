//! Whether and how a comment in Jira is sent.
//!
//! This is the gate between the inside of the service desk and a customer's phone. Whatever is not
//! plainly meant for the customer stays inside.

mod answer;
mod name;
mod quotation;
mod quoted;

use chrono::{DateTime, Utc};

pub use self::answer::{Answer, AnswerPart, decide_answer};
pub use self::name::shown_name;
pub use self::quotation::decide_quotation;
pub use self::quoted::{Answered, Answering, find_quoted};
use crate::decide::command::Command;
use crate::model::comment::{Author, Comment};
use crate::model::conversation::{Conversation, Holder};
use crate::model::identity::{AccountId, Recipient, Wamid};
use crate::model::private::Private;
use crate::text::{LeftOut, MediaRef, OutboundText};

/// The decision about a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyDecision {
    /// The comment is not for the customer.
    Ignore(IgnoreReason),
    /// The window is closed: keep what was not sent before until the customer writes again, and
    /// tell the agent.
    Hold(Sending),
    /// The comment is for the customer but contains nothing that can be sent: tell the agent.
    NothingToSend,
    /// The comment is this command, which works in internal notes only: tell the agent.
    Command(&'static str),
    /// Send the comment.
    Send(Sending),
}

/// How a comment is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyMode {
    /// Whether the author's name stands in front ([`shown_name`]).
    pub named: bool,
    /// The customer's message that the comment answers.
    pub in_answer_to: Option<Wamid>,
    /// Whether it is a rule's notice, which answers nobody.
    pub by_rule: bool,
}

/// A comment to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    pub recipient: Recipient,
    /// The customer's message that the first part answers.
    pub in_answer_to: Option<Wamid>,
    /// The text messages, in order.
    pub parts: Private<Vec<String>>,
    /// The files that the comment shows ([`decide_answer`]).
    pub files: Private<Vec<MediaRef>>,
    /// Content besides files that the text omits.
    pub left_out: Vec<LeftOut>,
    /// Whether it is a rule's notice ([`crate::decide::rule_message`]).
    pub by_rule: bool,
}

impl ReplyDecision {
    /// Returns whether the comment is a rule's notice for the customer.
    #[must_use]
    pub fn is_by_rule(&self) -> bool {
        matches!(self, Self::Send(sending) | Self::Hold(sending) if sending.by_rule)
    }

    /// Returns whether the comment is meant to reach the customer, now or later.
    #[must_use]
    pub fn is_for_the_customer(&self) -> bool {
        matches!(self, Self::Send(_) | Self::Hold(_))
    }
}

/// The reason why a comment stays inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoreReason {
    /// Jira does not say explicitly that it is public.
    NotPublic,
    /// Only a role or a group may read it.
    Restricted,
    /// A portal customer wrote it and does not speak for the business: tell the agents.
    PortalCustomer,
    /// Casement wrote it: it is the customer's own message, or a note.
    Own,
}

impl IgnoreReason {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotPublic => "not_public",
            Self::Restricted => "restricted",
            Self::PortalCustomer => "portal_customer",
            Self::Own => "own",
        }
    }
}

/// Decides what to do with `comment`. `own_account` is the account that Casement writes with.
///
/// [`Author::rule`] says who may speak. The ledger says whether the comment was sent before.
#[must_use]
pub fn decide_reply(
    comment: &Comment,
    own_account: &AccountId,
    conversation: &Conversation,
    mode: &ReplyMode,
    now: DateTime<Utc>,
) -> ReplyDecision {
    let author = comment.written_by(own_account);
    if author == Author::Ourselves {
        return ReplyDecision::Ignore(IgnoreReason::Own);
    }
    if let Some(reason) = comment.kept_inside() {
        return ReplyDecision::Ignore(reason);
    }
    if !author.rule().speaks {
        return ReplyDecision::Ignore(IgnoreReason::PortalCustomer);
    }
    if let Some(command) = Command::alone_in(&comment.body) {
        return ReplyDecision::Command(command);
    }
    let text = OutboundText::of_body(comment.body.to_send(), comment.site.as_ref());
    let text = match shown_name(comment).filter(|_| mode.named) {
        Some(name) => text.named(&name),
        None => text,
    };
    let parts = text.parts();
    let recipient = conversation.identity.recipient();
    match recipient {
        Some(recipient) if !parts.is_empty() || !text.files.is_empty() => {
            let sending = Sending {
                recipient,
                in_answer_to: mode.in_answer_to.clone(),
                parts: parts.into(),
                files: text.files.into(),
                left_out: text.left_out,
                by_rule: mode.by_rule,
            };
            if conversation.window_is_open(now) {
                ReplyDecision::Send(sending)
            } else {
                ReplyDecision::Hold(sending)
            }
        }
        _ => ReplyDecision::NothingToSend,
    }
}

/// Returns the conversation after a comment written at `created` answered it, or will once it is no
/// longer `held`. A customer who wrote after the comment still awaits a reply.
#[must_use]
pub fn answered_by(conversation: Conversation, created: DateTime<Utc>, held: bool) -> Conversation {
    if conversation
        .awaiting_since
        .is_none_or(|since| created >= since)
    {
        conversation.answered_with(created, held)
    } else {
        conversation
    }
}

/// Returns the conversation after WhatsApp has accepted a free-form message at `now`, which takes the
/// conversation over from another sender (Cloud API, "Standby webhooks"). `by`: what was sent.
#[must_use]
pub fn taken_over(conversation: Conversation, now: DateTime<Utc>, by: &str) -> Conversation {
    let Some(control) = &conversation.control else {
        return conversation;
    };
    // WhatsApp's clock may be ahead of ours.
    let at = control.seen_at.max(now);
    if conversation.is_held_by_another(now) {
        conversation.held_by(Holder::Casement, at, by)
    } else {
        conversation
    }
}

#[cfg(test)]
mod leaks;

#[cfg(test)]
pub(crate) mod tests;

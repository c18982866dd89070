//! The ports: the use cases' needs from outside, as traits of a few methods each.
//!
//! Errors are part of the contract. An implementation maps every error to [`CallFailure`],
//! [`StoreFailure`] or [`QueueFailure`](crate::QueueFailure), and never puts a phone number, a
//! name, a text or a token into one.
#![expect(
    async_fn_in_trait,
    reason = "one task per Lambda environment: the futures need not be Send"
)]

mod credentials;
mod details;
mod files;
mod ledger;
mod messenger;
mod queues;
mod receipts;
mod reconciling;
mod sightings;
mod templates;
mod timers;

use std::sync::Arc;

use casement_core::decide::fields::FieldValue;
use casement_core::decide::inbound::NewRequest;
use casement_core::decide::routing::{RequestState, Transition};
use casement_core::model::adf::Document;
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{
    AccountId, Assignee, CommentId, ConversationKey, IssueId, IssueRef, PhoneNumberId, Wamid,
};
use casement_core::settings::Settings;
use chrono::{DateTime, Utc};
pub use credentials::{CredentialsUnavailable, JiraAccount, JiraCredentials, WhatsappCredentials};
pub use details::{Origin, RequestDetails};
pub use files::{Attachments, FetchFailure, FileContent, MediaFiles};
pub use ledger::Ledger;
pub use messenger::{Button, Messenger, OutgoingMessage};
pub use queues::{BatchQueue, DelayQueue, OutboundQueue, QueueEntry};
pub use receipts::{ReadReceipt, ReadReceipts};
pub use reconciling::{Cursors, LatestComments, UpdatedIssue, UpdatedPage, Updates};
pub use sightings::Sightings;
pub use templates::{AcceptedTemplate, OutgoingTemplate, TemplateChanges, TemplateMessages};
pub use timers::{DueConversation, Timers};

use crate::failure::{SettingsFailure, StoreFailure};

/// The clock.
pub trait Clock {
    /// Returns the current time.
    fn now(&self) -> DateTime<Utc>;
}

/// The owner's settings.
pub trait SettingsSource {
    /// Returns the settings in force. A copy up to a minute old is fine.
    ///
    /// # Errors
    /// No settings are stored, or they cannot be read and there is no earlier copy.
    async fn current(&self) -> Result<Arc<Settings>, SettingsFailure>;
}

/// Whether a conditional write took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The write took place.
    Yes,
    /// Another worker wrote first: load and decide again.
    Conflict,
}

/// The conversations.
pub trait Conversations {
    /// Loads the conversation under exactly this key, with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure>;

    /// Writes the conversation if the stored one still has its `version` (0: none is stored yet),
    /// and raises the stored version by one.
    ///
    /// # Errors
    /// The store failed; whether the conversation was written is unknown, so load again.
    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure>;

    /// Writes a new conversation, and makes `aliases`, the customer's other identifiers, lead to
    /// it: all or nothing. [`Saved::Conflict`]: the key or one of the aliases already belongs to a
    /// conversation, so two first messages never begin two.
    ///
    /// # Errors
    /// The store failed; whether the conversation was written is unknown, so load again.
    async fn begin(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure>;
}

/// The links that lead to a conversation.
pub trait Links {
    /// Returns the conversation of a Jira issue.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn of_issue(&self, issue: &IssueId) -> Result<Option<ConversationKey>, StoreFailure>;

    /// Returns the conversation of a customer's other identifier.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn of_alias(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<ConversationKey>, StoreFailure>;

    /// Makes the issue lead to the conversation. Idempotent.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn link_issue(&self, issue: &IssueId, to: &ConversationKey) -> Result<(), StoreFailure>;

    /// Makes another identifier lead to the conversation. Idempotent.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn link_alias(&self, identifier: &str, to: &ConversationKey) -> Result<(), StoreFailure>;
}

/// A reply that waits for the window to open. Its text stays in Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldReply {
    /// The comment.
    pub comment_id: CommentId,
    /// The comment's issue.
    pub issue_id: IssueId,
    /// The time at which the comment was written: held replies go out in this order.
    pub created: DateTime<Utc>,
    /// The time since which the reply is held.
    pub held_since: DateTime<Utc>,
    /// Whether a rule wrote it, as a notice that answers nobody.
    pub by_rule: bool,
}

/// The result of an attempt to hold a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The reply is now held, and the conversation is written.
    Now,
    /// The reply was held before. Nothing is written.
    Already,
    /// Another worker has changed the conversation. Nothing is written.
    Conflict,
}

/// The held replies. They change together with the conversation that counts them.
pub trait HeldReplies {
    /// Returns all held replies of a conversation, oldest first.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, StoreFailure>;

    /// Writes `conversation` (as [`Conversations::save`] does) and `reply`, both or neither.
    ///
    /// # Errors
    /// The store failed; whether they were written is unknown.
    async fn hold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Held, StoreFailure>;

    /// Writes `conversation` (as [`Conversations::save`] does) and removes `reply`, both or
    /// neither.
    ///
    /// # Errors
    /// The store failed; whether they were written is unknown.
    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure>;
}

/// All that the table keeps.
pub trait Store:
    Conversations + Links + Ledger + HeldReplies + TemplateChanges + Sightings
{
}

impl<T: Conversations + Links + Ledger + HeldReplies + TemplateChanges + Sightings> Store for T {}

/// Requests in Jira Service Management.
pub trait Requests {
    /// Opens a request. Jira has no idempotency key: after [`CallFailure::Unknown`], look for the
    /// reference before trying again.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn open(&self, request: &NewRequest) -> Result<IssueRef, CallFailure>;

    /// Finds the request that was opened with this reference, the oldest if there are several.
    /// Looks among the latest of our own requests, and in Jira's search, which lags behind its
    /// writes.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn find(&self, request: &NewRequest) -> Result<Option<IssueRef>, CallFailure>;

    /// Returns whether the request is open or done. One call.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; a deleted request is gone.
    async fn state(&self, issue: &IssueId) -> Result<RequestState, CallFailure>;

    /// Returns the transitions that we may take out of the request's status, in Jira's order.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn transitions(&self, issue: &IssueId) -> Result<Vec<Transition>, CallFailure>;

    /// Takes a transition. After [`CallFailure::Unknown`], ask for the state before trying again.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]. Jira refuses a transition that is not available or
    /// that asks for a field.
    async fn transition(&self, issue: &IssueId, transition: &Transition)
    -> Result<(), CallFailure>;

    /// Returns the request's assignee, if any. One call.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; a deleted request is gone.
    async fn assignee(&self, issue: &IssueId) -> Result<Option<Assignee>, CallFailure>;

    /// Writes fields of the request. One call, all or nothing. Idempotent.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]. Jira refuses a field that does not exist, cannot
    /// be edited or is of another type.
    async fn set_fields(
        &self,
        issue: &IssueId,
        fields: &[(String, FieldValue)],
    ) -> Result<(), CallFailure>;

    /// Links a new request to the former one that it follows. Idempotent.
    ///
    /// # Errors
    /// The site may have no links, or not let us make any. Nothing else depends on the link: the
    /// new request says in words which one it follows.
    async fn relate(&self, new: &IssueId, former: &IssueId) -> Result<(), CallFailure>;
}

/// The mark on everything that we write into Jira, by which we find it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Part of a customer's message.
    Message {
        /// The message.
        wamid: Wamid,
        /// The number of the part, from 0.
        part: usize,
    },
    /// An internal note of ours, by its subject.
    Note(String),
}

/// A comment to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentDraft {
    /// The text.
    pub body: Document,
    /// Whether the customer's side of the portal may see the comment.
    pub public: bool,
    /// The mark by which the comment is found again.
    pub marker: Marker,
}

/// Whether the delivery state is shown on an agent's comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The state is shown.
    Yes,
    /// Our account may not write to the comment.
    NotAllowed,
}

/// Comments in Jira.
pub trait Comments {
    /// Writes a comment. After [`CallFailure::Unknown`], look for the marker before trying again.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn add(&self, issue: &IssueId, draft: &CommentDraft) -> Result<CommentId, CallFailure>;

    /// Finds our comment with this marker, among the latest of the issue.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn marked(
        &self,
        issue: &IssueId,
        marker: &Marker,
    ) -> Result<Option<CommentId>, CallFailure>;

    /// Reads a comment from Jira, with all that decides who may see it. `None`: the comment is
    /// deleted, but its request exists.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn read(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Option<Comment>, CallFailure>;

    /// Stores the delivery state with an agent's comment, for Jira's own tools. Idempotent; does
    /// not make the comment one of ours. A refusal is remembered for a while for the other comments
    /// of `project`, an arbitrary name for the project.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn show_delivery(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
        project: &str,
        now: DateTime<Utc>,
    ) -> Result<Shown, CallFailure>;

    /// Returns the account that we write with.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn own_account(&self) -> Result<AccountId, CallFailure>;
}

/// All that Jira does for us.
pub trait Jira: Requests + Comments + LatestComments + Attachments + RequestDetails {}

impl<T: Requests + Comments + LatestComments + Attachments + RequestDetails> Jira for T {}

//! The only sender: agents' replies, released replies and delay notices.

mod agent_alert;
mod answering;
mod automatic;
mod beginning;
mod cancelled;
mod delay_notice;
mod deleted;
mod edited;
mod file;
mod hold_expiry;
mod joining;
mod keep_open;
mod lost_file;
mod release;
mod reopening;
mod send;
mod stale;
mod template;
mod typing;
mod window;
mod window_field;
mod wish;
mod withdrawal;

use casement_core::command::Command;
use casement_core::conversation::Conversation;
use casement_core::identity::{AccountId, CommentId, IssueId};
use casement_core::ledger::{LedgerEntry, LedgerKey, OutboundKey};
use casement_core::notes::{DeliveryNote, Note};
use casement_core::queue::OutboundQueueMessage;
use casement_core::reply::{self, Comment, IgnoreReason, ReplyDecision, Sending, decide_reply};

use crate::app::{App, Ports};
use crate::failure::{Failure, Later, Outcome};
use crate::holding::{Because, held_reply, hold, terms_of};
use crate::note::{self, Before};
use crate::ports::*;
use crate::saving::{change, load_joined};
use release::Released;
use send::Sent;

/// The use case of `outbound-message`.
pub struct Outbound<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// WhatsApp.
    pub whatsapp: P::Whatsapp,
}

impl<P: Ports> Outbound<P> {
    /// Carries out a message of the outbound queue. `last`: it goes to the dead letters if this
    /// attempt fails, so the agent is told.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost and nothing will be sent twice.
    pub async fn carry_out(
        &self,
        message: &OutboundQueueMessage,
        last: bool,
    ) -> Result<Outcome, Later> {
        let failure = match self.run(message).await {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => failure,
        };
        let mut later = Later::from(failure);
        if last && !is_automatic(message) {
            self.put_aside(message, &mut later).await;
        }
        Err(later)
    }

    async fn run(&self, message: &OutboundQueueMessage) -> Result<Outcome, Failure> {
        match message {
            OutboundQueueMessage::CommentCreated {
                issue_id,
                comment_id,
                author,
            }
            | OutboundQueueMessage::CommentEdited {
                issue_id,
                comment_id,
                author,
            } => {
                self.deliver_comment(issue_id, comment_id, author.as_ref())
                    .await
            }
            OutboundQueueMessage::CommentDeleted {
                issue_id,
                comment_id,
                ..
            } => self.follow_deletion(issue_id, comment_id).await,
            OutboundQueueMessage::ReleaseHeld { conversation, .. } => {
                self.release_held(conversation).await
            }
            OutboundQueueMessage::DelayNotice {
                conversation,
                generation,
                ..
            } => self.deliver_notice(conversation, *generation).await,
            OutboundQueueMessage::AnnounceHeld {
                conversation,
                issue_id,
            } => self.announce_held(conversation, issue_id).await,
            OutboundQueueMessage::KeepOpen {
                conversation,
                window_ends,
                ..
            } => self.ask_to_keep_open(conversation, *window_ends).await,
            OutboundQueueMessage::AgentAlert {
                conversation,
                window_ends,
                ..
            } => self.alert_agents(conversation, *window_ends).await,
            OutboundQueueMessage::ExpireHeld { conversation, .. } => {
                self.expire_held(conversation).await
            }
            OutboundQueueMessage::WindowField { conversation, .. } => {
                self.show_window(conversation).await
            }
            OutboundQueueMessage::LostFile {
                conversation,
                generation,
                ..
            } => self.tell_of_lost_file(conversation, *generation).await,
            OutboundQueueMessage::ConfirmWish {
                conversation,
                wish,
                occasion,
                issue_id,
            } => {
                self.confirm_wish(conversation, *wish, occasion, issue_id)
                    .await
            }
        }
    }

    /// Tells the agent that the operators have to help. What stands in the way may well stand in
    /// the way of the note, too; the cause then says so for the operators' log.
    async fn put_aside(&self, message: &OutboundQueueMessage, later: &mut Later) {
        let note = Note::PutAside {
            cause: later.cause.clone(),
        };
        let occasion = match message {
            OutboundQueueMessage::CommentCreated { comment_id, .. }
            | OutboundQueueMessage::CommentEdited { comment_id, .. } => comment_id.as_str(),
            _ => "held-replies",
        };
        let about = format!("put-aside:{occasion}");
        if let Err(failure) = note::leave(
            &self.app.jira,
            message.group(),
            &note,
            about,
            Before::Perhaps,
        )
        .await
        {
            later.cause = format!("{}; the agent could not be told: {failure}", later.cause);
        }
    }

    async fn deliver_comment(
        &self,
        issue: &IssueId,
        id: &CommentId,
        author: Option<&AccountId>,
    ) -> Result<Outcome, Failure> {
        let own_account = self.app.jira.own_account().await?;
        if author == Some(&own_account) {
            return Ok(Outcome::Ignored("own"));
        }
        let Some(key) = self.app.store.of_issue(issue).await? else {
            return self.begin_with_template(issue, id, &own_account).await;
        };
        let Some(comment) = self.read_comment(issue, id).await? else {
            return Ok(Outcome::Ignored("gone"));
        };
        let Some(conversation) = load_joined(&self.app.store, &key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let (comment, manner) = self.manner(comment, &conversation, issue).await?;
        let now = self.app.clock.now();
        let decision = decide_reply(&comment, &own_account, &conversation, &manner, now);
        let stale = self.leave_stale(&conversation, &comment, issue, &decision);
        if let Some(outcome) = stale.await? {
            return Ok(outcome);
        }
        if let ReplyDecision::Command(command) = &decision {
            self.explain_public_command(&comment, issue, command)
                .await?;
        }
        let followed = self.follow_edit(&conversation, &comment, issue, &decision);
        if let Some(outcome) = followed.await? {
            return Ok(outcome);
        }
        match decision {
            ReplyDecision::Ignore(reason @ IgnoreReason::NotPublic) => {
                let may_command = comment.written_by(&own_account).rule().commands;
                match Command::of(&comment).filter(|_| may_command) {
                    Some(Command::Cancel | Command::Window | Command::Unknown)
                        if self.is_stale(&comment) =>
                    {
                        self.tell_of_stale(&comment, issue).await
                    }
                    Some(Command::Cancel) => self.cancel_held(&conversation, &comment, issue).await,
                    Some(Command::Window) => {
                        self.report_window(&conversation, &comment, issue).await
                    }
                    Some(Command::Template(call)) => {
                        self.carry_out_template(conversation, &comment, issue, call)
                            .await
                    }
                    Some(Command::Unknown) => self.explain_commands(&comment, issue).await,
                    None => Ok(Outcome::Ignored(reason.as_str())),
                }
            }
            ReplyDecision::Ignore(reason) => {
                if reason == IgnoreReason::PortalCustomer {
                    let about = format!("portal-customer:{}", id.as_str());
                    self.tell(issue, &Note::PortalCustomer, about).await?;
                }
                Ok(Outcome::Ignored(reason.as_str()))
            }
            ReplyDecision::Command(_) => Ok(Outcome::Done("command_in_public")),
            ReplyDecision::NothingToSend => {
                let about = format!("nothing-to-send:{}", id.as_str());
                let note = match conversation.identity.recipient() {
                    Some(_) => Note::NothingToSend,
                    None => Note::Delivery(DeliveryNote::NoAddress),
                };
                note::leave(&self.app.jira, issue, &note, about, Before::Perhaps).await?;
                Ok(Outcome::Done("nothing_to_send"))
            }
            ReplyDecision::Hold(sending) => {
                if self.was_begun(id).await? {
                    return self.send(conversation, &comment, issue, &sending).await;
                }
                self.hold(&conversation, &comment, issue, Because::OurClock)
                    .await
            }
            ReplyDecision::Send(sending) => {
                // A newer reply never overtakes one that is held.
                if conversation.held_count > 0
                    && self.release(&conversation.key, &own_account).await?
                        == Released::WindowClosed
                {
                    return self
                        .hold(&conversation, &comment, issue, Because::OurClock)
                        .await;
                }
                self.send(conversation, &comment, issue, &sending).await
            }
        }
    }

    /// What the ledger has of the first message of a comment.
    async fn first_part(&self, comment: &CommentId) -> Result<Option<LedgerEntry>, Failure> {
        let key = LedgerKey::Outbound(OutboundKey::comment(comment, 0));
        Ok(self.app.store.entry(&key).await?)
    }

    /// A webhook may come again when the window has closed since, and the window may close before
    /// all of a comment is sent.
    async fn was_begun(&self, comment: &CommentId) -> Result<bool, Failure> {
        let first = OutboundKey::comment(comment, 0);
        self.is_settled(&LedgerKey::Outbound(first)).await
    }

    async fn send(
        &self,
        conversation: Conversation,
        comment: &Comment,
        issue: &IssueId,
        sending: &Sending,
    ) -> Result<Outcome, Failure> {
        let outcome = match self
            .send_parts(&conversation, comment, issue, sending)
            .await?
        {
            Sent::Closed => {
                let because = if conversation.window_is_open(self.app.clock.now()) {
                    Because::Meta(self.app.clock.now())
                } else {
                    Because::OurClock
                };
                return self.hold(&conversation, comment, issue, because).await;
            }
            Sent::Nothing => return Ok(Outcome::Done("nothing_to_send")),
            Sent::Yes => Outcome::Done("sent"),
            Sent::Refused(_) => Outcome::Done("failed"),
            Sent::Before => Outcome::Ignored("already_sent"),
        };
        // Also after an earlier attempt, which may have ended before this write.
        self.answered(conversation, comment).await?;
        Ok(outcome)
    }

    async fn hold(
        &self,
        conversation: &Conversation,
        comment: &Comment,
        issue: &IssueId,
        because: Because,
    ) -> Result<Outcome, Failure> {
        let now = self.app.clock.now();
        let held = held_reply(comment, issue, now);
        let key = &conversation.key;
        let terms = terms_of(&self.app.settings, key).await?;
        hold(&self.app.store, &self.app.jira, key, &held, because, terms).await?;
        self.announce_held(key, issue).await?;
        Ok(Outcome::Done("held"))
    }

    async fn answered(&self, conversation: Conversation, comment: &Comment) -> Result<(), Failure> {
        change(&self.app.store, conversation, |current| {
            reply::answered_by(current, comment.created, false)
        })
        .await?;
        Ok(())
    }
}

/// Whether nobody in Jira waits for it.
fn is_automatic(message: &OutboundQueueMessage) -> bool {
    matches!(
        message,
        OutboundQueueMessage::CommentDeleted { .. }
            | OutboundQueueMessage::DelayNotice { .. }
            | OutboundQueueMessage::AnnounceHeld { .. }
            | OutboundQueueMessage::KeepOpen { .. }
            | OutboundQueueMessage::AgentAlert { .. }
            | OutboundQueueMessage::ExpireHeld { .. }
            | OutboundQueueMessage::WindowField { .. }
            | OutboundQueueMessage::LostFile { .. }
            | OutboundQueueMessage::ConfirmWish { .. }
    )
}

#[cfg(test)]
mod tests;

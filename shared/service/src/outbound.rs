//! The only sender: agents' replies, released replies and delay notices.

use casement_core::model::queue::OutboundQueueMessage;
use casement_core::say::notes::Note;

use crate::app::{Outbound, Ports};
use crate::automatic::{ConfirmOptOut, DelayNotice, KeepOpen, LostFile};
use crate::deliver::DeliverComment;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::outcome::{Attempt, Later, Outcome};
use crate::ports::Clock;
use crate::release::{ExpireHeld, ReleaseHeld};
use crate::replies::FollowDeletion;
use crate::templates::AnnounceHeld;
use crate::timers::{AgentAlert, WindowField};

impl<P: Ports> Outbound<P> {
    /// Carries out a message of the outbound queue. If the last attempt fails, the agent is told.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost, and nothing will be sent twice.
    pub async fn carry_out(
        &self,
        message: &OutboundQueueMessage,
        attempt: Attempt,
    ) -> Result<Outcome, Later> {
        let failure = match self.run(message).await {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => failure,
        };
        let mut later = Later::from(failure);
        if attempt == Attempt::Last && !is_automatic(message) {
            self.put_aside(message, &mut later).await;
        }
        Err(later)
    }

    async fn run(&self, message: &OutboundQueueMessage) -> Result<Outcome, Failure> {
        use OutboundQueueMessage as M;
        match message {
            M::CommentCreated {
                issue_id: issue,
                comment_id: comment,
                author,
            }
            | M::CommentEdited {
                issue_id: issue,
                comment_id: comment,
                author,
            } => {
                DeliverComment {
                    issue,
                    comment,
                    author: author.as_ref(),
                }
                .run(self)
                .await
            }
            M::CommentDeleted {
                issue_id: issue,
                comment_id: comment,
                ..
            } => FollowDeletion { issue, comment }.run(&self.app).await,
            M::ReleaseHeld { conversation, .. } => ReleaseHeld { conversation }.run(self).await,
            M::AnnounceHeld {
                conversation,
                issue_id: issue,
            } => {
                AnnounceHeld {
                    conversation,
                    issue,
                }
                .run(self)
                .await
            }
            M::ExpireHeld { conversation, .. } => ExpireHeld { conversation }.run(self).await,
            &M::DelayNotice {
                ref conversation,
                generation,
                ..
            } => {
                DelayNotice {
                    conversation,
                    generation,
                }
                .run(self)
                .await
            }
            &M::KeepOpen {
                ref conversation,
                window_ends,
                ..
            } => {
                KeepOpen {
                    conversation,
                    window_ends,
                }
                .run(self)
                .await
            }
            &M::LostFile {
                ref conversation,
                generation,
                ..
            } => {
                LostFile {
                    conversation,
                    generation,
                }
                .run(self)
                .await
            }
            M::ConfirmOptOut {
                conversation,
                opt_out,
                occasion,
                issue_id: issue,
            } => {
                ConfirmOptOut {
                    conversation,
                    opt_out: *opt_out,
                    occasion,
                    issue,
                }
                .run(self)
                .await
            }
            &M::AgentAlert {
                ref conversation,
                window_ends,
                ..
            } => {
                AgentAlert {
                    conversation,
                    window_ends,
                }
                .run(&self.app)
                .await
            }
            M::WindowField { conversation, .. } => {
                WindowField { conversation }.run(&self.app).await
            }
        }
    }

    /// Tells the agent that the operators have to help. The same failure may well prevent the note,
    /// too; the cause then says so for the operators' log.
    async fn put_aside(&self, message: &OutboundQueueMessage, later: &mut Later) {
        let note = Note::PutAside {
            cause: later.cause.clone(),
        };
        let occasion = match message {
            OutboundQueueMessage::CommentCreated { comment_id, .. }
            | OutboundQueueMessage::CommentEdited { comment_id, .. } => comment_id.as_str(),
            _ => "held-replies",
        };
        // What fails once more on another day is told once more.
        let day = self.app.clock.now().format("%Y-%m-%d");
        let about = format!("put-aside:{occasion}:{day}");
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
}

/// Decides whether a message is automatic, so that nobody in Jira waits for it.
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
            | OutboundQueueMessage::ConfirmOptOut { .. }
    )
}

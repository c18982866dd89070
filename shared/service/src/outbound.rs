//! The only sender: agents' replies, released replies and delay notices.

use casement_core::model::identity::IssueId;
use casement_core::model::queue::OutboundQueueMessage;
use casement_core::say::notes::Note;

use crate::app::{Outbound, Ports};
use crate::automatic::{delay_notice, keep_open, lost_file, opt_out};
use crate::deliver;
use crate::doors;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Attempt, Later, Outcome};
use crate::ports::Clock;
use crate::release::{self, expiry};
use crate::replies::deletion;
use crate::templates::announcement;
use crate::timers::{agent_alert, fields};

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
        if attempt == Attempt::Last
            && let Some(awaited) = awaited(message)
        {
            self.put_aside(message.group(), awaited, &mut later).await;
        }
        Err(later)
    }

    async fn run(&self, message: &OutboundQueueMessage) -> Result<Outcome, Failure> {
        use OutboundQueueMessage as M;
        doors::record(&self.app, message).await;
        match message {
            M::CommentCreated(event) | M::CommentEdited(event) => deliver::run(self, event).await,
            M::CommentDeleted(event) => deletion::run(&self.app, event).await,
            M::ReleaseHeld(task) => release::run(self, task).await,
            M::AnnounceHeld(task) => {
                announcement::run(self, &task.conversation, &task.issue_id).await
            }
            M::ExpireHeld(task) => expiry::run(self, task).await,
            M::DelayNotice(task) => delay_notice::run(self, task).await,
            M::KeepOpen(task) => keep_open::run(self, task).await,
            M::LostFile(task) => lost_file::run(self, task).await,
            M::ConfirmOptOut(task) => opt_out::run(self, task).await,
            M::AgentAlert(task) => agent_alert::run(&self.app, task).await,
            M::WindowField(task) => fields::run(&self.app, task).await,
        }
    }

    /// Tells the agent that the operators have to help. The same failure may well prevent the note,
    /// too; the cause then says so for the operators' log.
    async fn put_aside(&self, issue: &IssueId, awaited: &str, later: &mut Later) {
        let note = Note::PutAside {
            cause: later.cause.clone(),
        };
        // What fails once more on another day is told once more.
        let day = self.app.clock.now().format("%Y-%m-%d");
        let about = format!("put-aside:{awaited}:{day}");
        if let Err(failure) =
            note::leave(&self.app.jira, issue, &note, about, Attempted::Maybe).await
        {
            later.cause = format!("{}; the agent could not be told: {failure}", later.cause);
        }
    }
}

/// Returns what an agent waits for, if anybody waits for the effect of `message`.
fn awaited(message: &OutboundQueueMessage) -> Option<&str> {
    use OutboundQueueMessage as M;
    match message {
        M::CommentCreated(event) | M::CommentEdited(event) => Some(event.comment_id.as_str()),
        M::ReleaseHeld(_) => Some("held-replies"),
        M::CommentDeleted(_)
        | M::AnnounceHeld(_)
        | M::ExpireHeld(_)
        | M::DelayNotice(_)
        | M::KeepOpen(_)
        | M::LostFile(_)
        | M::ConfirmOptOut(_)
        | M::AgentAlert(_)
        | M::WindowField(_) => None,
    }
}

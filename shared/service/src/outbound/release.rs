//! Sending held replies after the customer wrote again.

use casement_core::conversation::Conversation;
use casement_core::identity::{AccountId, ConversationKey};
use casement_core::reply::{Comment, ReplyDecision, decide_reply};

use super::Outbound;
use super::send::Sent;
use crate::app::Ports;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::ports::*;

/// What became of the held replies of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Released {
    /// None is held any more.
    All,
    /// The window is closed again; the rest stays held.
    WindowClosed,
}

/// What becomes of one held reply.
enum Step {
    /// It went out, or was withdrawn: take it off.
    TakeOff {
        answered: bool,
    },
    /// It was edited so that it must not go out, and is taken off.
    TakenOff,
    WindowClosed,
}

impl<P: Ports> Outbound<P> {
    pub(super) async fn release_held(&self, key: &ConversationKey) -> Result<Outcome, Failure> {
        let own_account = self.app.jira.own_account().await?;
        Ok(match self.release(key, &own_account).await? {
            Released::All => Outcome::Done("released"),
            Released::WindowClosed => Outcome::Ignored("window_closed"),
        })
    }

    /// Sends all held replies, the oldest first, each with its text as it is in Jira now.
    pub(super) async fn release(
        &self,
        key: &ConversationKey,
        own_account: &AccountId,
    ) -> Result<Released, Failure> {
        for held in self.app.store.held(key).await? {
            let Some(conversation) = self.app.store.load(key).await? else {
                break;
            };
            let comment = self.read_comment(&held.issue_id, &held.comment_id).await?;
            match self
                .release_one(&conversation, comment, &held, own_account)
                .await?
            {
                Step::TakeOff { answered } => self.take_off(key, &held, answered).await?,
                Step::TakenOff => {}
                Step::WindowClosed => return Ok(Released::WindowClosed),
            }
        }
        Ok(Released::All)
    }

    async fn release_one(
        &self,
        conversation: &Conversation,
        comment: Option<Comment>,
        held: &HeldReply,
        own_account: &AccountId,
    ) -> Result<Step, Failure> {
        // Deleted: the agent has withdrawn it.
        let Some(comment) = comment else {
            return Ok(Step::TakeOff { answered: false });
        };
        let manner = self.manner(comment, conversation, &held.issue_id);
        let (comment, manner) = manner.await?;
        let now = self.app.clock.now();
        let decision = decide_reply(&comment, own_account, conversation, &manner, now);
        let followed = self.follow_edit(conversation, &comment, &held.issue_id, &decision);
        if followed.await?.is_some() {
            return Ok(Step::TakenOff);
        }
        match decision {
            ReplyDecision::Command(command) => {
                let issue = &held.issue_id;
                self.explain_public_command(&comment, issue, command)
                    .await?;
                Ok(Step::TakeOff { answered: false })
            }
            ReplyDecision::Ignore(_) | ReplyDecision::NothingToSend => {
                Ok(Step::TakeOff { answered: false })
            }
            ReplyDecision::Hold(_) => Ok(Step::WindowClosed),
            ReplyDecision::Send(sending) => {
                let sent = self.send_parts(conversation, &comment, &held.issue_id, &sending);
                Ok(match sent.await? {
                    Sent::Closed => Step::WindowClosed,
                    Sent::Nothing => Step::TakeOff { answered: false },
                    Sent::Yes => {
                        Event::Released.count();
                        Step::TakeOff { answered: true }
                    }
                    Sent::Before | Sent::Refused(_) => Step::TakeOff { answered: true },
                })
            }
        }
    }

    /// The conversation, with whatever can be released sent: before anything goes out by itself,
    /// since the customer may be answered then.
    pub(super) async fn load_released(
        &self,
        key: &ConversationKey,
    ) -> Result<Option<Conversation>, Failure> {
        let loaded = self.app.store.load(key).await?;
        let waits = |conversation: &Conversation| {
            conversation.held_count > 0 && conversation.window_is_open(self.app.clock.now())
        };
        if !loaded.as_ref().is_some_and(waits) {
            return Ok(loaded);
        }
        let own_account = self.app.jira.own_account().await?;
        self.release(key, &own_account).await?;
        Ok(self.app.store.load(key).await?)
    }

    pub(super) async fn take_off(
        &self,
        key: &ConversationKey,
        held: &HeldReply,
        answered: bool,
    ) -> Result<(), Failure> {
        while let Some(conversation) = self.app.store.load(key).await? {
            let conversation = conversation.with_one_held_less(answered);
            if self.app.store.unhold(&conversation, held).await? == Saved::Yes {
                break;
            }
        }
        Ok(())
    }
}

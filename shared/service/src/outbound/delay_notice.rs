//! Sending the delay notice of one silence, once.

use casement_core::conversation::{Conversation, NoticeState};
use casement_core::due::SkipReason;
use casement_core::identity::{ConversationKey, IssueRef, Recipient};
use casement_core::ledger::OutboundKey;
use casement_core::notes::Note;
use casement_core::notice::{NoticeDecision, decide_notice, notice_due, notice_text, put_off};
use casement_core::settings::Served;
use chrono::{DateTime, Utc};

use super::Outbound;
use super::automatic::Automatic;
use crate::app::Ports;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::ports::*;
use crate::saving::{change, end_silence, leave_notice};

impl<P: Ports> Outbound<P> {
    pub(super) async fn deliver_notice(
        &self,
        key: &ConversationKey,
        generation: u32,
    ) -> Result<Outcome, Failure> {
        let Some(conversation) = self.load_released(key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let settings = self.app.settings.current().await?;
        let number = match settings.served(&key.phone_number_id) {
            Served::Here(number) => number,
            served => return Ok(Outcome::not_served(served, &key.phone_number_id)),
        };
        let now = self.app.clock.now();
        match decide_notice(&conversation, generation, now) {
            NoticeDecision::Wait(left) => Err(Failure::NotYet("the notice is not due", left)),
            NoticeDecision::Skip(reason) => self.skip(conversation, generation, reason).await,
            NoticeDecision::Send { issue, .. }
                if self.app.jira.state(&issue.id).await?.is_done() =>
            {
                end_silence(&self.app.store, conversation, generation).await?;
                Event::NoticeSkipped(SkipReason::RequestDone.as_str()).count();
                Ok(Outcome::Ignored(SkipReason::RequestDone.as_str()))
            }
            NoticeDecision::Send { recipient, issue } => {
                let since = conversation.awaiting_since.unwrap_or(now);
                let due_at = notice_due(since, now, number);
                if now < due_at {
                    return self.put_off(conversation, generation, due_at).await;
                }
                let words = number.words(&conversation, now);
                let text = words.say(notice_text(&conversation, number, now));
                self.send_notice(conversation, generation, &recipient, &issue, &text)
                    .await
            }
        }
    }

    async fn send_notice(
        &self,
        conversation: Conversation,
        generation: u32,
        recipient: &Recipient,
        issue: &IssueRef,
        text: &str,
    ) -> Result<Outcome, Failure> {
        let message = Automatic {
            conversation: &conversation.key,
            key: OutboundKey::notice(&conversation.key, generation),
            recipient,
            issue: &issue.id,
            message: OutgoingMessage::Text(text),
            note: Note::NoticeSent {
                text: text.to_owned().into(),
            },
        };
        if !self.send_automatic(message).await? {
            return self
                .skip(conversation, generation, SkipReason::Refused)
                .await;
        }
        leave_notice(&self.app.store, conversation, generation, NoticeState::Sent).await?;
        Event::NoticeSent.count();
        Ok(Outcome::Done("notice_sent"))
    }

    /// The agents have begun to work since, or the owner has changed the settings.
    async fn put_off(
        &self,
        conversation: Conversation,
        generation: u32,
        due_at: DateTime<Utc>,
    ) -> Result<Outcome, Failure> {
        change(&self.app.store, conversation, |current| {
            if current.notice_generation == generation
                && current.notice_state == NoticeState::Queued
            {
                put_off(current, due_at)
            } else {
                current
            }
        })
        .await?;
        Ok(Outcome::Ignored("put_off"))
    }

    async fn skip(
        &self,
        conversation: Conversation,
        generation: u32,
        reason: SkipReason,
    ) -> Result<Outcome, Failure> {
        leave_notice(
            &self.app.store,
            conversation,
            generation,
            NoticeState::Skipped,
        )
        .await?;
        Event::NoticeSkipped(reason.as_str()).count();
        Ok(Outcome::Ignored(reason.as_str()))
    }
}

//! Sending the delay notice of one silence, once.

use casement_core::conversation::{Conversation, NoticeState};
use casement_core::identity::{ConversationKey, IssueRef, Recipient};
use casement_core::ledger::OutboundKey;
use casement_core::notes::Note;
use casement_core::notice::{NoticeDecision, SkipReason, decide_notice};
use casement_core::texts::TextKey;

use super::Outbound;
use super::automatic::Automatic;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::ports::{Clock, Jira, Messenger, SettingsSource, Store};
use crate::saving::leave_notice;

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    pub(super) async fn deliver_notice(
        &self,
        key: &ConversationKey,
        generation: u32,
    ) -> Result<Outcome, Failure> {
        let Some(conversation) = self.store.load(key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let settings = self.settings.current().await?;
        let Some(number) = settings.number(&key.phone_number_id) else {
            return Ok(Outcome::Ignored("unknown_number"));
        };
        match decide_notice(&conversation, generation, self.clock.now()) {
            NoticeDecision::Wait(left) => Err(Failure::NotYet("the notice is not due", left)),
            NoticeDecision::Skip(reason) => self.skip(conversation, generation, reason).await,
            NoticeDecision::Send { issue, .. } if self.jira.state(&issue.id).await?.is_done() => {
                self.skip(conversation, generation, SkipReason::RequestDone)
                    .await
            }
            NoticeDecision::Send { recipient, issue } => {
                let words = number.words(&conversation, self.clock.now());
                let text = words.say(TextKey::DelayNotice);
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
            text,
            note: Note::NoticeSent {
                text: text.to_owned(),
            },
        };
        if !self.send_automatic(message).await? {
            return self
                .skip(conversation, generation, SkipReason::WindowClosed)
                .await;
        }
        leave_notice(&self.store, conversation, generation, NoticeState::Sent).await?;
        Event::NoticeSent.count();
        Ok(Outcome::Done("notice_sent"))
    }

    async fn skip(
        &self,
        conversation: Conversation,
        generation: u32,
        reason: SkipReason,
    ) -> Result<Outcome, Failure> {
        leave_notice(&self.store, conversation, generation, NoticeState::Skipped).await?;
        Event::NoticeSkipped(reason.as_str()).count();
        Ok(Outcome::Ignored(reason.as_str()))
    }
}

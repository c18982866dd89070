//! Asking a waiting customer, once in a window, to keep it open.

use casement_core::conversation::Conversation;
use casement_core::due::SkipReason;
use casement_core::identity::{ConversationKey, IssueRef, Recipient};
use casement_core::keep_open::{BUTTON_ID, KeepOpenDecision, asked, decide_keep_open};
use casement_core::ledger::OutboundKey;
use casement_core::notes::{Note, TimerNote};
use casement_core::settings::NumberSettings;
use casement_core::settings::Served;
use casement_core::texts::TextKey;
use casement_core::timer::Timer;
use chrono::{DateTime, Utc};

use super::Outbound;
use super::automatic::Automatic;
use crate::app::Ports;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::ports::*;
use crate::saving::{change, end_silence};

impl<P: Ports> Outbound<P> {
    pub(super) async fn ask_to_keep_open(
        &self,
        key: &ConversationKey,
        window_ends: DateTime<Utc>,
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
        match decide_keep_open(&conversation, window_ends, number, now) {
            KeepOpenDecision::Skip(reason) => Ok(Outcome::Ignored(reason.as_str())),
            KeepOpenDecision::At(later) => {
                change(&self.app.store, conversation, |mut current| {
                    current.timers.set(Timer::KeepOpen, later);
                    current
                })
                .await?;
                Ok(Outcome::Ignored("not_now"))
            }
            KeepOpenDecision::Ask { issue, .. }
                if self.app.jira.state(&issue.id).await?.is_done() =>
            {
                let generation = conversation.notice_generation;
                end_silence(&self.app.store, conversation, generation).await?;
                Ok(Outcome::Ignored(SkipReason::RequestDone.as_str()))
            }
            KeepOpenDecision::Ask { recipient, issue } => {
                self.ask(conversation, window_ends, &recipient, &issue, number)
                    .await
            }
        }
    }

    async fn ask(
        &self,
        conversation: Conversation,
        window_ends: DateTime<Utc>,
        recipient: &Recipient,
        issue: &IssueRef,
        number: &NumberSettings,
    ) -> Result<Outcome, Failure> {
        let words = number.words(&conversation, self.app.clock.now());
        let text = words.say(TextKey::KeepOpenPrompt);
        let title = words.say(TextKey::KeepOpenButton);
        let button = Button {
            id: BUTTON_ID,
            title: &title,
        };
        let message = Automatic {
            conversation: &conversation.key,
            key: OutboundKey::keep_open(&conversation.key, window_ends),
            recipient,
            issue: &issue.id,
            message: OutgoingMessage::Question {
                text: &text,
                button,
            },
            note: Note::Timer(TimerNote::AskedToKeepOpen {
                text: text.clone().into(),
                button: title.clone(),
            }),
        };
        if !self.send_automatic(message).await? {
            return Ok(Outcome::Ignored("refused"));
        }
        change(&self.app.store, conversation, |current| {
            asked(current, window_ends)
        })
        .await?;
        Event::AskedToKeepOpen.count();
        Ok(Outcome::Done("asked_to_keep_open"))
    }
}

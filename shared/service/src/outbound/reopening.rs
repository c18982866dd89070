//! Telling a customer, once in a closed period, that an answer waits.
//!
//! The reply is held before this begins, and whatever becomes of the template is no reason to do
//! that again: a failure is said in a note, and the next reply that is held tries again.

use casement_core::conversation::Conversation;
use casement_core::fate::WhatsappCode;
use casement_core::identity::{ConversationKey, IssueId, Recipient};
use casement_core::ledger::{LedgerEntry, LedgerKey, OutboundKey, decide_send_claim};
use casement_core::notes::{NotSent, Note, TemplateNote};
use casement_core::status::Delivery;
use casement_core::template::reopening::{
    ReopeningDecision, announced, decide_reopening, reopening_call,
};
use casement_core::template::{FilledTemplate, TemplateCall};
use chrono::{DateTime, Utc};

use super::Outbound;
use super::send::Addressed;
use crate::claim::{Claim, claim};
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::note::{self, Before};
use crate::ports::{Clock, Jira, Messenger, SettingsSource, Store};
use crate::saving::change;

/// What became of an announcement.
enum Announcement {
    Sent(FilledTemplate),
    /// It will not be sent in this closed period.
    Refused(Option<WhatsappCode>),
    /// It may be sent with the next reply that is held.
    Failed(String),
    /// Somebody else is at it.
    UnderWay,
}

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    /// Sends the reopening template for the replies that are held, if that is due.
    ///
    /// # Errors
    /// The table or Jira failed, never WhatsApp.
    pub(super) async fn announce_held(
        &self,
        key: &ConversationKey,
        issue: &IssueId,
    ) -> Result<Outcome, Failure> {
        let settings = self.settings.current().await?;
        let number = settings.number(&key.phone_number_id);
        let Some(number) = number.filter(|number| number.reopening_template.is_some()) else {
            return Ok(Outcome::Ignored("not_configured"));
        };
        let Some(conversation) = self.store.load(key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let (recipient, period) = match decide_reopening(&conversation, self.clock.now()) {
            ReopeningDecision::Skip(reason) => return Ok(Outcome::Ignored(reason.as_str())),
            ReopeningDecision::Send { recipient, period } => (recipient, period),
        };
        let Some(template) = reopening_call(number, &conversation.identity) else {
            return Ok(Outcome::Ignored("not_configured"));
        };
        let announcement = self.announce(&conversation, issue, &recipient, period, template);
        let source = OutboundKey::reopening(key, period).source.to_string();
        let (note, about, outcome) = match announcement.await? {
            Announcement::UnderWay => return Ok(Outcome::Ignored("under_way")),
            Announcement::Sent(filled) => (
                TemplateNote::Announced { text: filled.text },
                source,
                Outcome::Done("announced"),
            ),
            Announcement::Refused(code) => (
                TemplateNote::not_announced(code),
                format!("failed:{source}"),
                Outcome::Done("failed"),
            ),
            Announcement::Failed(cause) => {
                let note = Note::Template(TemplateNote::NotAnnounced { cause });
                self.tell(issue, &note, format!("failed:{source}")).await?;
                return Ok(Outcome::Ignored("not_now"));
            }
        };
        let note = Note::Template(note);
        note::leave(&self.jira, issue, &note, about, Before::Perhaps).await?;
        change(&self.store, conversation, |current| {
            announced(current, period)
        })
        .await?;
        Ok(outcome)
    }

    async fn announce(
        &self,
        conversation: &Conversation,
        issue: &IssueId,
        recipient: &Recipient,
        period: DateTime<Utc>,
        call: TemplateCall,
    ) -> Result<Announcement, Failure> {
        let number = &conversation.key.phone_number_id;
        let filled = match self.filled(number, Ok(call)).await {
            Ok(Ok(filled)) => filled,
            Ok(Err(why)) => return Ok(Announcement::Failed(cause(&why))),
            Err(failure) => return failed(failure),
        };
        let to = Addressed {
            in_answer_to: None,
            key: OutboundKey::reopening(&conversation.key, period),
            number,
            recipient,
            window_is_open: false,
        };
        let now = self.clock.now();
        let first = LedgerEntry {
            conversation: Some(conversation.key.clone()),
            issue_id: Some(issue.clone()),
            ..LedgerEntry::claimed(now)
        };
        let ledger_key = LedgerKey::Outbound(to.key.clone());
        let sent = match claim(&self.store, &ledger_key, first, decide_send_claim, now).await {
            Ok(Claim::Ours(entry)) => match self.send_filled(&to, &filled, None, entry).await {
                Ok(sent) => sent.map(drop),
                Err(failure) => return failed(failure),
            },
            Ok(Claim::Settled(entry)) => match entry.delivery {
                Some(Delivery::Failed(code)) => Err(code),
                _ => Ok(()),
            },
            Err(Failure::NotYet(..)) => return Ok(Announcement::UnderWay),
            Err(failure) => return Err(failure),
        };
        Ok(match sent {
            Ok(()) => Announcement::Sent(filled),
            Err(code) => Announcement::Refused(code),
        })
    }
}

/// A failure of WhatsApp's is said and no more; one of the table's is not for agents.
fn failed(failure: Failure) -> Result<Announcement, Failure> {
    match failure {
        Failure::Call(failure) => {
            Event::of_failure(&failure.clone().into()).count();
            tracing::warn!(%failure, "held replies could not be announced");
            Ok(Announcement::Failed(failure.to_string()))
        }
        failure => Err(failure),
    }
}

fn cause(why: &NotSent) -> String {
    match why {
        NotSent::NoTemplate(problem) => problem.to_string().trim_end_matches('.').to_owned(),
        NotSent::Parameters { .. } => {
            "the reopening template must have nothing to fill in, and this one has".to_owned()
        }
        NotSent::NoList { cause } => cause.clone(),
        _ => "the settings do not name the business account (business_account_id)".to_owned(),
    }
}

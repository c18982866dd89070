//! Asks a customer for the phone number, once for each `/phone`.

use casement_core::decide::rule_message::is_notice;
use casement_core::decide::sharing::{asked, may_be_asked_by_rule};
use casement_core::model::comment::{AccountType, Comment};
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::{IssueId, PhoneNumber, Recipient};
use casement_core::model::ledger::{NoteKey, OutboundKey, SentEntry, SentMessage};
use casement_core::say::notes::{Note, PhoneNote};
use casement_core::say::texts::TextKey;
use casement_core::settings::{NumberSettings, Served};

use super::rules;
use crate::app::{Outbound, Ports};
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::change;
use crate::sending::{self, Sent, WhenClosed, send_once};
use crate::{answers, delivery, phone_field};

/// Sends the question that the note `comment` asks for, or says why not. A person asks for it, so
/// it goes to a customer who wants no automatic messages, too.
pub(crate) async fn ask_for_phone<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    comment: &Comment,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let settings = app.settings.current().await?;
    let id = &conversation.key.phone_number_id;
    let number = match settings.served(id) {
        Served::Here(number) => number,
        Served::Elsewhere => return Ok(Outcome::Ignored(Ignored::OtherNumber)),
        Served::Unknown => return Err(Failure::UnknownNumber(id.clone())),
    };
    let key = OutboundKey::phone(&comment.id);
    let entry = app.store.entry(&key).await?;
    if entry.is_none() && super::is_stale(app, comment) {
        return super::tell_of_stale(app, comment, issue).await;
    }
    let settled = entry.as_ref().filter(|entry| entry.claim.is_settled());
    if settled.is_some_and(|entry| entry.about.taken_back) {
        return Ok(Outcome::Ignored(Ignored::AlreadySent));
    }
    if let Some(read) = settled.and_then(|entry| entry.about.read.as_ref())
        && comment.updated > read.updated
        && read.digest != comment.digest()
    {
        let note = Note::Phone(PhoneNote::EditedAfterSending);
        let about = format!("edited:{}", comment.id.as_str());
        note::tell(app, issue, &note, about).await?;
        return Ok(Outcome::Done(Done::EditedAfterSending));
    }
    let asking = Asking {
        outbound,
        conversation,
        number,
        comment,
        issue,
    };
    match asking.recipient(&key, entry.as_ref()).await? {
        Ok(recipient) => asking.send(key, &recipient).await,
        Err(outcome) => Ok(outcome),
    }
}

/// A `/phone` that is in order, with the context that the steps need.
struct Asking<'a, P: Ports> {
    outbound: &'a Outbound<P>,
    conversation: Conversation,
    number: &'a NumberSettings,
    comment: &'a Comment,
    issue: &'a IssueId,
}

impl<P: Ports> Asking<'_, P> {
    /// Returns the address to ask at, or what became of the command if the customer is not asked.
    /// What was begun is ended, unless the number has become known.
    async fn recipient(
        &self,
        key: &OutboundKey,
        entry: Option<&SentEntry>,
    ) -> Result<Result<Recipient, Outcome>, Failure> {
        let app = &self.outbound.app;
        let conversation = &self.conversation;
        let now = app.clock.now();
        let is_settled = entry.is_some_and(|entry| entry.claim.is_settled());
        if entry.is_none() {
            if self.was_refused().await? {
                return Ok(Err(Outcome::Ignored(Ignored::AlreadySent)));
            }
            let admitted = rules::admit_question(app, conversation, self.comment, self.issue);
            if let Err(kept_back) = admitted.await? {
                return Ok(Err(kept_back));
            }
            if self.is_by_rule() && !may_be_asked_by_rule(conversation) {
                note::remember(app, self.issue, self.unasked()).await?;
                return Ok(Err(Outcome::Ignored(Ignored::AlreadySent)));
            }
        }
        if let Some(number) = conversation.identity.number().filter(|_| !is_settled) {
            return self.refuse(self.known(number).await?).await.map(Err);
        }
        let Some(recipient) = conversation.identity.recipient() else {
            return self.refuse(PhoneNote::NoRecipient).await.map(Err);
        };
        if entry.is_none() && !conversation.window_is_open(now) {
            tracing::debug!(%key, "a question for the phone number needs an open window");
            return self.refuse(PhoneNote::WindowClosed).await.map(Err);
        }
        Ok(Ok(recipient))
    }

    /// Returns whether this version of the command was answered without a question.
    async fn was_refused(&self) -> Result<bool, Failure> {
        let unasked = NoteKey(self.unasked());
        let answered = self.outbound.app.store.entry(&unasked).await?;
        Ok(answered.is_some_and(|entry| entry.claim.is_settled()))
    }

    /// Shows the known number in the request.
    async fn known(&self, number: &PhoneNumber) -> Result<PhoneNote, Failure> {
        let Self { outbound, .. } = self;
        let identity = &self.conversation.identity;
        let (settings, issue) = (self.number, self.issue);
        let shown = phone_field::show(&outbound.app, settings, issue, number, identity, true);
        Ok(PhoneNote::Known {
            number: number.masked().into(),
            field: shown.await?,
        })
    }

    /// Says why the customer is not asked: once for each version of an agent's note, and once a day
    /// to a rule, which may write again because of it.
    async fn refuse(&self, why: PhoneNote) -> Result<Outcome, Failure> {
        let app = &self.outbound.app;
        let note = Note::Phone(why);
        if self.is_by_rule() {
            let day = app.clock.now().format("%Y-%m-%d");
            let about = format!("rule-phone:{}:{day}", self.issue.as_str());
            note::leave_together(app, self.issue, &note, about).await?;
            note::remember(app, self.issue, self.unasked()).await?;
        } else {
            note::answer(app, self.issue, &note, self.unasked()).await?;
        }
        Ok(Outcome::Done(Done::PhoneNotAsked))
    }

    /// Names the answer to this version of the command if the customer is not asked.
    fn unasked(&self) -> String {
        answers::not_asked(&self.comment.id, self.comment.updated)
    }

    fn is_by_rule(&self) -> bool {
        self.comment.account_type == AccountType::App
    }

    /// Sends the question, if no earlier attempt has, and tells the agents.
    async fn send(self, key: OutboundKey, recipient: &Recipient) -> Result<Outcome, Failure> {
        let app = &self.outbound.app;
        let (comment, issue) = (self.comment, self.issue);
        let now = app.clock.now();
        let conversation = self.conversation;
        let words = self.number.words(&conversation, now);
        let text = words.say(TextKey::PhoneQuestion);
        let first = SentMessage {
            source_created: Some(comment.created),
            read: Some(comment.version()),
            ..SentMessage::new(&conversation.key, issue)
        };
        let send = async |_: &mut SentEntry| {
            // The answer may come before the next write.
            let known = conversation.clone();
            change(&app.store, known, |current| asked(current, now)).await?;
            let number = &conversation.key.phone_number_id;
            let message = OutgoingMessage::PhoneQuestion { text: &text };
            let callback = key.to_string();
            let whatsapp = &self.outbound.whatsapp;
            let sent = whatsapp.send(number, recipient, message, &callback).await;
            Ok(sent.map(AcceptedTemplate::from))
        };
        let (sent, was) = send_once(app, &key, first, WhenClosed::Refuse, send).await?;
        match sent {
            Sent::Accepted(accepted) => {
                let about = key.source.to_string();
                let note = Note::Phone(PhoneNote::Asked {
                    text: text.clone().into(),
                });
                let left = note::leave(&app.jira, issue, &note, about, Attempted::Maybe).await?;
                sending::remember_note(app, &accepted.wamid, &note, left).await?;
                super::take_over(app, &conversation, &comment.id, issue, &key, was).await?;
                if !is_notice(comment.account_type, Some(self.number)) {
                    super::answered(app, conversation, comment).await?;
                }
                Ok(Outcome::Done(Done::AskedForPhone))
            }
            Sent::Refused(code) => {
                delivery::tell_of_failure(app, issue, &key.source, code).await?;
                if code == Some(WhatsappCode::WINDOW_CLOSED) {
                    let closed = |current: Conversation| current.closed_by_meta(now);
                    change(&app.store, conversation, closed).await?;
                }
                Ok(Outcome::Done(Done::Failed))
            }
            Sent::TakenBack | Sent::WindowClosed => Ok(Outcome::Ignored(Ignored::AlreadySent)),
        }
    }
}

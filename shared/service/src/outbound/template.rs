//! Sending the template that an agent asks for, once.

use casement_core::attachment::{CommentFile, FileForm, Sendable, sendable};
use casement_core::conversation::Conversation;
use casement_core::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::identity::{IssueId, PhoneNumberId, Recipient};
use casement_core::ledger::{LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource};
use casement_core::notes::{NotSent, Note, TemplateNote};
use casement_core::reply::Comment;
use casement_core::template::{
    CallMistake, FilledHeader, FilledTemplate, Template, TemplateCall, Usage, choose, fill,
    fresh_since,
};
use chrono::Duration;

use super::Outbound;
use super::send::Addressed;
use crate::app::Ports;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::note::{self, Before};
use crate::ports::*;
use crate::sending::{self, Sent as Once, Was, WhenClosed, send_once};

/// How long after a note Jira may take to show the file that was attached with it.
const ATTACHED_WITHIN: Duration = Duration::minutes(2);

/// How soon it is asked again.
const ASKED_AGAIN: Duration = Duration::seconds(5);

/// "We were unable to authenticate the app user", "Access token has expired" (Cloud API, "Error
/// codes"). Nothing is sent with such a token, be it a template or not.
const TOKEN_REFUSED: [WhatsappCode; 2] = [WhatsappCode(0), WhatsappCode(190)];

/// A template on its way: accepted, or refused for good with a code.
pub(super) type Sent = Result<AcceptedTemplate, Option<WhatsappCode>>;

/// The file of a header.
type HeaderFile = (CommentFile, Sendable);

impl<P: Ports> Outbound<P> {
    /// Sends the template that the note `comment` asks for, or says why not. A note is carried
    /// out once; one that could not be may be corrected.
    pub(super) async fn carry_out_template(
        &self,
        conversation: Conversation,
        comment: &Comment,
        issue: &IssueId,
        call: Result<TemplateCall, CallMistake>,
    ) -> Result<Outcome, Failure> {
        let key = OutboundKey::template(&comment.id);
        let entry = self
            .app
            .store
            .entry(&LedgerKey::Outbound(key.clone()))
            .await?;
        if entry.is_none() && self.is_stale(comment) {
            return self.tell_of_stale(comment, issue).await;
        }
        let settled = entry.filter(|entry| entry.state == LedgerState::Settled);
        // An earlier attempt may have ended before it came to this, and the template be gone since.
        let phone = settled.as_ref().and_then(|sent| sent.recipient.as_ref());
        let conversation = match phone {
            Some(phone) => {
                self.answered_in(conversation, phone, issue, comment)
                    .await?
            }
            None => conversation,
        };
        if let Some(sent) = &settled
            && sent
                .source_updated
                .is_some_and(|read| comment.updated > read)
            && sent.digest.as_ref() != Some(&comment.digest())
        {
            let note = Note::Template(TemplateNote::EditedAfterSending);
            let about = format!("edited:{}", comment.id.as_str());
            self.tell(issue, &note, about).await?;
            return Ok(Outcome::Done("edited_after_sending"));
        }
        let number = &conversation.key.phone_number_id;
        let filled = match self.filled(number, call).await? {
            Ok(filled) => filled,
            // It was right when it was sent.
            Err(_) if settled.is_some() => return Ok(Outcome::Ignored("already_sent")),
            Err(why) => return self.refuse(issue, comment, why).await,
        };
        let header = match self.header_file(&filled, comment, issue).await? {
            Ok(header) => header,
            Err(why) => return self.refuse(issue, comment, why).await,
        };
        let Some(recipient) = conversation.identity.recipient() else {
            return self.refuse(issue, comment, NotSent::NoRecipient).await;
        };
        let now = self.app.clock.now();
        let to = Addressed {
            in_answer_to: None,
            key,
            number,
            recipient: &recipient,
            window_is_open: conversation.window_is_open(now),
        };
        let first = LedgerEntry {
            conversation: Some(conversation.key.clone()),
            issue_id: Some(issue.clone()),
            source_created: Some(comment.created),
            source_updated: Some(comment.updated),
            digest: Some(comment.digest()),
            ..LedgerEntry::claimed(now)
        };
        let sent = self
            .send_filled(&to, &filled, header.as_ref(), first)
            .await?;
        let phone = sent.as_ref().ok().and_then(|sent| sent.phone.as_ref());
        let answered = match phone {
            Some(phone) => {
                let conversation = conversation.clone();
                self.answered_in(conversation, phone, issue, comment)
                    .await?
            }
            None => conversation.clone(),
        };
        let to = Addressed {
            window_is_open: answered.window_is_open(now),
            ..to
        };
        let outcome = self.tell_of_template(issue, &to, &filled, &sent).await?;
        self.answered(answered, comment).await?;
        Ok(outcome)
    }

    /// The template with its values, or why there is none. A list in which something is missing
    /// may be old, so Meta is asked once more.
    pub(super) async fn filled(
        &self,
        number: &PhoneNumberId,
        call: Result<TemplateCall, CallMistake>,
    ) -> Result<Result<FilledTemplate, NotSent>, Failure> {
        let call = match call {
            Ok(call) => call,
            Err(mistake) => return Ok(Err(NotSent::Unreadable(mistake))),
        };
        let settings = self.app.settings.current().await?;
        let number = settings.number(number);
        let account = number.and_then(|number| number.business_account_id.as_ref());
        let Some(account) = account else {
            return Ok(Err(NotSent::NoAccount));
        };
        let now = self.app.clock.now();
        let changed = self.app.store.last_template_change(account).await?;
        let mut filled = Err(NotSent::NoAccount);
        for since in [fresh_since(changed, now), now] {
            filled = match self.whatsapp.templates(account, since, now).await {
                Ok(templates) => fill_from(&templates, &call),
                Err(failure) if is_about_the_account(&failure) => Err(NotSent::NoList {
                    cause: failure.to_string(),
                }),
                Err(failure) => return Err(failure.into()),
            };
            if filled.is_ok() {
                break;
            }
        }
        Ok(filled)
    }

    /// The file that the header wants: the one of this name that is attached to the note or to the
    /// request.
    async fn header_file(
        &self,
        filled: &FilledTemplate,
        comment: &Comment,
        issue: &IssueId,
    ) -> Result<Result<Option<HeaderFile>, NotSent>, Failure> {
        let Some(FilledHeader::File { form, name }) = &filled.header else {
            return Ok(Ok(None));
        };
        let not_sendable = |cause: String| NotSent::HeaderFile {
            name: name.clone().into(),
            cause,
        };
        let Some(file) = self.app.jira.file_named(issue, name).await? else {
            let shows_files = comment.body.shows_files();
            if shows_files && self.app.clock.now() < comment.updated + ATTACHED_WITHIN {
                let reason = "Jira does not list the files of the note yet";
                return Err(Failure::NotYet(reason, ASKED_AGAIN));
            }
            let cause = "no attachment of this request has this name".to_owned();
            return Ok(Err(not_sendable(cause)));
        };
        Ok(match sendable(&file) {
            Ok(how) if how.form == *form => Ok(Some((file, how))),
            Ok(_) => Err(not_sendable(format!(
                "the template wants {}",
                wanted(*form)
            ))),
            Err(reason) => Err(not_sendable(reason.to_string())),
        })
    }

    /// Sends a template, if no earlier attempt has.
    pub(super) async fn send_filled(
        &self,
        to: &Addressed<'_>,
        filled: &FilledTemplate,
        header: Option<&HeaderFile>,
        first: LedgerEntry,
    ) -> Result<Sent, Failure> {
        let send = async |entry| {
            let (uploaded, entry) = match header {
                Some((file, how)) => {
                    let (uploaded, entry) = self.uploaded(to, file, *how, entry).await?;
                    (uploaded.map(Some), entry)
                }
                None => (Ok(None), entry),
            };
            let sent = match &uploaded {
                Ok(media) => {
                    let message = OutgoingTemplate {
                        template: filled,
                        header: media.as_ref(),
                    };
                    let callback = to.key.to_string();
                    let (number, recipient) = (to.number, to.recipient);
                    let sent = self
                        .whatsapp
                        .send_template(number, recipient, message, &callback);
                    sent.await
                }
                Err(failure) => Err(failure.clone()),
            };
            Ok((sent, entry))
        };
        let (store, clock) = (&self.app.store, &self.app.clock);
        // A template needs no window, so waiting for one would not help.
        let closed = WhenClosed::Refuse;
        let (sent, was) = send_once(store, clock, &to.key, first, closed, send).await?;
        Ok(match sent {
            Once::Accepted(accepted) => {
                if was == Was::Now && accepted.hold.is_none() {
                    let by = match to.key.source {
                        OutboundSource::Reopening(_) => "reopening",
                        _ => "agent",
                    };
                    Event::TemplateSent(by).count();
                }
                Ok(accepted)
            }
            Once::Refused(code) => Err(code),
            Once::TakenBack | Once::WindowClosed => Err(None),
        })
    }

    /// Says in the request what became of a template.
    async fn tell_of_template(
        &self,
        issue: &IssueId,
        to: &Addressed<'_>,
        filled: &FilledTemplate,
        sent: &Sent,
    ) -> Result<Outcome, Failure> {
        let source = &to.key.source;
        match sent {
            Ok(accepted) => {
                let text = filled.text.clone().into();
                let note = Note::Template(match accepted.hold {
                    None => TemplateNote::Sent {
                        text,
                        to: match to.recipient {
                            Recipient::Phone(phone) => Some(phone.masked().into()),
                            Recipient::Bsuid(_) => None,
                        },
                        window_is_closed: !to.window_is_open,
                    },
                    Some(hold) => TemplateNote::KeptBack { text, hold },
                });
                let about = source.to_string();
                let left = note::leave(&self.app.jira, issue, &note, about, Before::Perhaps);
                let left = left.await?;
                sending::remember_note(&self.app.store, &accepted.wamid, &note, left).await?;
                Ok(Outcome::Done(match accepted.hold {
                    None => "template_sent",
                    Some(_) => "template_kept_back",
                }))
            }
            Err(code) => {
                let note = Note::Template(TemplateNote::NotDelivered { code: *code });
                self.tell(issue, &note, format!("failed:{source}")).await?;
                Ok(Outcome::Done("failed"))
            }
        }
    }

    /// Says why a note is not carried out: once for each time that it is changed.
    pub(super) async fn refuse(
        &self,
        issue: &IssueId,
        comment: &Comment,
        why: NotSent,
    ) -> Result<Outcome, Failure> {
        let (id, updated) = (comment.id.as_str(), comment.updated.timestamp_millis());
        let note = Note::Template(TemplateNote::NotSent(why));
        let about = format!("template-refused:{id}:{updated}");
        self.tell(issue, &note, about).await?;
        Ok(Outcome::Done("template_refused"))
    }
}

fn fill_from(templates: &[Template], call: &TemplateCall) -> Result<FilledTemplate, NotSent> {
    let template = choose(templates, call).map_err(NotSent::NoTemplate)?;
    fill(template, call).map_err(|problems| NotSent::Parameters {
        problems,
        usage: Usage::of(template),
    })
}

/// Whether the account or the permission to see its templates is wrong: nothing else waits for
/// that, so the agent is told instead.
fn is_about_the_account(failure: &CallFailure) -> bool {
    failure.whatsapp_code().is_some_and(|code| {
        !TOKEN_REFUSED.contains(&code) && !matches!(fate(failure), Fate::Retry(_))
    })
}

fn wanted(form: FileForm) -> &'static str {
    match form {
        FileForm::Image => "a picture",
        FileForm::Video => "a video",
        _ => "a document",
    }
}

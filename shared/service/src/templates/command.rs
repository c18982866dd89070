//! Sends the template that an agent asks for, once.

use casement_core::decide::rule_message::is_notice;
use casement_core::model::attachment::{FileForm, sendable};
use casement_core::model::comment::{AccountType, Comment};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueId, Recipient};
use casement_core::model::ledger::{OutboundKey, SentMessage};
use casement_core::model::status::Delivery;
use casement_core::say::notes::{NotSent, Note, TemplateNote};
use casement_core::say::template::{CallMistake, FilledHeader, FilledTemplate, TemplateCall};
use chrono::Duration;

use super::sending::{Answered, HeaderFile, filled, send_filled};
use crate::answers;
use crate::app::{App, Outbound, Ports};
use crate::delivery;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::replies::{self, rules};
use crate::sending::{self, Addressed};

/// The time after a note within which Jira may not yet list the file attached with it.
const ATTACHED_WITHIN: Duration = Duration::minutes(2);

/// The delay before Jira is asked again.
const ASKED_AGAIN: Duration = Duration::seconds(5);

/// Sends the template that the note `comment` asks for, or says why not. A note is carried out
/// once; a refused note may be corrected.
pub(crate) async fn carry_out_template<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    comment: &Comment,
    issue: &IssueId,
    call: Result<TemplateCall, CallMistake>,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let key = OutboundKey::template(&comment.id);
    let entry = app.store.entry(&key).await?;
    if entry.is_none() && replies::is_stale(app, comment) {
        return replies::tell_of_stale(app, comment, issue).await;
    }
    let settled = entry.filter(|entry| entry.claim.is_settled());
    let settled = settled.map(|entry| entry.about);
    if settled.as_ref().is_some_and(|sent| sent.taken_back) {
        return Ok(Outcome::Ignored(Ignored::AlreadySent));
    }
    // An earlier attempt may have ended before this step, and the template may be gone since.
    let phone = settled.as_ref().and_then(|sent| sent.recipient.as_ref());
    let conversation = match phone {
        Some(phone) => {
            super::joining::answered_in(outbound, conversation, phone, issue, comment).await?
        }
        None => conversation,
    };
    if let Some(read) = settled.as_ref().and_then(|sent| sent.read.as_ref())
        && comment.updated > read.updated
        && read.digest != comment.digest()
    {
        let note = Note::Template(TemplateNote::EditedAfterSending);
        let about = format!("edited:{}", comment.id.as_str());
        note::tell(app, issue, &note, about).await?;
        return Ok(Outcome::Done(Done::EditedAfterSending));
    }
    if settled.is_none()
        && let Err(kept_back) = rules::admit_template(app, &conversation, comment, issue).await?
    {
        return Ok(kept_back);
    }
    let number = &conversation.key.phone_number_id;
    let filled = match filled(outbound, number, call).await? {
        Ok(filled) => filled,
        // The call was right when the template was sent.
        Err(_) if settled.is_some() => return Ok(Outcome::Ignored(Ignored::AlreadySent)),
        Err(why) => return refuse(app, issue, comment, why).await,
    };
    let header = match header_file(app, &filled, comment, issue).await? {
        Ok(header) => header,
        Err(why) => return refuse(app, issue, comment, why).await,
    };
    let Some(recipient) = conversation.identity.recipient() else {
        return refuse(app, issue, comment, NotSent::NoRecipient).await;
    };
    let now = app.clock.now();
    let to = Addressed {
        in_answer_to: None,
        key,
        number,
        recipient: &recipient,
        window_is_open: conversation.window_is_open(now),
    };
    let first = SentMessage {
        source_created: Some(comment.created),
        read: Some(comment.version()),
        by_rule: is_by_rule(comment),
        ..SentMessage::new(&conversation.key, issue)
    };
    let sent = send_filled(outbound, &to, &filled, header.as_ref(), first).await?;
    let phone = sent.as_ref().ok().and_then(|sent| sent.phone.as_ref());
    let answered = match phone {
        Some(phone) => {
            let conversation = conversation.clone();
            super::joining::answered_in(outbound, conversation, phone, issue, comment).await?
        }
        None => conversation.clone(),
    };
    let to = Addressed {
        window_is_open: answered.window_is_open(now),
        ..to
    };
    let outcome = tell_of_template(app, issue, &to, &filled, &sent, comment).await?;
    let settings = app.settings.current().await?;
    if !is_notice(comment.account_type, settings.number(number)) {
        replies::answered(app, answered, comment).await?;
    } else if outcome == Outcome::Done(Done::TemplateSent) {
        rules::told(app, answered, comment, true).await?;
    }
    Ok(outcome)
}

/// Whether a rule asks for the template. Nobody waits for the note about its success.
fn is_by_rule(comment: &Comment) -> bool {
    comment.account_type == AccountType::App
}

/// Returns the file that the header wants, found by its name among the attachments of the note or
/// the request.
async fn header_file<P: Ports>(
    app: &App<P>,
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
    let Some(file) = app.jira.file_named(issue, name).await? else {
        let shows_files = comment.body.shows_files();
        if shows_files && app.clock.now() < comment.updated + ATTACHED_WITHIN {
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

/// Reports the result of a template in the request.
async fn tell_of_template<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    to: &Addressed<'_>,
    filled: &FilledTemplate,
    sent: &Answered,
    comment: &Comment,
) -> Result<Outcome, Failure> {
    let source = &to.key.source;
    let outcome = |accepted: &AcceptedTemplate| match accepted.hold {
        None => Outcome::Done(Done::TemplateSent),
        Some(_) => Outcome::Done(Done::TemplateKeptBack),
    };
    match sent {
        // The property of the rule's comment says how far it is.
        Ok(accepted) if is_by_rule(comment) => {
            if let Some(hold) = accepted.hold {
                let text = filled.text.clone().into();
                let note = Note::Template(TemplateNote::KeptBack { text, hold });
                note::leave_together(app, issue, &note, daily(app, issue, "on_hold")).await?;
            }
            Ok(outcome(accepted))
        }
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
            let left = note::leave(&app.jira, issue, &note, about, Attempted::Maybe);
            let left = left.await?;
            sending::remember_note(app, &accepted.wamid, &note, left).await?;
            Ok(outcome(accepted))
        }
        Err(code) => {
            let note = Note::Template(TemplateNote::NotDelivered { code: *code });
            note::tell(app, issue, &note, format!("failed:{source}")).await?;
            if is_by_rule(comment) {
                delivery::show(app, source, Delivery::Failed(*code)).await?;
            }
            Ok(Outcome::Done(Done::Failed))
        }
    }
}

/// Says why a note is not carried out: once for each version of an agent's note, and once a day for
/// each reason to a rule, which may write again because of it.
pub(crate) async fn refuse<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    comment: &Comment,
    why: NotSent,
) -> Result<Outcome, Failure> {
    let kind = why.kind();
    let note = Note::Template(TemplateNote::NotSent(why));
    let about = answers::refusal(&comment.id, comment.updated);
    if is_by_rule(comment) {
        note::leave_together(app, issue, &note, daily(app, issue, kind)).await?;
        note::remember(app, issue, about).await?;
    } else {
        note::answer(app, issue, &note, about).await?;
    }
    Ok(Outcome::Done(Done::TemplateRefused))
}

/// Names what a rule is told of its templates once a day in a request.
fn daily<P: Ports>(app: &App<P>, issue: &IssueId, what: &str) -> String {
    let day = app.clock.now().format("%Y-%m-%d");
    format!("rule-template:{}:{what}:{day}", issue.as_str())
}

fn wanted(form: FileForm) -> &'static str {
    match form {
        FileForm::Image => "a picture",
        FileForm::Video => "a video",
        _ => "a document",
    }
}

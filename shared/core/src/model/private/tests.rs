//! Prints one of each type that reveals something about a person.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::decide::identity_change::decide_identity_change;
use crate::decide::inbound::NewRequest;
use crate::decide::reply::tests::comment;
use crate::decide::reply::{Answer, AnswerPart, Answered, ReplyDecision, Sending};
use crate::hours::BusinessHours;
use crate::model::adf::Document;
use crate::model::attachment::{CommentFile, NotSendable};
use crate::model::comment::{Body, Comment, ListedComment};
use crate::model::content::{
    AttachedFile, Enrichment, FileOutcome, InboundContent, InboundMessage, Quotation,
};
use crate::model::conversation::Conversation;
use crate::model::identity::{
    AccountId, Assignee, AttachmentId, Bsuid, ConversationKey, CustomerIdentity, IdentityChange,
    PhoneNumber, PhoneNumberId, Recipient, Wamid,
};
use crate::model::ledger::LedgerKey;
use crate::model::opt_out::OptOut;
use crate::model::status::{Delivery, StatusReport};
use crate::say::notes::{NotSent, Note, OptOutNote, TemplateNote};
use crate::say::template::{CallMistake, FilledTemplate, ParameterProblem, TemplateCall};
use crate::say::texts::{OwnTexts, Texts, Words};
use crate::settings::{Senders, Unwanted};
use crate::text::{MediaRef, MediaSource, OutboundText};

/// A stand-in for everything personal.
const SECRET: &str = "4915199887766";

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// Creates every content that a customer can send, with [`SECRET`] wherever a person chooses the
/// words.
fn contents() -> Vec<serde_json::Value> {
    vec![
        json!({"type": "text", "body": SECRET}),
        json!({"type": "media", "kind": "document", "id": SECRET, "file_name": SECRET, "caption": SECRET}),
        json!({"type": "location", "name": SECRET, "address": SECRET, "coordinates": {"latitude": 49_151_998, "longitude": 1}}),
        json!({"type": "contacts", "cards": [{"name": SECRET, "phones": [SECRET], "emails": [SECRET], "organisation": SECRET}]}),
        json!({"type": "choice", "kind": "list", "title": SECRET, "description": SECRET, "id": SECRET}),
        json!({"type": "form", "name": SECRET, "answers": {"fields": [[SECRET, SECRET]]}}),
        json!({"type": "form", "answers": {"raw": SECRET}}),
        json!({"type": "reaction", "emoji": SECRET, "to": SECRET}),
        json!({"type": "order", "note": SECRET, "items": [{"product": SECRET}]}),
        json!({"type": "system", "event": "user_changed_number", "body": SECRET}),
        json!({"type": "edit", "of": SECRET, "now": {"type": "text", "body": SECRET}}),
        json!({"type": "revoke", "of": SECRET}),
    ]
}

fn message(content: InboundContent) -> InboundMessage {
    let context = json!({
        "reply_to": SECRET,
        "product": SECRET,
        "referral": {"headline": SECRET, "body": SECRET, "source_url": SECRET},
    });
    InboundMessage {
        phone_number_id: PhoneNumberId::new("1065"),
        wamid: Wamid::new(SECRET),
        from: CustomerIdentity::of_phone(PhoneNumber::new(SECRET)),
        via: crate::model::content::Via::Direct,
        profile_name: Some(SECRET.into()),
        sent_at: at(),
        content,
        context: serde_json::from_value(context).unwrap(),
    }
}

fn notes() -> Vec<Note> {
    let template = |text: &str| TemplateNote::Sent {
        text: text.into(),
        to: Some(SECRET.into()),
        window_is_closed: false,
    };
    vec![
        Note::IdentityChanged {
            now: SECRET.into(),
            before: Some(SECRET.into()),
        },
        Note::FilesLeftOut {
            files: vec![(SECRET.into(), NotSendable::Missing)],
        },
        Note::LostFileTold {
            text: SECRET.into(),
        },
        Note::NoticeSent {
            text: SECRET.into(),
        },
        Note::OptOut(OptOutNote {
            opt_out: OptOut::Stop,
            confirmed: Some(SECRET.into()),
        }),
        Note::Template(template(SECRET)),
        Note::Template(TemplateNote::NotSent(NotSent::HeaderFile {
            name: SECRET.into(),
            cause: String::new(),
        })),
    ]
}

fn printed() -> Vec<String> {
    let mut printed: Vec<String> = contents()
        .into_iter()
        .map(|json| format!("{:?}", message(serde_json::from_value(json).unwrap())))
        .collect();
    printed.extend(notes().iter().map(|note| format!("{note:?}")));

    let key = ConversationKey::new(&PhoneNumberId::new("1065"), SECRET);
    let person = CustomerIdentity::new(Some(Bsuid::new(SECRET)), Some(PhoneNumber::new(SECRET)));
    let mut conversation = Conversation::new(key.clone(), person.clone().unwrap());
    conversation.profile_name = Some(SECRET.into());
    conversation.last_inbound_wamid = Some(Wamid::new(SECRET));
    let change = IdentityChange {
        phone_number_id: PhoneNumberId::new("1065"),
        wamid: Wamid::new(SECRET),
        former: person.clone().unwrap(),
        new: person.unwrap(),
        changed_at: at(),
    };
    let status = StatusReport {
        phone_number_id: None,
        wamid: Wamid::new(SECRET),
        recipient: CustomerIdentity::new(None, Some(PhoneNumber::new(SECRET))),
        callback: None,
        price: None,
        delivery: Delivery::Sent,
        at: at(),
    };
    let body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": SECRET}]},
    ]});
    let assignee = Assignee {
        account: AccountId::new("1"),
        name: SECRET.into(),
    };
    let new_request = NewRequest {
        service_desk_id: "1".to_owned(),
        request_type_id: "1".to_owned(),
        summary: SECRET.into(),
        reference_field: "description".to_owned(),
        reference: "casement-1".to_owned(),
        reference_text: String::new(),
        more_fields: vec![("customfield_1".to_owned(), SECRET.into())],
    };
    let sending = || Sending {
        recipient: Recipient::Phone(PhoneNumber::new(SECRET)),
        in_answer_to: Some(Wamid::new(SECRET)),
        parts: vec![SECRET.to_owned()].into(),
        files: vec![MediaRef {
            source: MediaSource::Address(SECRET.to_owned()),
            alt: Some(SECRET.to_owned()),
        }]
        .into(),
        left_out: Vec::new(),
        by_rule: false,
    };
    let file = CommentFile {
        id: AttachmentId::new("1"),
        name: SECRET.to_owned(),
        mime_type: "text/plain".to_owned(),
        size: 1,
    };
    let attached = AttachedFile {
        name: SECRET.into(),
        media_id: None,
    };
    let enrichment = Enrichment {
        earlier: Some(Quotation::line(SECRET)),
        file: Some(FileOutcome::Attached(attached.clone())),
        rest: None,
        called_at: None,
    };
    let written = Comment {
        author_name: Some(SECRET.into()),
        body: Body::from(body.clone()),
        ..comment()
    };
    let listed = ListedComment {
        id: written.id.clone(),
        author: written.author.clone(),
        account_type: crate::model::comment::AccountType::Person,
        inside: false,
        written_by_us: false,
        about: None,
        created: at(),
        updated: at(),
        body: written.body.clone(),
    };
    let answer = Answer {
        parts: vec![AnswerPart::Text(SECRET.to_owned())],
        left_out: vec![(SECRET.to_owned(), NotSendable::Missing)],
    };
    let filled = FilledTemplate {
        name: "hello".to_owned(),
        language: "en".to_owned(),
        header: None,
        body: Vec::new(),
        buttons: Vec::new(),
        text: SECRET.to_owned(),
    };
    let listing = || vec![SECRET.to_owned()];
    let senders = Senders::new(listing(), listing(), Unwanted::Ignore);
    let call = TemplateCall::read(&format!("/template hello en \"{SECRET}\" a={SECRET}"));
    let always = BusinessHours::always(chrono_tz::Tz::UTC, Vec::new());
    let language = "en".parse().unwrap();
    let texts = Texts::new(language, OwnTexts::new());
    let named = Conversation {
        profile_name: Some(format!("Ana {SECRET}").into()),
        ..conversation.clone()
    };
    printed.extend([
        format!("{:?}", Words::new(&texts, &named, &always, at())),
        format!("{conversation:?} {key:?}"),
        format!(
            "{change:?} {:?}",
            decide_identity_change(conversation, &change)
        ),
        format!("{status:?} {:?}", LedgerKey::Message(Wamid::new(SECRET))),
        format!("{assignee:?} {new_request:?} {file:?} {attached:?} {enrichment:?}"),
        format!("{:?}", Recipient::Bsuid(Bsuid::new(SECRET))),
        format!("{:?}", ReplyDecision::Send(sending())),
        format!("{:?}", ReplyDecision::Hold(sending())),
        format!("{:?}", Answered::Quoted(SECRET.into())),
        format!("{:?}", CallMistake::Twice(SECRET.into())),
        format!("{:?}", ParameterProblem::Unknown(SECRET.into())),
        format!("{call:?} {filled:?} {answer:?} {senders:?}"),
        format!("{written:?} {listed:?} {:?}", written.body),
        format!("{:?}", OutboundText::of_body(&body, None)),
        format!("{:?}", Document::literal(SECRET)),
    ]);
    printed
}

#[test]
fn nothing_personal_is_printed() {
    for text in printed() {
        assert!(
            !text.contains(SECRET) && !text.contains("49151998"),
            "{text}"
        );
    }
}

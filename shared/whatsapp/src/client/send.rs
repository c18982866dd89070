//! The body of a send and the meaning of its answer. No network here.

use casement_core::model::attachment::FileForm;
use casement_core::model::fate::{CallFailure, Side, WhatsappCode};
use casement_core::model::identity::{PhoneNumber, Recipient, Wamid};
use casement_core::model::status::TemplateHold;
use casement_service::ports::{Button, OutgoingMessage, OutgoingTemplate};
use chrono::Duration;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Answer;
use super::template::TemplateBody;

/// "We were unable to authenticate the app user" (Cloud API, "Error codes").
pub(super) const AUTHENTICATION_FAILED: WhatsappCode = WhatsappCode(0);

/// "Access token has expired" (Cloud API, "Error codes").
pub(super) const TOKEN_EXPIRED: WhatsappCode = WhatsappCode(190);

/// "Rate limit hit" (Cloud API, "Error codes").
const THROUGHPUT_REACHED: WhatsappCode = WhatsappCode(130_429);

/// "Invalid parameter" (Cloud API, "Error codes").
pub(super) const INVALID_PARAMETER: WhatsappCode = WhatsappCode(100);

/// A message (Cloud API, "Messages" reference). The caller keeps to the size limits.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(flatten)]
    address: Address<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    content: Content<'a>,
    /// "Contextual replies".
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    biz_opaque_callback_data: &'a str,
}

#[derive(Serialize)]
struct Context<'a> {
    message_id: &'a str,
}

/// Either `to` or `recipient`: if both are given, `to` wins.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Address<'a> {
    To(String),
    Recipient(&'a str),
}

/// Under the name of its type.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Content<'a> {
    Text(Text<'a>),
    Interactive(Interactive<'a>),
    Image(File<'a>),
    Video(File<'a>),
    Audio(File<'a>),
    Sticker(File<'a>),
    Document(File<'a>),
    Template(TemplateBody<'a>),
}

#[derive(Serialize)]
struct Text<'a> {
    preview_url: bool,
    body: &'a str,
}

/// An "interactive reply buttons message", or a contact information request ("Business-scoped user
/// IDs", Cloud API).
#[derive(Serialize)]
struct Interactive<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    body: Body<'a>,
    action: Action<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Action<'a> {
    Buttons { buttons: [ReplyButton<'a>; 1] },
    Named { name: &'static str },
}

#[derive(Serialize)]
struct ReplyButton<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    reply: Reply<'a>,
}

#[derive(Serialize)]
struct Reply<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
}

impl<'a> Message<'a> {
    pub(super) fn new(to: &'a Recipient, message: OutgoingMessage<'a>, callback: &'a str) -> Self {
        let context = match message {
            OutgoingMessage::Answer { to, .. } => Some(Context {
                message_id: to.as_str(),
            }),
            _ => None,
        };
        Self {
            context,
            ..Self::with(to, content(message), callback)
        }
    }

    pub(super) fn of_template(
        to: &'a Recipient,
        message: OutgoingTemplate<'a>,
        callback: &'a str,
    ) -> Self {
        let content = Content::Template(TemplateBody::new(message));
        Self::with(to, ("template", content), callback)
    }

    fn with(
        to: &'a Recipient,
        (kind, content): (&'static str, Content<'a>),
        callback: &'a str,
    ) -> Self {
        Self {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            address: match to {
                Recipient::Phone(phone) => Address::To(phone.e164()),
                Recipient::Bsuid(bsuid) => Address::Recipient(bsuid.as_str()),
            },
            kind,
            content,
            context: None,
            biz_opaque_callback_data: callback,
        }
    }
}

fn content(message: OutgoingMessage<'_>) -> (&'static str, Content<'_>) {
    let (form, media, name, caption) = match message {
        OutgoingMessage::Text(body) => {
            let text = Text {
                preview_url: false,
                body,
            };
            return ("text", Content::Text(text));
        }
        OutgoingMessage::Question { text, button } => {
            return ("interactive", Content::Interactive(question(text, button)));
        }
        OutgoingMessage::PhoneQuestion { text } => {
            return ("interactive", Content::Interactive(phone_question(text)));
        }
        OutgoingMessage::File {
            form,
            media,
            name,
            caption,
        } => (form, media, name, caption),
        OutgoingMessage::Answer { message, .. } => return content(*message),
    };
    let file = File {
        id: media.as_str(),
        caption: caption.filter(|_| form.takes_caption()),
        filename: Some(name).filter(|_| form == FileForm::Document),
    };
    let content = match form {
        FileForm::Image => Content::Image(file),
        FileForm::Video => Content::Video(file),
        FileForm::Audio => Content::Audio(file),
        FileForm::Sticker => Content::Sticker(file),
        FileForm::Document => Content::Document(file),
    };
    (form.as_str(), content)
}

fn question<'a>(text: &'a str, button: Button<'a>) -> Interactive<'a> {
    let Button { id, title } = button;
    let reply = ReplyButton {
        kind: "reply",
        reply: Reply { id, title },
    };
    Interactive {
        kind: "button",
        body: Body { text },
        action: Action::Buttons { buttons: [reply] },
    }
}

fn phone_question(text: &str) -> Interactive<'_> {
    const NAME: &str = "request_contact_info";
    Interactive {
        kind: NAME,
        body: Body { text },
        action: Action::Named { name: NAME },
    }
}

#[derive(Deserialize)]
struct Accepted {
    messages: Vec<AcceptedMessage>,
}

#[derive(Deserialize)]
struct AcceptedFor {
    contacts: Vec<AcceptedContact>,
}

#[derive(Deserialize)]
struct AcceptedContact {
    wa_id: String,
}

#[derive(Deserialize)]
struct AcceptedMessage {
    id: String,
    #[serde(default)]
    message_status: Value,
}

/// Reads an answer.
///
/// An error code counts whatever the status: documentation and observation disagree about statuses.
/// Without a code, a status of 4xx still means that nothing was accepted, and maps to the matching
/// code. A 4xx with no particular meaning maps to "invalid parameter", so that the agent is told
/// and the message is not repeated for hours. In every other case the message may have been
/// accepted.
pub(super) fn outcome(answer: &Answer) -> Result<Wamid, CallFailure> {
    let Answer {
        status,
        headers,
        body,
    } = answer;
    match refusal(*status, headers, body) {
        Some(failure) => Err(failure),
        None if status.is_success() => wamid(body).ok_or(CallFailure::Unknown(Side::Whatsapp)),
        None => Err(CallFailure::Unknown(Side::Whatsapp)),
    }
}

/// Returns why nothing was accepted, if that is certain.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<CallFailure> {
    let code = error_code(body).or(match status {
        StatusCode::UNAUTHORIZED => Some(TOKEN_EXPIRED),
        StatusCode::TOO_MANY_REQUESTS => Some(THROUGHPUT_REACHED),
        status if needs_its_code(status) => Some(INVALID_PARAMETER),
        // The server is failing, or with 408 says that it gave up waiting for the request.
        _ => None,
    })?;
    Some(CallFailure::Whatsapp {
        code,
        retry_after: retry_after(headers),
    })
}

/// Whether an answer with this status is a refusal whose reason only the body gives.
pub(super) fn needs_its_code(status: StatusCode) -> bool {
    let tells_enough = matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
    );
    status.is_client_error() && !tells_enough
}

/// `Retry-After` in seconds. Meta does not document it, but a proxy on the way may set it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u32 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::seconds(seconds.into()))
}

/// Reads `error.code`, a number or a number in quotes. Ignores the error's other members, which
/// come and go and change their types.
pub(super) fn error_code(body: &[u8]) -> Option<WhatsappCode> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let code = &answer["error"]["code"];
    let written = || code.as_str()?.parse().ok();
    code.as_i64().or_else(written).map(WhatsappCode)
}

/// Returns the customer's number as WhatsApp writes it, if the answer has it.
pub(super) fn accepted_number(body: &[u8]) -> Option<PhoneNumber> {
    let accepted: AcceptedFor = serde_json::from_slice(body).ok()?;
    let digits = accepted.contacts.into_iter().next()?.wa_id;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| PhoneNumber::new(digits))
}

/// Returns why an accepted template message is not sent yet, if the answer says so (Cloud API,
/// "Messages": `message_status`, otherwise "accepted").
pub(super) fn template_hold(body: &[u8]) -> Option<TemplateHold> {
    let accepted: Accepted = serde_json::from_slice(body).ok()?;
    match accepted.messages.first()?.message_status.as_str()? {
        "held_for_quality_assessment" => Some(TemplateHold::QualityCheck),
        "paused" => Some(TemplateHold::Paused),
        _ => None,
    }
}

fn wamid(body: &[u8]) -> Option<Wamid> {
    let accepted: Accepted = serde_json::from_slice(body).ok()?;
    let message = accepted.messages.into_iter().next()?;
    (!message.id.is_empty()).then(|| Wamid::new(message.id))
}

#[cfg(test)]
mod tests;

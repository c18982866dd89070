//! What a send says and what its answer means. No network here.

use casement_core::attachment::FileForm;
use casement_core::fate::{CallFailure, Side, WhatsappCode};
use casement_core::identity::{Recipient, Wamid};
use casement_service::ports::OutgoingMessage;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// "We were unable to authenticate the app user" (Cloud API, "Error codes").
pub(super) const AUTHENTICATION_FAILED: WhatsappCode = WhatsappCode(0);

/// "Access token has expired" (Cloud API, "Error codes").
pub(super) const TOKEN_EXPIRED: WhatsappCode = WhatsappCode(190);

/// "Rate limit hit" (Cloud API, "Error codes").
const THROUGHPUT_REACHED: WhatsappCode = WhatsappCode(130_429);

/// "Invalid parameter" (Cloud API, "Error codes").
pub(super) const INVALID_PARAMETER: WhatsappCode = WhatsappCode(100);

/// A message (Cloud API, "Messages" reference). Sizes are the caller's care.
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

/// Either `to` or `recipient`: `to` would win over the other.
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
    Image(File<'a>),
    Video(File<'a>),
    Audio(File<'a>),
    Sticker(File<'a>),
    Document(File<'a>),
}

#[derive(Serialize)]
struct Text<'a> {
    preview_url: bool,
    body: &'a str,
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
        let (kind, content) = content(message);
        Self {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            address: match to {
                Recipient::Phone(phone) => Address::To(phone.e164()),
                Recipient::Bsuid(bsuid) => Address::Recipient(bsuid.as_str()),
            },
            kind,
            content,
            context,
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

#[derive(Deserialize)]
struct Accepted {
    messages: Vec<AcceptedMessage>,
}

#[derive(Deserialize)]
struct AcceptedMessage {
    id: String,
}

/// What an answer means.
///
/// An error code counts whatever the status: documentation and field disagree about statuses.
/// Without one, a status of 4xx still says that nothing was accepted, and stands for the code
/// that means the same; one that means nothing in particular stands for "invalid parameter", so
/// that the agent is told instead of the message being repeated for hours. In every other case
/// the message may have been accepted.
pub(super) fn outcome(status: StatusCode, body: &[u8]) -> Result<Wamid, CallFailure> {
    if let Some(code) = error_code(body) {
        return Err(CallFailure::Whatsapp(code));
    }
    if status.is_success() {
        return wamid(body).ok_or(CallFailure::Unknown(Side::Whatsapp));
    }
    Err(match status {
        StatusCode::UNAUTHORIZED => CallFailure::Whatsapp(TOKEN_EXPIRED),
        StatusCode::TOO_MANY_REQUESTS => CallFailure::Whatsapp(THROUGHPUT_REACHED),
        // The server gave up waiting for the request, so it says.
        StatusCode::REQUEST_TIMEOUT => CallFailure::Unknown(Side::Whatsapp),
        status if status.is_client_error() => CallFailure::Whatsapp(INVALID_PARAMETER),
        _ => CallFailure::Unknown(Side::Whatsapp),
    })
}

/// `error.code`, a number or a number in quotes. Nothing else of the error is looked at: its
/// other members come and go, and change their types.
pub(super) fn error_code(body: &[u8]) -> Option<WhatsappCode> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let code = &answer["error"]["code"];
    let written = || code.as_str()?.parse().ok();
    code.as_i64().or_else(written).map(WhatsappCode)
}

fn wamid(body: &[u8]) -> Option<Wamid> {
    let accepted: Accepted = serde_json::from_slice(body).ok()?;
    let message = accepted.messages.into_iter().next()?;
    (!message.id.is_empty()).then(|| Wamid::new(message.id))
}

#[cfg(test)]
mod tests {
    use casement_core::identity::{Bsuid, MediaId, PhoneNumber};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_goes_to_the_number_with_plus_or_to_the_bsuid() {
        let phone = Recipient::Phone(PhoneNumber::new("4915112345678"));
        let bsuid = Recipient::Bsuid(Bsuid::new("DE.77"));
        for (to, field, address) in [
            (phone, "to", "+4915112345678"),
            (bsuid, "recipient", "DE.77"),
        ] {
            let text = OutgoingMessage::Text("See https://example.com");
            let message = Message::new(&to, text, "comment:1:0");
            let mut expected = json!({
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "type": "text",
                "text": {"preview_url": false, "body": "See https://example.com"},
                "biz_opaque_callback_data": "comment:1:0",
            });
            expected[field] = json!(address);
            assert_eq!(serde_json::to_value(&message).unwrap(), expected);
        }
    }

    #[test]
    fn an_answer_names_the_message_that_it_answers() {
        let to = Recipient::Phone(PhoneNumber::new("49151"));
        let wamid = Wamid::new("wamid.A");
        let answer = OutgoingMessage::Answer {
            to: &wamid,
            message: &OutgoingMessage::Text("Yes"),
        };
        let message = serde_json::to_value(Message::new(&to, answer, "comment:1:0")).unwrap();
        assert_eq!(message["context"], json!({"message_id": "wamid.A"}));
        assert_eq!(message["type"], "text");
        assert_eq!(message["text"]["body"], "Yes");
    }

    #[test]
    fn files_are_named_and_captioned_where_whatsapp_allows_it() {
        let media = MediaId::new("77");
        let to = Recipient::Phone(PhoneNumber::new("49151"));
        for (form, expected) in [
            (FileForm::Image, json!({"id": "77", "caption": "here"})),
            (FileForm::Video, json!({"id": "77", "caption": "here"})),
            (
                FileForm::Document,
                json!({"id": "77", "caption": "here", "filename": "a.pdf"}),
            ),
            (FileForm::Audio, json!({"id": "77"})),
            (FileForm::Sticker, json!({"id": "77"})),
        ] {
            let file = OutgoingMessage::File {
                form,
                media: &media,
                name: "a.pdf",
                caption: Some("here"),
            };
            let message = serde_json::to_value(Message::new(&to, file, "comment:1:1")).unwrap();
            assert_eq!(message["type"], form.as_str());
            assert_eq!(message[form.as_str()], expected);
            assert_eq!(message["biz_opaque_callback_data"], "comment:1:1");
        }
    }

    #[test]
    fn answers_are_told_apart() {
        let refused = |code| Err(CallFailure::Whatsapp(WhatsappCode(code)));
        let unknown = || Err(CallFailure::Unknown(Side::Whatsapp));
        let error = |code| {
            json!({"error": {
                "message": "m", "type": "OAuthException", "code": code, "error_data": "text",
            }})
        };
        let accepted = json!({
            "messaging_product": "whatsapp",
            "contacts": [{"input": "DE.77", "user_id": "DE.77"}],
            "messages": [{"id": "wamid.A", "message_status": "accepted"}],
        });
        for (status, body, expected) in [
            (200, accepted, Ok(Wamid::new("wamid.A"))),
            (
                201,
                json!({"messages": [{"id": "wamid.B"}]}),
                Ok(Wamid::new("wamid.B")),
            ),
            (200, json!({"messages": []}), unknown()),
            (200, json!({"messages": [{"id": ""}]}), unknown()),
            (200, json!({"success": true}), unknown()),
            (200, json!("accepted"), unknown()),
            // The code counts, not the status.
            (400, error(json!(131_047)), refused(131_047)),
            (403, error(json!(130_429)), refused(130_429)),
            (401, error(json!(0)), refused(0)),
            (500, error(json!(131_000)), refused(131_000)),
            (503, error(json!("2")), refused(2)),
            (200, error(json!(131_056)), refused(131_056)),
            // No code that can be read.
            (400, error(json!(null)), refused(100)),
            (404, json!({"error": "gone"}), refused(100)),
            (413, json!(null), refused(100)),
            (401, json!({}), refused(190)),
            (429, json!([]), refused(130_429)),
            (408, json!({}), unknown()),
            (500, json!({"error": {"message": "m"}}), unknown()),
            (502, json!("<html>"), unknown()),
            (302, json!({}), unknown()),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let outcome = outcome(status, body.to_string().as_bytes());
            assert_eq!(outcome, expected, "{status} {body}");
        }
        assert_eq!(outcome(StatusCode::BAD_GATEWAY, b"<html>"), unknown());
        assert_eq!(outcome(StatusCode::OK, b""), unknown());
        assert_eq!(outcome(StatusCode::FORBIDDEN, b""), refused(100));
    }
}

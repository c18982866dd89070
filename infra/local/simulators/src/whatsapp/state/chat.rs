//! The chat as a customer's phone shows it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::whatsapp::errors::GraphError;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ChatMessage {
    /// The sender's side.
    pub direction: Direction,
    pub wamid: String,
    /// The kind of message, such as `text` or `interactive`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The readable part: the text, the caption, the label of a button.
    pub text: String,
    /// In Unix seconds.
    pub timestamp: i64,
    /// `delivered`, `read` or `failed`.
    pub status: &'static str,
    /// Why the message failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The template that the message was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// The buttons or list rows that can be tapped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// The message that this one quotes or reacts to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_wamid: Option<String>,
    /// The file in the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// The business number at the other end.
    pub phone_number_id: String,
    /// Who wrote it for the business, if not Casement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// The sender's own marker, echoed in statuses.
    #[serde(skip)]
    pub(crate) callback_data: Option<String>,
    /// Whether the buttons are the rows of a list.
    #[serde(skip)]
    pub(crate) list: bool,
    /// Whether the sender addressed the user by phone number.
    #[serde(skip)]
    pub(crate) by_phone: bool,
}

/// The direction of a message, as Casement sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// From the customer.
    In,
    /// From the business.
    Out,
}

/// A sender of the business number beside Casement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sender {
    /// Meta Business Agent.
    MetaAgent,
    /// Somebody with the WhatsApp Business app.
    BusinessApp,
}

/// Why a message did not reach the phone.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failure {
    /// Meta's error code.
    pub code: u32,
    /// The meaning of the code.
    pub title: String,
    /// Details about this case.
    pub details: String,
}

impl From<&GraphError> for Failure {
    fn from(error: &GraphError) -> Self {
        Self {
            code: error.code,
            title: error.title().to_owned(),
            details: error.details.clone(),
        }
    }
}

/// The template that a message was made from.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Template {
    pub name: String,
    pub language: String,
    /// The values of the body's parameters, in order.
    pub parameters: Vec<String>,
}

/// Something that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Button {
    /// The id that a tap sends back.
    pub id: String,
    /// The text on the button.
    pub title: String,
    /// The address that the button opens. A tap on such a button sends nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Button {
    /// Creates a button whose tap is sent.
    pub(crate) fn reply(id: String, title: String) -> Self {
        Self {
            id,
            title,
            link: None,
        }
    }

    /// The type of a message that asks for the customer's contact information, and the id of its
    /// button.
    pub(crate) const SHARES_CONTACT: &str = "request_contact_info";

    /// Creates the button with which the customer shares their own contact card. The phone words it
    /// itself.
    pub(crate) fn sharing_contact() -> Self {
        Self::reply(
            Self::SHARES_CONTACT.to_owned(),
            "Share contact info".to_owned(),
        )
    }

    /// Creates a button that opens an address.
    pub(crate) fn link(title: String, link: String) -> Self {
        Self {
            id: title.clone(),
            title,
            link: Some(link),
        }
    }
}

/// A file in a message.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Media {
    /// The media type, if known.
    pub mime_type: Option<String>,
    /// The file's name, if it has one.
    pub filename: Option<String>,
    /// In bytes, if known.
    pub size: Option<u64>,
    /// The file's id in the Cloud API; `None` if it was sent by link, or was too large to arrive.
    pub id: Option<String>,
}

/// The kinds of message that carry a file.
pub(crate) const MEDIA_KINDS: [&str; 6] =
    ["image", "video", "audio", "voice", "document", "sticker"];

/// Returns the readable part of `message`, sent or received. Empty for kinds without text.
pub(crate) fn text_of(message: &Value) -> String {
    let kind = message["type"].as_str().unwrap_or_default();
    let part = &message[kind];
    let read = |pointer: &str| part.pointer(pointer).and_then(Value::as_str);
    let text = match kind {
        "text" | "system" => read("/body"),
        "button" => read("/text"),
        "reaction" => read("/emoji"),
        "order" => read("/text"),
        "location" => read("/name").or(read("/address")),
        "contacts" => read("/0/name/formatted_name").or(read("/0/phones/0/phone")),
        "interactive" => read("/button_reply/title")
            .or(read("/list_reply/title"))
            .or(read("/nfm_reply/body"))
            .or(read("/body/text")),
        kind if MEDIA_KINDS.contains(&kind) => read("/caption").or(read("/filename")),
        _ => None,
    };
    match (text, kind) {
        (Some(text), _) => text.to_owned(),
        (None, "location") => format!("{}, {}", part["latitude"], part["longitude"]),
        (None, _) => String::new(),
    }
}

/// Returns the id of the message that `message` quotes, answers or reacts to.
pub(crate) fn context_of(message: &Value) -> Option<String> {
    let id = [
        message.pointer("/context/id"),
        message.pointer("/context/message_id"),
        message.pointer("/reaction/message_id"),
    ];
    let id = id.into_iter().flatten().find_map(Value::as_str);
    id.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_shows_its_text() {
        let table = [
            (json!({"type": "text", "text": {"body": "hi"}}), "hi"),
            (json!({"type": "image", "image": {"caption": "us"}}), "us"),
            (
                json!({"type": "document", "document": {"filename": "a.pdf"}}),
                "a.pdf",
            ),
            (
                json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2}}),
                "1.5, 2",
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Yes"}}}),
                "Yes",
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "Well?"}}}),
                "Well?",
            ),
            (
                json!({"type": "contacts", "contacts": [{"phones": [{"phone": "+49 151"}]}]}),
                "+49 151",
            ),
            (
                json!({"type": "reaction", "reaction": {"emoji": "👍"}}),
                "👍",
            ),
            (json!({"type": "interactive"}), ""),
            (json!({"type": null}), ""),
            (json!({"type": "text", "text": null}), ""),
        ];
        for (message, text) in table {
            assert_eq!(text_of(&message), text, "{message}");
        }
    }
}

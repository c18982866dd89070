//! Messages that WhatsApp does not pass on to businesses.

use serde::{Deserialize, Serialize};

use super::media::NOT_DOWNLOADED;
use super::pages::label;
use super::unseen::Unseen;
use crate::model::fate::WhatsappCode;

/// "Message currently unavailable" (Cloud API, "Error codes").
const UNAVAILABLE: WhatsappCode = WhatsappCode(131_060);

/// An unsupported message. Nothing else is known of it (Cloud API, "Unsupported messages").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsupported {
    /// Meta's name of its kind, for example `poll_creation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The reason why it is not passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<WhatsappCode>,
}

impl Unsupported {
    /// Returns whether the customer sent something new. A change to an earlier message does not
    /// open the window.
    pub(super) fn is_a_message(&self) -> bool {
        let change = ["edit", "reaction", "pin", "keep_in_chat", "poll_update"];
        !self
            .kind
            .as_deref()
            .is_some_and(|kind| change.contains(&kind))
    }

    /// Describes the message. Meta's own titles are not repeated: "Message type unknown" helps
    /// nobody. Advice is for agents alone ([`Self::unseen`]): the customer and anyone else who sees
    /// the request can read this.
    pub(super) fn placeholder(&self) -> String {
        let what = match self.kind.as_deref() {
            Some("edit") => {
                "The customer changed an earlier message. WhatsApp does not pass on the new text."
            }
            Some("reaction") => "The customer reacted to a message. WhatsApp does not say how.",
            Some("pin") => "The customer pinned a message in the chat.",
            Some("keep_in_chat") => "The customer kept a disappearing message.",
            Some("poll_update") => "The customer voted in a poll. WhatsApp does not say how.",
            Some("poll_creation") => {
                "The customer sent a poll, which WhatsApp does not pass on to businesses."
            }
            Some("view_once") => {
                "The customer sent something that may be viewed only once, which WhatsApp does \
                 not pass on to businesses."
            }
            Some("group_invite") => {
                "The customer sent an invitation to a group, which WhatsApp does not pass on to \
                 businesses."
            }
            Some("media_placeholder" | "image" | "gif") => {
                "The customer sent a picture or a file that WhatsApp does not pass on."
            }
            Some("location") => {
                "The customer sent a location that WhatsApp does not pass on, perhaps a live one."
            }
            _ => return self.by_code(),
        };
        format!("[{what}]")
    }

    fn by_code(&self) -> String {
        // Meta's names of these kinds only help developers.
        let kind = self.kind.as_deref().filter(|kind| *kind != "errors");
        let kind = kind.map_or_else(String::new, |kind| format!(" of type {}", label(kind)));
        match self.code {
            Some(NOT_DOWNLOADED) => "[The customer sent a file that WhatsApp could not pass on: \
                 it is larger than 100 MB, or its transfer failed.]"
                .to_owned(),
            Some(UNAVAILABLE) => format!(
                "[The customer sent a message{kind} that WhatsApp cannot show to us at present.]"
            ),
            Some(WhatsappCode(code)) if code != 131_051 => format!(
                "[The customer sent a message{kind} that WhatsApp does not pass on to businesses \
                 (WhatsApp code {code}).]"
            ),
            _ => format!(
                "[The customer sent a message{kind} that WhatsApp does not pass on to businesses.]"
            ),
        }
    }

    /// Returns what agents may want to ask for. `None` if it is not worth asking, or if the
    /// customer is told of it.
    pub(super) fn unseen(&self) -> Option<Unseen> {
        Some(match self.kind.as_deref() {
            Some("reaction" | "pin" | "keep_in_chat" | "poll_update" | "group_invite") => {
                return None;
            }
            _ if self.code == Some(NOT_DOWNLOADED) => return None,
            Some("edit") => Unseen::Edit,
            Some("poll_creation") => Unseen::Poll,
            Some("view_once") => Unseen::ViewOnce,
            Some("media_placeholder" | "image" | "gif") => Unseen::Picture,
            Some("location") => Unseen::Location,
            _ if self.code == Some(UNAVAILABLE) => Unseen::Unavailable,
            _ => Unseen::Message,
        })
    }
}

//! The subjects of ledger entries.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::identity::{CommentId, ConversationKey, Wamid};

/// The subject of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LedgerKey {
    /// A message by WhatsApp's id: a customer's, or one of ours that WhatsApp has accepted, so that
    /// it is known when the customer replies to it.
    Message(Wamid),
    /// One part of something that we send.
    Outbound(OutboundKey),
    /// An internal note that several workers may try to write at the same time.
    Note(NoteKey),
}

/// The occasion of an internal note.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteKey(pub String);

/// One WhatsApp message of ours. Its text form travels with the send as `biz_opaque_callback_data`
/// and comes back in every status, or in most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OutboundKey {
    pub source: OutboundSource,
    /// The number of the part, from 0.
    pub part: u32,
}

/// The source of a message of ours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OutboundSource {
    /// A public comment.
    Comment(CommentId),
    /// The delay notice of one wait of one conversation.
    Notice(Wait),
    /// The question whether the customer still needs help, once per window.
    KeepOpen(Closing),
    /// The message that a file did not get through, once per wait.
    LostFile(Wait),
    /// The confirmation of an opt-out, or of its end, by the fingerprint of the customer's message.
    OptOut(String),
    /// A template that an agent asked for in an internal note.
    Template(CommentId),
    /// The template that announces held replies, once per closed period.
    Reopening(Closing),
    /// The question for the phone number that an agent asked for in an internal note.
    Phone(CommentId),
}

impl OutboundSource {
    /// Returns whether it is a template message, which needs no open window.
    #[must_use]
    pub fn is_template(&self) -> bool {
        matches!(self, Self::Template(_) | Self::Reopening(_))
    }
}

/// A customer's wait for a reply, from the first unanswered message on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wait {
    /// The [`ConversationKey::fingerprint`].
    conversation: String,
    /// The generation of the wait.
    generation: u32,
}

impl Wait {
    fn new(conversation: &ConversationKey, generation: u32) -> Self {
        Self {
            conversation: conversation.fingerprint(),
            generation,
        }
    }
}

/// The end of one window of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closing {
    /// The [`ConversationKey::fingerprint`].
    conversation: String,
    /// The end of the window, in epoch seconds.
    at: i64,
}

impl Closing {
    /// Creates the end of the window of `conversation` at `window_ends`.
    #[must_use]
    pub fn new(conversation: &ConversationKey, window_ends: DateTime<Utc>) -> Self {
        Self {
            conversation: conversation.fingerprint(),
            at: window_ends.timestamp(),
        }
    }
}

impl OutboundKey {
    /// Returns the key of `part` of a comment.
    #[must_use]
    pub fn comment(id: &CommentId, part: u32) -> Self {
        Self {
            source: OutboundSource::Comment(id.clone()),
            part,
        }
    }

    /// Returns the key of a delay notice.
    #[must_use]
    pub fn notice(conversation: &ConversationKey, generation: u32) -> Self {
        let wait = Wait::new(conversation, generation);
        Self {
            source: OutboundSource::Notice(wait),
            part: 0,
        }
    }

    /// Returns the key of the question before a window ends.
    #[must_use]
    pub fn keep_open(conversation: &ConversationKey, window_ends: DateTime<Utc>) -> Self {
        let closing = Closing::new(conversation, window_ends);
        Self {
            source: OutboundSource::KeepOpen(closing),
            part: 0,
        }
    }

    /// Returns the key of the message that a file did not get through.
    #[must_use]
    pub fn lost_file(conversation: &ConversationKey, generation: u32) -> Self {
        let wait = Wait::new(conversation, generation);
        Self {
            source: OutboundSource::LostFile(wait),
            part: 0,
        }
    }

    /// Returns the key of the confirmation of a customer's wish, by [`Wamid::fingerprint`].
    #[must_use]
    pub fn opt_out(occasion: &str) -> Self {
        Self {
            source: OutboundSource::OptOut(occasion.to_owned()),
            part: 0,
        }
    }

    /// Returns the key of the template that an agent asked for in the note `id`.
    #[must_use]
    pub fn template(id: &CommentId) -> Self {
        Self {
            source: OutboundSource::Template(id.clone()),
            part: 0,
        }
    }

    /// Returns the key of the question for the phone number that an agent asked for in the note
    /// `id`.
    #[must_use]
    pub fn phone(id: &CommentId) -> Self {
        Self {
            source: OutboundSource::Phone(id.clone()),
            part: 0,
        }
    }

    /// Returns the key of the template that announces held replies in the period that began at
    /// `ended`.
    #[must_use]
    pub fn reopening(conversation: &ConversationKey, ended: DateTime<Utc>) -> Self {
        Self {
            source: OutboundSource::Reopening(Closing::new(conversation, ended)),
            part: 0,
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.conversation, self.generation)
    }
}

impl FromStr for Wait {
    type Err = NotALedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (conversation, generation) = of_conversation(text)?;
        Ok(Self {
            conversation,
            generation,
        })
    }
}

impl fmt::Display for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.conversation, self.at)
    }
}

impl FromStr for Closing {
    type Err = NotALedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (conversation, at) = of_conversation(text)?;
        Ok(Self { conversation, at })
    }
}

/// Reads a fingerprint of a conversation and a number.
fn of_conversation<N: FromStr>(text: &str) -> Result<(String, N), NotALedgerKey> {
    let (conversation, number) = text.rsplit_once(':').ok_or(NotALedgerKey)?;
    if !conversation.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(NotALedgerKey);
    }
    let number = number.parse().map_err(|_| NotALedgerKey)?;
    Ok((conversation.to_owned(), number))
}

impl fmt::Display for OutboundSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(id) => write!(f, "comment:{}", id.as_str()),
            Self::Notice(wait) => write!(f, "notice:{wait}"),
            Self::KeepOpen(closing) => write!(f, "keep-open:{closing}"),
            Self::LostFile(wait) => write!(f, "lost-file:{wait}"),
            Self::OptOut(occasion) => write!(f, "opt-out:{occasion}"),
            Self::Template(id) => write!(f, "template:{}", id.as_str()),
            Self::Reopening(period) => write!(f, "reopening:{period}"),
            Self::Phone(id) => write!(f, "phone:{}", id.as_str()),
        }
    }
}

impl fmt::Display for OutboundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.part)
    }
}

/// The error for a text that is not the key of a message of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ledger key")]
pub struct NotALedgerKey;

impl FromStr for OutboundKey {
    type Err = NotALedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (source, part) = text.rsplit_once('/').ok_or(NotALedgerKey)?;
        let part = part.parse().map_err(|_| NotALedgerKey)?;
        let source = match source.split_once(':') {
            Some(("comment", id)) if !id.is_empty() => OutboundSource::Comment(CommentId::new(id)),
            Some(("notice", wait)) => OutboundSource::Notice(wait.parse()?),
            Some(("keep-open", closing)) => OutboundSource::KeepOpen(closing.parse()?),
            Some(("lost-file", wait)) => OutboundSource::LostFile(wait.parse()?),
            Some(("opt-out", occasion)) if is_fingerprint(occasion) => {
                OutboundSource::OptOut(occasion.to_owned())
            }
            Some(("template", id)) if !id.is_empty() => {
                OutboundSource::Template(CommentId::new(id))
            }
            Some(("phone", id)) if !id.is_empty() => OutboundSource::Phone(CommentId::new(id)),
            Some(("reopening", period)) => OutboundSource::Reopening(period.parse()?),
            _ => return Err(NotALedgerKey),
        };
        Ok(Self { source, part })
    }
}

impl From<OutboundKey> for String {
    fn from(key: OutboundKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for OutboundKey {
    type Error = NotALedgerKey;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn is_fingerprint(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::PhoneNumberId;

    #[test]
    fn keys_survive_the_way_through_meta() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        for key in [
            OutboundKey::comment(&CommentId::new("10003"), 2),
            OutboundKey::notice(&conversation, 7),
            OutboundKey::lost_file(&conversation, 7),
            OutboundKey::opt_out(&Wamid::new("wamid.49151").fingerprint()),
            OutboundKey::template(&CommentId::new("10003")),
            OutboundKey::phone(&CommentId::new("10003")),
            OutboundKey::reopening(&conversation, DateTime::UNIX_EPOCH),
            OutboundKey::keep_open(&conversation, DateTime::UNIX_EPOCH),
        ] {
            let text = key.to_string();
            assert!(text.len() <= 512 && !text.contains("49151"), "{text}");
            assert_eq!(text.parse(), Ok(key));
        }
        for text in [
            "",
            "comment:",
            "comment:/0",
            "comment:1/x",
            "notice:a/0",
            "notice:Ana Lima:1/0",
            "opt-out:wamid.49151/0",
            "template:/0",
            "phone:/0",
            "reopening:Ana:1/0",
            "keep-open:Ana Lima:1/0",
            "keep-open:a:b/0",
            "else:1/0",
        ] {
            assert_eq!(text.parse::<OutboundKey>(), Err(NotALedgerKey), "{text}");
        }
    }
}

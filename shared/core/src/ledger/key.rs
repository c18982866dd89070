//! What the entries of the ledger are about.

use std::fmt;
use std::str::FromStr;

use crate::identity::{CommentId, ConversationKey, Wamid};

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LedgerKey {
    /// A message by WhatsApp's id: a customer's, or one of ours that WhatsApp has accepted, so
    /// that it is known when the customer answers it.
    Message(Wamid),
    /// One part of something that we send.
    Outbound(OutboundKey),
}

/// One WhatsApp message of ours. Its text form goes along with the send as
/// `biz_opaque_callback_data` and comes back in every status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutboundKey {
    /// What is sent.
    pub source: OutboundSource,
    /// Which part of it, from 0.
    pub part: u32,
}

/// What a message of ours comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OutboundSource {
    /// A public comment.
    Comment(CommentId),
    /// The delay notice of one silence of one conversation.
    Notice(Silence),
    /// The word to the customer, once in a silence, that a file did not get through.
    LostFile(Silence),
    /// The answer to a customer's wish about automatic messages, by the fingerprint of the message
    /// that has it.
    Wish(String),
}

/// One silence of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Silence {
    /// [`ConversationKey::fingerprint`].
    conversation: String,
    /// The generation of the silence.
    generation: u32,
}

impl Silence {
    fn new(conversation: &ConversationKey, generation: u32) -> Self {
        Self {
            conversation: conversation.fingerprint(),
            generation,
        }
    }
}

impl OutboundKey {
    /// The key of `part` of a comment.
    #[must_use]
    pub fn comment(id: &CommentId, part: u32) -> Self {
        Self {
            source: OutboundSource::Comment(id.clone()),
            part,
        }
    }

    /// The key of a delay notice.
    #[must_use]
    pub fn notice(conversation: &ConversationKey, generation: u32) -> Self {
        let silence = Silence::new(conversation, generation);
        Self {
            source: OutboundSource::Notice(silence),
            part: 0,
        }
    }

    /// The key of the word that a file did not get through.
    #[must_use]
    pub fn lost_file(conversation: &ConversationKey, generation: u32) -> Self {
        let silence = Silence::new(conversation, generation);
        Self {
            source: OutboundSource::LostFile(silence),
            part: 0,
        }
    }

    /// The key of the answer to a customer's wish, by [`Wamid::fingerprint`].
    #[must_use]
    pub fn wish(occasion: &str) -> Self {
        Self {
            source: OutboundSource::Wish(occasion.to_owned()),
            part: 0,
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.conversation, self.generation)
    }
}

impl FromStr for Silence {
    type Err = NotALedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (conversation, generation) = text.rsplit_once(':').ok_or(NotALedgerKey)?;
        if !conversation.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotALedgerKey);
        }
        Ok(Self {
            conversation: conversation.to_owned(),
            generation: generation.parse().map_err(|_| NotALedgerKey)?,
        })
    }
}

impl fmt::Display for OutboundSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(id) => write!(f, "comment:{}", id.as_str()),
            Self::Notice(silence) => write!(f, "notice:{silence}"),
            Self::LostFile(silence) => write!(f, "lost-file:{silence}"),
            Self::Wish(occasion) => write!(f, "wish:{occasion}"),
        }
    }
}

impl fmt::Display for OutboundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.part)
    }
}

/// The text is not the key of a message of ours.
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
            Some(("notice", silence)) => OutboundSource::Notice(silence.parse()?),
            Some(("lost-file", silence)) => OutboundSource::LostFile(silence.parse()?),
            Some(("wish", occasion)) if is_fingerprint(occasion) => {
                OutboundSource::Wish(occasion.to_owned())
            }
            _ => return Err(NotALedgerKey),
        };
        Ok(Self { source, part })
    }
}

fn is_fingerprint(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::PhoneNumberId;

    #[test]
    fn keys_survive_the_way_through_meta() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        for key in [
            OutboundKey::comment(&CommentId::new("10003"), 2),
            OutboundKey::notice(&conversation, 7),
            OutboundKey::lost_file(&conversation, 7),
            OutboundKey::wish(&Wamid::new("wamid.49151").fingerprint()),
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
            "wish:wamid.49151/0",
            "else:1/0",
        ] {
            assert_eq!(text.parse::<OutboundKey>(), Err(NotALedgerKey), "{text}");
        }
    }
}

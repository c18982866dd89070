//! The messages that customers send, and how agents see them.
//!
//! Every kind of message becomes one or more documents for Jira. Casement's own words are in
//! italics; the words of the customer or of WhatsApp stand beside them literally.

mod call;
mod choice;
mod contacts;
mod context;
mod enrichment;
mod file;
mod file_name;
mod form;
mod handover;
mod location;
mod media;
mod message;
mod order;
mod pages;
mod quotation;
mod stored;
#[cfg(test)]
mod tests;
mod unseen;
mod unsupported;
mod via;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::call::Call;
pub use self::choice::{Choice, ChoiceKind};
pub use self::contacts::ContactCard;
use self::context::CHANGED;
pub use self::context::{Context, Forwarded, Referral};
pub use self::enrichment::Enrichment;
pub(crate) use self::enrichment::{first_line_of, sent_line_of};
pub use self::file::{AttachedFile, FileOutcome, FileProblem};
pub use self::form::{Answers, FormAnswers};
pub use self::handover::Handover;
pub use self::location::{Coordinates, Location};
pub use self::media::{Media, MediaKind};
pub use self::message::InboundMessage;
pub use self::order::{Amount, Order, OrderItem};
use self::pages::{Pages, label};
pub use self::quotation::Quotation;
pub use self::unseen::Unseen;
pub use self::unsupported::Unsupported;
pub use self::via::Via;
use crate::model::adf::{Document, Paragraph};
use crate::model::identity::{PhoneNumber, Wamid};
use crate::text;

/// The content of a customer's message (Cloud API, "Webhooks: messages").
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "type", rename_all = "snake_case")]
pub enum InboundContent {
    Text {
        /// The text as the customer typed it.
        body: String,
    },
    /// A photo, video, recording, document or sticker.
    Media(Media),
    Location(Location),
    /// Cards from an address book.
    Contacts {
        /// The cards in the customer's order.
        cards: Vec<ContactCard>,
    },
    /// One of the answers that a message of ours offered, chosen by the customer.
    Choice(Choice),
    /// A form (a WhatsApp Flow) that the customer filled in.
    Form(FormAnswers),
    /// The customer's answer to the question whether we may call.
    CallPermission {
        /// Whether we may call. `None` if WhatsApp did not say.
        granted: Option<bool>,
        /// Whether the permission holds until the customer withdraws it.
        permanent: bool,
        /// The end of a permission that is not permanent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// A reaction to a message of ours, or its removal.
    Reaction {
        /// The emoji. `None` if the reaction was removed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
        /// The message that the reaction belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Wamid>,
    },
    /// A call.
    Call(Call),
    /// The conversation changed hands.
    Handover(Handover),
    /// An order from the catalogue.
    Order(Order),
    /// A report by WhatsApp about the customer.
    System {
        /// Meta's name of the event, for example `user_changed_number`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
        /// Meta's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// A change to an earlier message.
    Edit {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Wamid>,
        /// The new content, if WhatsApp gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Box<InboundContent>>,
    },
    /// The deletion of an earlier message.
    Revoke {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Wamid>,
    },
    /// A message that WhatsApp does not pass on to businesses.
    Unsupported(Unsupported),
    /// A kind of message that is shown as a placeholder.
    Other {
        /// Meta's name of the kind, for example `image`.
        kind: String,
    },
}

// The customer's words must not get into a log through `{:?}`.
impl fmt::Debug for InboundContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { .. } => f.write_str("Text(..)"),
            Self::Other { kind } => write!(f, "Other({kind:?})"),
            known => write!(f, "{}(..)", known.kind()),
        }
    }
}

impl InboundContent {
    /// Returns Meta's name of the kind (`type` of the message).
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Text { .. } => "text",
            Self::Media(media) => media.kind.type_name(),
            Self::Location(_) => "location",
            Self::Contacts { .. } => "contacts",
            Self::Choice(choice) => choice.kind.type_name(),
            Self::Form(_) | Self::CallPermission { .. } => "interactive",
            Self::Reaction { .. } => "reaction",
            Self::Call(_) => "call",
            Self::Handover(_) => "handover",
            Self::Order(_) => "order",
            Self::System { .. } => "system",
            Self::Edit { .. } => "edit",
            Self::Revoke { .. } => "revoke",
            Self::Unsupported(_) => "unsupported",
            Self::Other { kind } => kind,
        }
    }

    /// Returns whether a person wrote the message, so that it opens the window and deserves an
    /// answer. Reactions, changes to earlier messages and system messages do not (Cloud API: only
    /// messages and calls open it).
    #[must_use]
    pub fn is_from_a_person(&self) -> bool {
        match self {
            Self::Unsupported(unsupported) => unsupported.is_a_message(),
            content => !matches!(
                content.kind(),
                "reaction" | "system" | "edit" | "revoke" | "handover"
            ),
        }
    }

    /// Returns the message on one line, for a summary: its own first line if it has one, otherwise
    /// our description of it. The line is not truncated. Returns `None` if there is nothing to
    /// show.
    #[must_use]
    pub fn first_line(&self) -> Option<String> {
        match self {
            Self::Text { body } => text::first_line(body),
            Self::Media(media) => Some(media.first_line()),
            Self::Location(location) => Some(location.first_line()),
            Self::Contacts { cards } => Some(contacts::first_line(cards)),
            Self::Choice(choice) => Some(text::one_line(&choice.title)),
            Self::Form(form) => Some(form.heading()),
            Self::Order(order) => Some(order.first_line()),
            Self::Call(call) => Some(call.words(None)),
            Self::Handover(handover) => Some(handover.first_line().to_owned()),
            Self::Reaction {
                emoji: Some(emoji), ..
            } => Some(text::one_line(&format!("Reacted {emoji}"))),
            Self::Edit {
                now: Some(content), ..
            } => content.first_line(),
            other => Some(other.placeholder()),
        }
        .filter(|line| !line.is_empty())
    }

    /// Returns the file that WhatsApp keeps for us, if the message has one. An edit has none: the
    /// file came with the original message.
    #[must_use]
    pub fn file(&self) -> Option<&Media> {
        match self {
            Self::Media(media) if media.is_held() => Some(media),
            _ => None,
        }
    }

    /// Returns whether the customer sent a file that did not get through WhatsApp. The customer
    /// cannot know that.
    #[must_use]
    pub fn is_lost_file(&self) -> bool {
        match self {
            Self::Media(media) => media.error == Some(media::NOT_DOWNLOADED),
            Self::Unsupported(unsupported) => unsupported.code == Some(media::NOT_DOWNLOADED),
            _ => false,
        }
    }

    /// Returns the part of the message that did not reach us and that agents may want to ask for.
    /// Returns `None` if nothing is missing, or if the customer is told of it
    /// ([`Self::is_lost_file`]).
    #[must_use]
    pub fn unseen(&self) -> Option<Unseen> {
        match self {
            Self::Unsupported(unsupported) => unsupported.unseen(),
            Self::Media(media) if !media.is_held() && !self.is_lost_file() => Some(Unseen::File),
            _ => None,
        }
    }

    /// Returns the phone number that the customer has shared as their own, if the message is that
    /// and nothing else.
    #[must_use]
    pub fn own_number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Contacts { cards } => match &cards[..] {
                [card] => card.own_number.as_ref(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the message as an agent reads it, in `context`: one document, or as many as Jira's
    /// limit requires. No text is lost except white space at its ends and where it is cut. If a
    /// message is too long for comments, the rest is in [`Enrichment::rest`].
    #[must_use]
    pub fn documents(&self, context: &Context, enrichment: &Enrichment) -> Vec<Document> {
        self.pages(Via::Direct, context, enrichment)
            .finish(enrichment.rest.as_ref())
    }

    fn pages(&self, via: Via, context: &Context, enrichment: &Enrichment) -> Pages {
        let mut pages = Pages::default();
        if via.write(&mut pages, self) {
            return pages;
        }
        context.write(&mut pages, enrichment.earlier.as_ref());
        match self {
            Self::Edit {
                now: Some(content), ..
            } if via.is_echo() => content.write(&mut pages, enrichment),
            content => content.write(&mut pages, enrichment),
        }
        pages
    }

    fn write(&self, pages: &mut Pages, enrichment: &Enrichment) {
        match self {
            Self::Text { body } if text::first_line(body).is_some() => pages.text(body),
            Self::Media(media) => media.write(pages, enrichment.file.as_ref()),
            Self::Location(location) => location.write(pages),
            Self::Contacts { cards } => contacts::write(cards, pages),
            Self::Choice(choice) => choice.write(pages),
            Self::Form(form) => form.write(pages),
            Self::Order(order) => order.write(pages),
            Self::Call(call) => pages.ours(&call.words(enrichment.called_at)),
            Self::Handover(handover) => handover.write(pages),
            Self::Reaction {
                emoji: Some(emoji), ..
            } => {
                let line = Paragraph::default().em("Reacted ").text(&label(emoji));
                pages.block(match enrichment.earlier.as_ref().map(Quotation::as_line) {
                    Some(Some(earlier)) => line.em(" to: ").text(earlier),
                    Some(None) => line.em(&format!(" to an earlier message ({CHANGED})")),
                    None => line.em(" to an earlier message"),
                });
            }
            Self::System {
                body: Some(body), ..
            } => {
                pages.ours("[WhatsApp reports about the customer:]");
                pages.text(body);
            }
            Self::Edit {
                now: Some(content), ..
            } => {
                match enrichment.earlier.as_ref().and_then(Quotation::as_line) {
                    Some(earlier) => {
                        pages.ours("[The customer changed this message:]");
                        pages.quote(earlier);
                        pages.ours("[It now says:]");
                    }
                    None => pages.ours("[The customer changed an earlier message. It now says:]"),
                }
                content.write(pages, enrichment);
            }
            other => {
                pages.ours(&other.placeholder());
                let earlier = enrichment.earlier.as_ref();
                if let Some(earlier) = earlier.filter(|_| other.concerns().is_some()) {
                    match earlier.as_line() {
                        Some(line) => pages.quote(line),
                        None => pages.ours(&format!("({CHANGED})")),
                    }
                }
            }
        }
    }

    /// Returns the earlier message that this one changes, deletes or reacts to.
    fn concerns(&self) -> Option<&Wamid> {
        match self {
            Self::Reaction { to, .. } => to.as_ref(),
            Self::Edit { of, .. } | Self::Revoke { of } => of.as_ref(),
            _ => None,
        }
    }

    /// Describes content that has no words of its own.
    fn placeholder(&self) -> String {
        match self {
            Self::Text { .. } => "[The customer sent an empty message.]".to_owned(),
            Self::CallPermission {
                granted,
                permanent,
                until,
            } => call::permission(*granted, *permanent, *until),
            Self::Reaction { .. } => {
                "[The customer took back a reaction to an earlier message.]".to_owned()
            }
            Self::System { event, .. } => {
                let event = label(event.as_deref().unwrap_or("unknown"));
                format!("[WhatsApp reports about the customer: {event}]")
            }
            Self::Edit { .. } => {
                "[The customer changed an earlier message. WhatsApp does not say how.]".to_owned()
            }
            Self::Revoke { .. } => {
                "[The customer deleted an earlier message. What is written here stays.]".to_owned()
            }
            Self::Unsupported(unsupported) => unsupported.placeholder(),
            other => format!(
                "[The customer sent a message of type {}, which is not shown here.]",
                label(other.kind())
            ),
        }
    }
}

//! What customers send, and how agents see it.
//!
//! Every kind of message becomes one or more documents for Jira. Our own words stand in italics;
//! what the customer or WhatsApp wrote stands beside them literally.

mod choice;
mod contacts;
mod context;
mod file;
mod findings;
mod form;
mod location;
mod media;
mod order;
mod pages;
mod quotation;
mod stored;
#[cfg(test)]
mod tests;
mod unseen;
mod unsupported;

use std::fmt;

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::choice::{Choice, ChoiceKind};
pub use self::contacts::ContactCard;
use self::context::CHANGED;
pub use self::context::{Context, Forwarded, Referral};
pub use self::file::{AttachedFile, FileOutcome, FileProblem};
pub use self::findings::Findings;
pub(crate) use self::findings::{first_line_of, sent_line_of};
pub use self::form::{Answers, FormAnswers};
pub use self::location::{Coordinates, Location};
pub use self::media::{Media, MediaKind};
pub use self::order::{Amount, Order, OrderItem};
use self::pages::{Pages, label};
pub use self::quotation::Quotation;
pub use self::unseen::Unseen;
pub use self::unsupported::Unsupported;
use crate::model::adf::{Document, Paragraph};
use crate::model::identity::{CustomerIdentity, PhoneNumberId, Wamid};
use crate::model::private::Private;
use crate::text;

/// A customer's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// The business number that it was sent to.
    pub phone_number_id: PhoneNumberId,
    /// WhatsApp's id.
    pub wamid: Wamid,
    /// Who sent it.
    pub from: CustomerIdentity,
    /// The sender's name in WhatsApp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<Private<String>>,
    /// When, by WhatsApp's clock.
    #[serde(
        serialize_with = "ts_seconds::serialize",
        deserialize_with = "stored::told"
    )]
    pub sent_at: DateTime<Utc>,
    /// What it says.
    pub content: InboundContent,
    /// What stands around it.
    #[serde(default, skip_serializing_if = "Context::is_empty")]
    pub context: Context,
}

/// What a customer's message says (Cloud API, "Webhooks: messages").
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "type", rename_all = "snake_case")]
pub enum InboundContent {
    /// Plain text.
    Text {
        /// As the customer typed it.
        body: String,
    },
    /// A photo, video, recording, document or sticker.
    Media(Media),
    /// A place.
    Location(Location),
    /// Cards from an address book.
    Contacts {
        /// The cards, in the customer's order.
        cards: Vec<ContactCard>,
    },
    /// The customer chose one of the answers that a message of ours offered.
    Choice(Choice),
    /// The customer filled in a form (a WhatsApp Flow).
    Form(FormAnswers),
    /// The customer said whether we may call.
    CallPermission {
        /// Whether we may. `None`: WhatsApp did not say.
        granted: Option<bool>,
        /// Whether it holds until the customer takes it back.
        permanent: bool,
        /// Until when it holds otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// The customer reacted to a message of ours, or took the reaction back.
    Reaction {
        /// The emoji. `None`: the reaction was taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
        /// The message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Wamid>,
    },
    /// The customer ordered from the catalogue.
    Order(Order),
    /// WhatsApp reports something about the customer.
    System {
        /// Meta's name of the event, for example `user_changed_number`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
        /// Meta's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// The customer changed an earlier message.
    Edit {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Wamid>,
        /// What it says now, if WhatsApp tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Box<InboundContent>>,
    },
    /// The customer deleted an earlier message.
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

// What the customer wrote must not get into a log by way of `{:?}`.
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
    /// Meta's name of the kind (`type` of the message).
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
            Self::Order(_) => "order",
            Self::System { .. } => "system",
            Self::Edit { .. } => "edit",
            Self::Revoke { .. } => "revoke",
            Self::Unsupported(_) => "unsupported",
            Self::Other { kind } => kind,
        }
    }

    /// Whether it is a message by a person, which opens the window and deserves an answer.
    /// Reactions, changes to earlier messages and system messages are not (Cloud API: only
    /// messages and calls open it).
    #[must_use]
    pub fn is_from_a_person(&self) -> bool {
        match self {
            Self::Unsupported(unsupported) => unsupported.is_a_message(),
            content => !matches!(content.kind(), "reaction" | "system" | "edit" | "revoke"),
        }
    }

    /// The message on one line, for a summary: its own first line where it has one, else our
    /// words for it. Not cut. `None`: there is nothing to show.
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

    /// The file that WhatsApp keeps for us, if the message has one. A changed message has the
    /// one that came with it at first.
    #[must_use]
    pub fn file(&self) -> Option<&Media> {
        match self {
            Self::Media(media) if media.is_held() => Some(media),
            _ => None,
        }
    }

    /// Whether the customer sent a file that did not get through WhatsApp, which the customer
    /// cannot know.
    #[must_use]
    pub fn is_lost_file(&self) -> bool {
        match self {
            Self::Media(media) => media.error == Some(media::NOT_DOWNLOADED),
            Self::Unsupported(unsupported) => unsupported.code == Some(media::NOT_DOWNLOADED),
            _ => false,
        }
    }

    /// What of the message nobody sees, and agents may want to ask for. `None`: nothing; or the
    /// customer is told of it ([`Self::is_lost_file`]).
    #[must_use]
    pub fn unseen(&self) -> Option<Unseen> {
        match self {
            Self::Unsupported(unsupported) => unsupported.unseen(),
            Self::Media(media) if !media.is_held() && !self.is_lost_file() => Some(Unseen::File),
            _ => None,
        }
    }

    /// The message as an agent reads it, in `context`: one document, or as many as Jira's limit
    /// asks for. Nothing of a text is lost but white space where it is cut and at its ends; of a
    /// message that is too long for comments, the rest is in [`Findings::rest`].
    #[must_use]
    pub fn documents(&self, context: &Context, findings: &Findings) -> Vec<Document> {
        self.pages(context, findings).finish(findings.rest.as_ref())
    }

    fn pages(&self, context: &Context, findings: &Findings) -> Pages {
        let mut pages = Pages::default();
        context.write(&mut pages, findings.earlier.as_ref());
        self.write(&mut pages, findings);
        pages
    }

    fn write(&self, pages: &mut Pages, findings: &Findings) {
        match self {
            Self::Text { body } if text::first_line(body).is_some() => pages.text(body),
            Self::Media(media) => media.write(pages, findings.file.as_ref()),
            Self::Location(location) => location.write(pages),
            Self::Contacts { cards } => contacts::write(cards, pages),
            Self::Choice(choice) => choice.write(pages),
            Self::Form(form) => form.write(pages),
            Self::Order(order) => order.write(pages),
            Self::Reaction {
                emoji: Some(emoji), ..
            } => {
                let line = Paragraph::default().em("Reacted ").text(&label(emoji));
                pages.block(match findings.earlier.as_ref().map(Quotation::as_line) {
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
                match findings.earlier.as_ref().and_then(Quotation::as_line) {
                    Some(earlier) => {
                        pages.ours("[The customer changed this message:]");
                        pages.quote(earlier);
                        pages.ours("[It now says:]");
                    }
                    None => pages.ours("[The customer changed an earlier message. It now says:]"),
                }
                content.write(pages, findings);
            }
            other => {
                pages.ours(&other.placeholder());
                let earlier = findings.earlier.as_ref();
                if let Some(earlier) = earlier.filter(|_| other.concerns().is_some()) {
                    match earlier.as_line() {
                        Some(line) => pages.quote(line),
                        None => pages.ours(&format!("({CHANGED})")),
                    }
                }
            }
        }
    }

    /// The earlier message that this one changes or takes back, or reacts to.
    fn concerns(&self) -> Option<&Wamid> {
        match self {
            Self::Reaction { to, .. } => to.as_ref(),
            Self::Edit { of, .. } | Self::Revoke { of } => of.as_ref(),
            _ => None,
        }
    }

    /// Our words for what has none of its own.
    fn placeholder(&self) -> String {
        match self {
            Self::Text { .. } => "[The customer sent an empty message.]".to_owned(),
            Self::CallPermission {
                granted,
                permanent,
                until,
            } => call_permission(*granted, *permanent, *until),
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

fn call_permission(granted: Option<bool>, permanent: bool, until: Option<DateTime<Utc>>) -> String {
    match (granted, until) {
        (Some(true), _) if permanent => "[The customer allows calls from now on.]".to_owned(),
        (Some(true), Some(until)) => {
            let until = until.format("%Y-%m-%d %H:%M");
            format!("[The customer allows calls until {until} UTC.]")
        }
        (Some(true), None) => "[The customer allows a call.]".to_owned(),
        (Some(false), _) => "[The customer does not want to be called.]".to_owned(),
        (None, _) => {
            "[The customer answered whether we may call, WhatsApp does not say how.]".to_owned()
        }
    }
}

impl InboundMessage {
    /// The message as an agent reads it: see [`InboundContent::documents`].
    #[must_use]
    pub fn documents(&self, findings: &Findings) -> Vec<Document> {
        self.content.documents(&self.context, findings)
    }

    /// What goes into a file, since the message is too long for comments. `None`: nothing.
    #[must_use]
    pub fn rest(&self, findings: &Findings) -> Option<Private<String>> {
        let pages = self.content.pages(&self.context, findings);
        pages.rest().map(Private::from)
    }

    /// The name of that file, which no other message's has.
    #[must_use]
    pub fn rest_name(&self) -> String {
        format!("rest-of-message-{}.txt", &self.wamid.fingerprint()[..8])
    }

    /// The earlier message that this one answers, changes, takes back or reacts to.
    #[must_use]
    pub fn earlier(&self) -> Option<&Wamid> {
        let answered = self.context.reply_to.as_ref();
        self.content.concerns().or(answered)
    }
}

//! The internal notes that Casement leaves for agents. They say in plain words what happened, who
//! acts, and what comes next.

mod command;
mod control;
mod cost;
mod delivery;
mod opt_out;
mod phone;
mod rule;
mod stale;
mod template;
mod timers;
mod window;

use chrono::DateTime;
use chrono_tz::Tz;

pub use self::timers::TimerNote;

use crate::model::adf::{Document, Paragraph};
use crate::model::attachment::NotSendable;
use crate::model::content::{FileProblem, Unseen};
use crate::model::fate::{WhatsappCode, explain};
use crate::model::private::Private;

pub use self::control::ControlNote;
pub use self::cost::CostReport;
pub use self::delivery::DeliveryNote;
pub use self::opt_out::OptOutNote;
pub use self::phone::{InField, Meets, PhoneNote};
pub use self::rule::RuleNote;
pub use self::stale::StaleNote;
pub use self::template::{NotSent, TemplateNote};
pub use self::window::{HeldReport, LastReply, WindowReport};

/// A note to the agents of a request. Customers never see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A reply waits for the customer to write again.
    Held {
        /// The end of the window, in the agents' time zone. `None` if the customer has not written
        /// yet.
        window_ended: Option<DateTime<Tz>>,
    },
    /// A held reply was deleted, or is no longer public.
    Withdrawn,
    /// An agent asked for the held replies to be cancelled.
    Cancelled {
        /// The number of cancelled replies.
        count: usize,
    },
    /// An agent asked for the state of the conversation.
    Window(Box<WindowReport>),
    /// An agent wrote an unknown command.
    UnknownCommand,
    /// A public comment is a command. It was neither sent nor carried out.
    CommandInPublic { command: &'static str },
    /// A reply was changed, or made internal, after it was sent.
    EditedAfterSending,
    /// A reply was deleted after it was sent.
    DeletedAfterSending,
    /// A comment was changed so late that nobody knows whether the customer has it.
    EditedTooLate,
    /// WhatsApp will not deliver a reply.
    NotDelivered {
        /// Meta's code.
        code: Option<WhatsappCode>,
    },
    /// WhatsApp reported on an automatic message, or reported late.
    Delivery(DeliveryNote),
    /// A reply could not be sent for too long and was handed to the operators.
    PutAside {
        /// The obstacle, without any content.
        cause: String,
    },
    /// A customer's message could not be written into the request.
    MessageNotWritten {
        /// The obstacle, without any content.
        cause: String,
    },
    /// The customer has another phone number or WhatsApp id.
    IdentityChanged {
        /// The new number or id.
        now: Private<String>,
        /// The former number, masked except for its last digits, if known.
        before: Option<Private<String>>,
    },
    /// The customer wrote again, and the request could not be reopened.
    NotReopened,
    /// The new request follows another one, but Jira did not link them.
    NotLinked {
        /// The key of the former request.
        former: String,
    },
    /// Somebody who only has the portal wrote a public comment.
    PortalCustomer,
    /// A public comment has nothing that can be sent.
    NothingToSend,
    /// Files of a reply, or other content beyond its text, were not sent.
    FilesLeftOut {
        /// The names, and the reasons.
        files: Vec<(Private<String>, NotSendable)>,
    },
    /// A file of the customer is not in the request.
    FileMissing { problem: FileProblem },
    /// Something that the customer sent did not reach the request, and WhatsApp did not pass it on.
    Unseen(Unseen),
    /// The customer was told that a file did not get through.
    LostFileTold {
        /// The text that was sent.
        text: Private<String>,
    },
    /// The customer opted out of automatic messages, or in again.
    OptOut(OptOutNote),
    /// The customer was told that the reply takes longer.
    NoticeSent {
        /// The text that was sent.
        text: Private<String>,
    },
    /// The conversation changed hands.
    Control(ControlNote),
    /// A rule's message was kept back.
    Rule(RuleNote),
    /// A note about a template message.
    Template(TemplateNote),
    /// A note about the customer's phone number.
    Phone(PhoneNote),
    /// Something came too late to be carried out.
    Stale(StaleNote),
    /// A note about another timer.
    Timer(TimerNote),
}

impl Note {
    /// Returns the note as a document.
    #[must_use]
    pub fn document(&self) -> Document {
        let paragraph = Paragraph::default();
        let paragraph = match self {
            Self::Held { window_ended } => paragraph
                .strong("Not sent yet: this reply is held. ")
                .text(&held_because(*window_ended))
                .text(
                    " WhatsApp lets us write freely only within 24 hours of the customer's last \
                     message. Casement sends the reply by itself as soon as the customer writes \
                     again. To withdraw it, delete the comment; to withdraw all that are held, write \
                     an internal note that says only /cancel.",
                ),
            Self::Withdrawn => paragraph
                .strong("A held reply was withdrawn. ")
                .text(
                    "Its comment was deleted, is no longer public, or has nothing left to send. The \
                     customer will not get it.",
                ),
            Self::Cancelled { count } => command::cancelled(paragraph, *count),
            Self::Window(report) => report.written_in(paragraph),
            Self::UnknownCommand => command::unknown(paragraph),
            Self::CommandInPublic { command } => command::in_public(paragraph, command),
            Self::EditedAfterSending => paragraph
                .strong("The customer still sees the earlier text. ")
                .text(
                    "A reply was changed after it was sent, and WhatsApp does not let us change \
                     it. If the customer should know, please say so in a new public comment.",
                ),
            Self::DeletedAfterSending => paragraph
                .strong("The customer still sees the deleted reply. ")
                .text(
                    "It was sent before, and WhatsApp does not let us take it back. If the \
                     customer should know, please say so in a new public comment.",
                ),
            Self::EditedTooLate => paragraph.strong("The change was not sent. ").text(
                "The comment is so old that Casement no longer knows whether the customer has it. \
                 If the customer should read it, please write it as a new public comment.",
            ),
            Self::NotDelivered { code } => paragraph
                .strong("The customer did not get this reply. ")
                .text(explain(*code))
                .text(&delivery::in_brackets(*code)),
            Self::Delivery(note) => note.in_paragraph(paragraph),
            Self::PutAside { cause } => {
                paragraph.strong("Could not be delivered. ").text(&format!(
                    "Casement tried for hours: {cause}. The operators are told and can send it \
                     again; until then please reach the customer another way."
                ))
            }
            Self::MessageNotWritten { cause } => paragraph
                .strong("A message of the customer could not be written here. ")
                .text(&format!(
                    "The cause: {cause}. The operators are told. Please ask the customer to write \
                     again if the conversation does not make sense without it."
                )),
            Self::IdentityChanged { now, before } => {
                let before = before.as_deref().unwrap_or("another WhatsApp id");
                let now = now.get();
                paragraph
                    .strong("The customer's number changed. ")
                    .text(&format!(
                        "WhatsApp says that {before} is now {now}. Replies go there from now on. \
                         Please make sure that you still talk to the same person before you share \
                         anything personal."
                    ))
            }
            Self::NotReopened => paragraph
                .strong("The customer wrote again after this request was done. ")
                .text(
                    "It could not be reopened: its workflow has no transition to an open status \
                     that Casement may take. Please reopen it, or answer here: public comments are \
                     still sent.",
                ),
            Self::NotLinked { former } => paragraph
                .strong("This request is not linked to the one before. ")
                .text(&format!(
                    "It follows {former}, and Jira did not take the link. Please link the two by \
                     hand if you want them linked. If it happens again: Casement's account may lack \
                     the permission Link issues."
                )),
            Self::PortalCustomer => paragraph.strong("Not sent to WhatsApp. ").text(
                "The comment was written by a portal customer or another participant, who does not \
                 speak for you, so the customer still waits. If the customer should read it, please \
                 say it in a public comment of your own.",
            ),
            Self::NothingToSend => paragraph.strong("Nothing was sent to the customer. ").text(
                "This public comment has nothing that WhatsApp could carry. Please write the \
                     answer as text in a new comment.",
            ),
            Self::FilesLeftOut { files } => delivery::left_out(paragraph, files),
            Self::FileMissing { problem } => paragraph
                .strong("A file of the customer is not here. ")
                .text(&format!(
                    "The cause: {problem}. {}",
                    delivery::what_to_do_about(*problem)
                )),
            Self::Unseen(unseen) => {
                let (what, please) = unseen.words();
                paragraph.strong(what).text(please)
            }
            Self::LostFileTold { text } => paragraph
                .strong("The customer was told on WhatsApp that a file did not arrive: ")
                .text(text),
            Self::OptOut(opt_out) => opt_out.write(paragraph),
            Self::Control(control) => control.write(paragraph),
            Self::Rule(rule) => rule.write(paragraph),
            Self::NoticeSent { text } => paragraph
                .strong("Delay notice sent on WhatsApp: ")
                .text(text),
            Self::Template(note) => note.write(paragraph),
            Self::Phone(note) => note.write(paragraph),
            Self::Stale(note) => note.paragraph(),
            Self::Timer(note) => note.paragraph(),
        };
        Document::new(vec![paragraph])
    }
}

fn held_because(window_ended: Option<DateTime<Tz>>) -> String {
    window_ended.map_or_else(
        || "The customer has not written on WhatsApp yet.".to_owned(),
        |ended| format!("The customer's window closed on {}.", spoken(ended)),
    )
}

/// Formats a point in time for notes.
fn spoken(at: DateTime<Tz>) -> String {
    at.format("%Y-%m-%d at %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_says_what_happened_and_what_comes_next() {
        let ended = DateTime::from_timestamp(1_790_000_000, 0)
            .map(|ended| ended.with_timezone(&Tz::Europe__Berlin));
        for (note, expected) in [
            (
                Note::Held {
                    window_ended: ended,
                },
                "The customer's window closed on 2026-09-21 at 16:13 CEST.",
            ),
            (
                Note::Held { window_ended: None },
                "has not written on WhatsApp yet",
            ),
            (Note::Withdrawn, "The customer will not get it."),
            (Note::Cancelled { count: 0 }, "no reply is held"),
            (Note::Cancelled { count: 1 }, "1 held reply is cancelled."),
            (
                Note::Cancelled { count: 2 },
                "2 held replies are cancelled.",
            ),
            (Note::UnknownCommand, "/cancel – cancels all held"),
            (
                Note::CommandInPublic { command: "/cancel" },
                "an internal note that begins with /cancel",
            ),
            (
                Note::CommandInPublic { command: "/reply" },
                "in the same public comment: /reply It",
            ),
            (Note::EditedAfterSending, "still sees the earlier text"),
            (Note::DeletedAfterSending, "still sees the deleted reply"),
            (Note::EditedTooLate, "write it as a new public comment"),
            (
                Note::NotDelivered {
                    code: Some(WhatsappCode(131_026)),
                },
                "(WhatsApp code 131026)",
            ),
            (Note::NotDelivered { code: None }, "tell the operators"),
            (
                Note::PutAside {
                    cause: "Jira refused with status 403".to_owned(),
                },
                "Jira refused with status 403. The operators",
            ),
            (
                Note::MessageNotWritten {
                    cause: "Jira refused with status 400".to_owned(),
                },
                "The cause: Jira refused with status 400. The operators",
            ),
            (
                Note::IdentityChanged {
                    now: "+49222".to_owned().into(),
                    before: Some("…111".to_owned().into()),
                },
                "WhatsApp says that …111 is now +49222. Replies",
            ),
            (
                Note::IdentityChanged {
                    now: "DE.2".to_owned().into(),
                    before: None,
                },
                "that another WhatsApp id is now DE.2.",
            ),
            (Note::NotReopened, "Please reopen it"),
            (
                Note::NotLinked {
                    former: "SUP-1".to_owned(),
                },
                "It follows SUP-1, and Jira did not take the link.",
            ),
            (Note::PortalCustomer, "public comment of your own"),
            (Note::NothingToSend, "Nothing was sent"),
            (
                Note::FilesLeftOut {
                    files: vec![("a.zip".to_owned().into(), NotSendable::Type)],
                },
                "a.zip: WhatsApp does not take files of this type.",
            ),
            (
                Note::FilesLeftOut {
                    files: vec![("a link to the inside of Jira".into(), NotSendable::Inside)],
                },
                "a link to the inside of Jira: customers have no access there.",
            ),
            (
                Note::FileMissing {
                    problem: FileProblem::TooLarge { limit: 10_500_000 },
                },
                "larger than the 10 MB that this Jira site takes. Please ask",
            ),
            (
                Note::FileMissing {
                    problem: FileProblem::NotHandedOver,
                },
                "asked several times. Please ask the customer to send it again.",
            ),
            (Note::Unseen(Unseen::Poll), "ask for the question as text."),
            (Note::Unseen(Unseen::LostFile), "the customer was not told."),
            (
                Note::LostFileTold {
                    text: "It did not arrive".to_owned().into(),
                },
                "It did not arrive",
            ),
            (
                Note::NoticeSent {
                    text: "Please wait".to_owned().into(),
                },
                "Please wait",
            ),
        ] {
            let json = serde_json::to_string(&note.document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

//! The internal notes that Casement leaves for agents, in plain words: what happened, who acts,
//! what comes next.

mod window;
mod wish;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::adf::{Document, Paragraph};
use crate::attachment::NotSendable;
use crate::command::COMMANDS;
use crate::content::FileProblem;
use crate::fate::{WhatsappCode, explain};

pub use self::window::{LastReply, WindowReport};
pub use self::wish::WishNote;

/// A note to the agents of a request. Customers never see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A reply waits for the customer to write again.
    Held {
        /// When the window ended, in the agents' time zone. `None`: the customer has not written yet.
        window_ended: Option<DateTime<Tz>>,
    },
    /// A held reply was deleted, or is no longer public.
    Withdrawn,
    /// An agent asked for the held replies to be cancelled.
    Cancelled {
        /// How many there were.
        count: usize,
    },
    /// How the conversation stands, because an agent asked.
    Window(Box<WindowReport>),
    /// An agent asked for something that there is not.
    UnknownCommand,
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
    /// A reply could not be sent for too long; it went to the operators.
    PutAside {
        /// What stood in the way, without any content.
        cause: String,
    },
    /// A customer's message could not be written into the request.
    MessageNotWritten {
        /// What stood in the way, without any content.
        cause: String,
    },
    /// The customer has another phone number or WhatsApp id.
    IdentityChanged {
        /// The new one.
        now: String,
        /// The former number with its last digits alone; `None`: it is not known.
        before: Option<String>,
    },
    /// The customer wrote again, and the request could not be reopened.
    NotReopened,
    /// A public comment with nothing in it that can be sent.
    NothingToSend,
    /// Files of a reply were not sent.
    FilesLeftOut {
        /// Their names and why.
        files: Vec<(String, NotSendable)>,
    },
    /// A file of the customer is not in the request.
    FileMissing {
        /// Why.
        problem: FileProblem,
    },
    /// The customer was told that a file did not get through.
    LostFileTold {
        /// The text that was sent.
        text: String,
    },
    /// The customer wants no automatic messages, or wants them again.
    Wish(WishNote),
    /// The customer was told that the answer takes longer.
    NoticeSent {
        /// The text that was sent.
        text: String,
    },
}

impl Note {
    /// The note as a document.
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
                .text("Its comment was deleted or is no longer public. The customer will not get it."),
            Self::Cancelled { count } => cancelled(paragraph, *count),
            Self::Window(report) => report.written_in(paragraph),
            Self::UnknownCommand => {
                let commands = COMMANDS.map(|(name, what)| format!("\n{name}, {what}."));
                paragraph
                    .strong("Casement does not know this command.")
                    .text(" Nothing was done, and the customer does not see it. There are:")
                    .text(&commands.concat())
            }
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
                .text(&code.map_or_else(String::new, |code| format!(" (WhatsApp code {code})"))),
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
            Self::NothingToSend => paragraph.strong("Nothing was sent to the customer. ").text(
                "This public comment has nothing that WhatsApp could carry. Please write the \
                     answer as text in a new comment.",
            ),
            Self::FilesLeftOut { files } => {
                let files = files
                    .iter()
                    .map(|(name, reason)| format!("\n{name}: {reason}."));
                paragraph
                    .strong("The customer did not get every file of this reply.")
                    .text(&files.collect::<String>())
                    .text("\nPlease send a link, or the file in another form.")
            }
            Self::FileMissing { problem } => paragraph
                .strong("A file of the customer is not here. ")
                .text(&format!(
                    "The cause: {problem}. {}",
                    what_to_do_about(*problem)
                )),
            Self::LostFileTold { text } => paragraph
                .strong("The customer was told on WhatsApp that a file did not arrive: ")
                .text(text),
            Self::Wish(wish) => wish.write(paragraph),
            Self::NoticeSent { text } => paragraph
                .strong("Delay notice sent on WhatsApp: ")
                .text(text),
        };
        Document::new(vec![paragraph])
    }
}

fn cancelled(paragraph: Paragraph, count: usize) -> Paragraph {
    let what = match count {
        0 => {
            return paragraph
                .strong("Nothing to cancel: ")
                .text("no reply is held.");
        }
        1 => "1 held reply is cancelled. ".to_owned(),
        count => format!("{count} held replies are cancelled. "),
    };
    paragraph.strong(&what).text(
        "The customer will not get what was written before the /cancel. To send something of it \
         after all, please write it as a new public comment.",
    )
}

fn what_to_do_about(problem: FileProblem) -> &'static str {
    match problem {
        FileProblem::TooLarge { .. } => {
            "Please ask the customer for a smaller file, or for another way to get it. A Jira \
             administrator can raise the limit."
        }
        FileProblem::AttachmentsOff => {
            "A Jira administrator can switch attachments on. Until then please ask the customer \
             for another way to get it."
        }
        FileProblem::Refused { .. } | FileProblem::ForeignAddress => {
            "Please ask the customer for another way to get it, and tell the operators."
        }
        FileProblem::Gone | FileProblem::NotHandedOver => {
            "Please ask the customer to send it again."
        }
    }
}

fn held_because(window_ended: Option<DateTime<Tz>>) -> String {
    window_ended.map_or_else(
        || "The customer has not written on WhatsApp yet.".to_owned(),
        |ended| format!("The customer's window closed on {}.", spoken(ended)),
    )
}

/// A point in time, as notes give it.
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
            (Note::UnknownCommand, "/cancel, as the whole of an"),
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
                    now: "+49222".to_owned(),
                    before: Some("…111".to_owned()),
                },
                "WhatsApp says that …111 is now +49222. Replies",
            ),
            (
                Note::IdentityChanged {
                    now: "DE.2".to_owned(),
                    before: None,
                },
                "that another WhatsApp id is now DE.2.",
            ),
            (Note::NotReopened, "Please reopen it"),
            (Note::NothingToSend, "Nothing was sent"),
            (
                Note::FilesLeftOut {
                    files: vec![("a.zip".to_owned(), NotSendable::Type)],
                },
                "a.zip: WhatsApp does not take files of this type.",
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
            (
                Note::LostFileTold {
                    text: "It did not arrive".to_owned(),
                },
                "It did not arrive",
            ),
            (
                Note::NoticeSent {
                    text: "Please wait".to_owned(),
                },
                "Please wait",
            ),
        ] {
            let json = serde_json::to_string(&note.document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

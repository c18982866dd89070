//! Notes about WhatsApp's delivery reports on automatic messages, and about late reports.

use crate::model::adf::Paragraph;
use crate::model::attachment::NotSendable;
use crate::model::content::FileProblem;
use crate::model::fate::{WhatsappCode, explain};
use crate::model::private::Private;

/// A note about the delivery of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryNote {
    /// WhatsApp will not deliver an automatic message.
    AutomaticFailed {
        /// Meta's code.
        code: Option<WhatsappCode>,
    },
    /// A reply arrived although it was reported as failed.
    ArrivedAfterAll,
    /// The only known number of the customer now belongs to somebody else.
    NoAddress,
}

impl DeliveryNote {
    pub(super) fn in_paragraph(&self, paragraph: Paragraph) -> Paragraph {
        match self {
            Self::AutomaticFailed { code } => paragraph
                .strong("The customer did not get the automatic message. ")
                .text(explain(*code))
                .text(&in_brackets(*code)),
            Self::ArrivedAfterAll => paragraph
                .strong("The customer got the message after all. ")
                .text(
                    "WhatsApp said before that it had failed, and now reports that it is on the \
                     customer's phone. Nothing has to be sent again.",
                ),
            Self::NoAddress => paragraph.strong("Nothing was sent to the customer. ").text(
                "The phone number of this request belongs to somebody else now, and no other is \
                     known. If the customer writes from a new number, a new request opens. Please \
                     reach the customer another way.",
            ),
        }
    }
}

/// Lists the parts of a reply that the customer did not get, with the reasons.
pub(super) fn left_out(paragraph: Paragraph, what: &[(Private<String>, NotSendable)]) -> Paragraph {
    let only_files = what.iter().all(|(_, reason)| reason.is_about_a_file());
    let (heading, advice) = if only_files {
        (
            "The customer did not get every file of this reply.",
            "\nPlease send a link, or the file in another form.",
        )
    } else {
        (
            "The customer did not get all of this reply.",
            "\nIf the customer needs it, please write it as text in a new public comment.",
        )
    };
    let lines = what
        .iter()
        .map(|(name, reason)| format!("\n{}: {reason}.", name.get()));
    paragraph
        .strong(heading)
        .text(&lines.collect::<String>())
        .text(advice)
}

/// Says what to do about a file of the customer that is not in the request.
pub(super) fn what_to_do_about(problem: FileProblem) -> &'static str {
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

/// Formats the code in brackets, for anyone who has to look it up.
pub(super) fn in_brackets(code: Option<WhatsappCode>) -> String {
    code.map_or_else(String::new, |code| format!(" (WhatsApp code {code})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::notes::Note;

    #[test]
    fn the_agent_reads_what_became_of_a_message() {
        for (note, expected) in [
            (
                DeliveryNote::AutomaticFailed {
                    code: Some(WhatsappCode(131_026)),
                },
                " (WhatsApp code 131026)",
            ),
            (
                DeliveryNote::AutomaticFailed { code: None },
                "the automatic message.",
            ),
            (
                DeliveryNote::ArrivedAfterAll,
                "Nothing has to be sent again",
            ),
            (DeliveryNote::NoAddress, "belongs to somebody else now"),
        ] {
            let json = serde_json::to_string(&Note::Delivery(note).document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

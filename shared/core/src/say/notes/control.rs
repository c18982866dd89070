//! Notes about who holds a conversation.

use chrono::DateTime;
use chrono_tz::Tz;

use super::spoken;
use crate::model::adf::Paragraph;
use crate::model::conversation::Holder;

/// A note that a conversation changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlNote {
    /// The customer's messages go to this holder from now on.
    GoesTo(Holder),
    /// An agent's reply took the conversation over.
    TakenOver {
        /// The time since which the other sender had held it.
        since: DateTime<Tz>,
    },
}

impl ControlNote {
    pub(super) fn write(self, paragraph: Paragraph) -> Paragraph {
        match self {
            Self::GoesTo(Holder::Another) => paragraph
                .strong("Another sender, such as Meta's agent, answers the customer. ")
                .text(
                    "Casement sends no delay notices and no questions meanwhile, since they would \
                     take the conversation over. A public comment is sent, and takes it over.",
                ),
            Self::GoesTo(Holder::Casement) => paragraph
                .strong("The customer writes to you again. ")
                .text("Another sender, such as Meta's agent, no longer holds the conversation."),
            Self::TakenOver { since } => paragraph
                .strong("Your reply takes the conversation over. ")
                .text(&format!(
                    "Another sender, such as Meta's agent, had held it since {}. The customer's \
                     next messages come to you.",
                    spoken(since)
                )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::adf::Document;

    #[test]
    fn agents_read_who_answers_and_what_a_reply_does() {
        let since = DateTime::from_timestamp(1_790_000_000, 0)
            .map(|since| since.with_timezone(&Tz::Europe__Berlin))
            .unwrap();
        for (note, expected) in [
            (ControlNote::GoesTo(Holder::Another), "takes it over."),
            (
                ControlNote::GoesTo(Holder::Casement),
                "writes to you again.",
            ),
            (
                ControlNote::TakenOver { since },
                "had held it since 2026-09-21 at 16:13 CEST.",
            ),
        ] {
            let paragraph = note.write(Paragraph::default());
            let json = serde_json::to_string(&Document::new(vec![paragraph])).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

//! Notes about the messages of Automation rules.

use crate::model::adf::Paragraph;

/// A note about a rule's message that was kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleNote {
    /// Rules have written as many messages in this wait as the owner allows.
    TooMany {
        /// That number.
        limit: usize,
        /// Whether the customer waits for an answer.
        somebody_waits: bool,
    },
    /// The customer wants no automatic messages.
    OptedOut,
    /// Another sender holds the conversation.
    HeldByAnother,
}

impl RuleNote {
    pub(super) fn write(self, paragraph: Paragraph) -> Paragraph {
        let paragraph = paragraph.strong("An automatic comment was not sent to the customer. ");
        match self {
            Self::TooMany {
                limit,
                somebody_waits,
            } => {
                let until = if somebody_waits {
                    "None of them answers the customer, and no more are sent until somebody does."
                } else {
                    "No more are sent within an hour."
                };
                let sent = match limit {
                    1 => "a comment".to_owned(),
                    many => format!("{many} comments"),
                };
                paragraph.text(&format!(
                    "Automation or another app has written {sent} already. {until} If a rule \
                     reacts to every comment, or to its own, please have it changed; if so many \
                     are right, have automation_limit raised."
                ))
            }
            Self::OptedOut => paragraph.text(
                "The customer wants no automatic messages, so what Automation and other apps \
                 write stays in Jira until the customer sends START. What you write in public \
                 comments is still sent.",
            ),
            Self::HeldByAnother => paragraph.text(
                "Another sender, such as Meta's agent, holds the conversation, and the comment would \
                 take it over. What you write in public comments is still sent, and takes it over.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::adf::Document;

    #[test]
    fn agents_read_why_and_until_when() {
        for (note, expected) in [
            (
                RuleNote::TooMany {
                    limit: 1,
                    somebody_waits: true,
                },
                "has written a comment already",
            ),
            (
                RuleNote::TooMany {
                    limit: 3,
                    somebody_waits: true,
                },
                "has written 3 comments already",
            ),
            (
                RuleNote::TooMany {
                    limit: 3,
                    somebody_waits: true,
                },
                "has written 3 comments already. None of them",
            ),
            (RuleNote::OptedOut, "until the customer sends START"),
        ] {
            let paragraph = note.write(Paragraph::default());
            let json = serde_json::to_string(&Document::new(vec![paragraph])).unwrap();
            assert!(json.contains("was not sent to the customer"), "{json}");
            assert!(json.contains(expected), "{json}");
        }
    }
}

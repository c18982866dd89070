//! Notes about the messages of Automation rules.

use crate::model::adf::Paragraph;

/// A note about a rule's message that was kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleNote {
    /// Rules have written as many messages in this wait as the owner allows.
    TooMany {
        /// That number.
        limit: usize,
    },
    /// The customer wants no automatic messages.
    OptedOut,
}

impl RuleNote {
    pub(super) fn write(self, paragraph: Paragraph) -> Paragraph {
        let paragraph = paragraph.strong("An automatic comment was not sent to the customer. ");
        match self {
            Self::TooMany { limit } => {
                let sent = match limit {
                    1 => "a comment".to_owned(),
                    many => format!("{many} comments"),
                };
                paragraph.text(&format!(
                    "Automation or another app has written {sent} already, and none of them \
                     answers the customer. No more are sent until somebody answers. If a rule \
                     reacts to every comment, or to its own, please have it changed; if so many \
                     are right, have automation_limit raised."
                ))
            }
            Self::OptedOut => paragraph.text(
                "The customer wants no automatic messages, so what Automation and other apps \
                 write stays in Jira until the customer sends START. What you write in public \
                 comments is still sent.",
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
                RuleNote::TooMany { limit: 1 },
                "has written a comment already",
            ),
            (
                RuleNote::TooMany { limit: 3 },
                "has written 3 comments already",
            ),
            (RuleNote::TooMany { limit: 3 }, "until somebody answers"),
            (RuleNote::OptedOut, "until the customer sends START"),
        ] {
            let paragraph = note.write(Paragraph::default());
            let json = serde_json::to_string(&Document::new(vec![paragraph])).unwrap();
            assert!(json.contains("was not sent to the customer"), "{json}");
            assert!(json.contains(expected), "{json}");
        }
    }
}

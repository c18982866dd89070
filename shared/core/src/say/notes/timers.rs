//! Notes about the end of a window.

use chrono::DateTime;
use chrono_tz::Tz;

use super::spoken;
use crate::model::adf::Paragraph;
use crate::model::identity::Assignee;
use crate::model::private::Private;

/// A note about an action of a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerNote {
    /// The customer was asked whether help is still needed.
    AskedToKeepOpen {
        /// The text that was sent.
        text: Private<String>,
        /// The label of its button.
        button: String,
    },
    /// The window of a waiting customer closes soon.
    WindowCloses {
        /// The assignee, who is mentioned by name.
        assignee: Option<Assignee>,
        /// The end of the window, in the agents' time zone.
        at: DateTime<Tz>,
    },
    /// A held reply has waited too long.
    HoldExpired {
        /// The time since which it was held, in the agents' time zone.
        held_since: DateTime<Tz>,
    },
}

impl TimerNote {
    pub(super) fn paragraph(&self) -> Paragraph {
        let paragraph = Paragraph::default();
        match self {
            Self::AskedToKeepOpen { text, button } => paragraph
                .strong("The window closes soon, so the customer was asked on WhatsApp: ")
                .text(&format!("{} [{button}]", text.get())),
            Self::WindowCloses { assignee, at } => {
                let paragraph = match assignee {
                    Some(Assignee { account, name }) => paragraph.mention(account, name).text(" "),
                    None => paragraph,
                };
                paragraph
                    .strong("The customer waits for an answer, and the window closes soon. ")
                    .text(&format!(
                        "An answer can reach the customer until {}. A later one is held until the \
                         customer writes again.",
                        spoken(*at)
                    ))
            }
            Self::HoldExpired { held_since } => paragraph
                .strong("A held reply was never sent. ")
                .text(&format!(
                    "It was held since {}, and the customer has not written since. \
                     Casement will not send it any more. If the customer should still know, please \
                     write it as a new public comment.",
                    spoken(*held_since)
                )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::AccountId;
    use crate::say::notes::Note;

    #[test]
    fn they_say_when_and_what_comes_next() {
        let at = DateTime::from_timestamp(1_790_000_000, 0)
            .unwrap()
            .with_timezone(&Tz::Europe__Berlin);
        let assignee = Assignee {
            account: AccountId::new("712020:1"),
            name: "Ben".to_owned().into(),
        };
        for (note, expected) in [
            (
                TimerNote::AskedToKeepOpen {
                    text: "Still there?".to_owned().into(),
                    button: "Yes".to_owned(),
                },
                "Still there? [Yes]",
            ),
            (
                TimerNote::WindowCloses {
                    assignee: Some(assignee),
                    at,
                },
                r#"{"type":"mention","attrs":{"id":"712020:1","text":"@Ben"}}"#,
            ),
            (
                TimerNote::WindowCloses { assignee: None, at },
                "until 2026-09-21 at 16:13 CEST. A later one is held",
            ),
            (
                TimerNote::HoldExpired { held_since: at },
                "held since 2026-09-21 at 16:13 CEST, and the customer has not written since.",
            ),
        ] {
            let json = serde_json::to_string(&Note::Timer(note).document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

//! Notes about work that came too late to be carried out ([`crate::decide::freshness`]).

use chrono::DateTime;
use chrono_tz::Tz;

use super::spoken;
use crate::model::adf::Paragraph;

/// A note about something that is too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaleNote {
    /// A customer's message.
    Message {
        /// The time at which it was sent.
        sent_at: DateTime<Tz>,
    },
    /// A change of the customer's number or BSUID.
    IdentityChange {
        /// The time of the change.
        changed_at: DateTime<Tz>,
    },
    /// A comment that was to be sent, or that asks for something.
    Comment,
}

impl StaleNote {
    pub(super) fn paragraph(&self) -> Paragraph {
        let paragraph = Paragraph::default();
        match self {
            Self::Message { sent_at } => paragraph
                .strong("An old message of the customer came in and was not written here. ")
                .text(&format!(
                    "The customer sent it on {}. Casement does not know any more whether it is in a \
                     request already, so it reopened nothing. If others like it come in today, there \
                     is no further note. If something is missing here, please ask the customer.",
                    spoken(*sent_at)
                )),
            Self::IdentityChange { changed_at } => paragraph
                .strong("An old change of the customer's number came in and was left alone. ")
                .text(&format!(
                    "WhatsApp says that the number or WhatsApp id changed on {}. This conversation \
                     has gone on since, or the change is too old, so replies go where they went \
                     before. If the customer has a new number, please ask for a message from it.",
                    spoken(*changed_at)
                )),
            Self::Comment => paragraph.strong("Nothing was done about an old comment. ").text(
                "Jira reported a comment that was written so long ago that Casement no longer knows \
                 whether it was carried out. If the customer should read it, or if it asks for \
                 something, please write it again as a new comment.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::notes::Note;

    #[test]
    fn what_came_too_late_is_told_with_its_time() {
        let time = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let time = time.with_timezone(&Tz::Europe__Berlin);
        for (note, expected) in [
            (
                StaleNote::Message { sent_at: time },
                "sent it on 2026-09-21 at 16:13 CEST. Casement",
            ),
            (
                StaleNote::IdentityChange { changed_at: time },
                "changed on 2026-09-21 at 16:13 CEST. This",
            ),
            (StaleNote::Comment, "write it again as a new comment"),
        ] {
            let json = serde_json::to_string(&Note::Stale(note).document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}

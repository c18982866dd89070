//! What an agent asks Casement to do, by an internal note that begins with a slash.

use crate::reply::{Comment, REPLY};
use crate::text::OutboundText;

/// What an agent asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/cancel`: take off all replies that are held.
    Cancel,
    /// `/window`: tell how the conversation stands.
    Window,
    /// Something that there is not, or not in this form.
    Unknown,
}

/// The commands and what each does, as an agent reads it.
pub const COMMANDS: [(&str, &str); 3] = [
    (
        "/cancel",
        "as the whole of an internal note, takes all held replies back",
    ),
    (
        "/window",
        "as the whole of an internal note, tells whether the customer can be written to, and what waits",
    ),
    (
        REPLY,
        "in front of a public comment, sends it as an answer to the customer's last message",
    ),
];

/// The most letters of a word that may have been meant as a command.
const LONGEST: usize = 20;

impl Command {
    /// What `comment` asks for: Jira has to say that it is internal, and its whole text has to be
    /// the command. That it is not our own is the caller's to know.
    #[must_use]
    pub fn of(comment: &Comment) -> Option<Self> {
        if comment.public != Some(false) {
            return None;
        }
        let parts = OutboundText::of_body(&comment.body, comment.site.as_deref()).parts();
        let [text] = &parts[..] else { return None };
        let text = text.trim();
        if text.eq_ignore_ascii_case("/cancel") {
            Some(Self::Cancel)
        } else if text.eq_ignore_ascii_case("/window") {
            Some(Self::Window)
        } else {
            is_meant_as_command(text).then_some(Self::Unknown)
        }
    }
}

/// Whether who wrote `text` will wait for something to happen: a single word after a slash, or a
/// command with more words after it. A path, or a slash in a sentence, is left alone.
fn is_meant_as_command(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let first = first.trim_end_matches(['.', ',', ':', '!', '?']);
    let Some(name) = first.strip_prefix('/') else {
        return false;
    };
    let is_word = (1..=LONGEST).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let is_known = COMMANDS
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(first));
    is_word && (words.next().is_none() || is_known)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::identity::{AccountId, CommentId};

    fn note(public: Option<bool>, body: Value) -> Comment {
        Comment {
            id: CommentId::new("10100"),
            author: AccountId::new("agent"),
            author_name: None,
            parent: None,
            public,
            jsd_public: public,
            restricted: false,
            written_by_us: false,
            site: None,
            created: chrono::DateTime::UNIX_EPOCH,
            updated: chrono::DateTime::UNIX_EPOCH,
            body,
        }
    }

    fn document(paragraphs: &[&str]) -> Value {
        let paragraphs: Vec<Value> = paragraphs
            .iter()
            .map(|text| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]}))
            .collect();
        json!({"type": "doc", "version": 1, "content": paragraphs})
    }

    #[test]
    fn a_command_is_the_whole_of_an_internal_note() {
        use Command::{Cancel, Unknown, Window};
        let internal = Some(false);
        for (public, body, expected) in [
            (internal, document(&["/cancel"]), Some(Cancel)),
            (internal, document(&[" /Cancel "]), Some(Cancel)),
            (internal, json!("/cancel"), Some(Cancel)),
            (internal, document(&["/WINDOW"]), Some(Window)),
            (Some(true), document(&["/cancel"]), None),
            (None, document(&["/cancel"]), None),
            (Some(true), document(&["/foo"]), None),
            (internal, document(&["cancel"]), None),
            (internal, document(&[]), None),
            // Who writes this waits for something to happen.
            (internal, document(&["/foo"]), Some(Unknown)),
            (internal, document(&["/windw"]), Some(Unknown)),
            (internal, document(&["/cancel!"]), Some(Unknown)),
            (internal, document(&["/cancel the order"]), Some(Unknown)),
            (internal, document(&["/cancel", "please"]), Some(Unknown)),
            (internal, document(&["/reply Yes"]), Some(Unknown)),
            // And this is just a note.
            (internal, document(&["/var/log"]), None),
            (internal, document(&["/var/log/syslog is full"]), None),
            (internal, document(&["/etc is full"]), None),
            (internal, document(&["/tmp/"]), None),
            (internal, document(&["/foo.txt"]), None),
            (internal, document(&["/", "a"]), None),
            (internal, document(&["//"]), None),
            (internal, document(&["/24"]), None),
            (internal, document(&["see /cancel"]), None),
            (
                internal,
                document(&["/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
                None,
            ),
        ] {
            let note = note(public, body.clone());
            assert_eq!(Command::of(&note), expected, "{public:?} {body}");
        }
    }
}

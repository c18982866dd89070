//! What an agent asks Casement to do, by an internal note that begins with a slash.

use crate::reply::Comment;
use crate::template::{CallMistake, TemplateCall};
use crate::text::{OutboundText, plain_text};

/// What an agent asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/cancel`: take off all replies that are held.
    Cancel,
    /// `/template NAME LANGUAGE ...`: send a template message. `Err`: it cannot be read.
    Template(Result<TemplateCall, CallMistake>),
}

impl Command {
    /// What `comment` asks for: Jira has to say that it is internal, and its whole text has to be
    /// the command. That it is not our own is the caller's to know.
    #[must_use]
    pub fn of(comment: &Comment) -> Option<Self> {
        if comment.public != Some(false) {
            return None;
        }
        if let Some(call) = TemplateCall::read(&plain_text(&comment.body)) {
            return Some(Self::Template(call));
        }
        let parts = OutboundText::of_body(&comment.body, comment.site.as_deref()).parts();
        let [text] = &parts[..] else { return None };
        text.trim()
            .eq_ignore_ascii_case("/cancel")
            .then_some(Self::Cancel)
    }
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
        for (public, body, expected) in [
            (Some(false), document(&["/cancel"]), true),
            (Some(false), document(&[" /Cancel "]), true),
            (Some(false), json!("/cancel"), true),
            (Some(true), document(&["/cancel"]), false),
            (None, document(&["/cancel"]), false),
            (Some(false), document(&["/cancel the order"]), false),
            (Some(false), document(&["/cancel", "please"]), false),
            (Some(false), document(&["cancel"]), false),
            (Some(false), document(&[]), false),
        ] {
            assert_eq!(
                Command::of(&note(public, body.clone())),
                expected.then_some(Command::Cancel),
                "{public:?} {body}"
            );
        }
    }
}

//! What an agent asks Casement to do, by an internal note that says nothing else.

use crate::reply::Comment;
use crate::text::OutboundText;

/// Whether the comment asks to cancel all held replies: an internal note whose whole text is
/// `/cancel`. Jira has to say that it is internal. That it is not our own is the caller's to know.
#[must_use]
pub fn is_cancel(comment: &Comment) -> bool {
    if comment.public != Some(false) {
        return false;
    }
    let parts = OutboundText::of_body(&comment.body, comment.site.as_deref()).parts();
    matches!(&parts[..], [text] if text.trim().eq_ignore_ascii_case("/cancel"))
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
                is_cancel(&note(public, body.clone())),
                expected,
                "{public:?} {body}"
            );
        }
    }
}

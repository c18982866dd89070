//! The text of a comment, sealed off.

use serde_json::Value;

use super::plain_words;
use crate::model::adf::Document;
use crate::model::digest::Digest;
use crate::model::identity::{CommentId, ConversationKey};
use crate::model::private::Private;
use crate::text::{self, MediaSource, OutboundText};

/// The text of a comment: an ADF document, or plain text as it was typed.
///
/// Only this crate can read it, so a comment reaches a phone or another comment only through the
/// rules: [`decide_reply`](crate::decide::reply::decide_reply) and
/// [`decide_quotation`](crate::decide::reply::decide_quotation), and
/// [`Command::of`](crate::decide::command::Command::of) for an agent's commands.
///
/// ```compile_fail
/// let body = casement_core::model::comment::Body::from(serde_json::json!("between us"));
/// println!("{}", body.written());
/// ```
///
/// ```compile_fail
/// let body = casement_core::model::comment::Body::from(serde_json::json!("between us"));
/// println!("{}", body.to_send());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    written: Private<Value>,
    /// The body without the words addressed to Casement, if there are any.
    rest: Option<Private<Value>>,
}

impl Body {
    /// Wraps a document that Casement writes itself.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        Self::from(serde_json::to_value(document).unwrap_or_default())
    }

    /// Returns the body as it is in Jira.
    pub(crate) fn written(&self) -> &Value {
        self.written.get()
    }

    /// Returns the part of the body that may be meant for the customer.
    pub(crate) fn to_send(&self) -> &Value {
        self.rest.as_ref().unwrap_or(&self.written).get()
    }

    /// Returns the same body with `rest` as the only part that may be meant for the customer.
    pub(crate) fn with_rest(&self, rest: Value) -> Self {
        Self {
            written: self.written.clone(),
            rest: Some(rest.into()),
        }
    }

    /// Returns whether no words are left to send.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        plain_words(self.to_send()).is_empty()
    }

    /// Returns whether the body shows files.
    #[must_use]
    pub fn shows_files(&self) -> bool {
        !OutboundText::of_body(self.to_send(), None).files.is_empty()
    }

    /// Returns the media ids of the files within its sentences that have no name there.
    #[must_use]
    pub fn unnamed_files(&self) -> Vec<String> {
        text::unnamed_files(self.to_send())
    }

    /// Returns the name of the only file in the body, if `listed` has only one as well.
    #[must_use]
    pub fn only_file<'a>(&self, listed: &[&'a str]) -> Option<&'a str> {
        text::only_file(self.to_send(), listed)
    }

    /// Gives names to the files within its sentences that have none. `names` are pairs of media id
    /// and name. The digest stays the same.
    #[must_use]
    pub fn with_file_names(&self, names: &[(String, String)]) -> Self {
        self.with_rest(text::with_file_names(self.to_send().clone(), names))
    }

    /// Returns the digest by which the ledger recognizes the body of `comment`. It stays the same
    /// as long as a customer would read the same text and get the same files.
    #[must_use]
    pub fn digest(&self, comment: &CommentId) -> Digest {
        self.salted(comment.as_str())
    }

    /// Returns the digest by which the same words are recognized in another comment of the
    /// conversation.
    #[must_use]
    pub fn digest_in(&self, conversation: &ConversationKey) -> Digest {
        self.salted(&conversation.fingerprint())
    }

    fn salted(&self, salt: &str) -> Digest {
        let text = OutboundText::of_body(self.written(), None);
        let parts = text.parts();
        let files = text.files.iter().map(|file| match &file.source {
            MediaSource::Media(id) | MediaSource::Address(id) => id,
            MediaSource::Unknown => "",
        });
        let all = parts.iter().map(String::as_str).chain(["\0"]).chain(files);
        Digest::of(salt, all)
    }
}

impl From<Value> for Body {
    fn from(written: Value) -> Self {
        Self {
            written: written.into(),
            rest: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(blocks: Value) -> Body {
        json!({"type": "doc", "version": 1, "content": blocks}).into()
    }

    #[test]
    fn names_of_files_change_nothing_that_it_is_known_by() {
        let named = |alt: &str| {
            json!({"type": "paragraph", "content": [
                {"type": "mediaInline", "attrs": {"id": "u1", "alt": alt}}]})
        };
        let plain = body(json!([named("")]));
        assert_eq!(plain.unnamed_files(), ["u1"]);
        let with_name = plain.with_file_names(&[("u1".to_owned(), "a.pdf".to_owned())]);
        assert_eq!(with_name.to_send()["content"], json!([named("a.pdf")]));
        let comment = CommentId::new("1");
        assert_eq!(with_name.digest(&comment), plain.digest(&comment));
    }

    fn paragraph(text: &str) -> Value {
        json!({"type": "paragraph", "content": [{"type": "text", "text": text}]})
    }

    fn file(id: &str) -> Value {
        json!({"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": id}}]})
    }

    #[test]
    fn a_digest_is_of_what_a_customer_would_get() {
        let id = CommentId::new("100");
        let of = |blocks: Value| body(blocks).digest(&id);
        let digest = of(json!([paragraph("We come today"), file("a")]));
        let split = json!({"type": "paragraph", "attrs": {"localId": "7"}, "content": [
            {"type": "text", "text": "We come "}, {"type": "text", "text": "today"}]});
        assert_eq!(of(json!([split, file("a")])), digest, "the same to read");
        for blocks in [
            json!([paragraph("We come tomorrow"), file("a")]),
            json!([paragraph("We come today"), file("b")]),
            json!([paragraph("We come today")]),
            json!([
                paragraph("We come today"),
                file("a"),
                paragraph("Be careful")
            ]),
            json!([]),
        ] {
            assert_ne!(of(blocks.clone()), digest, "{blocks}");
        }
        let whole = body(json!([paragraph("We come today"), file("a")]));
        let shortened = whole.with_rest(json!({}));
        assert_eq!(
            shortened.digest(&id),
            digest,
            "of the comment as it is in Jira"
        );
        assert!(shortened.is_blank() && !whole.is_blank() && whole.shows_files());
        assert_ne!(whole.digest(&CommentId::new("101")), digest);
    }
}

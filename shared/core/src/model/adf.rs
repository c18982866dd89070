//! The part of the Atlassian Document Format that Casement writes.
//!
//! A [`Document`] holds paragraphs, tables, quotes and files. They contain text, line breaks, and
//! Casement's own emphasis, links and mentions of agents, and nothing else. Whatever a customer
//! types becomes a text node and so stays literal: it cannot turn into a mention, a link, an image
//! or a macro (Atlassian Document Format, JSON schema 1).

mod block;
mod link;
#[cfg(test)]
#[path = "../../testing/schema.rs"]
pub(crate) mod schema;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use self::block::{Block, Blockquote, File, Layout, MediaNode, Row, Table};
pub use self::link::Link;
use crate::model::identity::AccountId;
use crate::model::private::Private;
use crate::text;
use crate::text::is_writable;

/// A document, ready to be sent as the `body` of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "doc")]
pub struct Document {
    version: u8,
    content: Vec<Block>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "paragraph")]
pub struct Paragraph {
    content: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Inline {
    Text {
        text: Private<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
    HardBreak,
    Mention {
        attrs: MentionAttributes,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct MentionAttributes {
    id: AccountId,
    text: Private<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Mark {
    Strong,
    Em,
    Link { attrs: LinkAttributes },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct LinkAttributes {
    href: Link,
}

impl Document {
    /// Creates a document from these blocks.
    #[must_use]
    pub fn new<B: Into<Block>>(content: Vec<B>) -> Self {
        Self {
            version: 1,
            content: content.into_iter().map(Into::into).collect(),
        }
    }

    /// Creates a document that shows `text` literally.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::new(vec![Paragraph::default().text(text)])
    }

    /// Returns the document as plain text.
    pub(crate) fn plain(&self) -> String {
        let mut text = String::new();
        for block in &self.content {
            block.write_plain(&mut text);
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    /// Returns the length of the document as JSON, which Jira limits. It counts UTF-16 units, the
    /// strictest reading of "characters".
    #[must_use]
    pub fn serialized_len(&self) -> usize {
        serialized_len(self)
    }
}

impl Paragraph {
    /// Adds literal text. Line ends become line breaks. Drops characters that Jira refuses and
    /// those that change the direction of the text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.marked(text, &[])
    }

    /// Adds literal text in bold.
    #[must_use]
    pub fn strong(self, text: &str) -> Self {
        self.marked(text, &[Mark::Strong])
    }

    /// Adds literal text in italics.
    #[must_use]
    pub fn em(self, text: &str) -> Self {
        self.marked(text, &[Mark::Em])
    }

    /// Adds a link that shows its own address, so the text cannot hide where it leads.
    #[must_use]
    pub fn link(self, link: &Link) -> Self {
        let attrs = LinkAttributes { href: link.clone() };
        self.marked(link.as_str(), &[Mark::Link { attrs }])
    }

    /// Mentions an account, which Jira then notifies. `name` is the name that Jira shows for it.
    #[must_use]
    pub fn mention(mut self, account: &AccountId, name: &str) -> Self {
        let name: String = name.chars().filter(|c| is_writable(*c)).collect();
        let attrs = MentionAttributes {
            id: account.clone(),
            text: format!("@{name}").into(),
        };
        self.content.push(Inline::Mention { attrs });
        self
    }

    fn plain(&self) -> String {
        let parts = self.content.iter().map(|inline| match inline {
            Inline::Text { text, .. } => text.get(),
            Inline::HardBreak => "\n",
            Inline::Mention { attrs } => attrs.text.get(),
        });
        parts.collect()
    }

    fn marked(mut self, text: &str, marks: &[Mark]) -> Self {
        for (index, line) in text::lines(text).enumerate() {
            if index > 0 {
                self.content.push(Inline::HardBreak);
            }
            let line: String = line.chars().filter(|c| is_writable(*c)).collect();
            // Jira refuses an empty text node.
            if !line.is_empty() {
                self.content.push(Inline::Text {
                    text: line.into(),
                    marks: marks.to_vec(),
                });
            }
        }
        self
    }
}

/// Returns the length as JSON, in UTF-16 units.
fn serialized_len<T: Serialize>(part: &T) -> usize {
    serde_json::to_string(part).map_or(0, |json| json.encode_utf16().count())
}

//! The conversion of an agent's comment into WhatsApp messages.
//!
//! A comment comes as ADF. It is read into a [`tree`], laid out as [`lines`](line::Line), and cut
//! into [`parts`]. WhatsApp knows little (WhatsApp Help Center, "How to format your messages"):
//! `*bold*`, `_italic_`, `~strike~`, `` `code` ``, a block between lines of three backticks, and
//! lines that begin with `- `, `1. ` or `> `. Anything else is put into words or dropped ([`adf`]).

mod address;
mod adf;
mod emoji;
mod layout;
mod line;
mod link;
mod mention;
mod parts;
mod plain;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use serde_json::Value;

use self::adf::Chips;
use self::layout::lay_out;
use self::line::{Body, Line};
use self::link::written_out;
pub use self::plain::plain_text;
pub(crate) use self::plain::text_without_mentions;
use self::style::Run;
use self::tree::{Style, Tree, each_paragraph};
use super::Site;

/// A comment for the customer.
///
/// Its text may be empty if it has files: then the files are the whole reply.
pub struct OutboundText {
    lines: Vec<Line>,
    /// The files that the comment shows, in order. The text names those within a sentence.
    pub files: Vec<MediaRef>,
    /// Other content that the text does not include.
    pub left_out: Vec<LeftOut>,
}

/// Something that a comment shows to agents but that customers do not get, or not completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// A link that leads inside the Jira site.
    InsideLink,
    /// A link that a phone cannot follow.
    OtherLink,
    /// Content that an app shows without any text, or content of an unknown kind.
    Content,
}

/// A file that a comment shows.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaRef {
    pub source: MediaSource,
    /// The author's name for it; Jira puts the file name here.
    pub alt: Option<String>,
}

/// The place where a file of a comment is.
#[derive(Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// Atlassian's media service. The id is not that of an attachment.
    Media(String),
    /// Another web site.
    Address(String),
    /// Unknown: the comment does not say.
    Unknown,
}

// The lines are an agent's words, and file names are just as revealing.
impl std::fmt::Debug for OutboundText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (lines, files) = (self.lines.len(), self.files.len());
        write!(f, "OutboundText({lines} lines, {files} files)")
    }
}

impl OutboundText {
    /// Reads a comment's body, an ADF document. A string is text as it was typed.
    ///
    /// Links into `site` are left out, because they reveal the inside of the service desk and lead
    /// the customer to a login. An issue leaves its key. Links to the customer portal stay. If
    /// `site` is `None`, all links stay.
    #[must_use]
    pub fn of_body(body: &Value, site: Option<&Site>) -> Self {
        let Tree {
            mut blocks,
            files,
            mut left_out,
        } = adf::read(body, Chips::Shown);
        each_paragraph(&mut blocks, &mut |spans| {
            *spans = written_out(spans, site, &mut left_out);
        });
        Self {
            lines: lay_out(&blocks),
            files,
            left_out,
        }
    }

    /// Puts a line with the author's name before the text. A comment without text stays as it is.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        if let Some(first) = self.lines.first_mut() {
            first.apart = false;
            let strong = Style {
                strong: true,
                ..Style::default()
            };
            let name = Run::new(&format!("{name}:"), strong);
            self.lines.insert(0, Line::new(Body::Text(vec![name])));
        }
        self
    }

    /// Returns the messages that carry the text: one without a mark, several that each begin with
    /// `(1/3)`, or none. No message is longer than [`MESSAGE_LIMIT`](super::MESSAGE_LIMIT).
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        parts::parts(&self.lines, super::MESSAGE_LIMIT)
    }
}

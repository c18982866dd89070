//! The blocks of a document.

use serde::Serialize;

use super::{Paragraph, serialized_len};

use crate::model::private::Private;

/// A part of a [`Document`](super::Document) that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
    Blockquote(Blockquote),
    /// A file attached to the request.
    File(File),
}

impl Block {
    /// Returns the length that the block adds to
    /// [`Document::serialized_len`](super::Document::serialized_len).
    #[must_use]
    pub fn serialized_len(&self) -> usize {
        // Including the comma before it.
        serialized_len(self) + 1
    }
}

impl Block {
    /// Appends the block as lines of plain text.
    pub(super) fn write_plain(&self, text: &mut String) {
        let mut line = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        match self {
            Self::Paragraph(paragraph) => line(&paragraph.plain()),
            Self::Table(table) => {
                for row in &table.content {
                    let cells: Vec<_> = row.content.iter().map(Cell::plain).collect();
                    line(&cells.join(" | "));
                }
            }
            Self::Blockquote(quote) => {
                for paragraph in &quote.content {
                    line(&format!("> {}", paragraph.plain()));
                }
            }
            Self::File(File::Large { content, .. } | File::Card { content }) => {
                line(&content[0].attrs.alt);
            }
        }
    }
}

impl Cell {
    fn plain(&self) -> String {
        let (Self::TableHeader { content } | Self::TableCell { content }) = self;
        content[0].plain().replace('\n', " ")
    }
}

/// A table with a heading row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "table")]
pub struct Table {
    content: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "tableRow")]
pub struct Row {
    content: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Cell {
    TableHeader { content: [Paragraph; 1] },
    TableCell { content: [Paragraph; 1] },
}

impl Table {
    /// Creates a table with a heading row and no other row yet.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        let cells = headings.iter().map(|words| Cell::TableHeader {
            content: [Paragraph::default().text(words)],
        });
        Self {
            content: vec![Row {
                content: cells.collect(),
            }],
        }
    }

    /// Adds a row. It should have as many cells as there are headings.
    pub fn push(&mut self, row: Row) {
        self.content.push(row);
    }

    /// Returns whether the table has nothing but its heading row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.len() < 2
    }
}

impl Row {
    /// Creates a row of cells with literal text.
    #[must_use]
    pub fn literal<T: AsRef<str>>(texts: &[T]) -> Self {
        let cells = texts.iter().map(|text| Cell::TableCell {
            content: [Paragraph::default().text(text.as_ref())],
        });
        Self {
            content: cells.collect(),
        }
    }

    /// Returns the length that the row adds to the table's serialized length.
    #[must_use]
    pub fn serialized_len(&self) -> usize {
        serialized_len(self) + 1
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "blockquote")]
pub struct Blockquote {
    content: Vec<Paragraph>,
}

impl Blockquote {
    /// Creates a quotation of one or more paragraphs.
    #[must_use]
    pub fn new(first: Paragraph, others: Vec<Paragraph>) -> Self {
        let mut content = vec![first];
        content.extend(others);
        Self { content }
    }
}

/// A file attached to the request, shown in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum File {
    /// A picture or a video at its own size.
    #[serde(rename = "mediaSingle")]
    Large {
        /// The position on the page.
        attrs: Layout,
        /// The file.
        content: [MediaNode; 1],
    },
    /// Any file, as a card with its name.
    #[serde(rename = "mediaGroup")]
    Card {
        /// The file.
        content: [MediaNode; 1],
    },
}

/// The position of a [`File::Large`] on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Layout {
    layout: &'static str,
}

/// The reference to the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "media")]
pub struct MediaNode {
    attrs: MediaAttributes,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct MediaAttributes {
    r#type: &'static str,
    id: String,
    collection: &'static str,
    alt: Private<String>,
}

impl File {
    /// Shows a picture or a video. `id` is the file's id in Jira's media service; screen readers
    /// read out `name` in its place.
    #[must_use]
    pub fn large(id: &str, name: &str) -> Self {
        Self::Large {
            attrs: Layout {
                layout: "align-start",
            },
            content: [MediaNode::new(id, name)],
        }
    }

    /// Shows any other file; see [`File::large`].
    #[must_use]
    pub fn card(id: &str, name: &str) -> Self {
        Self::Card {
            content: [MediaNode::new(id, name)],
        }
    }
}

impl MediaNode {
    fn new(id: &str, name: &str) -> Self {
        Self {
            attrs: MediaAttributes {
                r#type: "file",
                id: id.to_owned(),
                // Jira finds the file by its id alone.
                collection: "",
                alt: name.to_owned().into(),
            },
        }
    }
}

impl From<Paragraph> for Block {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(paragraph)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Blockquote> for Block {
    fn from(quote: Blockquote) -> Self {
        Self::Blockquote(quote)
    }
}

impl From<File> for Block {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}

//! Documents within Jira's limit.

use crate::adf::{Block, Blockquote, Document, Paragraph, Row, Table};
use crate::text;

/// The longest comment, in characters of its serialized document. Jira refuses more than 32,767.
pub(super) const LIMIT: usize = 32_000;

/// The most comments that one message becomes. The longest text that a customer can type (65,536
/// characters) takes a third of them, were every other character a line end; an order of a hundred
/// thousand items would bury the request and keep the customer's next message waiting.
const MOST: usize = 200;

/// The longest piece of a text, likewise. The rest of the page is for what stands before it.
const TEXT_LIMIT: usize = 28_000;

/// The longest name or title that stands among our own words, in characters.
pub(super) const LABEL_LIMIT: usize = 255;

/// A name or title on one line, fit to stand among our own words.
pub(super) fn label(text: &str) -> String {
    text::truncated(&text::one_line(text), LABEL_LIMIT)
}

/// Documents in the making: what does not fit on a page any more goes on the next.
#[derive(Default)]
pub(super) struct Pages {
    full: Vec<Document>,
    open: Vec<Block>,
    used: usize,
}

impl Pages {
    /// Adds a block, which must be shorter than a page.
    pub(super) fn block(&mut self, block: impl Into<Block>) {
        let block = block.into();
        let len = block.serialized_len();
        if self.used + len > room() {
            self.turn();
        }
        self.used += len;
        self.open.push(block);
    }

    /// Adds a line of our own words.
    pub(super) fn ours(&mut self, words: &str) {
        self.block(Paragraph::default().em(words));
    }

    /// Adds a line of another message, as a quotation.
    pub(super) fn quote(&mut self, line: &str) {
        self.block(Blockquote::new(Paragraph::default().text(line), Vec::new()));
    }

    /// Adds literal text of any length; nothing when it is blank.
    pub(super) fn text(&mut self, text: &str) {
        if text::first_line(text).is_none() {
            return;
        }
        for (index, paragraph) in pieces(text.trim()).into_iter().enumerate() {
            if index > 0 {
                self.turn();
            }
            self.block(paragraph);
        }
    }

    /// Adds a table with literal text in its cells. A row too long for a page becomes text.
    pub(super) fn table<const N: usize>(&mut self, headings: [&str; N], rows: &[[String; N]]) {
        let empty = Table::new(&headings);
        let heading_len = Block::from(empty.clone()).serialized_len();
        let (mut table, mut len) = (empty.clone(), heading_len);
        for cells in rows {
            let row = Row::literal(cells);
            let row_len = row.serialized_len();
            let too_long = heading_len + row_len > room();
            if too_long || self.used + len + row_len > room() {
                self.rows(std::mem::replace(&mut table, empty.clone()));
                len = heading_len;
            }
            if too_long {
                self.row_as_text(headings, cells);
                continue;
            }
            if self.used + len + row_len > room() {
                self.turn();
            }
            table.push(row);
            len += row_len;
        }
        self.rows(table);
    }

    fn rows(&mut self, table: Table) {
        if !table.is_empty() {
            self.block(table);
        }
    }

    fn row_as_text<const N: usize>(&mut self, headings: [&str; N], cells: &[String; N]) {
        for (heading, cell) in headings.iter().zip(cells) {
            if !cell.trim().is_empty() {
                self.ours(&format!("{heading}:"));
                self.text(cell);
            }
        }
    }

    fn turn(&mut self) {
        if !self.open.is_empty() {
            self.full
                .push(Document::new(std::mem::take(&mut self.open)));
            self.used = 0;
        }
    }

    /// The documents: at least one, so that no message is without a trace. The last one of too
    /// many says that there were more.
    pub(super) fn finish(mut self) -> Vec<Document> {
        if self.open.is_empty() && self.full.is_empty() {
            self.ours("[The customer sent an empty message.]");
        }
        self.turn();
        if self.full.len() > MOST {
            self.full.truncate(MOST - 1);
            self.ours("[The message goes on, and is too long to be shown here.]");
            self.turn();
        }
        self.full
    }
}

/// What a document can hold besides its own braces.
fn room() -> usize {
    LIMIT - 64
}

/// How long a text gets depends on its line breaks and escapes, so one that is too long is
/// halved until it fits.
fn pieces(text: &str) -> Vec<Paragraph> {
    let paragraph = Paragraph::default().text(text);
    let units = text.encode_utf16().count();
    if Block::from(paragraph.clone()).serialized_len() <= TEXT_LIMIT || units < 2 {
        return vec![paragraph];
    }
    text::split(text, units.div_ceil(2))
        .into_iter()
        .flat_map(pieces)
        .collect()
}

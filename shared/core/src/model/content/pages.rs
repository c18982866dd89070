//! Documents within Jira's limit.

mod cutting;

use super::AttachedFile;
use crate::model::adf::{Block, Blockquote, Document, File, Paragraph, Row, Table};
use crate::text;

/// The longest comment, in characters of its serialized document. Jira refuses more than 32,767.
pub(super) const LIMIT: usize = 32_000;

/// The most comments that one message becomes; a longer message continues in a file.
///
/// The longest text that a customer can type (65,536 characters) takes three. It would take sixty
/// if every other character were a line end, which would bury the request and keep the customer's
/// next message waiting.
pub(super) const MOST: usize = 8;

/// The most comments if there can be no file.
const MOST_WITHOUT_FILE: usize = 200;

/// The longest piece of a text, likewise in characters of its serialized document. The rest of the
/// page is for the lines before it.
const TEXT_LIMIT: usize = 28_000;

/// The longest name or title among our own words, in characters.
pub(super) const LABEL_LIMIT: usize = 255;

/// Returns a name or title on one line, short enough to stand among our own words.
pub(super) fn label(text: &str) -> String {
    text::truncated(&text::one_line(text), LABEL_LIMIT)
}

/// Documents under construction. A block that does not fit on a page goes on the next.
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

    /// Adds literal text of any length, without pages that are blank: Jira refuses an empty comment,
    /// and with it whatever follows.
    pub(super) fn text(&mut self, text: &str) {
        let pieces = cutting::pieces(text, TEXT_LIMIT).into_iter();
        let with_words = pieces.filter(|piece| text::first_line(piece).is_some());
        for (index, piece) in with_words.enumerate() {
            if index > 0 {
                self.turn();
            }
            self.block(Paragraph::default().text(piece));
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

    /// Returns the text that does not fit into [`MOST`] comments, as plain text.
    pub(super) fn rest(self) -> Option<String> {
        let all = self.all();
        let rest = || all[MOST - 1..].iter().map(Document::plain);
        (all.len() > MOST).then(|| rest().collect::<Vec<_>>().join("\n"))
    }

    /// Returns the documents: at least one, so that every message leaves a trace. If there are too
    /// many, the last one says where the rest is: in `rest`, or nowhere.
    pub(super) fn finish(self, rest: Option<&AttachedFile>) -> Vec<Document> {
        let all = self.all();
        match rest {
            Some(file) if all.len() > MOST => cut(all, MOST, |last| {
                let name = file.name.get();
                last.ours(&format!(
                    "[The message goes on, and is too long for comments. Its rest is in the file {name}, \
                     which is attached to this request.]"
                ));
                if let Some(id) = &file.media_id {
                    last.block(File::card(id, name));
                }
            }),
            _ if all.len() > MOST_WITHOUT_FILE => cut(all, MOST_WITHOUT_FILE, |last| {
                last.ours("[The message goes on, and is too long to be shown here.]");
            }),
            _ => all,
        }
    }

    fn all(mut self) -> Vec<Document> {
        if self.open.is_empty() && self.full.is_empty() {
            self.ours("[The customer sent an empty message.]");
        }
        self.turn();
        self.full
    }
}

/// Keeps the first of `all` and adds one that says where the others are: `most` in total.
fn cut(mut all: Vec<Document>, most: usize, say: impl FnOnce(&mut Pages)) -> Vec<Document> {
    all.truncate(most - 1);
    let mut last = Pages::default();
    say(&mut last);
    all.extend(last.all());
    all
}

/// Returns the room in a document besides its own braces.
fn room() -> usize {
    LIMIT - 64
}

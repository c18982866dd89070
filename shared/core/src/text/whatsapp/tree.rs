//! What a comment is made of.

use super::line::is_blank;
use super::{LeftOut, MediaRef};
use crate::text::is_writable;

/// A comment that has been read.
pub(super) struct Tree {
    pub(super) blocks: Vec<Block>,
    pub(super) files: Vec<MediaRef>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Something that stands on lines of its own.
pub(super) enum Block {
    Paragraph(Vec<Span>),
    Code(String),
    Quote(Vec<Block>),
    List(Vec<Item>),
    /// Rows of cells.
    Table(Vec<Vec<Vec<Block>>>),
}

/// An entry of a list, with what stands in front of it: `- `, `2. `, or nothing.
pub(super) struct Item {
    pub(super) marker: String,
    pub(super) content: Vec<Block>,
}

/// Text that looks the same throughout. A line end in it is a line break.
#[derive(Clone)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) link: Option<String>,
    pub(super) source: Source,
}

/// What the text of a span comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The author typed it.
    Typed,
    /// Somebody is mentioned.
    Mention,
    /// Jira shows it as another chip: a status, an emoji.
    Chip,
    /// A chip that a word must not grow together with: a date, the name of a file.
    Apart,
    /// A link that Jira shows as a card. Its text is the title, which Jira may not give.
    Card,
}

/// How text looks, as far as WhatsApp has a form for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) strong: bool,
    pub(super) em: bool,
    pub(super) strike: bool,
    pub(super) code: bool,
}

impl Span {
    /// Text without any looks. Its line ends become `\n`; other control characters, which nobody
    /// sees, are dropped, and so is what turns the direction of the text.
    pub(super) fn new(text: &str) -> Self {
        let text = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| if is_line_end(c) { '\n' } else { c })
            .filter(|c| *c == '\n' || is_writable(*c))
            .collect();
        Self {
            text,
            style: Style::default(),
            link: None,
            source: Source::Typed,
        }
    }

    /// A card that leads to `link`.
    pub(super) fn card(title: &str, link: Option<String>) -> Self {
        Self::new(title.trim()).linked(link).of(Source::Card)
    }

    pub(super) fn of(self, source: Source) -> Self {
        Self { source, ..self }
    }

    pub(super) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    pub(super) fn linked(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }
}

/// The mandatory breaks of the Unicode Line Breaking Algorithm.
fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Gathers blocks, and text that is not yet in one. Text that stands where only blocks may stand
/// so becomes a paragraph of its own.
#[derive(Default)]
pub(super) struct Flow {
    blocks: Vec<Block>,
    open: Vec<Span>,
}

impl Flow {
    pub(super) fn inline(&mut self, span: Span) {
        self.open.push(span);
    }

    pub(super) fn block(&mut self, block: Block) {
        self.end_paragraph();
        self.blocks.push(block);
    }

    pub(super) fn end_paragraph(&mut self) {
        if !self.open.is_empty() {
            let spans = std::mem::take(&mut self.open);
            self.blocks.push(Block::Paragraph(spans));
        }
    }

    pub(super) fn into_blocks(mut self) -> Vec<Block> {
        self.end_paragraph();
        self.blocks
    }
}

/// A line of text in bold.
pub(super) fn title(text: &str) -> Block {
    let mut title = Block::Paragraph(vec![Span::new(text)]);
    strengthen(std::slice::from_mut(&mut title));
    title
}

/// Makes everything bold.
pub(super) fn strengthen(blocks: &mut [Block]) {
    each_paragraph(blocks, &mut |spans| {
        spans.iter_mut().for_each(|span| span.style.strong = true);
    });
}

/// Changes every paragraph, in order.
pub(super) fn each_paragraph(blocks: &mut [Block], change: &mut dyn FnMut(&mut Vec<Span>)) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) => change(spans),
            Block::Code(_) => {}
            Block::Quote(blocks) => each_paragraph(blocks, change),
            Block::List(items) => items
                .iter_mut()
                .for_each(|item| each_paragraph(&mut item.content, change)),
            Block::Table(rows) => rows
                .iter_mut()
                .flatten()
                .for_each(|cell| each_paragraph(cell, change)),
        }
    }
}

/// Whether nothing of the blocks can be seen.
pub(super) fn is_empty(blocks: &[Block]) -> bool {
    blocks.iter().all(|block| match block {
        Block::Paragraph(spans) => spans
            .iter()
            .all(|span| span.link.is_none() && is_blank(&span.text)),
        Block::Code(text) => is_blank(text),
        Block::Quote(blocks) => is_empty(blocks),
        Block::List(items) => items.iter().all(|item| is_empty(&item.content)),
        Block::Table(rows) => rows.iter().flatten().all(|cell| is_empty(cell)),
    })
}

//! The structure of a comment.

use super::{LeftOut, MediaRef};
use crate::text::{is_blank, is_line_end, is_writable};

/// A comment that has been read.
pub(super) struct Tree {
    pub(super) blocks: Vec<Block>,
    pub(super) files: Vec<MediaRef>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A part that stands on lines of its own.
pub(super) enum Block {
    Paragraph(Vec<Span>),
    Code(String),
    Quote(Vec<Block>),
    List(Vec<Item>),
    /// Rows of cells.
    Table(Vec<Vec<Vec<Block>>>),
}

/// A list entry with its marker: `- `, `2. `, or nothing.
pub(super) struct Item {
    pub(super) marker: String,
    pub(super) content: Vec<Block>,
}

/// A stretch of text in one style. A line end in it is a line break.
#[derive(Clone)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) link: Option<String>,
    pub(super) source: Source,
}

/// The source of a span's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Text typed by the author.
    Typed,
    /// A mention.
    Mention,
    /// Another chip in Jira: a status, an emoji.
    Chip,
    /// A chip that must not merge with a word: a date, a file name.
    Apart,
    /// A link that Jira shows as a card. Its text is the title, which may be missing.
    Card,
}

/// The style of text, as far as WhatsApp has a form for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) strong: bool,
    pub(super) em: bool,
    pub(super) strike: bool,
    pub(super) code: bool,
}

impl Span {
    /// Creates text without style. Line ends become `\n`. Other control characters, which are
    /// invisible, are dropped, and so are characters that change the direction of the text.
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

    /// Creates a card that leads to `link`.
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

/// A collector for blocks, and for text outside blocks. Text in a place for blocks becomes a
/// paragraph of its own.
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

/// Creates a line of text in bold.
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

/// Returns whether nothing of the blocks is visible.
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

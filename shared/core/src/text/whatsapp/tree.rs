//! What a comment is made of, whichever format it came in.

use super::MediaRef;

/// A comment that has been read.
pub(super) struct Tree {
    pub(super) blocks: Vec<Block>,
    pub(super) files: Vec<MediaRef>,
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
pub(super) struct Span {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) link: Option<String>,
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
    /// sees, are dropped.
    pub(super) fn new(text: &str) -> Self {
        let text = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| if is_line_end(c) { '\n' } else { c })
            .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
            .collect();
        Self {
            text,
            style: Style::default(),
            link: None,
        }
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
    for block in blocks {
        match block {
            Block::Paragraph(spans) => spans.iter_mut().for_each(|span| span.style.strong = true),
            Block::Code(_) => {}
            Block::Quote(blocks) => strengthen(blocks),
            Block::List(items) => items
                .iter_mut()
                .for_each(|item| strengthen(&mut item.content)),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| strengthen(cell)),
        }
    }
}

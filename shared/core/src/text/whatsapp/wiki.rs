//! Reading wiki markup, which Jira gives where a body comes as a string (Jira, "Text formatting
//! notation help").
//!
//! It becomes the same tree as ADF does. What only looks like markup stays as it is typed. A
//! backslash before a punctuation mark is Jira's own escape and goes; two of them break the line
//! where white space follows, and are one backslash elsewhere (`C:\\Users`).

mod inline;
mod list;
mod notation;
mod section;
mod table;

use self::inline::Inline;
use self::list::{Entry, nested};
use self::notation::{LineKind, line_kind};
use self::section::{Section, SectionKind, next_section};
use super::MediaRef;
use super::tree::{Block, Span, Style, Tree, strengthen, title};

/// Quotes and panels within each other, deeper than anybody writes. The rest stays text.
const DEEPEST_SECTION: usize = 8;

pub(super) fn read(markup: &str) -> Tree {
    let mut reader = Reader::default();
    let markup = markup.replace("\r\n", "\n").replace('\r', "\n");
    let blocks = reader.blocks(&markup, 0);
    Tree {
        blocks,
        files: reader.files,
        left_out: Vec::new(),
    }
}

#[derive(Default)]
struct Reader {
    files: Vec<MediaRef>,
}

/// What the lines above the current one belong to.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Paragraph(Vec<Span>),
    List(Vec<Entry>),
    Table(Vec<String>),
}

impl Reader {
    fn blocks(&mut self, markup: &str, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut rest = markup;
        while depth < DEEPEST_SECTION
            && let Some(section) = next_section(rest)
        {
            blocks.append(&mut self.lines(section.before));
            rest = section.after;
            self.section(&section, depth, &mut blocks);
        }
        blocks.append(&mut self.lines(rest));
        blocks
    }

    fn section(&mut self, section: &Section<'_>, depth: usize, blocks: &mut Vec<Block>) {
        match section.kind {
            SectionKind::Code => {
                blocks.extend(section.title.map(title));
                let code = Span::new(section.body.trim_matches('\n'));
                blocks.push(Block::Code(code.text));
            }
            SectionKind::Quote => {
                let mut quote: Vec<Block> = section.title.map(title).into_iter().collect();
                quote.append(&mut self.blocks(section.body, depth + 1));
                blocks.push(Block::Quote(quote));
            }
        }
    }

    fn lines(&mut self, markup: &str) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open = Open::default();
        for line in markup.lines() {
            open = self.line(line, open, &mut blocks);
        }
        self.close(open, &mut blocks);
        blocks
    }

    fn line(&mut self, line: &str, open: Open, blocks: &mut Vec<Block>) -> Open {
        match (line_kind(line), open) {
            (LineKind::Text(text), Open::Paragraph(mut spans)) => {
                spans.push(Span::new("\n"));
                spans.append(&mut self.inline(text));
                Open::Paragraph(spans)
            }
            (LineKind::Text(text), Open::List(mut entries)) => {
                if let Some(entry) = entries.last_mut() {
                    entry.spans.push(Span::new("\n"));
                    entry.spans.append(&mut self.inline(text));
                }
                Open::List(entries)
            }
            (LineKind::Text(text), Open::Table(mut rows)) if !table::is_complete(&rows) => {
                if let Some(row) = rows.last_mut() {
                    row.push('\n');
                    row.push_str(text);
                }
                Open::Table(rows)
            }
            (LineKind::Entry { bullets, text }, Open::List(mut entries)) => {
                entries.push(Entry::new(bullets, self.inline(text)));
                Open::List(entries)
            }
            (LineKind::Row(row), Open::Table(mut rows)) => {
                rows.push(row.to_owned());
                Open::Table(rows)
            }
            (kind, open) => {
                self.close(open, blocks);
                self.begin(kind, blocks)
            }
        }
    }

    /// A line that begins something, or is something alone.
    fn begin(&mut self, kind: LineKind<'_>, blocks: &mut Vec<Block>) -> Open {
        match kind {
            LineKind::Blank => {}
            LineKind::Text(text) => return Open::Paragraph(self.inline(text)),
            LineKind::Entry { bullets, text } => {
                return Open::List(vec![Entry::new(bullets, self.inline(text))]);
            }
            LineKind::Row(row) => return Open::Table(vec![row.to_owned()]),
            LineKind::Rule => blocks.push(Block::Paragraph(vec![Span::new("---")])),
            LineKind::Heading(text) => {
                let mut heading = [Block::Paragraph(self.inline(text))];
                strengthen(&mut heading);
                blocks.extend(heading);
            }
            LineKind::Quote(text) => {
                let quoted = Block::Paragraph(self.inline(text));
                blocks.push(Block::Quote(vec![quoted]));
            }
        }
        Open::Nothing
    }

    fn close(&mut self, open: Open, blocks: &mut Vec<Block>) {
        match open {
            Open::Nothing => {}
            Open::Paragraph(spans) => blocks.push(Block::Paragraph(spans)),
            Open::List(entries) => blocks.append(&mut nested(entries)),
            Open::Table(rows) => {
                let rows = rows.iter().map(|row| self.row(row)).collect();
                blocks.push(Block::Table(rows));
            }
        }
    }

    fn row(&mut self, row: &str) -> Vec<Vec<Block>> {
        let cells = table::cells(row).into_iter().map(|cell| {
            let mut content = vec![Block::Paragraph(self.inline(cell.text))];
            if cell.is_header {
                strengthen(&mut content);
            }
            content
        });
        cells.collect()
    }

    fn inline(&mut self, text: &str) -> Vec<Span> {
        let mut inline = Inline::new(&mut self.files);
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                inline.line_break();
            }
            inline.read(line, Style::default(), None);
        }
        inline.into_spans()
    }
}

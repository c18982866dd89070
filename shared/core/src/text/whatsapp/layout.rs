//! The layout of blocks as lines.

use super::line::{Body, Line, trim_end, trim_start};
use super::style::Run;
use super::table;
use super::tree::{Block, Item, Span, Style};
use crate::text::is_blank;

/// The deepest indent of a list, since phones are narrow.
const DEEPEST_INDENT: usize = 16;

/// Lays out `blocks` as lines. An empty line separates blocks, except within lists and quotes. The
/// links must be written out already.
pub(super) fn lay_out(blocks: &[Block]) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        let mut of_block = lines_of(block);
        if let Some(first) = of_block.first_mut() {
            first.apart = true;
        }
        lines.append(&mut of_block);
    }
    lines
}

fn lines_of(block: &Block) -> Vec<Line> {
    match block {
        Block::Paragraph(spans) => paragraph(spans),
        Block::Code(text) => code(text),
        Block::Quote(blocks) => without_code_blocks(blocks).map(quoted).collect(),
        Block::List(items) => items.iter().flat_map(entry).collect(),
        Block::Table(rows) => rows
            .iter()
            .filter_map(|cells| table::row(cells.iter().map(|cell| without_code_blocks(cell))))
            .collect(),
    }
}

/// Lays out `blocks` with their code as text styled as code, since WhatsApp has no code blocks
/// within quotes and tables.
fn without_code_blocks(blocks: &[Block]) -> impl Iterator<Item = Line> {
    let code = Style {
        code: true,
        ..Style::default()
    };
    let lines = lay_out(blocks).into_iter();
    lines.filter_map(move |line| in_text(line, code))
}

fn paragraph(spans: &[Span]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut apart = false;
    for mut runs in split_at_line_ends(spans) {
        trim_end(&mut runs);
        trim_start(&mut runs);
        if runs.iter().all(|run| is_blank(&run.text)) {
            apart = !lines.is_empty();
            continue;
        }
        let line = Line::new(Body::Text(runs));
        lines.push(Line { apart, ..line });
        apart = false;
    }
    lines
}

fn split_at_line_ends(spans: &[Span]) -> Vec<Vec<Run>> {
    let mut lines = vec![Vec::new()];
    for span in spans {
        for (index, text) in span.text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(Run::new(text, span.style));
            }
        }
    }
    lines
}

/// Returns the lines of a code block. Three backticks in it would end it, so such a block is sent
/// as text.
fn code(text: &str) -> Vec<Line> {
    let first = text
        .lines()
        .take_while(|line| is_blank(line))
        .map(|line| line.len() + 1)
        .sum::<usize>();
    let text = text.get(first..).unwrap_or_default().trim_end();
    let lines = text.lines().map(str::to_owned).map(Body::Code);
    let lines = lines.map(Line::new);
    if text.contains("```") {
        lines
            .filter_map(|line| in_text(line, Style::default()))
            .collect()
    } else {
        lines.collect()
    }
}

/// Turns a line of a code block into text. Returns `None` if the line is empty.
fn in_text(line: Line, style: Style) -> Option<Line> {
    let body = match line.body {
        Body::Code(text) if is_blank(&text) => return None,
        Body::Code(text) => Body::Text(vec![Run::new(&text, style)]),
        text => text,
    };
    Some(Line { body, ..line })
}

fn quoted(line: Line) -> Line {
    Line {
        apart: false,
        quoted: true,
        ..line
    }
}

fn entry(item: &Item) -> Vec<Line> {
    let mut lines = lay_out(&item.content);
    let Some(first) = lines.first() else {
        return lines;
    };
    // A list within a list brings its own markers.
    let mut marker = if first.marker.is_empty() {
        item.marker.clone()
    } else {
        String::new()
    };
    if first.is_code() && !marker.is_empty() {
        lines.insert(0, Line::new(Body::Text(Vec::new())));
    }
    for line in &mut lines {
        line.apart = false;
        if marker.is_empty() {
            line.indent = (line.indent + 2).min(DEEPEST_INDENT);
        }
        line.marker.push_str(&std::mem::take(&mut marker));
    }
    lines
}

//! Rows of tables.

use super::notation::is_escaped;

/// A cell of a row.
pub(super) struct Cell<'a> {
    pub(super) is_header: bool,
    pub(super) text: &'a str,
}

/// Whether the last row is finished. The text of one that is not goes on in the next line.
pub(super) fn is_complete(rows: &[String]) -> bool {
    rows.last().is_none_or(|row| row.ends_with('|'))
}

/// The cells of `|one|two|` or `||Header||`. A bar within a link or a picture is no border.
pub(super) fn cells(row: &str) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    let mut rest = row;
    while let Some(content) = rest.strip_prefix('|') {
        let header = content.strip_prefix('|');
        let content = header.unwrap_or(content);
        if content.trim().is_empty() {
            break;
        }
        let (text, after) = content.split_at(border(content));
        cells.push(Cell {
            is_header: header.is_some(),
            text: text.trim(),
        });
        rest = after;
    }
    cells
}

fn border(content: &str) -> usize {
    let mut in_link = false;
    let mut in_picture = false;
    for (at, c) in content
        .char_indices()
        .filter(|(at, _)| !is_escaped(content, *at))
    {
        match c {
            '[' => in_link = content[at..].contains(']'),
            ']' => in_link = false,
            '!' if in_picture => in_picture = false,
            '!' => in_picture = begins_picture(&content[at + 1..]),
            '|' if !in_link && !in_picture => return at,
            _ => {}
        }
    }
    content.len()
}

/// `!name.png|thumbnail!`
fn begins_picture(rest: &str) -> bool {
    rest.split_once('!')
        .and_then(|(picture, _)| picture.split_once('|'))
        .is_some_and(|(name, _)| super::inline::is_file_name(name))
}

//! Cutting a long reply into messages.

use super::line::{Cut, Line};
use crate::text::split::utf16_len;

/// Returns the messages that show `lines`: one without a mark, or several that each begin with
/// `(1/3)`. No message has more than `limit` UTF-16 units, including the mark.
pub(super) fn parts(lines: &[Line], limit: usize) -> Vec<String> {
    let whole = fill(lines, limit);
    if whole.len() < 2 {
        return whole;
    }
    let mut digits = 1;
    loop {
        let mark = "(/)\n".len() + 2 * digits;
        let pieces = fill(lines, limit.saturating_sub(mark));
        let count = pieces.len().to_string();
        if count.len() <= digits {
            return numbered(&pieces, &count);
        }
        digits = count.len();
    }
}

fn numbered(pieces: &[String], count: &str) -> Vec<String> {
    let numbered = (1..).zip(pieces);
    numbered
        .map(|(number, piece)| format!("({number}/{count})\n{piece}"))
        .collect()
}

fn fill(lines: &[Line], room: usize) -> Vec<String> {
    let mut rest = lines.to_vec();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let piece = take(&mut rest, room);
        pieces.push(joined(&piece));
    }
    pieces
}

/// Takes the lines of the next message off the front.
///
/// A message ends at the author's greatest pause that leaves it at least half full: after a
/// paragraph, else after a line, else after a word. A word is cut only if it is longer than a
/// message.
fn take(rest: &mut Vec<Line>, room: usize) -> Vec<Line> {
    let sizes = sizes_within(rest, room);
    let fitting = sizes.len();
    if fitting == rest.len() {
        return std::mem::take(rest);
    }
    let half_full = |lines: usize| sizes[lines - 1] >= room / 2;
    let paragraph = (1..=fitting).rev().find(|lines| rest[*lines].apart);
    if let Some(lines) = paragraph.filter(|lines| half_full(*lines)) {
        return rest.drain(..lines).collect();
    }
    if fitting > 0 && half_full(fitting) {
        return rest.drain(..fitting).collect();
    }
    let before = &rest[..fitting];
    let used = utf16_len(&joint(before.last(), &rest[fitting]));
    let used = used + open_size(before) + closing(&rest[fitting]).len();
    let left = room.saturating_sub(used);
    if let Some((head, tail)) = rest[fitting].cut(left, Cut::AtWord) {
        return cut_in_line(rest, fitting, head, tail);
    }
    if fitting > 0 {
        return rest.drain(..fitting).collect();
    }
    match rest[0].cut(left, Cut::AtGrapheme) {
        Some((head, tail)) => cut_in_line(rest, 0, head, tail),
        // The marker alone is longer than the room. No limit of WhatsApp is that low.
        None => vec![rest.remove(0)],
    }
}

fn cut_in_line(rest: &mut Vec<Line>, index: usize, head: Line, tail: Line) -> Vec<Line> {
    let mut piece: Vec<Line> = rest.drain(..index).collect();
    piece.push(head);
    rest[0] = tail;
    piece
}

/// Returns the sizes of messages with the first line, the first two lines, and so on, as far as
/// they fit.
fn sizes_within(lines: &[Line], room: usize) -> Vec<usize> {
    let mut open = 0;
    let mut before = None;
    let mut sizes = Vec::new();
    for line in lines {
        open += utf16_len(&joint(before, line)) + utf16_len(&line.formatted());
        let size = open + closing(line).len();
        if size > room {
            break;
        }
        sizes.push(size);
        before = Some(line);
    }
    sizes
}

/// Returns the size of a message that is still to be extended.
fn open_size(lines: &[Line]) -> usize {
    let closing = lines.last().map_or(0, |line| closing(line).len());
    utf16_len(&joined(lines)) - closing
}

/// Joins lines into a message. A code block that continues in the next message is closed here and
/// reopened there.
fn joined(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut before = None;
    for line in lines {
        text.push_str(&joint(before, line));
        text.push_str(&line.formatted());
        before = Some(line);
    }
    text.push_str(before.map_or("", closing));
    text
}

/// Returns the text between two lines, or before the first.
fn joint(before: Option<&Line>, line: &Line) -> String {
    let goes_on = before.is_some_and(Line::is_code) && line.is_code() && !line.apart;
    if goes_on {
        return "\n".to_owned();
    }
    let end = match before {
        None => String::new(),
        Some(before) if line.apart => format!("{}\n\n", closing(before)),
        Some(before) => format!("{}\n", closing(before)),
    };
    let start = if line.is_code() { "```\n" } else { "" };
    end + start
}

fn closing(line: &Line) -> &'static str {
    if line.is_code() { "\n```" } else { "" }
}

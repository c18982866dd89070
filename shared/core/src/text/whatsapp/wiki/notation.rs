//! How lines begin, and how characters are escaped.

/// What a line is, by its beginning.
pub(super) enum LineKind<'a> {
    Blank,
    Heading(&'a str),
    Quote(&'a str),
    Rule,
    Row(&'a str),
    Entry { bullets: &'a str, text: &'a str },
    Text(&'a str),
}

pub(super) fn line_kind(line: &str) -> LineKind<'_> {
    let line = line.trim();
    if line.is_empty() {
        LineKind::Blank
    } else if line.len() >= 4 && line.chars().all(|c| c == '-') {
        LineKind::Rule
    } else if line.starts_with('|') {
        LineKind::Row(line)
    } else if let Some(text) = line.strip_prefix("bq. ") {
        LineKind::Quote(text)
    } else if let Some(text) = heading(line) {
        LineKind::Heading(text)
    } else if let Some((bullets, text)) = entry(line) {
        LineKind::Entry { bullets, text }
    } else {
        LineKind::Text(line)
    }
}

fn heading(line: &str) -> Option<&str> {
    let (level, text) = line.strip_prefix('h')?.split_once(". ")?;
    matches!(level, "1" | "2" | "3" | "4" | "5" | "6").then_some(text)
}

fn entry(line: &str) -> Option<(&str, &str)> {
    let (bullets, text) = line.split_once(char::is_whitespace)?;
    // "--" is a dash.
    let is_list = bullets == "-" || bullets.chars().all(|c| matches!(c, '*' | '#'));
    is_list.then_some((bullets, text))
}

/// Whether the character at `at` has an odd number of backslashes in front of it.
pub(super) fn is_escaped(text: &str, at: usize) -> bool {
    let backslashes = text[..at].bytes().rev().take_while(|byte| *byte == b'\\');
    backslashes.count() % 2 == 1
}

/// The text without the backslashes that escape something.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.next_if(|next| c == '\\' && next.is_ascii_punctuation());
        plain.push(escaped.unwrap_or(c));
    }
    plain
}

//! Typed characters that would format by accident.

/// The narrowest white space.
const HAIR_SPACE: char = '\u{200A}';

/// A character that takes no room, breaks no line, and is no white space.
const WORD_JOINER: char = '\u{2060}';

/// A glyph of a formatted line.
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) kind: TokenKind,
}

/// The origin of a glyph.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A marker of ours.
    Marker,
    /// A character typed by the author.
    Typed,
    /// A part of an address or of code, which WhatsApp does not format.
    Untouched,
}

/// Adds a hair space after every typed character that would begin to format.
pub(super) fn without_accidents(tokens: &[Token<'_>]) -> String {
    let last_closing = ["*", "_", "~", "`"].map(|marker| {
        let closing = (0..tokens.len())
            .rev()
            .find(|at| closes(tokens, *at, marker));
        (marker, closing)
    });
    let mut line = String::new();
    for (at, token) in tokens.iter().enumerate() {
        line.push_str(token.text);
        let closed_later = last_closing
            .iter()
            .any(|(marker, closing)| *marker == token.text && *closing > Some(at + 1));
        let formats = closed_later && opens(tokens, at);
        if token.kind == TokenKind::Typed && (formats || is_in_fence(tokens, at)) {
            line.push(HAIR_SPACE);
        }
    }
    line
}

/// Adds a word joiner if the beginning of the line would make it a list entry or a quote:
/// `1. Januar`, `- 5 degrees`, `> 20 kg`.
pub(in super::super) fn without_block(line: String) -> String {
    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = &text[digits..];
    let is_sign = if digits == 0 {
        sign.starts_with(['-', '*', '>'])
    } else {
        sign.starts_with('.')
    };
    let end = indent + digits + 1;
    let is_block = is_sign && line[end..].starts_with([' ', '\t', '\u{A0}']);
    if !is_block {
        return line;
    }
    let (start, rest) = line.split_at(end);
    format!("{start}{WORD_JOINER}{rest}")
}

fn opens(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(at + 1);
    !before.is_some_and(is_word) && after.is_some_and(|token| !is_space(token))
}

fn closes(tokens: &[Token<'_>], at: usize, marker: &str) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    tokens[at].text == marker
        && tokens[at].kind != TokenKind::Untouched
        && before.is_some_and(|token| !is_space(token))
        && !tokens.get(at + 1).is_some_and(is_word)
}

/// Returns whether the glyph is one of three backticks, with another after it. Three begin a code
/// block that would extend over lines, up to our own next code block.
fn is_in_fence(tokens: &[Token<'_>], at: usize) -> bool {
    let ticks = |from: usize| {
        tokens
            .get(from..from + 3)
            .is_some_and(|three| three.iter().all(|token| token.text == "`"))
    };
    ticks(at) || at.checked_sub(1).is_some_and(ticks)
}

fn is_word(token: &Token<'_>) -> bool {
    super::is_word(token.text)
}

fn is_space(token: &Token<'_>) -> bool {
    token.text.chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_begins_no_block() {
        for (line, expected) in [
            ("- 5 degrees", "-\u{2060} 5 degrees"),
            ("* starred", "*\u{2060} starred"),
            ("> 20 kg", ">\u{2060} 20 kg"),
            ("1. Januar", "1.\u{2060} Januar"),
            ("  12.\u{a0}x", "  12.\u{2060}\u{a0}x"),
            ("-5 degrees", "-5 degrees"),
            // The hair space that keeps an asterisk from formatting must follow it directly.
            ("*\u{200A}a*", "*\u{200A}a*"),
            ("1.5 kg", "1.5 kg"),
            ("*bold* words", "*bold* words"),
            ("5 > 3", "5 > 3"),
            (". x", ". x"),
            ("-", "-"),
            ("", ""),
        ] {
            assert_eq!(without_block(line.to_owned()), expected, "{line:?}");
        }
    }
}

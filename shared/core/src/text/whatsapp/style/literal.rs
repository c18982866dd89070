//! Typed characters that would format by accident.

/// The narrowest white space there is.
const HAIR_SPACE: char = '\u{200A}';

/// A glyph of a formatted line.
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) kind: TokenKind,
}

/// Whose a glyph is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A marker of ours.
    Marker,
    /// Typed by the author.
    Typed,
    /// Part of an address or of code, which WhatsApp does not format.
    Untouched,
}

/// The line, with a hair space after every typed character that would begin to format.
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

/// Whether it is a backtick among three, with another after it. Three begin a code block that
/// would reach over lines, up to the next code block of ours.
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

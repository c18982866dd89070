//! WhatsApp's markers around text.
//!
//! A marker works where a word begins and where it ends, with no white space on its inner side, and
//! on one line only. So markers move off white space. If they would stand in the middle of a word,
//! or touch or enclose a character like themselves, they are left out: unmarked text is better than
//! visible asterisks.
//!
//! **What an agent typed stays as it is.** A customer who copies a command or a file name out of
//! the message must get what the agent wrote, so nothing is escaped on suspicion: `2*3*4` and
//! `snake_case` are harmless. Only if two typed characters would really format the text between
//! them (`*.log,*.tmp` would lose its asterisks) does a hair space follow the first. White space
//! within markers is the one thing that reliably turns them off; zero-width characters count as
//! white space in some of WhatsApp's apps and not in others. Addresses and code stay unchanged.
//! Conversely, a typed `- `, `1. ` or `> ` at the start of a line gets a word joiner before its
//! space, since a list or a quote needs the space.

mod literal;

use unicode_segmentation::UnicodeSegmentation;

pub(super) use self::literal::without_block;
use self::literal::{Token, TokenKind, without_accidents};
use super::address::addresses;
use super::tree::Style;

/// A stretch of text in one style.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
}

impl Run {
    pub(super) fn new(text: &str, style: Style) -> Self {
        Self {
            text: text.to_owned(),
            style,
        }
    }

    pub(super) fn plain(text: &str) -> Self {
        Self::new(text, Style::default())
    }
}

/// The styles that WhatsApp has a marker for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Strong,
    Em,
    Strike,
    Code,
}

const MARKS: [Mark; 4] = [Mark::Strong, Mark::Em, Mark::Strike, Mark::Code];

impl Mark {
    fn marker(self) -> &'static str {
        match self {
            Self::Strong => "*",
            Self::Em => "_",
            Self::Strike => "~",
            Self::Code => "`",
        }
    }

    fn of(self, style: &mut Style) -> &mut bool {
        match self {
            Self::Strong => &mut style.strong,
            Self::Em => &mut style.em,
            Self::Strike => &mut style.strike,
            Self::Code => &mut style.code,
        }
    }

    fn is_on(self, mut style: Style) -> bool {
        *self.of(&mut style)
    }
}

/// A character as a reader sees it, with its style. So a marker never separates a letter from its
/// accent.
struct Glyph<'a> {
    text: &'a str,
    style: Style,
    in_address: bool,
}

impl Glyph<'_> {
    fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// Formats one line with its markers.
pub(super) fn formatted(runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| &*run.text).collect();
    let mut glyphs = glyphs(&text, runs);
    move_off_spaces(&mut glyphs);
    for mark in MARKS {
        take_off_where_impossible(&mut glyphs, mark);
    }
    without_accidents(&with_markers(&glyphs))
}

fn glyphs<'a>(text: &'a str, runs: &[Run]) -> Vec<Glyph<'a>> {
    let mut ends = runs.iter().scan(0, |end, run| {
        *end += run.text.len();
        Some((*end, run.style))
    });
    let mut current = ends.next();
    let mut addresses = addresses(text).into_iter().peekable();
    let glyph = |(at, text)| {
        while current.is_some_and(|(end, _)| end <= at) {
            current = ends.next();
        }
        while addresses.peek().is_some_and(|address| address.end <= at) {
            addresses.next();
        }
        let style = current.map_or_else(Style::default, |(_, style)| style);
        Glyph {
            text,
            // WhatsApp formats nothing within code.
            style: if style.code {
                Style {
                    code: true,
                    ..Style::default()
                }
            } else {
                style
            },
            in_address: addresses
                .peek()
                .is_some_and(|address| address.contains(&at)),
        }
    };
    text.grapheme_indices(true).map(glyph).collect()
}

/// Keeps a mark on white space only between glyphs that have it, too.
fn move_off_spaces(glyphs: &mut [Glyph<'_>]) {
    let mut start = 0;
    while start < glyphs.len() {
        let length = stretch(&glyphs[start..], |glyph| glyph.is_space());
        let end = start + length;
        if length > 0 {
            let before = start.checked_sub(1).map(|at| glyphs[at].style);
            let after = glyphs.get(end).map(|glyph| glyph.style);
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            for mark in MARKS {
                let inside = mark.is_on(before) && mark.is_on(after);
                let spaces = &mut glyphs[start..end];
                let keeps = inside && spaces.iter().any(|glyph| mark.is_on(glyph.style));
                for space in spaces {
                    *mark.of(&mut space.style) = keeps;
                }
            }
        }
        start = end.max(start + 1);
    }
}

fn stretch(glyphs: &[Glyph<'_>], is_in: impl Fn(&Glyph<'_>) -> bool) -> usize {
    glyphs.iter().take_while(|glyph| is_in(glyph)).count()
}

fn take_off_where_impossible(glyphs: &mut [Glyph<'_>], mark: Mark) {
    let mut start = 0;
    while start < glyphs.len() {
        let end = start + stretch(&glyphs[start..], |glyph| mark.is_on(glyph.style));
        if end > start && !can_be_marked(glyphs, start, end, mark.marker()) {
            for glyph in &mut glyphs[start..end] {
                *mark.of(&mut glyph.style) = false;
            }
        }
        start = end.max(start + 1);
    }
}

fn can_be_marked(glyphs: &[Glyph<'_>], start: usize, end: usize, marker: &str) -> bool {
    let text = |at: usize| glyphs.get(at).map_or("", |glyph| glyph.text);
    let before = start.checked_sub(1).map_or("", text);
    let after = text(end);
    let outside = |neighbour: &str| !is_word(neighbour) && neighbour != marker;
    // Characters that combine with their neighbours would swallow a marker.
    let joins = |left: &str, right: &str| {
        let together = format!("{left}{marker}{right}");
        !together.graphemes(true).any(|grapheme| grapheme == marker)
    };
    let inside = &glyphs[start..end];
    outside(before)
        && outside(after)
        && inside.iter().all(|glyph| !glyph.text.contains(marker))
        && !joins(before, text(start))
        && !joins(text(end - 1), after)
}

/// Returns whether a marker next to the glyph would stand in the middle of a word.
fn is_word(glyph: &str) -> bool {
    glyph.chars().any(char::is_alphanumeric)
}

fn with_markers<'a>(glyphs: &[Glyph<'a>]) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut open: Vec<Mark> = Vec::new();
    let marker = |mark: Mark| Token {
        text: mark.marker(),
        kind: TokenKind::Marker,
    };
    for (at, glyph) in glyphs.iter().enumerate() {
        let ended = open.iter().position(|mark| !mark.is_on(glyph.style));
        if let Some(ended) = ended {
            tokens.extend(open.drain(ended..).rev().map(marker));
        }
        // A marker that closed only because an outer one did opens again after the space.
        if !glyph.is_space() {
            let mut begun: Vec<_> = MARKS
                .into_iter()
                .filter(|mark| mark.is_on(glyph.style) && !open.contains(mark))
                .collect();
            let length = |mark: &Mark| stretch(&glyphs[at..], |glyph| mark.is_on(glyph.style));
            if begun.len() > 1 {
                begun.sort_by_cached_key(|mark| std::cmp::Reverse(length(mark)));
            }
            tokens.extend(begun.iter().copied().map(marker));
            open.append(&mut begun);
        }
        let untouched = glyph.in_address || glyph.style.code;
        tokens.push(Token {
            text: glyph.text,
            kind: if untouched {
                TokenKind::Untouched
            } else {
                TokenKind::Typed
            },
        });
    }
    tokens.extend(open.drain(..).rev().map(marker));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(marks: &str) -> Style {
        Style {
            strong: marks.contains('b'),
            em: marks.contains('i'),
            strike: marks.contains('s'),
            code: marks.contains('c'),
        }
    }

    fn line(runs: &[(&str, &str)]) -> String {
        let runs: Vec<Run> = runs
            .iter()
            .map(|(text, marks)| Run::new(text, style(marks)))
            .collect();
        formatted(&runs)
    }

    #[test]
    fn markers_stand_around_words() {
        for (runs, expected) in [
            (&[("bold", "b")][..], "*bold*"),
            (
                &[("a", "i"), (" ", ""), ("b", "s"), (" ", ""), ("c", "c")],
                "_a_ ~b~ `c`",
            ),
            (
                &[("see ", ""), ("this ", "b"), ("now", "")],
                "see *this* now",
            ),
            (&[("a", ""), (" b ", "b"), ("c", "")], "a *b* c"),
            (&[("  ", "b"), ("x", "")], "  x"),
            (&[("one ", "b"), ("two", "b")], "*one two*"),
            (
                &[("both ", "b"), ("nested", "bi"), (" end", "b")],
                "*both _nested_ end*",
            ),
            (&[("a ", "b"), ("b", "bi"), (" c", "i")], "*a _b_* _c_"),
            (&[("all", "bis")], "*_~all~_*"),
            (
                &[("see ", "b"), ("f()", "bc"), (" now", "b")],
                "*see* `f()` *now*",
            ),
            (&[("un", ""), ("believ", "b"), ("able", "")], "unbelievable"),
            (&[("(", ""), ("x", "b"), (").", "")], "(*x*)."),
            (&[("2 * 3", "b")], "2 * 3"),
            (&[("e", "b"), ("\u{301}", ""), (" x", "")], "*e\u{301}* x"),
            (&[("\u{301}x", "b")], "\u{301}x"),
            (&[("👨", "b"), ("\u{200D}👩", "")], "*👨\u{200D}👩*"),
            (&[("it`s", "c")], "it`s"),
            (&[], ""),
        ] {
            assert_eq!(line(runs), expected, "{runs:?}");
        }
    }

    #[test]
    fn typed_characters_stay_unless_they_would_format() {
        for (typed, expected) in [
            ("2*3*4 snake_case_name ~5 min", None),
            ("* and * or **", None),
            ("*️⃣ star *️⃣", None),
            ("rm *.log *.tmp", None),
            ("*.log,*.tmp", Some("*\u{200A}.log,*.tmp")),
            ("_x_ and ~y~", Some("_\u{200A}x_ and ~\u{200A}y~")),
            ("`x`", Some("`\u{200A}x`")),
            ("say ```", Some("say `\u{200A}`\u{200A}`")),
            ("https://a.example/_x_/*y* ok", None),
        ] {
            assert_eq!(line(&[(typed, "")]), expected.unwrap_or(typed), "{typed:?}");
        }
        assert_eq!(
            line(&[("a *b and ", ""), ("bold", "b")]),
            "a *\u{200A}b and *bold*"
        );
        assert_eq!(line(&[("*x* _y_", "c")]), "`*x* _y_`");
    }
}

//! Texts with placeholders for values that are known only when the text is sent.

use chrono::format::{Item, StrftimeItems};

use crate::text::utf16_len;

/// The punctuation that may follow a name.
const BEHIND: [char; 7] = [',', '.', '!', '?', ':', ';', '…'];

/// The marks that may enclose a name.
const AROUND: [(char, char); 7] = [
    ('*', '*'),
    ('_', '_'),
    ('~', '~'),
    ('"', '"'),
    ('(', ')'),
    ('“', '”'),
    ('„', '“'),
];

/// A placeholder in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `{name}`: the name in the customer's WhatsApp profile.
    Name,
    /// `{request}`: the key of the request, such as `SUP-7`.
    Request,
    /// `{next_opening}`: the time when the agents work again.
    NextOpening,
    /// `{local_time}`: the time of day where the agents are.
    LocalTime,
}

impl Placeholder {
    const ALL: [Self; 4] = [
        Self::Name,
        Self::Request,
        Self::NextOpening,
        Self::LocalTime,
    ];

    /// Returns the placeholder as written in a text, without the braces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Request => "request",
            Self::NextOpening => "next_opening",
            Self::LocalTime => "local_time",
        }
    }

    /// Returns the maximum length of its value, in UTF-16 units.
    #[must_use]
    pub fn longest(self) -> usize {
        match self {
            Self::Name => 60,
            Self::Request => 40,
            Self::NextOpening => 80,
            Self::LocalTime => 40,
        }
    }
}

/// The reason why a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// The braces hold something other than a placeholder.
    #[error(
        "unknown placeholder {{{0}}}; there are {{name}}, {{request}}, {{next_opening}} and {{local_time}}"
    )]
    Unknown(String),
    /// A text that takes no placeholders has one.
    #[error("takes no placeholders")]
    Fixed,
    /// The text is not a date format.
    #[error("is not a date or time such as \"%A, %-d %B, %H:%M\"")]
    Format,
    /// Every sentence of the text would be left out.
    #[error("says nothing when its placeholders have no value; add a sentence without them")]
    NothingLeft,
    /// The text is longer than WhatsApp accepts.
    #[error("{}", too_long(*.units, *.limit, *.has_placeholders))]
    TooLong {
        /// The length it can reach, in UTF-16 units.
        units: usize,
        /// The maximum length.
        limit: usize,
        /// Whether the length includes placeholders, each at its maximum.
        has_placeholders: bool,
    },
}

fn too_long(units: usize, limit: usize, has_placeholders: bool) -> String {
    let has = if has_placeholders {
        "can get up to"
    } else {
        "has"
    };
    format!("{has} {units} characters; WhatsApp takes {limit} here")
}

/// Checks that `text` can be used where WhatsApp accepts `limit` UTF-16 units, whatever is filled
/// in.
///
/// # Errors
/// The text cannot be used; the error says why.
pub(crate) fn check(text: &str, limit: usize) -> Result<(), TemplateError> {
    if text.trim().is_empty() {
        return Err(TemplateError::Empty);
    }
    let mut units = 0;
    let mut has_placeholders = false;
    for piece in pieces(text) {
        units += match piece {
            Piece::Text(text) => utf16_len(text),
            Piece::Placeholder(placeholder) => {
                has_placeholders = true;
                placeholder.longest()
            }
            Piece::Unknown(word) => return Err(TemplateError::Unknown(word.to_owned())),
        };
    }
    if units > limit {
        return Err(TemplateError::TooLong {
            units,
            limit,
            has_placeholders,
        });
    }
    if filled(text, |_| None).is_empty() {
        return Err(TemplateError::NothingLeft);
    }
    Ok(())
}

/// Does the same as [`check`] for a text that takes no placeholders.
///
/// # Errors
/// The text cannot be used; the error says why.
pub(crate) fn check_fixed(text: &str, limit: usize) -> Result<(), TemplateError> {
    if pieces(text).any(|piece| !matches!(piece, Piece::Text(_))) {
        return Err(TemplateError::Fixed);
    }
    check(text, limit)
}

/// Does the same as [`check_fixed`] for a date or time format.
///
/// # Errors
/// The text cannot be used; the error says why.
pub(crate) fn check_format(text: &str, limit: usize) -> Result<(), TemplateError> {
    check_fixed(text, limit)?;
    let items: Vec<Item<'_>> = StrftimeItems::new(text).collect();
    let is_time = |item: &Item<'_>| matches!(item, Item::Numeric(..) | Item::Fixed(_));
    if items.contains(&Item::Error) || !items.iter().any(is_time) {
        return Err(TemplateError::Format);
    }
    Ok(())
}

/// Fills the `value` of each placeholder into the text.
///
/// An unknown name disappears without a trace: "Hello {name}, we …" becomes "Hello, we …". For any
/// other unknown value, the whole sentence is left out.
pub(crate) fn filled(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> String {
    let missing = |placeholder| value(placeholder).is_none();
    let mut lines: Vec<String> = Vec::new();
    let mut after_dropped = false;
    for line in text.lines() {
        let is_blank = line.trim().is_empty();
        let kept = without(line, &missing);
        let is_dropped = !is_blank && kept.trim().is_empty();
        // A blank line after a dropped line goes with it.
        if !(is_dropped || is_blank && after_dropped) {
            lines.push(kept);
        }
        after_dropped = is_dropped;
    }
    pieces(lines.join("\n").trim())
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Placeholder(placeholder) => value(placeholder).unwrap_or_default(),
            Piece::Unknown(word) => format!("{{{word}}}"),
        })
        .collect()
}

/// Removes the sentences with a missing value, and the name if it is missing.
fn without(line: &str, missing: &impl Fn(Placeholder) -> bool) -> String {
    let has = |sentence: &str, placeholder: &Placeholder| {
        sentence.contains(&format!("{{{}}}", placeholder.word()))
    };
    let kept: String = sentences(line)
        .filter(|sentence| {
            !Placeholder::ALL[1..]
                .iter()
                .any(|placeholder| has(sentence, placeholder) && missing(*placeholder))
        })
        .map(|sentence| {
            if missing(Placeholder::Name) {
                nameless(sentence)
            } else {
                sentence.to_owned()
            }
        })
        .collect();
    if kept == line {
        kept
    } else {
        kept.trim_end().to_owned()
    }
}

/// Splits a line into sentences, each with the white space after it.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .match_indices(['.', '!', '?', '…'])
            .map(|(at, mark)| at + mark.len())
            .find(|end| rest[*end..].starts_with(char::is_whitespace))
            .map_or(rest.len(), |end| {
                let space = rest[end..].len() - rest[end..].trim_start().len();
                end + space
            });
        let (sentence, later) = rest.split_at(end);
        rest = later;
        Some(sentence)
    })
}

/// Removes the name from a sentence, so that it reads naturally without it.
fn nameless(sentence: &str) -> String {
    let mut sentence = sentence.to_owned();
    while let Some((left, right)) = sentence.split_once("{name}") {
        let (mut left, mut right) = (left, right);
        for (opening, closing) in AROUND {
            let inner = left.strip_suffix(opening).zip(right.strip_prefix(closing));
            (left, right) = inner.unwrap_or((left, right));
        }
        let before = left.trim_end();
        let is_first = before.chars().all(|c| !c.is_alphanumeric() && c != '}');
        let next = right.trim_start();
        sentence = if is_first {
            let rest = next.trim_start_matches(|c: char| BEHIND.contains(&c) || c.is_whitespace());
            if rest.is_empty() {
                return String::new();
            }
            format!("{left}{}", capitalized(rest))
        } else if next.is_empty() || next.starts_with(BEHIND) {
            let before = before.strip_suffix(',').unwrap_or(before);
            format!("{before}{right}")
        } else {
            format!("{before} {next}")
        };
    }
    sentence
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

enum Piece<'a> {
    Text(&'a str),
    Placeholder(Placeholder),
    /// A word in braces that is not a placeholder.
    Unknown(&'a str),
}

/// Cuts the text at its placeholders.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(word) = word_in_braces(rest) {
            rest = &rest[word.len() + 2..];
            let known = Placeholder::ALL
                .into_iter()
                .find(|placeholder| placeholder.word() == word);
            return Some(known.map_or(Piece::Unknown(word), Piece::Placeholder));
        }
        let end = rest
            .match_indices('{')
            .map(|(at, _)| at)
            .find(|at| word_in_braces(&rest[*at..]).is_some())
            .unwrap_or(rest.len());
        let (text, later) = rest.split_at(end);
        rest = later;
        Some(Piece::Text(text))
    })
}

/// Returns `word` if the text begins with `{word}`.
fn word_in_braces(text: &str) -> Option<&str> {
    let (word, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (!word.is_empty() && word.chars().all(is_word)).then_some(word)
}

//! A mistake in a settings document, and its place.

use std::ops::Range;

use serde_path_to_error::{Path, Segment};

use super::{syntax, wording};

/// A mistake in a settings document, with its place. Show it to the owner as it is. It may quote
/// the document, so it does not belong in a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {place}{message}")]
pub struct SettingsError {
    /// The line, counted from 1.
    pub line: usize,
    /// The table and the key, such as `[number.hours] monday: `. Empty for the document as a whole.
    pub place: String,
    /// The mistake in an owner's words.
    pub message: String,
}

impl SettingsError {
    /// Explains why TOML cannot read the document at all.
    pub(super) fn syntax(document: &str, error: &toml::de::Error) -> Self {
        let line = line_of(document, error.span());
        let (line, key, message) = syntax::explained(document, line, error.message());
        Self {
            line,
            place: place_of("", &key),
            message,
        }
    }

    /// Explains a value of the wrong kind, a surplus key or a missing one.
    pub(super) fn structure(
        document: &str,
        error: &serde_path_to_error::Error<toml::de::Error>,
    ) -> Self {
        let (path, error) = (error.path(), error.inner());
        let is_whole_table = error.message().starts_with("missing field");
        let (table, key, names) = place(path, is_whole_table);
        Self {
            line: line_of(document, error.span()),
            place: place_of(&table, &key),
            message: wording::of_structure(&table, &names, error.message()),
        }
    }
}

/// A value that cannot be right.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// The table as TOML writes it, with its brackets.
    pub(super) table: String,
    /// The key; empty for the table as a whole.
    pub(super) key: String,
    /// The position of the value in the document, in bytes.
    pub(super) at: Range<usize>,
    /// The mistake in an owner's words.
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(
        table: &str,
        key: &str,
        at: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            table: table.to_owned(),
            key: key.to_owned(),
            at,
            message: message.into(),
        }
    }

    pub(super) fn in_document(self, document: &str) -> SettingsError {
        SettingsError {
            line: line_of(document, Some(self.at)),
            place: place_of(&self.table, &self.key),
            message: self.message,
        }
    }
}

fn place_of(table: &str, key: &str) -> String {
    match (table, key) {
        ("", "") => String::new(),
        ("", key) => format!("{key}: "),
        (table, "") => format!("{table}: "),
        (table, key) => format!("{table} {key}: "),
    }
}

/// Returns the table, the key and the full name of a path such as `number[0].hours.monday[1]`.
/// `is_whole_table` says that its last step is a table.
fn place(path: &Path, is_whole_table: bool) -> (String, String, String) {
    let mut steps: Vec<(String, bool)> = Vec::new();
    for segment in path {
        match segment {
            // `toml::Spanned` asks for the position of a value with such keys.
            Segment::Map { key } if key.starts_with("$__") => {}
            Segment::Map { key } => steps.push((key.clone(), false)),
            Segment::Seq { .. } => {
                if let Some((_, is_list)) = steps.last_mut() {
                    *is_list = true;
                }
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let all: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    let all = all.join(".");
    let key = if is_whole_table { None } else { steps.pop() };
    let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    let table = match steps.last() {
        Some((_, true)) => format!("[[{}]]", names.join(".")),
        Some((_, false)) => format!("[{}]", names.join(".")),
        None => String::new(),
    };
    (table, key.map(|(key, _)| key).unwrap_or_default(), all)
}

fn line_of(document: &str, at: Option<Range<usize>>) -> usize {
    let before = at.map_or(0, |at| at.start);
    let newlines = document.bytes().take(before).filter(|byte| *byte == b'\n');
    newlines.count() + 1
}

//! What is wrong with a settings document, and where.

use std::ops::Range;

use serde_path_to_error::{Path, Segment};

use super::{syntax, wording};

/// What is wrong with a settings document, with the place. Show it to the owner as it is: it
/// may quote the document, so it does not belong into a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {place}{message}")]
pub struct SettingsError {
    /// Counted from 1.
    pub line: usize,
    /// The table and the key, as `[number.hours] monday: `. Empty: the document as a whole.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

impl SettingsError {
    /// What TOML says: the document cannot be read at all.
    pub(super) fn syntax(document: &str, error: &toml::de::Error) -> Self {
        let line = line_of(document, error.span());
        let (line, key, message) = syntax::explained(document, line, error.message());
        Self {
            line,
            place: place_of("", &key),
            message,
        }
    }

    /// A value of the wrong kind, or a key too much or too few.
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
    /// As TOML writes it, with its brackets.
    pub(super) table: String,
    /// The key; empty for the table as a whole.
    pub(super) key: String,
    /// Where the value is in the document, in bytes.
    pub(super) at: Range<usize>,
    /// What is wrong with it.
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

/// The table, the key and the whole name of a path such as `number[0].hours.monday[1]`, where
/// `is_whole_table`: its last step is a table.
fn place(path: &Path, is_whole_table: bool) -> (String, String, String) {
    let mut steps: Vec<(String, bool)> = Vec::new();
    for segment in path {
        match segment {
            // How `toml::Spanned` asks for the place of a value.
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

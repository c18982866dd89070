//! Messages of the TOML parser, in an owner's words.

use super::keys;
use super::words::{listed, nearest};

/// Explains a value of the wrong kind, a surplus key or a missing one. `table` has its brackets.
/// `path` is that of the value, such as `number.hours.monday`.
pub(super) fn of_structure(table: &str, path: &str, message: &str) -> String {
    if let Some((key, _)) = quoted(message, "unknown field `") {
        return keys::unknown(table, key);
    }
    if let Some((key, _)) = quoted(message, "missing field `") {
        return format!("needs {key}");
    }
    if message.starts_with("duplicate field `") {
        return "is given twice".to_owned();
    }
    if let Some((value, rest)) = quoted(message, "unknown variant `") {
        let allowed: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let all: Vec<String> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
        let must = format!("must be {}", listed(&all, "or"));
        return match nearest(value, allowed.into_iter()) {
            Some(near) => format!("{must}; did you mean \"{near}\"?"),
            None => must,
        };
    }
    let kinds = ["invalid type: ", "invalid value: "];
    let kinds = kinds.iter().find_map(|kind| message.strip_prefix(kind));
    match kinds.and_then(|kinds| kinds.rsplit_once(", expected ")) {
        Some((given, wanted)) => write(path, given, wanted),
        None => message.to_owned(),
    }
}

/// Returns the text between `beginning` and the next backtick, and the rest.
fn quoted<'a>(message: &'a str, beginning: &str) -> Option<(&'a str, &'a str)> {
    message.strip_prefix(beginning)?.split_once('`')
}

/// Says what to write instead of `given` where `wanted` was expected. Both are named as serde does.
fn write(path: &str, given: &str, wanted: &str) -> String {
    let value = given.split_once(' ').map(|(_, value)| value);
    let value = value.map(|value| value.trim_matches('`'));
    let is_single = keys::TABLES
        .iter()
        .any(|name| path.strip_prefix("number.") == Some(name));
    match wanted {
        // serde reads a table in double brackets as a list of its fields.
        _ if given == "map" && is_single => format!("write [{path}] with one pair of brackets"),
        "a sequence" => match (given, value) {
            ("map", _) => format!("write [[{path}]] with two brackets"),
            (given, Some(text)) if given.starts_with("string ") => {
                format!("write a list: [{text}]")
            }
            _ => "write a list in brackets, such as [\"...\"]".to_owned(),
        },
        "a string" | "string" => match value {
            Some(value) if !given.starts_with("string ") => {
                format!("write it in quotes: \"{value}\"")
            }
            _ => "write a text in quotes".to_owned(),
        },
        "a boolean" => "write true or false, without quotes".to_owned(),
        "i64" | "u32" | "u64" | "an integer" => "write a whole number, without quotes".to_owned(),
        wanted if wanted == "a map" || wanted.starts_with("struct ") => {
            if given == "sequence" {
                format!("write [{path}] with one pair of brackets")
            } else {
                format!("must be a table of its own: [{path}]")
            }
        }
        wanted => format!("write {wanted}"),
    }
}

//! `samconfig.toml`, from which SAM takes the stack's name and its parameters.

use std::path::Path;

use toml::{Table, Value};

use crate::check::Verdict;
use crate::file::text_of;

/// What one section of the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Samconfig {
    pub stack: Option<String>,
    pub region: Option<String>,
    /// `parameter_overrides`, in the order of the file.
    pub parameters: Vec<(String, String)>,
}

/// Why there is no section to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoSamconfig {
    /// There is no file.
    Missing,
    /// The file cannot be read.
    Unreadable(String),
    /// The file has no section of this name.
    NoSection(String),
}

impl Samconfig {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads the section that `--config-env` names.
pub(super) fn read(folder: &Path, section: Option<&str>) -> Result<Samconfig, NoSamconfig> {
    let file = folder.join("samconfig.toml");
    if !file.exists() {
        return Err(NoSamconfig::Missing);
    }
    let text = text_of(&file).map_err(NoSamconfig::Unreadable)?;
    parse(&text, section.unwrap_or("default"))
}

pub(super) fn parse(text: &str, section: &str) -> Result<Samconfig, NoSamconfig> {
    let document: Table = text
        .parse()
        .map_err(|error: toml::de::Error| NoSamconfig::Unreadable(error.message().to_owned()))?;
    let of = |command: &str| {
        document
            .get(section)?
            .get(command)?
            .get("parameters")?
            .as_table()
    };
    let deploy = of("deploy").ok_or_else(|| NoSamconfig::NoSection(section.to_owned()))?;
    // What a command says wins over what is said for all commands.
    let get = |key: &str| {
        deploy
            .get(key)
            .or_else(|| of("global").and_then(|global| global.get(key)))
    };
    let text = |key: &str| get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Samconfig {
        stack: text("stack_name"),
        region: text("region"),
        parameters: get("parameter_overrides").map_or_else(Vec::new, overrides),
    })
}

/// Reads overrides in both of SAM's forms: one text, or a list of texts.
fn overrides(value: &Value) -> Vec<(String, String)> {
    let words = match value {
        Value::String(text) => words(text),
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .flat_map(words)
            .collect(),
        _ => Vec::new(),
    };
    words.iter().filter_map(|word| pair(word)).collect()
}

fn pair(word: &str) -> Option<(String, String)> {
    let long = word
        .strip_prefix("ParameterKey=")
        .and_then(|rest| rest.split_once(",ParameterValue="));
    let (name, value) = long.or_else(|| word.split_once('='))?;
    Some((name.to_owned(), value.to_owned()))
}

/// Splits at blanks outside quotation marks, and takes the marks away.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut mark = None;
    for letter in text.chars() {
        match mark {
            Some(open) if open == letter => mark = None,
            None if matches!(letter, '"' | '\'') => mark = Some(letter),
            None if letter.is_whitespace() => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Returns whether a value is one of samconfig.example.toml's, to be filled in. The template refuses
/// capital letters in these two.
pub(super) fn is_placeholder(name: &str, value: &str) -> bool {
    matches!(name, "JiraBaseUrl" | "AlarmEmail")
        && value.chars().any(|letter| letter.is_ascii_uppercase())
}

/// Judges the section. Without `named`, `sam deploy --guided` comes next and asks for what is missing.
pub(super) fn judge(samconfig: &Result<Samconfig, NoSamconfig>, named: bool) -> Verdict {
    const EXAMPLE: &str = "cp samconfig.example.toml samconfig.toml, and fill in what stands in \
                           capital letters";
    const GUIDED: &str = "sam deploy --guided asks for it";
    let unless_asked = |detail: String, fix: &str| {
        if named {
            Verdict::wrong(detail, fix)
        } else {
            Verdict::hint(detail, format!("{GUIDED}; or {fix}"))
        }
    };
    let samconfig = match samconfig {
        Ok(samconfig) => samconfig,
        Err(NoSamconfig::Missing) => {
            return unless_asked("is not in this folder".to_owned(), EXAMPLE);
        }
        Err(NoSamconfig::Unreadable(why)) => return Verdict::wrong(why, "put it right"),
        Err(NoSamconfig::NoSection(name)) => {
            return unless_asked(
                format!("has no section [{name}.deploy.parameters]"),
                "take it from samconfig.example.toml",
            );
        }
    };
    let jira = samconfig.parameter("JiraBaseUrl");
    if let Some(url) = jira
        && (!url.starts_with("https://") || url.ends_with('/'))
    {
        return Verdict::wrong(
            format!("the template refuses JiraBaseUrl={url}"),
            "begin it with https://, and end it without a slash",
        );
    }
    let mut open: Vec<_> = samconfig
        .parameters
        .iter()
        .filter(|(name, value)| is_placeholder(name, value))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if jira.is_none() {
        open.push("JiraBaseUrl".to_owned());
    }
    if open.is_empty() {
        let stack = samconfig.stack.as_deref().unwrap_or("no name");
        return Verdict::ok(format!("stack {stack}, every value filled in"));
    }
    unless_asked(
        format!("to be filled in, in small letters: {}", open.join(", ")),
        "fill it in",
    )
}

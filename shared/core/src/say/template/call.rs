//! The grammar of `/template`.
//!
//! ```text
//! /template NAME LANGUAGE "first" "second" customer="Ana Lima" header=photo.jpg button1="4711"
//! ```
//!
//! Values stand in double quotes; a value without spaces needs none. Any double quote that Jira's
//! editor or a keyboard produces opens or closes a value. `\"` and `\\` write a quote and a
//! backslash.

use std::iter::Peekable;
use std::str::Chars;

use crate::model::private::Private;

const COMMAND: &str = "/template";

/// A `/template` command.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateCall {
    pub name: String,
    /// The template's language, if given.
    pub language: Option<String>,
    /// The values, in order.
    pub arguments: Vec<Argument>,
}

/// One value.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument {
    /// The key. `None` if the position identifies the value.
    pub key: Option<String>,
    pub value: String,
}

// The values are for the customer and must not get into a log.
impl std::fmt::Debug for TemplateCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.arguments.len();
        write!(f, "TemplateCall({} with {count} values)", self.name)
    }
}

/// The reason why a command cannot be read. The error messages are for agents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallMistake {
    /// Nothing follows the command.
    #[error("the name of the template is missing")]
    NoName,
    /// A quote is never closed.
    #[error("a quotation mark is not closed; a quotation mark inside a value is written \\\"")]
    Unclosed,
    /// Text follows a closing quote directly.
    #[error(
        "there must be a space between two values; a quotation mark inside a value is written \\\""
    )]
    Glued,
    /// A key has two values.
    #[error("{} is given twice", .0.get())]
    Twice(Private<String>),
}

/// A word of the command.
struct Word {
    key: Option<String>,
    value: String,
    quoted: bool,
}

impl TemplateCall {
    /// Reads a note. Returns `None` if it is not this command.
    #[must_use]
    pub fn read(note: &str) -> Option<Result<Self, CallMistake>> {
        let note = note.trim();
        let (command, rest) = note.split_at_checked(COMMAND.len())?;
        let ends = rest.chars().next().is_none_or(char::is_whitespace);
        (command.eq_ignore_ascii_case(COMMAND) && ends).then(|| Self::parse(rest))
    }

    fn parse(text: &str) -> Result<Self, CallMistake> {
        let mut words = words(text)?.into_iter().peekable();
        let is_name = |word: &Word| word.key.is_none() && !word.quoted;
        let name = words.next_if(is_name).ok_or(CallMistake::NoName)?;
        let language = words.next_if(is_name).map(|word| word.value);
        let mut arguments: Vec<Argument> = Vec::new();
        for Word { key, value, .. } in words {
            if let Some(key) = &key
                && arguments
                    .iter()
                    .any(|known| known.key.as_ref() == Some(key))
            {
                return Err(CallMistake::Twice(key.clone().into()));
            }
            arguments.push(Argument { key, value });
        }
        Ok(Self {
            name: name.value,
            language,
            arguments,
        })
    }
}

fn words(text: &str) -> Result<Vec<Word>, CallMistake> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        match chars.peek() {
            None => return Ok(words),
            Some(c) if is_quote(*c) => words.push(Word {
                key: None,
                value: quoted(&mut chars)?,
                quoted: true,
            }),
            Some(_) => words.push(bare(&mut chars)?),
        }
    }
}

/// Reads a word without quotes around it, which may be a key with its value.
fn bare(chars: &mut Peekable<Chars<'_>>) -> Result<Word, CallMistake> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
        if c == '=' && is_key(&text) {
            let quoted = chars.peek().copied().is_some_and(is_quote);
            let value = if quoted {
                self::quoted(chars)?
            } else {
                rest_of_word(chars)
            };
            return Ok(Word {
                key: Some(text),
                value,
                quoted,
            });
        }
        text.push(c);
    }
    Ok(Word {
        key: None,
        value: text,
        quoted: false,
    })
}

fn rest_of_word(chars: &mut Peekable<Chars<'_>>) -> String {
    std::iter::from_fn(|| chars.next_if(|c| !c.is_whitespace())).collect()
}

/// Reads a value in quotes, from the opening quote on.
fn quoted(chars: &mut Peekable<Chars<'_>>) -> Result<String, CallMistake> {
    chars.next();
    let mut value = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(chars.next_if(|c| is_quote(*c) || *c == '\\').unwrap_or(c)),
            c if is_quote(c) => {
                let apart = chars.peek().is_none_or(|next| next.is_whitespace());
                return if apart {
                    Ok(value)
                } else {
                    Err(CallMistake::Glued)
                };
            }
            c => value.push(c),
        }
    }
    Err(CallMistake::Unclosed)
}

/// Recognizes the straight double quote and those that editors replace it with.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the call as one line: name, language, then `key=value` or `value` in brackets.
    fn read(note: &str) -> Option<Result<String, CallMistake>> {
        let call = TemplateCall::read(note)?;
        Some(call.map(|call| {
            let mut line = format!("{} {}", call.name, call.language.unwrap_or("-".to_owned()));
            for Argument { key, value } in call.arguments {
                let key = key.map_or(String::new(), |key| format!("{key}="));
                line.push_str(&format!(" [{key}{value}]"));
            }
            line
        }))
    }

    #[test]
    fn calls_are_read_as_agents_write_them() {
        for (note, expected) in [
            ("/template hello_world en_US", "hello_world en_US"),
            ("  /Template hello_world de  ", "hello_world de"),
            ("/template\thello\u{a0}de", "hello de"),
            ("/template hello\nde\n\"a\"", "hello de [a]"),
            ("/template hello", "hello -"),
            ("/template hello \"a\"", "hello - [a]"),
            ("/template hello a=b", "hello - [a=b]"),
            ("/template t de \"one\" \"two\"", "t de [one] [two]"),
            ("/template t de one two", "t de [one] [two]"),
            ("/template t de \"one two\" 3", "t de [one two] [3]"),
            ("/template t de “one two”", "t de [one two]"),
            ("/template t de ”one two”", "t de [one two]"),
            ("/template t de „eins zwei“", "t de [eins zwei]"),
            ("/template t de « un deux »", "t de [ un deux ]"),
            ("/template t de „eins\"", "t de [eins]"),
            ("/template t de ＂a b＂", "t de [a b]"),
            ("/template t de \"\"", "t de []"),
            (r#"/template t de "a \"b\" c""#, r#"t de [a "b" c]"#),
            (r"/template t de “a \“b\” c”", "t de [a “b” c]"),
            (r#"/template t de "C:\\x""#, r"t de [C:\x]"),
            (r#"/template t de "C:\x""#, r"t de [C:\x]"),
            ("/template t de \"it's\"", "t de [it's]"),
            ("/template t de it's", "t de [it's]"),
            ("/template t de name=\"Ana Lima\"", "t de [name=Ana Lima]"),
            ("/template t de name=”Ana Lima”", "t de [name=Ana Lima]"),
            ("/template t de name=Ana x_1=2", "t de [name=Ana] [x_1=2]"),
            ("/template t de header=photo.jpg", "t de [header=photo.jpg]"),
            ("/template t de \"a=b\"", "t de [a=b]"),
            (
                "/template t de https://a.example/?b=c",
                "t de [https://a.example/?b=c]",
            ),
            ("/template t de a==b", "t de [a==b]"),
            ("/template t de name=", "t de [name=]"),
            ("/template t de \"🚲 two\"", "t de [🚲 two]"),
            ("/template t de \"two\nlines\"", "t de [two\nlines]"),
        ] {
            assert_eq!(read(note), Some(Ok(expected.to_owned())), "{note}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (note, expected) in [
            ("/template", CallMistake::NoName),
            ("/template   ", CallMistake::NoName),
            ("/template \"hello\" de", CallMistake::NoName),
            ("/template name=hello", CallMistake::NoName),
            ("/template t de \"open", CallMistake::Unclosed),
            ("/template t de name=“open", CallMistake::Unclosed),
            (r#"/template t de "open\""#, CallMistake::Unclosed),
            ("/template t de \"a\"b", CallMistake::Glued),
            ("/template t de \"a\"\"b\"", CallMistake::Glued),
            ("/template t de a=1 a=2", CallMistake::Twice("a".into())),
        ] {
            assert_eq!(read(note), Some(Err(expected)), "{note}");
        }
    }

    #[test]
    fn other_notes_are_not_this_command() {
        for note in [
            "",
            "/templates",
            "/cancel",
            "template a de",
            "Please /template a de",
            "/tämplate",
            "/templat",
        ] {
            assert_eq!(read(note), None, "{note}");
        }
    }
}

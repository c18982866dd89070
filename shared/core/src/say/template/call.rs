//! The grammar of `/template`.
//!
//! ```text
//! /template NAME LANGUAGE "first" "second" customer="Ana Lima" header=photo.jpg button1="4711"
//! ```
//!
//! Values stand in double quotes; a value without spaces needs none. Any double quote that Jira's
//! editor or a keyboard produces opens or closes a value. `\"` and `\\` write a quote and a
//! backslash.
//!
//! A rule of Automation puts other people's words between the quotes ([`TemplateCall::of_rule`]).

use std::iter::Peekable;
use std::str::Chars;

use crate::model::private::Private;
use crate::text::single_spaced;

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

    /// Reads a note of a rule, whose values are other people's words. Quotation marks among them do
    /// not end a value, escapes of JSON are read, and white space counts as one space.
    #[must_use]
    pub fn of_rule(note: &str) -> Option<Result<Self, CallMistake>> {
        let note = note.trim();
        let (command, rest) = note.split_at_checked(COMMAND.len())?;
        let ends = rest.chars().next().is_none_or(char::is_whitespace);
        (command.eq_ignore_ascii_case(COMMAND) && ends).then(|| Self::parse_of_rule(rest))
    }

    fn parse_of_rule(text: &str) -> Result<Self, CallMistake> {
        let strict = words(text, Writer::Rule { lenient: false });
        let is_plain = |word: &Word| word.quoted || !word.value.contains(is_quote);
        let words = match strict {
            Ok(words) if words.iter().all(is_plain) => words,
            strict => words(text, Writer::Rule { lenient: true }).or(strict)?,
        };
        let mut call = Self::of_words(words)?;
        for argument in &mut call.arguments {
            argument.value = single_spaced(&argument.value);
        }
        Ok(call)
    }

    fn parse(text: &str) -> Result<Self, CallMistake> {
        Self::of_words(words(text, Writer::Person)?)
    }

    fn of_words(words: Vec<Word>) -> Result<Self, CallMistake> {
        let mut words = words.into_iter().peekable();
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

/// Who wrote the command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Person,
    /// A rule. `lenient`: a quotation mark ends a value only where another value, or nothing,
    /// follows.
    Rule {
        lenient: bool,
    },
}

fn words(text: &str, writer: Writer) -> Result<Vec<Word>, CallMistake> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        match chars.peek() {
            None => return Ok(words),
            Some(c) if is_quote(*c) => words.push(Word {
                key: None,
                value: quoted(&mut chars, writer)?,
                quoted: true,
            }),
            Some(_) => words.push(bare(&mut chars, writer)?),
        }
    }
}

/// Reads a word without quotes around it, which may be a key with its value.
fn bare(chars: &mut Peekable<Chars<'_>>, writer: Writer) -> Result<Word, CallMistake> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
        if c == '=' && is_key(&text) {
            let quoted = chars.peek().copied().is_some_and(is_quote);
            let value = if quoted {
                self::quoted(chars, writer)?
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
fn quoted(chars: &mut Peekable<Chars<'_>>, writer: Writer) -> Result<String, CallMistake> {
    chars.next();
    let mut value = String::new();
    while let Some(c) = chars.next() {
        match (c, writer) {
            ('\\', Writer::Rule { .. }) => {
                value.push('\\');
                value.extend(chars.next());
            }
            ('\\', Writer::Person) => {
                value.push(chars.next_if(|c| is_quote(*c) || *c == '\\').unwrap_or(c));
            }
            (c, Writer::Rule { lenient: true }) if is_quote(c) => {
                if ends_a_value(chars.clone()) {
                    return Ok(unescaped(&value));
                }
                value.push(c);
            }
            (c, _) if is_quote(c) => {
                let apart = chars.peek().is_none_or(|next| next.is_whitespace());
                return match writer {
                    _ if !apart => Err(CallMistake::Glued),
                    Writer::Person => Ok(value),
                    Writer::Rule { .. } => Ok(unescaped(&value)),
                };
            }
            (c, _) => value.push(c),
        }
    }
    Err(CallMistake::Unclosed)
}

/// Reads the escapes of JSON in a rule's value, if they are such. Whoever does not write JSON means
/// what stands there.
fn unescaped(value: &str) -> String {
    let mut json = String::from('"');
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                json.push(c);
                json.extend(chars.next());
            }
            '"' => json.push_str("\\\""),
            c if c.is_control() => json.push(' '),
            c => json.push(c),
        }
    }
    json.push('"');
    serde_json::from_str(&json).unwrap_or_else(|_| value.replace("\\\"", "\""))
}

/// Returns whether a quotation mark before `rest` can only end its value.
fn ends_a_value(rest: Peekable<Chars<'_>>) -> bool {
    let rest: String = rest.collect();
    let next = rest.trim_start();
    let begins_a_value = next.starts_with(is_quote)
        || next
            .split_once('=')
            .is_some_and(|(key, value)| is_key(key) && value.starts_with(is_quote));
    next.is_empty() || (begins_a_value && next.len() < rest.len())
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
        Some(call.map(line))
    }

    fn line(call: TemplateCall) -> String {
        let mut line = format!("{} {}", call.name, call.language.unwrap_or("-".to_owned()));
        for Argument { key, value } in call.arguments {
            let key = key.map_or(String::new(), |key| format!("{key}="));
            line.push_str(&format!(" [{key}{value}]"));
        }
        line
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
    fn a_rule_puts_other_peoples_words_in() {
        for (values, expected) in [
            (r#""Ana" "Order 4711""#, "[Ana] [Order 4711]"),
            (
                r#""Ana "the boss" Lima" "x""#,
                r#"[Ana "the boss" Lima] [x]"#,
            ),
            (r#""12" TV" "x""#, r#"[12" TV] [x]"#),
            (r#""A 12"" "x""#, r#"[A 12"] [x]"#),
            (
                r#"name="Ana "A" Lima" date="1. 2.""#,
                r#"[name=Ana "A" Lima] [date=1. 2.]"#,
            ),
            ("\"two\n  lines\" \"x\"", "[two lines] [x]"),
            (r#""two\nlines\t" "x""#, "[two lines] [x]"),
            (
                r#""L\u00f6wen \ud83d\ude80 1\/2" "x""#,
                "[Löwen 🚀 1/2] [x]",
            ),
            (r#""C:\x" "say \"no\"""#, r#"[C:\x] [say "no"]"#),
            (r#""say \"yes\"" "C:\\x""#, r#"[say "yes"] [C:\x]"#),
            (r#""" "x""#, "[] [x]"),
            ("\"30.11.2026\" 17:30", "[30.11.2026] [17:30]"),
            ("“Ana “A” Lima” “x”", "[Ana “A” Lima] [x]"),
            ("\"  Ana  Lima \"", "[Ana Lima]"),
        ] {
            let note = format!("/template t de {values}");
            let call = TemplateCall::of_rule(&note).unwrap();
            assert_eq!(call.map(line), Ok(format!("t de {expected}")), "{note}");
        }
        let open = TemplateCall::of_rule("/template t de \"open");
        assert_eq!(open, Some(Err(CallMistake::Unclosed)));
        assert_eq!(TemplateCall::of_rule("/templates t"), None);
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

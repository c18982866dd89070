//! Which of the customer's messages a reply answers, so that it is sent as a WhatsApp reply.
//!
//! An agent says so with a leading `/reply`, with a leading quotation, or by answering the
//! customer's comment in Jira's thread.

use serde_json::Value;

use crate::model::commands::REPLY;
use crate::model::comment::{Body, Comment, ListedComment, plain_words};
use crate::model::identity::CommentId;
use crate::model::private::Private;
use crate::text::{Slashed, folded, is_blank, is_blank_char, words};

/// The fewest characters of a quotation that may be found inside a message. A shorter one could
/// occur anywhere, so it must be the whole message.
const LONG_ENOUGH: usize = 8;

/// The message that a comment answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The customer's latest message.
    Latest,
    /// The message with these words in it (`plain_words`).
    Quoted(Private<String>),
    /// The message that is this comment.
    Comment(CommentId),
}

/// The message that a comment answers, and the rest of the comment.
#[derive(Clone, PartialEq)]
pub struct Answering {
    /// The message that it answers.
    pub answered: Answered,
    /// The body without the command or quotation.
    pub rest: Body,
}

impl Answering {
    /// Returns what `comment` answers, or `None` if it does not say.
    #[must_use]
    pub fn of(comment: &Comment) -> Option<Self> {
        let body = comment.body.to_send();
        let command = without_command(body).map(|rest| (Answered::Latest, rest));
        let quotation = || {
            let (quoted, rest) = without_quotation(body)?;
            let quoted = crate::text::single_spaced(&quoted);
            (!quoted.is_empty()).then_some((Answered::Quoted(quoted.into()), rest))
        };
        let thread = || Some((Answered::Comment(comment.parent.clone()?), body.clone()));
        let (answered, rest) = command.or_else(quotation).or_else(thread)?;
        let rest = comment.body.with_rest(rest);
        Some(Self { answered, rest })
    }
}

/// Finds the customer's message with the words of a quotation: the latest that is the same,
/// otherwise the latest that contains them. `comments` are those of the request, newest first.
#[must_use]
pub fn find_quoted<'a>(
    quoted: &str,
    comments: &'a [ListedComment],
    is_ours: impl Fn(&ListedComment) -> bool,
) -> Option<&'a CommentId> {
    // Casement writes the customers' words itself, in public comments.
    let said: Vec<_> = comments
        .iter()
        .filter(|comment| !comment.inside && is_ours(comment))
        .map(|comment| (&comment.id, Said::of(&plain_words(comment.body.to_send()))))
        .collect();
    let quoted = Said::of(quoted);
    let first = |fits: &dyn Fn(&Said) -> bool| {
        let found = said.iter().find(|(_, said)| fits(said));
        found.map(|(id, _)| *id)
    };
    first(&|said| said.text == quoted.text)
        .or_else(|| first(&|said| is_same(&said.words, &quoted.words)))
        .or_else(|| first(&|said| contains(&said.text, &quoted.text)))
        .or_else(|| first(&|said| contains(&said.words, &quoted.words)))
}

/// A text prepared for comparison. Jira's editor and keyboards change quotation marks, dashes and
/// dots, and whoever quotes leaves some out.
struct Said {
    /// The text with its punctuation.
    text: String,
    /// The words alone; empty for a message of nothing but emoji.
    words: String,
}

impl Said {
    fn of(text: &str) -> Self {
        let text = folded(text);
        let words = words(&text);
        Self { text, words }
    }
}

fn is_same(said: &str, quoted: &str) -> bool {
    !quoted.is_empty() && said == quoted
}

fn contains(said: &str, quoted: &str) -> bool {
    quoted.chars().count() >= LONG_ENOUGH && said.contains(quoted)
}

/// Returns the text behind the command, or `None` if `text` does not begin with it.
fn after_command(text: &str) -> Option<&str> {
    let slashed = Slashed::read(text.trim_start_matches(is_blank_char))?;
    let is_command = REPLY.strip_prefix('/') == Some(&slashed.name);
    is_command.then(|| slashed.rest.trim_start_matches(is_blank_char))
}

fn without_command(body: &Value) -> Option<Value> {
    if let Value::String(text) = body {
        return after_command(text).map(Value::from);
    }
    let mut body = body.clone();
    (take_command(&mut body) == Search::Taken).then_some(body)
}

/// The result of a search for the first words of a document.
#[derive(PartialEq, Eq)]
enum Search {
    /// No words were found so far.
    Blank,
    /// The first words are something else.
    Other,
    /// The first word was the command, and was removed.
    Taken,
}

/// Removes the command from the front of `node`, whatever its style. Skips whatever is not a word:
/// empty lines, breaks, mentions, pictures.
fn take_command(node: &mut Value) -> Search {
    let Some(parts) = node.get_mut("content").and_then(Value::as_array_mut) else {
        return match node["type"].as_str() {
            Some("hardBreak" | "mention" | "media" | "mediaInline" | "rule" | "paragraph") => {
                Search::Blank
            }
            _ => Search::Other,
        };
    };
    let is_text = |part: &Value| part["type"] == "text";
    let mut at = 0;
    while at < parts.len() {
        if !is_text(&parts[at]) {
            let search = take_command(&mut parts[at]);
            if search == Search::Taken && parts[at]["content"].as_array().is_some_and(Vec::is_empty)
            {
                parts.remove(at);
            }
            if search != Search::Blank {
                return search;
            }
            at += 1;
            continue;
        }
        let run = parts[at..].iter().take_while(|part| is_text(part)).count();
        let text: String = parts[at..at + run]
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect();
        if is_blank(&text) {
            at += run;
        } else if let Some(rest) = after_command(&text) {
            take(parts, at, text.len() - rest.len());
            return Search::Taken;
        } else {
            return Search::Other;
        }
    }
    Search::Blank
}

/// Removes the first `length` bytes of text from `parts`, beginning at index `at`, and the blanks
/// and line breaks that follow.
fn take(parts: &mut Vec<Value>, at: usize, mut length: usize) {
    while at < parts.len() {
        let Some(text) = parts[at]["text"].as_str() else {
            if parts[at]["type"] != "hardBreak" {
                break;
            }
            parts.remove(at);
            continue;
        };
        let cut = length.min(text.len());
        length -= cut;
        let rest = text[cut..].trim_start_matches(is_blank_char).to_owned();
        if !rest.is_empty() {
            parts[at]["text"] = rest.into();
            break;
        }
        parts.remove(at);
    }
    // A mention stays, separated from what follows.
    if at > 0 && at < parts.len() && parts[at - 1]["type"] == "mention" {
        parts.insert(at, serde_json::json!({"type": "text", "text": " "}));
    }
}

fn without_quotation(body: &Value) -> Option<(String, Value)> {
    let mut body = body.clone();
    let blocks = body.get_mut("content")?.as_array_mut()?;
    let first = blocks.iter().position(|block| !is_without_words(block))?;
    if blocks[first]["type"] != "blockquote" {
        return None;
    }
    let quotation = blocks.remove(first);
    Some((plain_words(&quotation), body))
}

/// Returns whether `node` has nothing to read: an empty line, a break, a rule, a mention, a
/// picture.
fn is_without_words(node: &Value) -> bool {
    match node["type"].as_str() {
        Some("text") => node["text"].as_str().is_none_or(is_blank),
        Some("hardBreak" | "mention" | "media" | "mediaInline" | "rule") => true,
        Some("paragraph" | "mediaSingle" | "mediaGroup") => {
            let parts = node["content"].as_array();
            parts.into_iter().flatten().all(is_without_words)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;

//! Which message of the customer a reply answers, so that it is sent as WhatsApp's own reply.
//!
//! An agent says so with `/reply` in front, with a quotation in front, or by answering the
//! customer's comment in Jira's thread.

use serde_json::Value;

use super::Comment;
use crate::identity::CommentId;
use crate::reconciliation::ListedComment;

/// The word in front of a public comment that answers the customer's latest message.
pub const REPLY: &str = "/reply";

/// The fewest characters of a quotation that is looked for inside a message. A shorter one may
/// stand anywhere and has to be the whole message.
const LONG_ENOUGH: usize = 8;

/// What a comment answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The customer's latest message.
    Latest,
    /// The one with this text in it, as [`plain_words`] has it.
    Quoted(String),
    /// The one that is this comment.
    Comment(CommentId),
}

/// What a comment answers, and what it says besides.
#[derive(Clone, PartialEq)]
pub struct Answering {
    /// What it answers.
    pub answered: Answered,
    /// Its body without what says so.
    pub rest: Value,
}

impl Answering {
    /// What `comment` answers; `None`: it does not say.
    #[must_use]
    pub fn of(comment: &Comment) -> Option<Self> {
        let body = &comment.body;
        let command = without_command(body).map(|rest| (Answered::Latest, rest));
        let quotation = || {
            let (quoted, rest) = match body {
                Value::String(markup) => quotation_of_wiki(markup)?,
                document => quotation_of_adf(document)?,
            };
            let quoted = single_spaced(&quoted);
            (!quoted.is_empty()).then_some((Answered::Quoted(quoted), rest))
        };
        let thread = || Some((Answered::Comment(comment.parent.clone()?), body.clone()));
        let (answered, rest) = command.or_else(quotation).or_else(thread)?;
        Some(Self { answered, rest })
    }
}

/// The customer's message that has the words of a quotation: the latest that is the same, else
/// the latest that contains them. `comments` are those of the request, the newest first.
#[must_use]
pub fn find_quoted<'a>(
    quoted: &str,
    comments: &'a [ListedComment],
    is_ours: impl Fn(&ListedComment) -> bool,
) -> Option<&'a CommentId> {
    // What customers say is written by us, in public.
    let said: Vec<_> = comments
        .iter()
        .filter(|comment| !comment.inside && is_ours(comment))
        .map(|comment| (&comment.id, plain_words(&comment.body)))
        .collect();
    let same = said.iter().find(|(_, words)| words == quoted);
    let long_enough = quoted.chars().count() >= LONG_ENOUGH;
    let containing = || {
        let mut said = said.iter().filter(|_| long_enough);
        said.find(|(_, words)| words.contains(quoted))
    };
    same.or_else(containing).map(|(id, _)| *id)
}

/// The words of a body with single spaces between them, and nothing of how they look.
#[must_use]
pub fn plain_words(body: &Value) -> String {
    let mut words = String::new();
    match body {
        Value::String(markup) => words.push_str(markup),
        node => collect(node, &mut words),
    }
    single_spaced(&words)
}

fn collect(node: &Value, words: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    match node["type"].as_str().unwrap_or_default() {
        "text" => words.push_str(node["text"].as_str().unwrap_or_default()),
        "hardBreak" => words.push(' '),
        "emoji" | "mention" => words.push_str(attribute("text")),
        "inlineCard" => words.push_str(attribute("url")),
        _ => {
            for child in node["content"].as_array().into_iter().flatten() {
                collect(child, words);
            }
            if is_block(node) {
                words.push(' ');
            }
        }
    }
}

fn is_block(node: &Value) -> bool {
    node["content"].is_array()
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What follows the command in `text`; `None`: it does not begin with it.
fn after_command(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let command = text.get(..REPLY.len())?;
    let rest = &text[REPLY.len()..];
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (ends && command.eq_ignore_ascii_case(REPLY)).then(|| rest.trim_start())
}

fn without_command(body: &Value) -> Option<Value> {
    if let Value::String(markup) = body {
        return after_command(markup).map(Value::from);
    }
    let mut body = body.clone();
    let blocks = body["content"].as_array_mut()?;
    let first = blocks.first_mut()?;
    if first["type"] != "paragraph" {
        return None;
    }
    let line = first["content"].as_array_mut()?;
    let rest = after_command(line.first()?["text"].as_str()?)?.to_owned();
    if rest.is_empty() {
        line.remove(0);
        if line.first().is_some_and(|node| node["type"] == "hardBreak") {
            line.remove(0);
        }
    } else {
        line[0]["text"] = rest.into();
    }
    if line.is_empty() {
        blocks.remove(0);
    }
    Some(body)
}

fn quotation_of_adf(body: &Value) -> Option<(String, Value)> {
    let mut body = body.clone();
    let blocks = body["content"].as_array_mut()?;
    if blocks.first()?["type"] != "blockquote" {
        return None;
    }
    let quotation = blocks.remove(0);
    Some((plain_words(&quotation), body))
}

fn quotation_of_wiki(markup: &str) -> Option<(String, Value)> {
    let markup = markup.trim_start();
    let (quoted, rest) = match markup.strip_prefix("{quote}") {
        Some(rest) => rest.split_once("{quote}")?,
        None => {
            let line = markup.strip_prefix("bq. ")?;
            line.split_once('\n').unwrap_or((line, ""))
        }
    };
    Some((quoted.to_owned(), Value::from(rest.trim_start())))
}

#[cfg(test)]
mod tests;

//! Wiki markup as a document: what becomes of texts that go through the service desk API.
//!
//! Enough of the notation to show what unescaped customer text would turn into: mentions,
//! links, images and emphasis.

use serde_json::{Value, json};

use super::document;

/// Reads wiki markup.
///
/// Source: Atlassian, "Wiki renderer notation guide".
pub(crate) fn from_wiki(wiki: &str) -> Value {
    let wiki = wiki.replace("\r\n", "\n");
    let mut blocks = Vec::new();
    let mut rest = wiki.as_str();
    while let Some(start) = rest.find("{noformat}") {
        let inner = &rest[start + "{noformat}".len()..];
        let Some(end) = inner.find("{noformat}") else {
            break;
        };
        blocks.extend(paragraphs(&rest[..start]));
        let code = inner[..end].trim_matches('\n');
        if !code.is_empty() {
            blocks.push(json!({"type": "codeBlock", "content": [{"type": "text", "text": code}]}));
        }
        rest = &inner[end + "{noformat}".len()..];
    }
    blocks.extend(paragraphs(rest));
    document(blocks)
}

fn paragraphs(wiki: &str) -> Vec<Value> {
    let blocks = wiki.split("\n\n").filter(|block| !block.trim().is_empty());
    let paragraph = |block: &str| {
        let mut content = Vec::new();
        for (index, line) in block.trim_matches('\n').split('\n').enumerate() {
            if index > 0 {
                content.push(json!({"type": "hardBreak"}));
            }
            content.extend(inlines(line));
        }
        json!({"type": "paragraph", "content": content})
    };
    blocks.map(paragraph).collect()
}

fn inlines(line: &str) -> Vec<Value> {
    let mut nodes = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some((node, length)) = markup(rest, plain.chars().last()) {
            flush(&mut plain, &mut nodes);
            nodes.push(node);
            rest = &rest[length..];
            continue;
        }
        let mut after = &rest[first.len_utf8()..];
        let escaped = after.chars().next().filter(char::is_ascii_punctuation);
        match escaped.filter(|_| first == '\\') {
            Some(next) => {
                plain.push(next);
                after = &after[next.len_utf8()..];
            }
            None => plain.push(first),
        }
        rest = after;
    }
    flush(&mut plain, &mut nodes);
    nodes
}

fn flush(plain: &mut String, nodes: &mut Vec<Value>) {
    if !plain.is_empty() {
        nodes.push(json!({"type": "text", "text": std::mem::take(plain)}));
    }
}

/// The node that the markup at the start of `rest` stands for, and the markup's length.
fn markup(rest: &str, before: Option<char>) -> Option<(Value, usize)> {
    let first = rest.chars().next()?;
    let between = |open: char, close: char| {
        let inner = rest.strip_prefix(open)?;
        let end = inner.find(close).filter(|end| *end > 0)?;
        Some((&inner[..end], end + 2))
    };
    match first {
        '[' => {
            let (inner, length) = between('[', ']')?;
            Some((bracket(inner)?, length))
        }
        '!' => {
            let (inner, length) = between('!', '!')?;
            let name = inner.split('|').next().unwrap_or(inner);
            let file = name.contains('.') && !name.contains(' ');
            let node = json!({"type": "mediaInline", "attrs": {"id": name, "collection": "", "alt": name}});
            file.then_some((node, length))
        }
        '*' | '_' if !before.is_some_and(char::is_alphanumeric) => {
            let (inner, length) = between(first, first)?;
            let spaced = inner.starts_with(' ') || inner.ends_with(' ');
            let mark = if first == '*' { "strong" } else { "em" };
            let node = json!({"type": "text", "text": inner, "marks": [{"type": mark}]});
            (!spaced).then_some((node, length))
        }
        _ => None,
    }
}

fn bracket(inner: &str) -> Option<Value> {
    if let Some(account) = inner.strip_prefix("~accountid:") {
        return Some(json!({"type": "mention", "attrs": {"id": account}}));
    }
    let mut parts = inner.split('|');
    let text = parts.next()?;
    let href = parts.next().unwrap_or(text);
    let is_link = href.contains("://") || href.starts_with("mailto:");
    let mark = json!({"type": "link", "attrs": {"href": href}});
    (is_link && !text.is_empty()).then(|| json!({"type": "text", "text": text, "marks": [mark]}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jira::adf::{check, plain_text, to_wiki};

    #[test]
    fn markup_becomes_nodes() {
        let table = [
            ("plain", json!([{"type": "text", "text": "plain"}])),
            (
                "a *b* c",
                json!([{"type": "text", "text": "a "}, {"type": "text", "text": "b", "marks": [{"type": "strong"}]}, {"type": "text", "text": " c"}]),
            ),
            ("2*3*4", json!([{"type": "text", "text": "2*3*4"}])),
            ("ASAP\\!", json!([{"type": "text", "text": "ASAP!"}])),
            (
                "[~accountid:712020:1]",
                json!([{"type": "mention", "attrs": {"id": "712020:1"}}]),
            ),
            (
                "[here|https://example.com]",
                json!([{"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://example.com"}}]}]),
            ),
            (
                "[not a link]",
                json!([{"type": "text", "text": "[not a link]"}]),
            ),
            (
                "!photo.png|thumbnail!",
                json!([{"type": "mediaInline", "attrs": {"id": "photo.png", "collection": "", "alt": "photo.png"}}]),
            ),
            ("Hi! Well!", json!([{"type": "text", "text": "Hi! Well!"}])),
            (
                "a\nb",
                json!([{"type": "text", "text": "a"}, {"type": "hardBreak"}, {"type": "text", "text": "b"}]),
            ),
        ];
        for (wiki, content) in table {
            let read = from_wiki(wiki);
            assert_eq!(read["content"][0]["content"], content, "{wiki}");
            assert_eq!(check(&read), Ok(()), "{wiki}");
        }
    }

    #[test]
    fn noformat_is_literal() {
        let read = from_wiki("before\n{noformat}[~accountid:1] *x*{noformat}");
        assert_eq!(plain_text(&read), "before\n[~accountid:1] *x*");
        assert_eq!(read["content"][1]["type"], "codeBlock");
    }

    #[test]
    fn escaped_text_comes_back() {
        let text = "50% off! *really* [~accountid:x] {code} a_b|c ~ ^ + -";
        let wiki = to_wiki(&crate::jira::adf::from_text(text));
        assert_eq!(plain_text(&from_wiki(&wiki)), text);
    }
}

//! Documents as plain text, for listings and the search index.

use serde_json::Value;

use super::{children, kind};

/// Returns the words of a document, with blocks on separate lines.
pub(crate) fn plain_text(document: &Value) -> String {
    let mut text = String::new();
    write_block(document, &mut text);
    text.trim_end().to_owned()
}

fn write_block(node: &Value, text: &mut String) {
    match kind(node) {
        "paragraph" | "heading" | "codeBlock" | "taskItem" | "decisionItem" | "caption" => {
            for child in children(node) {
                write_inline(child, text);
            }
            text.push('\n');
        }
        "listItem" => {
            text.push_str("- ");
            children(node)
                .iter()
                .for_each(|child| write_block(child, text));
        }
        "blockquote" => {
            let mut quoted = String::new();
            children(node)
                .iter()
                .for_each(|child| write_block(child, &mut quoted));
            for line in quoted.lines() {
                text.push_str(&format!("> {line}\n"));
            }
        }
        "rule" => text.push_str("---\n"),
        "blockCard" | "embedCard" | "media" => {
            write_inline(node, text);
            text.push('\n');
        }
        _ => children(node)
            .iter()
            .for_each(|child| write_block(child, text)),
    }
}

fn write_inline(node: &Value, text: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str();
    match kind(node) {
        "text" => text.push_str(node["text"].as_str().unwrap_or_default()),
        "hardBreak" => text.push('\n'),
        "mention" => {
            let name = attribute("text").unwrap_or("user").trim_start_matches('@');
            text.push_str(&format!("@{name}"));
        }
        "emoji" => text.push_str(
            attribute("text")
                .or(attribute("shortName"))
                .unwrap_or_default(),
        ),
        "inlineCard" | "blockCard" | "embedCard" => {
            text.push_str(attribute("url").unwrap_or_default());
        }
        "media" | "mediaInline" => {
            text.push_str(&format!("[{}]", attribute("alt").unwrap_or("file")));
        }
        _ => match attribute("text") {
            Some(words) => text.push_str(words),
            None => children(node)
                .iter()
                .for_each(|child| write_inline(child, text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jira::adf::{document, from_text};

    #[test]
    fn plain_text_comes_back_as_it_went_in() {
        for text in ["hello", "one\ntwo", "a [~accountid:x] *b* {c} !d!"] {
            assert_eq!(plain_text(&from_text(text)), text);
        }
    }

    #[test]
    fn blocks_are_shown_on_lines() {
        let shown = plain_text(&document(vec![
            json!({"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Title"}]}),
            json!({"type": "bulletList", "content": [
                {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one"}]}]},
                {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "mention", "attrs": {"id": "1", "text": "@Ben"}}]}]},
            ]}),
            json!({"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "said"}]}]}),
            json!({"type": "paragraph", "content": [{"type": "inlineCard", "attrs": {"url": "https://example.com"}}]}),
        ]));
        assert_eq!(shown, "Title\n- one\n- @Ben\n> said\nhttps://example.com");
    }
}

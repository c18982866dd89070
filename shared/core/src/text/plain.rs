//! What an ADF document says, as plain text.

use serde_json::Value;

/// The text of an ADF document as a person would read it aloud.
///
/// Paragraphs stand apart by an empty line, list items on lines of their own; mentions become
/// names, cards addresses. An unknown node gives the text of its children, so nothing an agent
/// wrote is dropped.
#[must_use]
pub fn plain_text(document: &Value) -> String {
    let mut writer = Writer::default();
    writer.node(document);
    let text: Vec<&str> = writer.text.lines().map(str::trim_end).collect();
    text.join("\n").trim().to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    /// How many lists surround the current node.
    depth: usize,
}

impl Writer {
    fn node(&mut self, node: &Value) {
        let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
        match node["type"].as_str().unwrap_or_default() {
            "text" => self.text.push_str(&linked_text(node)),
            "hardBreak" => self.text.push('\n'),
            "mention" => self
                .text
                .push_str(attribute("text").trim_start_matches('@')),
            "emoji" => self
                .text
                .push_str(either(attribute("text"), attribute("shortName"))),
            "status" => self.text.push_str(attribute("text")),
            "inlineCard" => self.text.push_str(attribute("url")),
            "blockCard" | "embedCard" => {
                self.block(|writer| writer.text.push_str(attribute("url")))
            }
            "rule" => self.block(|writer| writer.text.push_str("---")),
            "bulletList" | "taskList" | "decisionList" => self.list(node, |_| "- ".to_owned()),
            "orderedList" => {
                let first = node["attrs"]["order"].as_u64().unwrap_or(1);
                self.list(node, |index| format!("{}. ", first + index));
            }
            "paragraph" | "heading" | "codeBlock" | "blockquote" | "panel" | "expand"
            | "mediaSingle" | "table" | "tableRow" => {
                self.block(|writer| writer.children(node));
            }
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: &Value) {
        for child in node["content"].as_array().into_iter().flatten() {
            self.node(child);
        }
    }

    /// Writes something that stands apart: by an empty line, inside a list by a line end.
    fn block(&mut self, write: impl FnOnce(&mut Self)) {
        let gap = if self.depth == 0 { "\n\n" } else { "\n" };
        let at_start =
            self.text.is_empty() || self.text.ends_with("- ") || self.text.ends_with(". ");
        if !at_start && !self.text.ends_with(gap) {
            self.text.push_str(gap);
        }
        write(self);
    }

    fn list(&mut self, node: &Value, marker: impl Fn(u64) -> String) {
        if self.depth == 0 && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.depth += 1;
        for (index, item) in (0..).zip(node["content"].as_array().into_iter().flatten()) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&"  ".repeat(self.depth - 1));
            self.text.push_str(&marker(index));
            self.children(item);
        }
        self.depth -= 1;
    }
}

fn linked_text(node: &Value) -> String {
    let text = node["text"].as_str().unwrap_or_default();
    let href = node["marks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|mark| mark["type"] == "link")
        .and_then(|mark| mark["attrs"]["href"].as_str());
    match href {
        Some(href) if href != text => format!("{text} ({href})"),
        _ => text.to_owned(),
    }
}

fn either<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paragraph(content: Value) -> Value {
        json!({"type": "paragraph", "content": content})
    }

    fn words(text: &str) -> Value {
        json!({"type": "text", "text": text})
    }

    #[test]
    fn reads_what_an_agent_writes() {
        let list = |kind: &str, items: Vec<Value>| {
            let items: Vec<Value> = items
                .into_iter()
                .map(|content| json!({"type": "listItem", "content": content}))
                .collect();
            json!({"type": kind, "content": items})
        };
        for (name, content, expected) in [
            (
                "paragraphs",
                json!([
                    paragraph(json!([words("one")])),
                    paragraph(json!([words("two")]))
                ]),
                "one\n\ntwo",
            ),
            (
                "line break",
                json!([paragraph(
                    json!([words("one"), {"type": "hardBreak"}, words("two")])
                )]),
                "one\ntwo",
            ),
            (
                "nested lists",
                json!([
                    paragraph(json!([words("Please:")])),
                    list(
                        "orderedList",
                        vec![
                            json!([
                                paragraph(json!([words("open")])),
                                list(
                                    "bulletList",
                                    vec![json!([paragraph(json!([words("slowly")]))])]
                                )
                            ]),
                            json!([paragraph(json!([words("close")]))]),
                        ]
                    ),
                    paragraph(json!([words("Thanks")])),
                ]),
                "Please:\n\n1. open\n  - slowly\n2. close\n\nThanks",
            ),
            (
                "link",
                json!([paragraph(
                    json!([{"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://a.example"}}]}])
                )]),
                "here (https://a.example)",
            ),
            (
                "mention, emoji, card",
                json!([paragraph(json!([
                    {"type": "mention", "attrs": {"id": "1", "text": "@Ana"}}, words(" "),
                    {"type": "emoji", "attrs": {"shortName": ":wave:", "text": "👋"}}, words(" "),
                    {"type": "inlineCard", "attrs": {"url": "https://b.example"}},
                ]))]),
                "Ana 👋 https://b.example",
            ),
            (
                "unknown node",
                json!([{"type": "novelty", "content": [paragraph(json!([words("kept")]))]}]),
                "kept",
            ),
            ("nothing", json!([]), ""),
        ] {
            let document = json!({"type": "doc", "version": 1, "content": content});
            assert_eq!(plain_text(&document), expected, "{name}");
        }
    }

    #[test]
    fn anything_else_is_no_text_and_no_panic() {
        for value in [
            json!(null),
            json!("text"),
            json!([1]),
            json!({"content": {"a": 1}}),
        ] {
            assert_eq!(plain_text(&value), "");
        }
    }
}

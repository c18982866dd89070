//! What is written in a comment, character by character, without its looks.

use serde_json::Value;

/// The words of a comment's body: of an object as ADF, of a string as it is. Blocks and line
/// breaks end a line. Files, and what stands for something else, leave nothing.
#[must_use]
pub fn plain_text(body: &Value) -> String {
    let mut text = String::new();
    match body {
        Value::String(markup) => text.push_str(markup),
        document => write(document, &mut text),
    }
    text.trim().to_owned()
}

fn write(node: &Value, text: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    match node["type"].as_str().unwrap_or_default() {
        "text" => text.push_str(node["text"].as_str().unwrap_or_default()),
        "hardBreak" => text.push('\n'),
        "mention" | "status" => text.push_str(attribute("text")),
        "inlineCard" | "blockCard" => text.push_str(attribute("url")),
        "emoji" => {
            let shown = attribute("text");
            let named = attribute("shortName");
            text.push_str(if shown.is_empty() { named } else { shown });
        }
        _ => {
            let parts = node["content"].as_array();
            parts
                .into_iter()
                .flatten()
                .for_each(|part| write(part, text));
            if is_block(node) && !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }
}

fn is_block(node: &Value) -> bool {
    matches!(
        node["type"].as_str(),
        Some("paragraph" | "heading" | "codeBlock" | "listItem" | "tableCell" | "tableHeader")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_character_stays_as_it_was_typed() {
        let text = |text: &str| json!({"type": "text", "text": text});
        let marked = json!({"type": "text", "text": "_b_*", "marks": [{"type": "strong"}]});
        let paragraph = |content: Vec<Value>| json!({"type": "paragraph", "content": content});
        let document = |content: Vec<Value>| json!({"type": "doc", "content": content});
        for (body, expected) in [
            (json!(" /cancel "), "/cancel"),
            (json!("a_b_c *d*"), "a_b_c *d*"),
            (document(vec![paragraph(vec![text("a"), marked])]), "a_b_*"),
            (
                document(vec![
                    paragraph(vec![text("a"), json!({"type": "hardBreak"}), text("b")]),
                    paragraph(vec![text("c")]),
                ]),
                "a\nb\nc",
            ),
            (
                document(vec![
                    json!({"type": "codeBlock", "content": [text("x  \"y\"")]}),
                ]),
                "x  \"y\"",
            ),
            (
                document(vec![
                    paragraph(vec![
                        json!({"type": "mention", "attrs": {"text": "@Ben"}}),
                        json!({"type": "emoji", "attrs": {"shortName": ":a:", "text": "🙂"}}),
                        json!({"type": "inlineCard", "attrs": {"url": "https://a.example"}}),
                    ]),
                    json!({"type": "mediaSingle", "content": [{"type": "media"}]}),
                ]),
                "@Ben🙂https://a.example",
            ),
            (json!(null), ""),
            (json!({"type": "doc", "content": "?"}), ""),
        ] {
            assert_eq!(plain_text(&body), expected, "{body}");
        }
    }
}

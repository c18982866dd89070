//! The Atlassian Document Format: checking it, showing it, and making it from plain text.

mod check;
mod kinds;
mod media;
mod plain;

use serde_json::{Value, json};

pub(crate) use check::check;
pub(crate) use media::{file_block, media_ids, replace_media};
pub(crate) use plain::plain_text;

/// Makes a document of plain text: an empty line separates paragraphs, a line end is a hard break.
pub(crate) fn from_text(text: &str) -> Value {
    let paragraphs: Vec<Value> = text
        .split("\n\n")
        .map(|block| {
            let mut content = Vec::new();
            for (index, line) in block.split('\n').enumerate() {
                if index > 0 {
                    content.push(json!({"type": "hardBreak"}));
                }
                if !line.is_empty() {
                    content.push(json!({"type": "text", "text": line}));
                }
            }
            json!({"type": "paragraph", "content": content})
        })
        .collect();
    document(paragraphs)
}

pub(crate) fn document(content: Vec<Value>) -> Value {
    json!({"version": 1, "type": "doc", "content": content})
}

fn children(node: &Value) -> &[Value] {
    node["content"].as_array().map_or(&[], Vec::as_slice)
}

fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

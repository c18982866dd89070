//! The text of Casement's own documents.

use serde_json::Value;

/// Returns the text of a document, with an empty line between blocks.
pub(crate) fn words(node: &Value) -> String {
    match node["type"].as_str() {
        Some("text") => node["text"].as_str().unwrap().to_owned(),
        Some("mention") => node["attrs"]["text"].as_str().unwrap().to_owned(),
        Some("hardBreak") => "\n".to_owned(),
        Some("paragraph") => parts(node).concat(),
        _ => parts(node).join("\n\n"),
    }
}

fn parts(node: &Value) -> Vec<String> {
    node["content"]
        .as_array()
        .into_iter()
        .flatten()
        .map(words)
        .filter(|words| !words.is_empty())
        .collect()
}

//! Files in documents.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{children, kind};

/// Returns whether a node names a file of the site rather than an external address.
fn is_file(node: &Value) -> bool {
    matches!(kind(node), "media" | "mediaInline") && node["attrs"]["type"] != "external"
}

/// Returns the media ids of all files that the document names.
pub(crate) fn media_ids(document: &Value) -> BTreeSet<&str> {
    let own = is_file(document).then(|| document["attrs"]["id"].as_str());
    let inner = children(document).iter().flat_map(media_ids);
    own.flatten().into_iter().chain(inner).collect()
}

/// Replaces the media ids of file nodes. `media_of` maps an id and a text (`alt`) to the new id, or
/// to `None` to keep the node.
pub(crate) fn replace_media(
    node: &mut Value,
    media_of: &impl Fn(&str, Option<&str>) -> Option<String>,
) {
    if is_file(node) {
        let attributes = &node["attrs"];
        let id = attributes["id"].as_str().unwrap_or_default();
        if let Some(media) = media_of(id, attributes["alt"].as_str()) {
            node["attrs"]["id"] = json!(media);
        }
    }
    // Indexing would add the member to nodes that lack it.
    if let Some(Value::Array(children)) = node.get_mut("content") {
        for child in children {
            replace_media(child, media_of);
        }
    }
}

/// Returns the block that shows a file: a picture stands alone, any other file in a group.
pub(crate) fn file_block(media: &str, name: &str, is_image: bool) -> Value {
    let file = json!({
        "type": "media",
        "attrs": {"type": "file", "id": media, "collection": "", "alt": name},
    });
    if is_image {
        json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [file]})
    } else {
        json!({"type": "mediaGroup", "content": [file]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jira::adf::{check, document};

    #[test]
    fn files_are_found_and_renamed_wherever_they_stand() {
        let external = json!({"type": "media", "attrs": {"type": "external", "url": "https://example.com/a.png"}});
        let mut written = document(vec![
            file_block("a", "a.png", true),
            json!({"type": "panel", "attrs": {"panelType": "info"}, "content": [file_block("b", "b.pdf", false)]}),
            json!({"type": "paragraph", "content": [{"type": "mediaInline", "attrs": {"id": "c", "collection": ""}}]}),
            json!({"type": "mediaSingle", "content": [external]}),
        ]);
        assert_eq!(check(&written), Ok(()));
        assert_eq!(media_ids(&written), BTreeSet::from(["a", "b", "c"]));
        let media_of = |id: &str, alt: Option<&str>| match (id, alt) {
            ("c", None) | (_, Some("b.pdf")) => Some(format!("new {id}")),
            _ => None,
        };
        replace_media(&mut written, &media_of);
        assert_eq!(check(&written), Ok(()), "nothing else changes");
        assert_eq!(media_ids(&written), BTreeSet::from(["a", "new b", "new c"]));
    }
}

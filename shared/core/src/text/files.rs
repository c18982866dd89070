//! The names of files within sentences.

use serde_json::Value;

use super::{MediaSource, OutboundText};

/// Returns the media ids of the files within sentences of `body` that have no name there.
/// Atlassian's media service knows the names, and so do the comment's attachments.
pub(crate) fn unnamed_files(body: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    let mut open = vec![body];
    while let Some(node) = open.pop() {
        if let Some(id) = unnamed(node)
            && !ids.iter().any(|known| known == id)
        {
            ids.push(id.to_owned());
        }
        open.extend(node["content"].as_array().into_iter().flatten());
    }
    ids
}

/// Returns the only name in `listed` if `body` shows only one file, which must then have that name.
pub(crate) fn only_file<'a>(body: &Value, listed: &[&'a str]) -> Option<&'a str> {
    let files = OutboundText::of_body(body, None).files;
    let first = files.first()?;
    let is_file = !matches!(first.source, MediaSource::Address(_));
    let [name] = listed else { return None };
    (is_file && files.iter().all(|file| file.source == first.source)).then_some(*name)
}

/// Gives names to the unnamed files within sentences of the body. `names` are pairs of media id and
/// name.
pub(crate) fn with_file_names(mut body: Value, names: &[(String, String)]) -> Value {
    let mut open = vec![&mut body];
    while let Some(node) = open.pop() {
        let name = unnamed(node).and_then(|id| names.iter().find(|(known, _)| known == id));
        if let Some((_, name)) = name {
            node["attrs"]["alt"] = Value::from(name.as_str());
        }
        if let Some(Value::Array(children)) = node.get_mut("content") {
            open.extend(children);
        }
    }
    body
}

/// Returns the media id of an unnamed file within a sentence.
fn unnamed(node: &Value) -> Option<&str> {
    let attributes = &node["attrs"];
    let alt = attributes["alt"].as_str().unwrap_or_default();
    let is_unnamed = node["type"] == "mediaInline" && alt.trim().is_empty();
    attributes["id"].as_str().filter(|_| is_unnamed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sentence(files: &[Value]) -> Value {
        json!({"type": "doc", "content": [{"type": "panel", "content": [
            {"type": "paragraph", "content": files}]}]})
    }

    fn file(id: &str, alt: &str) -> Value {
        json!({"type": "mediaInline", "attrs": {"id": id, "collection": "", "alt": alt}})
    }

    #[test]
    fn files_without_a_name_get_one() {
        let body = sentence(&[file("u1", " "), file("u2", "b.pdf"), file("u1", "")]);
        assert_eq!(unnamed_files(&body), ["u1"]);
        let names = [
            ("u1".to_owned(), "a.pdf".to_owned()),
            ("u2".to_owned(), "c.pdf".to_owned()),
        ];
        let named = with_file_names(body, &names);
        let expected = sentence(&[
            file("u1", "a.pdf"),
            file("u2", "b.pdf"),
            file("u1", "a.pdf"),
        ]);
        assert_eq!(named, expected);
        assert!(unnamed_files(&named).is_empty());
        assert!(unnamed_files(&Value::Null).is_empty());
    }

    #[test]
    fn a_single_file_is_known_without_its_id() {
        let one = sentence(&[file("u1", ""), file("u1", "")]);
        let two = sentence(&[file("u1", ""), file("u2", "")]);
        for (body, listed, expected) in [
            (&one, &["a.pdf"][..], Some("a.pdf")),
            (&one, &["a.pdf", "b.pdf"], None),
            (&one, &[], None),
            (&two, &["a.pdf"], None),
            (&Value::Null, &["a.pdf"], None),
        ] {
            assert_eq!(only_file(body, listed), expected);
        }
    }
}

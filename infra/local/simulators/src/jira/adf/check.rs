//! Checks whether Jira would take a document.

use serde_json::Value;

use super::{children, kind, kinds};

/// Checks a document's structure: kinds, nesting, required attributes, marks, empty texts.
///
/// # Errors
/// Says where and what is wrong. Jira itself says no more than `INVALID_INPUT`.
pub(crate) fn check(document: &Value) -> Result<(), String> {
    if kind(document) != "doc" {
        return Err("the root is not a doc".to_owned());
    }
    if document["version"] != 1 {
        return Err("the version is not 1".to_owned());
    }
    if !document["content"].is_array() {
        return Err("doc has no content".to_owned());
    }
    check_node(document)
}

fn check_node(node: &Value) -> Result<(), String> {
    let name = kind(node);
    let rules = kinds::node(name).ok_or_else(|| format!("there is no node {name:?}"))?;
    check_members(node, name)?;
    check_attributes(node, name, rules.required)?;
    if name == "text" {
        check_text(node)?;
    }
    check_marks(node, name)?;

    let Some(allowed) = rules.holds else {
        return if node.get("content").is_some() {
            Err(format!("{name} holds no content"))
        } else {
            Ok(())
        };
    };
    if node
        .get("content")
        .is_some_and(|content| !content.is_array())
    {
        return Err(format!("the content of {name} is not an array"));
    }
    let children = children(node);
    if children.len() < rules.at_least {
        return Err(format!("{name} is empty"));
    }
    for child in children {
        if !allowed.contains(&kind(child)) {
            return Err(format!("{:?} may not stand in {name}", kind(child)));
        }
        if name == "codeBlock"
            && child["marks"]
                .as_array()
                .is_some_and(|marks| !marks.is_empty())
        {
            return Err("text in a codeBlock has no marks".to_owned());
        }
        check_node(child)?;
    }
    Ok(())
}

fn check_members(node: &Value, name: &str) -> Result<(), String> {
    let known = |member: &&String| match member.as_str() {
        "type" | "attrs" | "content" | "marks" => true,
        "text" => name == "text",
        "version" => name == "doc",
        _ => false,
    };
    let members = node
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys());
    match members.into_iter().find(|member| !known(member)) {
        Some(member) => Err(format!("{name} has no member {member:?}")),
        None => Ok(()),
    }
}

fn check_attributes(node: &Value, name: &str, required: &[&str]) -> Result<(), String> {
    let attributes = &node["attrs"];
    let given = |attribute: &str| !attributes[attribute].is_null();
    for names in required {
        if !names.split('|').any(given) {
            return Err(format!("{name} lacks the attribute {names}"));
        }
    }
    if name == "media" && attributes["type"] != "external" {
        check_media(attributes)?;
    }
    let level = attributes["level"].as_u64();
    if name == "heading" && !level.is_some_and(|level| (1..=6).contains(&level)) {
        return Err("a heading's level is 1 to 6".to_owned());
    }
    Ok(())
}

fn check_media(attributes: &Value) -> Result<(), String> {
    if attributes["id"].as_str().is_none_or(str::is_empty) {
        return Err("media has no id".to_owned());
    }
    if !attributes["collection"].is_string() {
        return Err("media lacks the attribute collection".to_owned());
    }
    Ok(())
}

fn check_text(node: &Value) -> Result<(), String> {
    match node["text"].as_str() {
        Some("") => Err("a text node is empty".to_owned()),
        Some(_) => Ok(()),
        None => Err("a text node has no text".to_owned()),
    }
}

fn check_marks(node: &Value, name: &str) -> Result<(), String> {
    let marks = match &node["marks"] {
        Value::Null => return Ok(()),
        Value::Array(marks) => marks,
        _ => return Err(format!("the marks of {name} are not an array")),
    };
    let is_code = marks.iter().any(|mark| kind(mark) == "code");
    for mark in marks {
        let mark_name = kind(mark);
        let required =
            kinds::mark(mark_name).ok_or_else(|| format!("there is no mark {mark_name:?}"))?;
        check_attributes(mark, mark_name, required)?;
        if is_code && !["code", "link", "annotation"].contains(&mark_name) {
            return Err(format!("code does not go with {mark_name}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jira::adf::{document, from_text};

    fn with(block: Value) -> Value {
        document(vec![block])
    }

    #[test]
    fn documents_that_jira_takes() {
        let table = [
            json!({"version": 1, "type": "doc", "content": []}),
            from_text("one\ntwo\n\nthree"),
            with(json!({"type": "paragraph"})),
            with(json!({"type": "paragraph", "content": [
                {"type": "text", "text": "x", "marks": [{"type": "strong"}, {"type": "link", "attrs": {"href": "https://example.com"}}]},
                {"type": "mention", "attrs": {"id": "712020:1"}},
                {"type": "emoji", "attrs": {"shortName": ":smile:"}},
            ]})),
            with(json!({"type": "heading", "attrs": {"level": 3}, "content": []})),
            with(
                json!({"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph"}]}]}),
            ),
            with(json!({"type": "blockquote", "content": [{"type": "paragraph"}]})),
            with(
                json!({"type": "panel", "attrs": {"panelType": "info"}, "content": [{"type": "paragraph"}]}),
            ),
            with(json!({"type": "blockCard", "attrs": {"url": "https://example.com"}})),
            with(
                json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [
                    {"type": "media", "attrs": {"type": "file", "id": "a", "collection": ""}},
                ]}),
            ),
        ];
        for document in table {
            assert_eq!(check(&document), Ok(()), "{document}");
        }
    }

    #[test]
    fn documents_that_jira_refuses() {
        let table = [
            (json!("text"), "the root is not a doc"),
            (
                json!({"type": "doc", "content": []}),
                "the version is not 1",
            ),
            (json!({"type": "doc", "version": 1}), "doc has no content"),
            (
                with(json!({"type": "text", "text": "x"})),
                "\"text\" may not stand in doc",
            ),
            (
                with(json!({"type": "marquee"})),
                "\"marquee\" may not stand in doc",
            ),
            (
                with(json!({"type": "paragraph", "content": [{"type": "text", "text": ""}]})),
                "a text node is empty",
            ),
            (
                with(json!({"type": "paragraph", "content": [{"type": "text"}]})),
                "a text node has no text",
            ),
            (
                with(json!({"type": "paragraph", "content": [{"type": "paragraph"}]})),
                "\"paragraph\" may not stand in paragraph",
            ),
            (
                with(json!({"type": "paragraph", "text": "x"})),
                "paragraph has no member \"text\"",
            ),
            (
                with(json!({"type": "bulletList", "content": []})),
                "bulletList is empty",
            ),
            (
                with(json!({"type": "heading", "attrs": {"level": 7}})),
                "a heading's level is 1 to 6",
            ),
            (
                with(json!({"type": "paragraph", "content": [{"type": "mention", "attrs": {}}]})),
                "mention lacks the attribute id",
            ),
            (
                with(
                    json!({"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "blink"}]}]}),
                ),
                "there is no mark \"blink\"",
            ),
            (
                with(
                    json!({"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "link"}]}]}),
                ),
                "link lacks the attribute href",
            ),
            (
                with(
                    json!({"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "code"}, {"type": "strong"}]}]}),
                ),
                "code does not go with strong",
            ),
            (
                with(
                    json!({"type": "codeBlock", "content": [{"type": "text", "text": "x", "marks": [{"type": "em"}]}]}),
                ),
                "text in a codeBlock has no marks",
            ),
            (
                with(
                    json!({"type": "mediaGroup", "content": [{"type": "media", "attrs": {"type": "file", "id": "a"}}]}),
                ),
                "media lacks the attribute collection",
            ),
            (
                with(
                    json!({"type": "mediaGroup", "content": [{"type": "media", "attrs": {"type": "file", "id": "", "collection": ""}}]}),
                ),
                "media has no id",
            ),
            (
                with(json!({"type": "rule", "content": []})),
                "rule holds no content",
            ),
        ];
        for (document, reason) in table {
            assert_eq!(check(&document), Err(reason.to_owned()), "{document}");
        }
    }
}

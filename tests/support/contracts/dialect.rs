//! Converts `OpenAPI` 3.0 schemas to JSON Schema, for requests.
//!
//! Converts only keywords that the documents use and that mean something else there (`OpenAPI`
//! Specification 3.0.3, "Schema Object").

use serde_json::{Map, Value, json};

/// Keywords that hold one schema.
const ONE: [&str; 3] = ["items", "additionalProperties", "not"];
/// Keywords that hold a list of schemas.
const LIST: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Converts every schema in an `OpenAPI` document.
pub(super) fn convert(document: &mut Value) {
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.values_mut().for_each(schema);
    }
    everywhere(&mut document["paths"]);
}

/// Converts everything under a `schema` key. Paths do not use the word otherwise.
fn everywhere(node: &mut Value) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "schema" {
                    schema(member);
                } else if name != "example" && name != "examples" {
                    everywhere(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(everywhere),
        _ => {}
    }
}

fn schema(node: &mut Value) {
    let Value::Object(keywords) = node else {
        return;
    };
    for name in ONE {
        keywords.get_mut(name).into_iter().for_each(schema);
    }
    for name in LIST {
        if let Some(Value::Array(parts)) = keywords.get_mut(name) {
            parts.iter_mut().for_each(schema);
        }
    }
    forbid_read_only(keywords);
    if let Some(Value::Object(members)) = keywords.get_mut("properties") {
        members.values_mut().for_each(schema);
    }
    if keywords.remove("nullable") == Some(Value::Bool(true)) {
        *node = json!({"anyOf": [node.take(), {"type": "null"}]});
    }
}

/// Forbids read-only members in a request, even where they are required.
fn forbid_read_only(keywords: &mut Map<String, Value>) {
    let Some(Value::Object(members)) = keywords.get_mut("properties") else {
        return;
    };
    let mut forbidden = Vec::new();
    for (name, member) in members {
        if member["readOnly"] == true {
            *member = Value::Bool(false);
            forbidden.push(name.clone());
        }
    }
    if let Some(Value::Array(required)) = keywords.get_mut("required") {
        required.retain(|name| !forbidden.iter().any(|gone| name == gone));
    }
}

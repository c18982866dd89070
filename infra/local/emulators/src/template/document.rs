//! The template's text as JSON, with `CloudFormation`'s short tags in their long form.

use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::{Map, Value, json};

use super::error::{Fault, TemplateError};

/// A parsed template. Intrinsic functions are objects with one key, `Ref` or `Fn::...`.
pub(super) struct Document {
    root: Map<String, Value>,
}

pub(super) struct Resource<'a> {
    pub(super) logical_id: &'a str,
    body: &'a Value,
}

pub(super) fn parse(text: &str) -> Result<Document, TemplateError> {
    let documents = YamlOwned::load_from_str(text)?;
    let [document] = documents.as_slice() else {
        return Err(TemplateError::Shape(format!(
            "one document expected, {} found",
            documents.len()
        )));
    };
    match long_form(document).map_err(TemplateError::Shape)? {
        Value::Object(root) => Ok(Document { root }),
        _ => Err(TemplateError::Shape("a mapping is expected".to_owned())),
    }
}

impl Document {
    /// Returns the entries of a section such as `Parameters`; none if the template lacks the
    /// section.
    pub(super) fn section(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.root
            .get(name)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    }

    /// Returns the properties that SAM's `Globals` gives every function.
    pub(super) fn function_globals(&self) -> Option<&Map<String, Value>> {
        self.root.get("Globals")?.get("Function")?.as_object()
    }

    /// Returns the resources of one type.
    pub(super) fn resources<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Resource<'a>> {
        self.section("Resources")
            .filter(move |(_, body)| body.get("Type").and_then(Value::as_str) == Some(kind))
            .map(|(logical_id, body)| Resource { logical_id, body })
    }
}

impl Resource<'_> {
    /// Returns the properties, unresolved.
    pub(super) fn properties(&self) -> Result<Map<String, Value>, Fault> {
        match self.body.get("Properties") {
            None => Ok(Map::new()),
            Some(Value::Object(properties)) => Ok(properties.clone()),
            Some(_) => Err(Fault::new("a mapping is expected").within("Properties")),
        }
    }

    /// Returns the condition under which the resource exists, if any.
    pub(super) fn condition(&self) -> Option<&str> {
        self.body.get("Condition")?.as_str()
    }
}

fn long_form(node: &YamlOwned) -> Result<Value, String> {
    match node {
        YamlOwned::Value(scalar) => Ok(scalar_value(scalar)),
        YamlOwned::Sequence(items) => items.iter().map(long_form).collect(),
        YamlOwned::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| Ok((key_text(key)?, long_form(value)?)))
            .collect::<Result<Map<_, _>, _>>()
            .map(Value::Object),
        YamlOwned::Tagged(tag, inner) => Ok(intrinsic(&tag.suffix, long_form(inner)?)),
        YamlOwned::Representation(..) | YamlOwned::Alias(_) | YamlOwned::BadValue => {
            Err("a value that is no YAML scalar, list or mapping".to_owned())
        }
    }
}

fn scalar_value(scalar: &ScalarOwned) -> Value {
    match scalar {
        ScalarOwned::Null => Value::Null,
        ScalarOwned::Boolean(b) => json!(b),
        ScalarOwned::Integer(n) => json!(n),
        ScalarOwned::FloatingPoint(x) => json!(x.into_inner()),
        ScalarOwned::String(s) => json!(s),
    }
}

fn key_text(key: &YamlOwned) -> Result<String, String> {
    match key {
        YamlOwned::Value(ScalarOwned::String(s)) => Ok(s.clone()),
        YamlOwned::Value(ScalarOwned::Integer(n)) => Ok(n.to_string()),
        YamlOwned::Value(ScalarOwned::Boolean(b)) => Ok(b.to_string()),
        _ => Err("a key that is not a string".to_owned()),
    }
}

// `!Ref X` is {"Ref": "X"}, `!GetAtt A.B` is {"Fn::GetAtt": ["A", "B"]}, `!Sub x` is
// {"Fn::Sub": "x"} (CloudFormation user guide, intrinsic function reference).
fn intrinsic(tag: &str, argument: Value) -> Value {
    match (tag, argument) {
        ("Ref", name) => json!({ "Ref": name }),
        ("Condition", name) => json!({ "Condition": name }),
        ("GetAtt", Value::String(path)) => match path.split_once('.') {
            Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
            None => json!({ "Fn::GetAtt": [path] }),
        },
        (function, argument) => json!({ format!("Fn::{function}"): argument }),
    }
}

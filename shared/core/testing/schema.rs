//! Atlassian's own schema of the format, for the tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What is not part of the repository: the folder that `CASEMENT_SHARED` names, or `shared` beside
/// the repository.
pub(crate) fn shared() -> PathBuf {
    std::env::var_os("CASEMENT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    )
}

/// The schema: `contracts/adf.v1.full.json` in [`shared`]. `None`, with a line on stdout, when it
/// is not there.
pub(crate) fn atlassian() -> Option<Schema> {
    let path = shared().join("contracts/adf.v1.full.json");
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: there is no {}", path.display());
        return None;
    };
    Some(Schema(serde_json::from_slice(&text).unwrap()))
}

/// A JSON schema, as far as Atlassian's needs it: the keywords of draft 4 that it uses.
pub(crate) struct Schema(Value);

impl Schema {
    /// Whether the schema allows `value`.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.allows(&self.0, value)
    }

    /// The types of what is defined under names that end like this: `_node`, `_mark`.
    pub(crate) fn type_names(&self, ending: &str) -> BTreeSet<String> {
        let definitions = self.0["definitions"].as_object().unwrap().iter();
        definitions
            .filter(|(name, _)| name.ends_with(ending))
            .filter_map(|(_, definition)| definition["properties"]["type"]["enum"][0].as_str())
            .map(str::to_owned)
            .collect()
    }

    fn allows(&self, rule: &Value, value: &Value) -> bool {
        let Value::Object(keywords) = rule else {
            panic!("not a rule: {rule}")
        };
        keywords.iter().all(|(keyword, wanted)| match &**keyword {
            "$schema" | "description" | "definitions" => true,
            "$ref" => self.allows(self.definition(wanted), value),
            "anyOf" => list(wanted).iter().any(|rule| self.allows(rule, value)),
            "allOf" => list(wanted).iter().all(|rule| self.allows(rule, value)),
            "type" => kind(value) == wanted || (wanted == "number" && value.is_number()),
            "enum" => list(wanted).contains(value),
            "minLength" => text_len(value).is_none_or(|len| wanted.as_u64() <= Some(len)),
            "minimum" => value.as_f64().is_none_or(|n| Some(n) >= wanted.as_f64()),
            "maximum" => value.as_f64().is_none_or(|n| Some(n) <= wanted.as_f64()),
            "minItems" => items(value).is_none_or(|len| wanted.as_u64() <= Some(len)),
            "maxItems" => items(value).is_none_or(|len| wanted.as_u64() >= Some(len)),
            "items" => value
                .as_array()
                .is_none_or(|items| items.iter().all(|item| self.item(wanted, item))),
            "required" => list(wanted)
                .iter()
                .all(|name| name.as_str().is_some_and(|name| value.get(name).is_some())),
            "properties" => value.as_object().is_none_or(|members| {
                members.iter().all(|(name, member)| {
                    wanted
                        .get(name)
                        .is_none_or(|rule| self.allows(rule, member))
                })
            }),
            "additionalProperties" => {
                *wanted != Value::Bool(false)
                    || value.as_object().is_none_or(|members| {
                        members
                            .keys()
                            .all(|name| rule["properties"].get(name).is_some())
                    })
            }
            // Only on nodes that we do not write.
            "pattern" => false,
            _ => panic!("a keyword that is not known here: {keyword}"),
        })
    }

    /// `items` is one rule for all of them, or a list of the rules that are allowed.
    fn item(&self, wanted: &Value, item: &Value) -> bool {
        match wanted {
            Value::Array(rules) => rules.iter().any(|rule| self.allows(rule, item)),
            rule => self.allows(rule, item),
        }
    }

    fn definition(&self, reference: &Value) -> &Value {
        let pointer = reference
            .as_str()
            .and_then(|r| r.strip_prefix('#'))
            .unwrap();
        self.0.pointer(pointer).unwrap()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn items(value: &Value) -> Option<u64> {
    value.as_array().map(|items| items.len() as u64)
}

fn text_len(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

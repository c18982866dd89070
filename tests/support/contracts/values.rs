//! Values of parameters, which are all text in a URL.

use serde_json::{Value, json};

/// Returns the value of a parameter by its schema. `given` holds all its texts. A text that cannot
/// be read as the schema's type stays text, for the schema to refuse.
pub(super) fn typed(schema: &Value, given: &[&str]) -> Value {
    if schema["type"] == "array" {
        // Repeated, or separated by commas, which Jira takes too ("Get issue").
        let items = given.iter().flat_map(|text| text.split(','));
        return items.map(|item| scalar(&schema["items"], item)).collect();
    }
    match given {
        [one] => scalar(schema, one),
        several => json!(several),
    }
}

fn scalar(schema: &Value, text: &str) -> Value {
    let read = match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().ok().map(Value::from),
        Some("number") => text.parse::<f64>().ok().map(Value::from),
        Some("boolean") => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    read.unwrap_or_else(|| json!(text))
}

//! The contents of single nodes.

use chrono::DateTime;
use serde_json::Value;

use super::super::tree::Span;

pub(super) fn children(node: &Value) -> impl Iterator<Item = &Value> {
    node["content"].as_array().into_iter().flatten()
}

pub(super) fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

pub(super) fn attribute<'a>(node: &'a Value, name: &str) -> &'a str {
    node["attrs"][name].as_str().unwrap_or_default()
}

/// Returns the number that an ordered list begins with. JSON may have it as `3.0`.
pub(super) fn first_number(node: &Value) -> u64 {
    let order = &node["attrs"]["order"];
    let order = order.as_u64().or_else(|| {
        let order = order.as_f64()?;
        (order >= 0.0).then_some(order as u64)
    });
    order.unwrap_or(1)
}

/// Formats a day, given in milliseconds in UTC. Jira writes them as a string.
pub(super) fn date(timestamp: &Value) -> Option<String> {
    let number = timestamp.as_i64();
    let milliseconds = number.or_else(|| timestamp.as_str()?.trim().parse().ok());
    let day = milliseconds.and_then(DateTime::from_timestamp_millis)?;
    Some(day.format("%Y-%m-%d").to_string())
}

/// Reads a link that Jira shows as a card: its address, or Jira's data about the target (JSON-LD).
pub(super) fn card(node: &Value) -> Span {
    let attributes = &node["attrs"];
    let data = &attributes["data"];
    let given = |value: &Value| {
        let text = value.as_str().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let url = given(&attributes["url"])
        .or_else(|| given(&data["url"]))
        .or_else(|| given(&data["@id"]));
    let title = given(&data["name"]).or_else(|| given(&data["title"]));
    Span::card(&title.unwrap_or_default(), url)
}

//! Conversations and timers, derived from the table's items.

use std::collections::BTreeMap;

use casement_core::model::window;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

// How long before the window closes agents are warned, by default.
const CLOSING: TimeDelta = TimeDelta::hours(4);

/// Returns the conversations among the table's items (DynamoDB JSON), as the control API shows
/// them.
pub(crate) fn conversations(items: &[Value], now: DateTime<Utc>) -> Vec<Value> {
    let held = held_replies(items);
    items
        .iter()
        .filter_map(|item| conversation(&plain_item(item)?, &held, now))
        .collect()
}

/// Returns each conversation's held replies by the conversation's key, in the order in which they
/// are sent.
fn held_replies(items: &[Value]) -> BTreeMap<&str, Vec<Value>> {
    let mut held: Vec<_> = items
        .iter()
        .filter_map(|item| Some((held_reply(item)?, item)))
        .collect();
    held.sort_by_key(|((_, created, _), _)| *created);
    let mut of: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for ((conversation, created, comment_id), item) in held {
        let since = item["held_since"]["S"].as_str();
        let since = since.and_then(|since| DateTime::parse_from_rfc3339(since).ok());
        let since = since.map(|since| since.timestamp());
        let reply = json!({"comment_id": comment_id, "created": created, "held_since": since});
        of.entry(conversation).or_default().push(reply);
    }
    of
}

/// Returns the conversation's key, when the comment was written, and the comment's id without the
/// zeros that keep the order.
fn held_reply(item: &Value) -> Option<(&str, &str, &str)> {
    let mut key = item["sk"]["S"].as_str()?.splitn(3, '#');
    let (kind, created, comment_id) = (key.next()?, key.next()?, key.next()?);
    let conversation = item["pk"]["S"].as_str()?;
    (kind == "HELD").then_some((conversation, created, comment_id.trim_start_matches('0')))
}

/// Returns the armed timers, soonest first.
pub(crate) fn timers(conversations: &[Value]) -> Vec<Value> {
    let mut timers: Vec<_> = conversations
        .iter()
        .flat_map(|conversation| {
            let armed = conversation["timers"].as_object();
            armed.into_iter().flatten().map(|(timer, due_at)| {
                json!({
                    "phone_number_id": conversation["phone_number_id"],
                    "customer": conversation["customer"],
                    "timer": timer,
                    "due_at": due_at,
                })
            })
        })
        .collect();
    timers.sort_by_key(|timer| timer["due_at"].as_i64());
    timers
}

fn conversation(
    item: &Map<String, Value>,
    held: &BTreeMap<&str, Vec<Value>>,
    now: DateTime<Utc>,
) -> Option<Value> {
    let pk = item.get("pk")?.as_str()?;
    let mut key = pk.splitn(3, '#');
    let (kind, phone_number_id, customer) = (key.next()?, key.next()?, key.next()?);
    if kind != "CONV" || item.get("sk")? != "STATE" {
        return None;
    }
    let member = |name: &str| item.get(name).cloned().unwrap_or_default();
    let issue_key = match member("issue") {
        Value::Object(issue) => issue.get("key").cloned().unwrap_or_default(),
        _ => member("issue_key"),
    };
    let identity = member("identity");
    let notice: Map<_, _> = item
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("notice_")?.to_owned(), value.clone())))
        .collect();
    let held = held.get(pk).map_or(&[][..], Vec::as_slice);
    let held_since = held
        .iter()
        .filter_map(|reply| reply["held_since"].as_i64())
        .min();
    let answer = &member("last_answer");
    let unreceived_since = answer["waited_since"]
        .as_i64()
        .filter(|_| answer["held"] == true);
    let expires_at = item.get("window_expires_at").and_then(Value::as_i64);
    Some(json!({
        "phone_number_id": phone_number_id,
        "customer": customer,
        "phone": identity["phone"],
        "user_id": identity["bsuid"],
        "profile_name": member("profile_name"),
        "issue_key": issue_key,
        "window_expires_at": expires_at,
        "window": window_state(expires_at, now),
        "awaiting_since": member("awaiting_since"),
        "held": item.get("held_count").and_then(Value::as_u64).unwrap_or(0),
        "held_since": held_since,
        "unreceived_since": unreceived_since,
        "held_replies": held,
        "notice": notice,
        "control": member("control"),
        "answered_elsewhere_at": member("answered_elsewhere_at"),
        "timers": member("timers"),
        "due_at": member("due_at"),
    }))
}

fn window_state(expires_at: Option<i64>, now: DateTime<Utc>) -> &'static str {
    let expires_at = expires_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if !window::is_open(expires_at, now) {
        "closed"
    } else if window::is_open(expires_at, now + CLOSING) {
        "open"
    } else {
        "closing"
    }
}

/// Returns an item of DynamoDB JSON without its type tags.
pub(crate) fn plain_item(item: &Value) -> Option<Map<String, Value>> {
    let members = item.as_object()?;
    Some(
        members
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
    )
}

/// Returns a value without DynamoDB's type tags. Sets and binary values stay as they are.
fn plain(tagged: &Value) -> Value {
    let Some((tag, value)) = tagged.as_object().and_then(|tagged| tagged.iter().next()) else {
        return tagged.clone();
    };
    match (tag.as_str(), value) {
        ("NULL", _) => Value::Null,
        // A number is a string on the wire.
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap_or(Value::Null),
        ("L", Value::Array(items)) => items.iter().map(plain).collect(),
        ("M", map) => plain_item(map).map_or(Value::Null, Value::Object),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(more: Value) -> Value {
        let mut item = json!({
            "pk": {"S": "CONV#1065#4915112345"},
            "sk": {"S": "STATE"},
        });
        if let (Some(item), Value::Object(more)) = (item.as_object_mut(), more) {
            item.extend(more);
        }
        item
    }

    #[test]
    fn a_conversation_is_read_from_its_item() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let items = [
            state(json!({
                "identity": {"M": {"phone": {"S": "4915112345"}}},
                "issue": {"M": {"id": {"S": "10001"}, "key": {"S": "SUP-1"}}},
                "window_expires_at": {"N": "1790086400"},
                "awaiting_since": {"N": "1790000000"},
                "held_count": {"N": "2"},
                "last_answer": {"M": {
                    "waited_since": {"N": "1789990000"},
                    "held": {"BOOL": true},
                }},
                "notice_state": {"S": "armed"},
                "notice_generation": {"N": "3"},
                "timers": {"M": {
                    "agent_alert": {"N": "1790072000"},
                    "delay_notice": {"N": "1790001800"},
                }},
                "due_at": {"N": "1790001800"},
            })),
            json!({"pk": {"S": "SETTINGS"}, "sk": {"S": "SETTINGS"}}),
            json!({"pk": {"S": "CONV#1065#4915112345"}, "sk": {"S": "HELD#2026-09-21T14:13:20.042Z#00000000000000010100"}, "held_since": {"S": "2026-09-21T14:13:25.5Z"}}),
        ];
        let conversations = conversations(&items, now);
        assert_eq!(
            conversations,
            [json!({
                "phone_number_id": "1065",
                "customer": "4915112345",
                "phone": "4915112345",
                "user_id": null,
                "profile_name": null,
                "issue_key": "SUP-1",
                "window_expires_at": 1_790_086_400,
                "window": "open",
                "awaiting_since": 1_790_000_000,
                "held": 2,
                "held_since": 1_790_000_005,
                "unreceived_since": 1_789_990_000,
                "held_replies": [
                    {"comment_id": "10100", "created": "2026-09-21T14:13:20.042Z", "held_since": 1_790_000_005},
                ],
                "notice": {"state": "armed", "generation": 3},
                "control": null,
                "answered_elsewhere_at": null,
                "timers": {"agent_alert": 1_790_072_000, "delay_notice": 1_790_001_800},
                "due_at": 1_790_001_800,
            })]
        );
        let timer = |timer: &str, due_at: i64| {
            json!({
                "phone_number_id": "1065",
                "customer": "4915112345",
                "timer": timer,
                "due_at": due_at,
            })
        };
        assert_eq!(
            timers(&conversations),
            [
                timer("delay_notice", 1_790_001_800),
                timer("agent_alert", 1_790_072_000),
            ]
        );
    }

    #[test]
    fn the_window_is_told_in_a_word() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        for (left_s, expected) in [
            (Some(86_400), "open"),
            (Some(4 * 3_600 + 120), "open"),
            (Some(4 * 3_600), "closing"),
            (Some(120), "closing"),
            (Some(0), "closed"),
            (Some(-5), "closed"),
            (None, "closed"),
        ] {
            let item = match left_s {
                Some(left) => {
                    let expires_at = (now.timestamp() + left).to_string();
                    state(json!({"window_expires_at": {"N": expires_at}}))
                }
                None => state(json!({})),
            };
            let conversations = conversations(&[item], now);
            assert_eq!(conversations[0]["window"], expected, "{left_s:?}");
            assert_eq!(timers(&conversations), [] as [Value; 0]);
        }
    }
}

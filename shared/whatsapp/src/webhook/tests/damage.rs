//! Damaged bodies, and bodies from other sources.

use serde_json::json;

use super::*;
use crate::fixtures::{corpus, fixtures_in};

/// Puts `bad` in the place of every value of `whole`, one after the other.
fn with_every_value_replaced(whole: &Value, bad: &Value) -> Vec<Value> {
    let mut variants = vec![bad.clone()];
    match whole {
        Value::Object(members) => {
            for (name, member) in members {
                for variant in with_every_value_replaced(member, bad) {
                    let mut changed = whole.clone();
                    changed[name] = variant;
                    variants.push(changed);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for variant in with_every_value_replaced(item, bad) {
                    let mut changed = whole.clone();
                    changed[index] = variant;
                    variants.push(changed);
                }
            }
        }
        _ => {}
    }
    variants
}

#[test]
fn any_value_may_be_anything() {
    let kinds = fixtures_in("kinds").into_iter();
    let kinds = kinds.map(|name| format!("kinds/{name}"));
    for name in kinds.chain(["text.json".to_owned(), "statuses.json".to_owned()]) {
        let whole: Value = serde_json::from_slice(&fixture(&name)).unwrap();
        for bad in [
            json!(null),
            json!([]),
            json!({}),
            json!(-1),
            json!("\u{0}"),
            json!([[null]]),
        ] {
            for variant in with_every_value_replaced(&whole, &bad) {
                let parsed = parsed(variant.to_string().as_bytes());
                for message in &parsed.messages {
                    assert!(
                        !message.documents(&Enrichment::default()).is_empty(),
                        "{variant}"
                    );
                }
                let found = kept(&parsed) + parsed.skipped.len();
                // An empty list is the one way to say nothing.
                assert!(found > 0 || bad == json!([]), "{variant}");
            }
        }
    }
}

/// How many messages, statuses and other items Meta put into a body, by its own structure.
fn items(root: &Value) -> Option<usize> {
    let mut count = 0;
    for entry in root["entry"].as_array()? {
        for change in entry["changes"].as_array()? {
            if change["field"] != "messages" {
                return None;
            }
            let lists = ["messages", "statuses", "errors"];
            let lists = lists.map(|name| change["value"][name].as_array().map_or(0, Vec::len));
            count += lists.iter().sum::<usize>();
        }
    }
    Some(count)
}

#[test]
fn payloads_from_elsewhere_are_read_and_counted() {
    for (name, body) in corpus() {
        let parsed = parse(signed(&body), at(RECEIVED));
        let parsed = parsed.unwrap_or_else(|_| panic!("{name}"));
        for message in &parsed.messages {
            assert!(
                !message.documents(&Enrichment::default()).is_empty(),
                "{name}"
            );
        }
        let left_out = parsed
            .skipped
            .iter()
            .map(|skipped| skipped.count)
            .sum::<usize>();
        let read = kept(&parsed);
        let root: Value = serde_json::from_slice(&body).unwrap();
        // Other rules count changes of other fields.
        if let Some(received) = items(&root).filter(|received| *received > 0) {
            assert_eq!(received, read + left_out, "{name}");
        }
    }
}

/// Returns how many items of a body were recognised.
fn kept(parsed: &Parsed) -> usize {
    parsed.messages.len() + parsed.identity_changes.len() + parsed.statuses.len()
}

/// Comparing each with each would take minutes for as many as fit into Meta's largest body.
#[test]
fn a_body_full_of_one_id_or_of_contacts_is_read_whole() {
    let text = |id: usize, from: usize| json!({"id": id.to_string(), "from": from.to_string(), "text": {"body": from.to_string()}});
    let senders = 1_000_000..1_015_000;
    let each_its_own: Vec<_> = senders.clone().map(|n| text(n, n)).collect();
    let one_id: Vec<_> = senders.clone().map(|n| text(1, n)).collect();
    let contacts = senders.rev().map(|n| json!({"wa_id": n.to_string()}));
    let contacts: Vec<_> = contacts.collect();
    for (messages, contacts) in [(&one_id, &[][..]), (&each_its_own, &contacts)] {
        let value = json!({"metadata": {"phone_number_id": "1065"}, "messages": messages,
            "contacts": contacts});
        let body = json!({"entry": [{"changes": [{"field": "messages", "value": value}]}]});
        let read = parsed(body.to_string().as_bytes()).messages;
        assert_eq!(read.len(), messages.len());
    }
}

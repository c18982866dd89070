//! Every word of every known payload reaches Jira.

use std::collections::BTreeSet;

use casement_core::model::content::InboundMessage;

use super::*;
use crate::fixtures::{corpus, fixtures_in};

/// The fields with customers' words.
const TYPED: [&str; 13] = [
    "body",
    "caption",
    "filename",
    "name",
    "formatted_name",
    "address",
    "phone",
    "email",
    "company",
    "title",
    "description",
    "emoji",
    "product_retailer_id",
];

fn words_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(words) if TYPED.contains(&name.as_str()) => {
                        found.push(words.clone());
                    }
                    // A tapped button of a template, or the note of an order.
                    Value::String(words) if name == "text" => found.push(words.clone()),
                    // The name of a form, WhatsApp's words about a failure and the context of a
                    // message are not the customer's.
                    Value::Object(_) if name == "nfm_reply" => {}
                    _ if ["errors", "context", "referral"].contains(&name.as_str()) => {}
                    _ => words_in(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words_in(item, found)),
        _ => {}
    }
}

/// Every message as it came, by its id.
fn items<'a>(body: &'a Value, wamid: &str, found: &mut Vec<&'a Value>) {
    match body {
        Value::Object(members) => {
            if members.get("id").and_then(Value::as_str) == Some(wamid)
                && members.contains_key("type")
            {
                found.push(body);
            }
            members
                .values()
                .for_each(|member| items(member, wamid, found));
        }
        Value::Array(list) => list.iter().for_each(|item| items(item, wamid, found)),
        _ => {}
    }
}

fn seen(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

fn shown(message: &InboundMessage) -> String {
    fn text_of(node: &Value, found: &mut String) {
        match node["type"].as_str() {
            Some("text") => found.push_str(node["text"].as_str().unwrap()),
            _ => node["content"]
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|child| text_of(child, found)),
        }
    }
    let mut found = String::new();
    for document in message.documents(&Enrichment::default()) {
        text_of(&serde_json::to_value(document).unwrap(), &mut found);
    }
    seen(&found)
}

#[test]
fn every_word_of_every_payload_is_in_jira() {
    let own = fixtures_in("kinds");
    let own = own.into_iter().map(|name| {
        let body = fixture(&format!("kinds/{name}"));
        (name, body)
    });
    let mut missed = BTreeSet::new();
    let mut count = 0;
    for (name, body) in own.chain(corpus()) {
        let (Ok(raw), Ok(parsed)) = (
            serde_json::from_slice::<Value>(&body),
            parse(signed(&body), at(RECEIVED)),
        ) else {
            continue;
        };
        for message in &parsed.messages {
            let shown = shown(message);
            assert!(!shown.is_empty(), "{name}");
            let mut found = Vec::new();
            items(&raw, message.wamid.as_str(), &mut found);
            let [item] = found[..] else { continue };
            let mut words = Vec::new();
            words_in(item, &mut words);
            for words in words {
                count += 1;
                if !shown.contains(&seen(&words)) {
                    missed.insert(format!("{name}: {words:?}"));
                }
            }
        }
    }
    assert!(count > 30, "{count}");
    assert!(missed.is_empty(), "{missed:#?}");
}

//! Answers to our interactive messages.

use std::fmt;

use casement_core::model::content::{Answers, Choice, ChoiceKind, FormAnswers, InboundContent};
use chrono::DateTime;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::text;
use crate::webhook::lenient::{Written, wire};

/// The field that identifies a form. Customers do not fill it in.
const FORM_TOKEN: &str = "flow_token";

wire! {
    // The type is not read: the object that is present tells it.
    pub(super) struct WireInteractive {
        button_reply: WireReply,
        list_reply: WireReply,
        nfm_reply: WireForm,
        call_permission_reply: WirePermission,
    }
}
wire! {
    struct WireReply { id: Written, title: Written, description: Written }
}
wire! {
    struct WireForm { name: String, response_json: Value }
}
wire! {
    struct WirePermission {
        response: String,
        is_permanent: bool,
        expiration_timestamp: Written,
    }
}

/// Returns the answer, if there is one to show.
pub(super) fn content(wire: WireInteractive) -> Option<InboundContent> {
    if let Some(reply) = wire.button_reply {
        choice(ChoiceKind::Button, reply)
    } else if let Some(reply) = wire.list_reply {
        choice(ChoiceKind::List, reply)
    } else if let Some(form) = wire.nfm_reply {
        Some(InboundContent::Form(FormAnswers {
            name: form.name,
            answers: answers(form.response_json),
        }))
    } else {
        wire.call_permission_reply.map(permission)
    }
}

fn choice(kind: ChoiceKind, wire: WireReply) -> Option<InboundContent> {
    let id = text(wire.id);
    Some(InboundContent::Choice(Choice {
        kind,
        title: text(wire.title).or_else(|| id.clone())?,
        description: text(wire.description),
        id,
    }))
}

fn permission(wire: WirePermission) -> InboundContent {
    let until = wire
        .expiration_timestamp
        .as_ref()
        .and_then(Written::integer);
    InboundContent::CallPermission {
        granted: match wire.response.as_deref() {
            Some("accept") => Some(true),
            Some("reject") => Some(false),
            _ => None,
        },
        permanent: wire.is_permanent == Some(true),
        until: until.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
    }
}

/// Reads the answers: JSON in a string, or from some senders the object itself.
fn answers(written: Option<Value>) -> Answers {
    let json = match written {
        None | Some(Value::Null) => return Answers::Missing,
        Some(Value::String(json)) => json,
        Some(other) => other.to_string(),
    };
    match serde_json::from_str(&json) {
        Ok(Fields(fields)) => Answers::Fields(
            fields
                .into_iter()
                .filter(|(name, _)| name != FORM_TOKEN)
                .map(|(name, value)| (name, answer(value)))
                .collect(),
        ),
        Err(_) if json.trim().is_empty() => Answers::Missing,
        Err(_) => Answers::Raw(json),
    }
}

fn answer(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        // Several boxes were ticked.
        Value::Array(items) => items.into_iter().map(answer).collect::<Vec<_>>().join("\n"),
        // An address, for example.
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| format!("{name}: {}", answer(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        other => other.to_string(),
    }
}

/// The members of an object in their written order.
struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(member) = members.next_entry()? {
                    fields.push(member);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(json: Value) -> Option<Vec<(String, String)>> {
        match answers(Some(json)) {
            Answers::Fields(fields) => Some(fields),
            Answers::Raw(_) | Answers::Missing => None,
        }
    }

    #[test]
    fn answers_keep_their_order_and_become_text() {
        let pair = |name: &str, answer: &str| (name.to_owned(), answer.to_owned());
        let written = json!(
            r#"{"z":"last","a":4,"ticked":["x","y"],"no":null,"deep":{"a":1,"b":["x","y"]},"flow_token":"t"}"#
        );
        assert_eq!(
            fields(written),
            Some(vec![
                pair("z", "last"),
                pair("a", "4"),
                pair("ticked", "x\ny"),
                pair("no", ""),
                pair("deep", "a: 1\nb: x\ny"),
            ])
        );
        assert_eq!(fields(json!({"a": true})), Some(vec![pair("a", "true")]));
    }

    #[test]
    fn what_is_no_object_is_shown_as_it_came() {
        for (written, expected) in [
            (Some(json!("{broken")), Some("{broken")),
            (Some(json!("[1,2]")), Some("[1,2]")),
            (Some(json!("\"word\"")), Some("\"word\"")),
            (Some(json!("{} {}")), Some("{} {}")),
            (Some(json!(7)), Some("7")),
            (Some(json!(" ")), None),
            (Some(json!(null)), None),
            (None, None),
        ] {
            match (answers(written), expected) {
                (Answers::Raw(text), Some(expected)) => assert_eq!(text, expected),
                (Answers::Missing, None) => {}
                _ => panic!("{expected:?}"),
            }
        }
    }
}

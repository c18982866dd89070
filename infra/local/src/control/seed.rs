//! A stack with a past: conversations that never went through the functions, to see how the page
//! and other tools cope with many.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use chrono::{DateTime, Duration, Utc};
use local_simulators::problem::Problem;
use local_simulators::whatsapp::Seeded;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{internal, parse};
use crate::stack::Stack;

const MOST_CUSTOMERS: usize = 2_000;
const MOST_MESSAGES: usize = 50_000;
// As long as Casement keeps a conversation.
const KEPT_FOR: Duration = Duration::days(400);

/// The size of the past.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    customers: usize,
    /// In each conversation, by customer and agent in turn.
    messages: usize,
}

pub(super) async fn past(State(stack): State<Stack>, body: Bytes) -> Result<Json<Value>, Problem> {
    let past: Past = parse(&body)?;
    let all = past.customers.saturating_mul(past.messages);
    if past.customers > MOST_CUSTOMERS || all > MOST_MESSAGES || past.messages == 0 {
        return Err(Problem::bad_request(format!(
            "at most {MOST_CUSTOMERS} customers with at least one message each, and {MOST_MESSAGES} messages in all"
        )));
    }
    let told = stack.clone();
    tokio::task::spawn_blocking(move || {
        (0..past.customers).try_for_each(|n| seed(&stack, n, past.messages))
    })
    .await
    .map_err(internal)?
    .map_err(internal)?;
    told.events.publish_change("everything");
    Ok(Json(json!({"customers": past.customers, "messages": all})))
}

/// Creates one conversation. The windows of the conversations end one after the other, some of them
/// in the past.
fn seed(stack: &Stack, n: usize, messages: usize) -> Result<(), String> {
    let phone = format!("4930{:07}", 1_000_000 + n);
    let name = format!("Customer {}", n + 1);
    let texts: Vec<_> = (1..=messages)
        .map(|message| format!("Message {message} of {name}"))
        .collect();
    let minutes = i64::try_from(n * 7 % (30 * 60)).unwrap_or(0);
    let until = stack.clock.now() - Duration::minutes(minutes);
    let chat = stack.whatsapp.seed_chat(&phone, &name, &texts, until);
    let chat = chat.ok_or("the simulated WhatsApp has no number")?;
    let summary = format!("{} ({name} +{phone})", texts[0]);
    let (id, key) = stack.jira.seed_request(&phone, &summary, &texts);
    let waits = messages % 2 == 1;
    for item in items(&chat, &phone, &name, (id, &key), waits) {
        stack
            .table
            .put_item(tagged_item(&item))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Returns the items that Casement would have in its table: the conversation, and the items that
/// find it by request and by phone number.
fn items(
    chat: &Seeded,
    phone: &str,
    name: &str,
    (issue, issue_key): (u64, &str),
    waits: bool,
) -> [Value; 3] {
    let number = &chat.phone_number_id;
    let customer = chat.user_id.as_deref().unwrap_or(phone);
    let key = json!({"phone_number_id": number, "customer": customer});
    let seconds = |at: DateTime<Utc>| at.timestamp();
    let expires_at = seconds(chat.last_at + KEPT_FOR);
    let mut conversation = json!({
        "pk": format!("CONV#{number}#{customer}"),
        "sk": "STATE",
        "key": key,
        "identity": {"bsuid": chat.user_id, "phone": phone},
        "profile_name": name,
        "window_expires_at": seconds(chat.last_at + Duration::hours(24)),
        "last_inbound_at": seconds(chat.last_at),
        "last_inbound_wamid": chat.last_wamid,
        "issue": {"id": issue.to_string(), "key": issue_key},
        "notice_generation": u32::from(waits),
        "notice_state": "idle",
        "timers": {},
        "keep_open": {},
        "held_count": 0,
        "opted_out": false,
        "version": 1,
        "expires_at": expires_at,
    });
    if waits {
        // Marks the notice as sent, because otherwise hundreds would be sent.
        conversation["awaiting_since"] = json!(seconds(chat.last_at));
        conversation["notice_state"] = json!("sent");
    }
    let link = |pk: String, sk: &str| json!({"pk": pk, "sk": sk, "conversation": key, "expires_at": expires_at});
    [
        link(format!("ISSUE#{issue}"), "CONV"),
        link(format!("ALIAS#{number}#{phone}"), "ALIAS"),
        conversation,
    ]
}

/// Converts an item to DynamoDB JSON.
fn tagged_item(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    let tagged: Map<_, _> = members
        .map(|(name, value)| (name.clone(), tagged(value)))
        .collect();
    Value::Object(tagged)
}

fn tagged(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(value) => json!({"BOOL": value}),
        Value::Number(value) => json!({"N": value.to_string()}),
        Value::String(value) => json!({"S": value}),
        Value::Array(values) => json!({"L": values.iter().map(tagged).collect::<Vec<_>>()}),
        Value::Object(_) => json!({"M": tagged_item(value)}),
    }
}

#[cfg(test)]
mod tests {
    use casement_core::model::conversation::Conversation;

    use super::*;
    use crate::conversations::plain_item;

    #[test]
    fn the_product_can_read_what_is_seeded() {
        let last_at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let chat = Seeded {
            phone_number_id: "1065".to_owned(),
            user_id: Some("US.00000000000000000001".to_owned()),
            last_wamid: "wamid.A".to_owned(),
            last_at,
        };
        for waits in [false, true] {
            let [_, _, item] = items(&chat, "49301000000", "Ada", (10_001, "SUP-1"), waits);
            let plain = plain_item(&tagged_item(&item)).unwrap();
            assert_eq!(Value::Object(plain.clone()), item);
            let read: Conversation = serde_json::from_value(Value::Object(plain)).unwrap();
            assert!(read.window_is_open(last_at + Duration::hours(23)));
            assert!(!read.window_is_open(last_at + Duration::hours(24)));
            assert_eq!(read.awaiting_since.is_some(), waits);
            assert_eq!(read.timers.next(), None);
        }
    }
}

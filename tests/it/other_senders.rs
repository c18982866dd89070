//! Other senders of the business number, and calls, in the shapes in which Meta tells of them.

use std::time::Duration;

use casement_tests::Stack;
use casement_tests::meta::{NUMBER, now, text, webhook};
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);

fn value(more: Value) -> Value {
    let mut value = json!({"messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER}});
    value
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    value
}

fn change(field: &str, value: &Value) -> Value {
    webhook(vec![json!({"field": field, "value": value})])
}

fn standby(inner: Value) -> Value {
    change("standby", &value(json!({"standby": inner})))
}

fn handover(kind: &str, change_of: Value) -> Value {
    let value = json!({"messaging_product": "whatsapp", "timestamp": now(), "type": kind, kind: change_of,
        "sender": {"phone_number": ANA},
        "recipient": {"display_phone_number": "15550783881", "phone_number_id": NUMBER}});
    change("messaging_handovers", &value)
}

async fn posted(stack: &Stack, body: &Value) {
    stack.meta_posted(body).await;
    stack.done().await;
}

async fn measured(stack: &Stack, name: &str, reason: &str) -> u64 {
    let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
    let found = metrics
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["name"] == name && one["dimensions"]["Reason"] == reason);
    found.filter_map(|one| one["sum"].as_f64()).sum::<f64>() as u64
}

async fn noted(stack: &Stack, words: &str) -> usize {
    let request = stack.request().await;
    let notes = request.internal().into_iter();
    notes.filter(|note| note.contains(words)).count()
}

#[tokio::test]
async fn a_conversation_that_metas_agent_holds_is_shown_and_left_alone() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let message = text(ANA, "wamid.S1", "Where is it?");
    posted(&stack, &standby(json!({"messages": [message]}))).await;
    let answer = json!({"id": "wamid.E1", "timestamp": now(), "message": {"to": ANA,
        "recipient_type": "individual", "type": "text", "text": {"body": "On its way"}}});
    posted(&stack, &standby(json!({"message_echoes": [answer]}))).await;
    for words in [
        "Another sender, such as Meta's agent, answers the customer.",
        "[The customer writes to Meta's agent:]",
        "Where is it?",
        "[Meta's agent answered:]",
        "On its way",
    ] {
        assert_eq!(noted(&stack, words).await, 1, "{words}");
    }
    assert_eq!(stack.request().await.public().len(), 1);
    stack.advance(45 * MINUTE).await;
    assert_eq!(stack.received(ANA).await, [""; 0], "no notice");
    assert_eq!(measured(&stack, "OtherSender", "unexpected").await, 1);

    let checked = stack.casement(&["check", "--json"]).await.json();
    let rows = checked["rows"].as_array().unwrap().iter();
    let row = rows.clone().find(|row| row["what"] == "other senders");
    assert_eq!(row.unwrap()["verdict"], "hint", "{checked}");

    let key = stack.request().await.key;
    stack.agent_writes(&key, "/window", false).await;
    stack.done().await;
    assert_eq!(noted(&stack, "has held the conversation since").await, 1);
    assert_eq!(noted(&stack, "Answered elsewhere on").await, 1);
    stack.agent_wrote(&key, "It arrives today").await;
    assert_eq!(stack.received(ANA).await, ["It arrives today"]);
    assert_eq!(
        noted(&stack, "Your reply takes the conversation over.").await,
        1
    );
    stack.customer_wrote(ANA, "Thank you, when?").await;
    assert_eq!(stack.request().await.public().len(), 3);
}

#[tokio::test]
async fn a_customer_of_metas_agent_gets_a_request_when_it_hands_over() {
    let stack = Stack::start().await;
    let mut message = text(ANA, "wamid.S1", "I want a person");
    message["from_user_id"] = json!("DE.1001");
    posted(&stack, &standby(json!({"messages": [message]}))).await;
    assert!(stack.requests().await.is_empty());
    let passed = json!({"previous_owner_app_role": "meta_business_agent",
        "previous_owner_role": "ai_agent", "new_owner_role": "escalation",
        "conversation_context": {"type": "summary", "summary": {"text": "Asks for a person"}}});
    let handed = handover("control_passed", passed);
    posted(&stack, &handed).await;
    posted(&stack, &handed).await;
    let request = stack.request().await;
    assert!(request.summary.starts_with("Handed over by Meta's agent"));
    assert!(request.public().is_empty(), "{request:?}");
    assert_eq!(noted(&stack, "Asks for a person").await, 1);
    let state = stack.state().await;
    assert!(
        state["conversations"][0]["awaiting_since"].is_i64(),
        "{state}"
    );
}

#[tokio::test]
async fn an_answer_in_the_business_app_ends_the_wait() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.advance(29 * MINUTE).await;
    let echo = json!({"from": "15550783881", "to": ANA, "id": "wamid.E1", "timestamp": now_in(&stack).await,
        "type": "text", "text": {"body": "We look into it"}});
    let echoed = value(json!({"message_echoes": [echo]}));
    posted(&stack, &change("smb_message_echoes", &echoed)).await;
    stack.advance(10 * MINUTE).await;
    assert_eq!(stack.received(ANA).await, [""; 0], "no notice");
    assert_eq!(
        noted(&stack, "[Answered in the WhatsApp Business app:]").await,
        1
    );
    assert!(stack.state().await["conversations"][0]["awaiting_since"].is_null());
}

async fn now_in(stack: &Stack) -> String {
    let clock = stack.api(Method::GET, "/api/clock", Value::Null).await;
    let now: chrono::DateTime<chrono::Utc> = clock["now"].as_str().unwrap().parse().unwrap();
    now.timestamp().to_string()
}

#[tokio::test]
async fn a_missed_call_waits_for_an_answer() {
    let stack = Stack::start().await;
    let call = |more: Value| {
        let mut call = json!({"id": "wacid.1", "from": ANA, "to": "15550783881",
            "direction": "USER_INITIATED", "timestamp": now()});
        call.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        change("calls", &value(json!({"calls": [call]})))
    };
    posted(
        &stack,
        &call(json!({"event": "connect", "session": {"sdp": "v=0"}})),
    )
    .await;
    assert!(stack.requests().await.is_empty(), "it still rings");
    posted(
        &stack,
        &call(json!({"event": "terminate", "status": "FAILED"})),
    )
    .await;
    let request = stack.request().await;
    let [said] = request.public()[..] else {
        panic!("{request:?}")
    };
    assert!(said.starts_with("[The customer called at "), "{said}");
    assert!(said.ends_with(" and was not answered]"), "{said}");
    let state = stack.state().await;
    assert_eq!(state["conversations"][0]["window"], "open");
    assert!(state["conversations"][0]["awaiting_since"].is_i64());
}

/// Every field of every shape gets a 200, and whatever does not reach a request is counted.
#[tokio::test]
async fn nothing_that_meta_may_send_fails_or_vanishes() {
    let stack = Stack::start().await;
    let odd = [
        json!(null),
        json!(5),
        json!("text"),
        json!([]),
        json!({}),
        json!([null]),
        json!([5, "x", [], {}]),
        json!({"a": 1}),
    ];
    let mut posted = 0;
    for field in [
        "standby",
        "messaging_handovers",
        "calls",
        "smb_message_echoes",
        "message_echoes",
    ] {
        let lists = [
            "messages",
            "message_echoes",
            "statuses",
            "calls",
            "standby",
            "control_passed",
            "sender",
            "type",
        ];
        for shape in &odd {
            let mut changes = vec![json!({"field": field, "value": shape})];
            for list in lists {
                changes.push(json!({"field": field, "value": value(json!({list: shape}))}));
                changes.push(
                    json!({"field": field, "value": value(json!({"standby": {list: shape}}))}),
                );
            }
            // An empty list has nothing to count.
            if *shape != json!([]) {
                posted += changes.len();
            }
            stack.meta_posted(&webhook(changes)).await;
        }
    }
    stack.done().await;
    assert!(stack.requests().await.is_empty());
    let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
    let ignored = metrics
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["name"] == "Ignored" && one["dimensions"]["Reason"].is_string());
    let ignored: f64 = ignored.filter_map(|one| one["sum"].as_f64()).sum();
    assert!(ignored >= posted as f64, "{ignored} of {posted}");
    assert!(
        stack.state().await["dead_letters"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

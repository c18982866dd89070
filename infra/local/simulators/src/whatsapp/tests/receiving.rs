//! Customers write.

use super::*;

#[tokio::test]
async fn a_message_reaches_the_product_signed_and_escaped() {
    let bench = Bench::start().await;
    let mut message = text("Grüße / 👍");
    message["profile_name"] = json!("Ana");
    let answer = bench.write(message).await;
    assert_eq!(answer["webhook_status"], 200);

    let received = &bench.product.received()[0];
    assert!(
        received.body.contains(r"Gr\u00fc\u00dfe \/ \ud83d\udc4d"),
        "{}",
        received.body
    );
    let expected = crate::signature::sha256("local-app-secret", received.body.as_bytes());
    assert_eq!(
        received.header("x-hub-signature-256"),
        Some(expected.as_str())
    );

    let body = received.json();
    assert_eq!(body["object"], "whatsapp_business_account");
    let value = &body["entry"][0]["changes"][0]["value"];
    assert_eq!(value["metadata"]["phone_number_id"], "106540352242922");
    assert_eq!(value["contacts"][0]["profile"]["name"], "Ana");
    assert_eq!(value["contacts"][0]["wa_id"], PHONE);
    let message = &value["messages"][0];
    assert_eq!(message["from"], PHONE);
    assert_eq!(message["id"], answer["wamid"]);
    assert_eq!(message["text"]["body"], "Grüße / 👍");
    assert_eq!(message["from_user_id"], value["contacts"][0]["user_id"]);
    assert!(message.get("profile_name").is_none());

    let chat = bench.chat().await;
    assert_eq!(chat[0]["direction"], "in");
    assert_eq!(chat[0]["text"], "Grüße / 👍");
}

#[tokio::test]
async fn raw_utf_8_is_signed_as_it_is() {
    let bench = Bench::start().await;
    bench.options(json!({"raw_utf8": true})).await;
    bench.write(text("Grüße")).await;
    let received = &bench.product.received()[0];
    assert!(received.body.contains("Grüße"));
    let expected = crate::signature::sha256("local-app-secret", received.body.as_bytes());
    assert_eq!(
        received.header("x-hub-signature-256"),
        Some(expected.as_str())
    );
}

#[tokio::test]
async fn users_show_what_they_choose_to_show() {
    let bench = Bench::start().await;
    let mut hidden = text("hi");
    hidden["hide_phone"] = json!(true);
    hidden["user_id"] = json!("US.13491208655302741918");
    bench.write(hidden).await;
    let mut old = text("hi");
    old["hide_phone"] = json!(false);
    old["user_id"] = Value::Null;
    bench.write(old).await;
    bench
        .write(json!({"type": "system", "system": {"type": "user_changed_number"}}))
        .await;

    let bodies = bench.product.bodies();
    let value = |index: usize| bodies[index].pointer("/entry/0/changes/0/value").unwrap();
    let (contact, message) = (&value(0)["contacts"][0], &value(0)["messages"][0]);
    assert_eq!(message["from_user_id"], "US.13491208655302741918");
    assert_eq!(contact["user_id"], "US.13491208655302741918");
    assert!(message.get("from").is_none() && contact.get("wa_id").is_none());

    let (contact, message) = (&value(1)["contacts"][0], &value(1)["messages"][0]);
    assert_eq!(message["from"], PHONE);
    assert!(message.get("from_user_id").is_none() && contact.get("user_id").is_none());

    assert!(
        value(2).get("contacts").is_none(),
        "system messages have no contacts"
    );
}

#[tokio::test]
async fn a_raw_webhook_is_posted_as_it_is_and_opens_the_window() {
    let bench = Bench::start().await;
    let now = bench.clock.now().timestamp().to_string();
    let body = json!({"entry": [{}, {"changes": [{"value": {
        "metadata": {"phone_number_id": "106540352242922"},
        "messages": [
            {"from": PHONE, "id": "wamid.raw", "timestamp": now, "type": "text", "text": {"body": "raw / ä"}},
            {"from": PHONE, "id": "wamid.raw", "timestamp": now, "type": "text", "text": {"body": "again"}},
            {"type": null}, "nonsense",
        ],
    }}]}]});
    let (status, answer) = bench
        .call(Method::POST, "/api/webhooks/whatsapp", body.clone())
        .await;
    assert_eq!((status, &answer["status"]), (200, &json!(200)));
    assert_eq!(bench.product.received()[0].body, body.to_string());
    assert_eq!(bench.chat().await.len(), 1);
    bench.send(reply("Hello")).await;
    bench.idle().await;
    assert_eq!(bench.status_names(), ["sent", "delivered"]);
}

#[tokio::test]
async fn a_forged_webhook_leaves_no_trace_with_the_customer() {
    let bench = Bench::start().await;
    let now = bench.clock.now().timestamp().to_string();
    let body = json!({"entry": [{"changes": [{"value": {
        "metadata": {"phone_number_id": "106540352242922"},
        "messages": [{"from": PHONE, "id": "wamid.x", "timestamp": now, "type": "text", "text": {"body": "x"}}],
    }}]}]});
    for (sign, signed) in [("none", false), ("wrong", true)] {
        let path = format!("/api/webhooks/whatsapp?sign={sign}");
        bench.call(Method::POST, &path, body.clone()).await;
        let received = bench.product.received().pop().unwrap();
        let signature = received.header("x-hub-signature-256");
        assert_eq!(signature.is_some(), signed, "{sign}");
        let right = crate::signature::sha256("local-app-secret", received.body.as_bytes());
        assert_ne!(signature, Some(right.as_str()), "{sign}");
    }
    assert!(bench.chat().await.is_empty());
}

#[tokio::test]
async fn buttons_are_shown_and_tapped() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let buttons = json!([{"type": "reply", "reply": {"id": "more", "title": "Still need help"}}]);
    let mut interactive = reply("");
    interactive["type"] = json!("interactive");
    interactive["interactive"] = json!({
        "type": "button",
        "body": {"text": "Are you there?"},
        "action": {"buttons": buttons},
    });
    let mut template = reply("");
    template["type"] = json!("template");
    let definition =
        json!({"name": "reopen", "language": "en_US", "body": "Hello {{1}}", "buttons": ["Yes"]});
    bench.options(json!({"templates": [definition]})).await;
    template["template"] = json!({
        "name": "reopen",
        "language": {"code": "en_US"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "yes"}]},
        ],
    });
    let mut wamids = Vec::new();
    for message in [interactive, template] {
        let (status, answer) = bench.send(message).await;
        assert_eq!(status, 200, "{answer}");
        wamids.push(answer["messages"][0]["id"].as_str().unwrap().to_owned());
    }
    bench.idle().await;
    let chat = bench.chat().await;
    assert_eq!(
        chat[1]["buttons"],
        json!([{"id": "more", "title": "Still need help"}])
    );
    assert_eq!(chat[1]["text"], "Are you there?");
    assert_eq!(chat[2]["template"]["name"], "reopen");
    assert_eq!(chat[2]["text"], "Hello Ana");

    let tap = format!("/api/customers/{PHONE}/tap");
    let taps = [
        (
            &wamids[0],
            "more",
            json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "more", "title": "Still need help"}}}),
        ),
        (
            &wamids[1],
            "yes",
            json!({"type": "button", "button": {"payload": "yes", "text": "Yes"}}),
        ),
    ];
    for (wamid, button, expected) in taps {
        let body = json!({"wamid": wamid, "button_id": button});
        let (status, answer) = bench.call(Method::POST, &tap, body).await;
        assert_eq!(status, 200, "{answer}");
        let last = bench.product.bodies().pop().unwrap();
        let message = &last["entry"][0]["changes"][0]["value"]["messages"][0];
        assert_eq!(
            message["context"],
            json!({"from": "15550783881", "id": wamid})
        );
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&message[name], value);
        }
    }
    let wrong = json!({"wamid": wamids[0], "button_id": "other"});
    assert_eq!(bench.call(Method::POST, &tap, wrong).await.0, 404);
}

#[tokio::test]
async fn a_customer_shares_the_own_card_when_asked_for_it() {
    let bench = Bench::start().await;
    let mut hidden = text("hi");
    hidden["hide_phone"] = json!(true);
    hidden["user_id"] = json!("DE.77");
    bench.write(hidden).await;
    let mut question = reply("");
    question["to"] = Value::Null;
    question["recipient"] = json!("DE.77");
    question["type"] = json!("interactive");
    let asked = |name: &str| {
        json!({"type": "request_contact_info", "body": {"text": "Your number?"},
            "action": {"name": name}})
    };
    for (name, status) in [("something", 400), ("request_contact_info", 200)] {
        question["interactive"] = asked(name);
        assert_eq!(bench.send(question.clone()).await.0, status, "{name}");
    }
    question["interactive"]["action"] = Value::Null;
    assert_eq!(bench.send(question).await.0, 400);
    let shown = bench.chat().await.pop().unwrap();
    assert_eq!(shown["text"], "Your number?");
    let button = json!({"id": "request_contact_info", "title": "Share contact info"});
    assert_eq!(shown["buttons"], json!([button]));

    let tap = json!({"wamid": shown["wamid"], "button_id": "request_contact_info"});
    let path = format!("/api/customers/{PHONE}/tap");
    assert_eq!(bench.call(Method::POST, &path, tap).await.0, 200);
    let message = bench.last_message();
    let own = json!({"phone": format!("+{PHONE}"), "wa_id": PHONE, "type": "CELL"});
    let card = json!([{"origin": "contact_request", "phones": [own]}]);
    assert_eq!(
        (&message["type"], &message["contacts"]),
        (&json!("contacts"), &card)
    );
    assert_eq!(message["context"]["id"], shown["wamid"]);
    assert_eq!(
        (&message["from"], &message["from_user_id"]),
        (&Value::Null, &json!("DE.77"))
    );
}

#[tokio::test]
async fn reading_the_chat_sends_read_statuses() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    bench.send(reply("one")).await;
    bench.send(reply("two")).await;
    bench.idle().await;
    let path = format!("/api/customers/{PHONE}/read");
    let (_, answer) = bench.call(Method::POST, &path, Value::Null).await;
    assert_eq!(answer, json!({"read": 2}));
    bench.idle().await;
    assert_eq!(bench.status_names()[4..], ["read", "read"]);
    let (_, answer) = bench.call(Method::POST, &path, Value::Null).await;
    assert_eq!(answer, json!({"read": 0}));
}

//! The product sends.

use chrono::TimeDelta;

use super::*;
use crate::whatsapp::state::bucket;

#[tokio::test]
async fn a_reply_in_the_window_is_delivered() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let mut message = reply("Hello");
    message["biz_opaque_callback_data"] = json!("OUT#1");
    let (status, answer) = bench.send(message).await;
    assert_eq!(status, 200);
    assert_eq!(answer["messaging_product"], "whatsapp");
    assert_eq!(
        answer["contacts"],
        json!([{"input": format!("+{PHONE}"), "wa_id": PHONE}])
    );
    bench.idle().await;

    let statuses = bench.statuses();
    assert_eq!(bench.status_names(), ["sent", "delivered"]);
    for status in &statuses {
        assert_eq!(status["id"], answer["messages"][0]["id"]);
        assert_eq!(status["recipient_id"], PHONE);
        assert_eq!(status["biz_opaque_callback_data"], "OUT#1");
        assert_eq!(status["pricing"]["category"], "service");
    }
    let value = bench.product.bodies().pop().unwrap();
    assert!(
        value
            .pointer("/entry/0/changes/0/value/contacts/0/user_id")
            .is_some()
    );
    let chat = bench.chat().await;
    assert_eq!(
        (&chat[1]["status"], &chat[1]["text"]),
        (&json!("delivered"), &json!("Hello"))
    );
}

#[tokio::test]
async fn the_closed_window_fails_in_three_ways() {
    for (mode, http, statuses, shown) in [
        ("async", 200, vec!["failed"], vec!["failed"]),
        ("sync", 400, vec![], vec![]),
        ("off", 200, vec!["sent", "delivered"], vec!["delivered"]),
    ] {
        let bench = Bench::start().await;
        bench.options(json!({"window_error": mode})).await;
        bench.write(text("hi")).await;
        bench.move_clock(TimeDelta::hours(24));
        let (status, answer) = bench.send(reply("late")).await;
        assert_eq!(status, http, "{mode}: {answer}");
        if mode == "sync" {
            assert_eq!(answer["error"]["code"], 131_047);
        }
        bench.idle().await;
        assert_eq!(bench.status_names(), statuses, "{mode}");
        let chat = bench.chat().await;
        let out: Vec<&Value> = chat[1..].iter().map(|message| &message["status"]).collect();
        assert_eq!(out, shown, "{mode}");
        if mode == "async" {
            assert_eq!(bench.statuses()[0]["errors"][0]["code"], 131_047);
            assert_eq!(chat[1]["error"]["code"], 131_047);
            let last = bench.product.bodies().pop().unwrap();
            assert!(last.pointer("/entry/0/changes/0/value/contacts").is_none());
        }
    }
}

#[tokio::test]
async fn the_window_follows_the_timestamp_and_templates_need_none() {
    let bench = Bench::start().await;
    let mut old = text("delayed");
    let sent = bench.clock.now() - TimeDelta::hours(23);
    old["timestamp"] = json!(sent.timestamp().to_string());
    bench.write(old).await;
    bench.send(reply("in time")).await;
    bench.move_clock(TimeDelta::hours(1));
    bench.send(reply("too late")).await;
    let mut template = reply("");
    template["type"] = json!("template");
    template["template"] = json!({"name": "answer_waiting", "language": {"code": "en_US"}});
    bench.send(template).await;
    bench.idle().await;
    let chat = bench.chat().await;
    let shown: Vec<&Value> = chat[1..].iter().map(|message| &message["status"]).collect();
    assert_eq!(shown, ["delivered", "failed", "delivered"]);
}

#[tokio::test]
async fn statuses_come_as_the_options_say() {
    for (mode, expected) in [
        ("ordered", vec!["sent", "delivered"]),
        ("shuffled", vec!["delivered", "sent"]),
        ("before_response", vec!["sent", "delivered"]),
        ("none", vec![]),
    ] {
        let bench = Bench::start().await;
        bench.options(json!({"statuses": mode})).await;
        bench.write(text("hi")).await;
        bench.send(reply("Hello")).await;
        if mode == "before_response" {
            assert_eq!(bench.status_names(), expected, "already at the answer");
        }
        bench.idle().await;
        assert_eq!(bench.status_names(), expected, "{mode}");
        assert_eq!(bench.chat().await[1]["status"], "delivered", "{mode}");
    }
}

#[tokio::test]
async fn users_without_a_phone_are_reached_by_their_id() {
    let bench = Bench::start().await;
    let mut hidden = text("hi");
    hidden["hide_phone"] = json!(true);
    hidden["user_id"] = json!("US.13491208655302741918");
    bench.write(hidden).await;
    let mut message = reply("Hello");
    message.as_object_mut().unwrap().remove("to");
    message["recipient"] = json!("US.13491208655302741918");
    let (status, answer) = bench.send(message.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let contact = json!({"input": "US.13491208655302741918", "user_id": "US.13491208655302741918"});
    assert_eq!(answer["contacts"][0], contact);
    bench.idle().await;
    let status = &bench.statuses()[0];
    assert_eq!(status["recipient_user_id"], "US.13491208655302741918");
    assert!(status.get("recipient_id").is_none());

    message["to"] = json!("+16505550000");
    let (_, answer) = bench.send(message).await;
    assert_eq!(answer["contacts"][0]["wa_id"], "16505550000", "`to` wins");
}

#[tokio::test]
async fn wrong_bodies_are_refused() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let with = |name: &str, value: Value| {
        let mut message = reply("x");
        message[name] = value;
        message
    };
    let button =
        |id: &str, title: &str| json!({"type": "reply", "reply": {"id": id, "title": title}});
    let buttons = |buttons: Value| {
        let mut message = with("type", json!("interactive"));
        message["interactive"] =
            json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}});
        message
    };
    let table = [
        (json!([]), 100),
        (with("messaging_product", json!("sms")), 100),
        (with("to", Value::Null), 131_008),
        (with("to", json!("+12")), 131_009),
        (with("recipient_type", json!("group")), 131_009),
        (with("type", Value::Null), 131_008),
        (with("type", json!("image")), 131_008),
        (with("type", json!("hologram")), 131_008),
        (with("text", json!({})), 131_008),
        (with("text", json!({"body": ""})), 131_008),
        (with("text", json!({"body": 5})), 100),
        (with("text", json!({"body": "x".repeat(4097)})), 100),
        (
            with("biz_opaque_callback_data", json!("x".repeat(513))),
            100,
        ),
        (buttons(json!([])), 131_008),
        (
            buttons(json!([button("1", "a"), button("2", "a")])),
            131_009,
        ),
        (buttons(json!([button("1", "x".repeat(21).as_str())])), 100),
        (
            buttons(json!([
                button("1", "a"),
                button("2", "b"),
                button("3", "c"),
                button("4", "d")
            ])),
            131_009,
        ),
    ];
    for (body, code) in table {
        let (status, answer) = bench.send(body.clone()).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(code)),
            "{body}"
        );
    }
    let longest = with("text", json!({"body": "x".repeat(4096)}));
    assert_eq!(bench.send(longest).await.0, 200);
}

#[tokio::test]
async fn without_a_plus_the_message_goes_to_another_number() {
    let bench = Bench::start().await;
    let mut message = reply("Hello");
    message["to"] = json!("4915112345678");
    let (_, answer) = bench.send(message).await;
    assert_eq!(answer["contacts"][0]["wa_id"], "14915112345678");
}

#[tokio::test]
async fn too_many_messages_to_one_user_are_refused() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let number = "106540352242922";
    {
        let mut state = crate::lock(&bench.simulator.shared.state);
        let now = bench.clock.now();
        while state.pair(number, PHONE).take(bucket::PAIR, now) {}
    }
    // From here the burst is in the future, so that the duration of this test does not matter.
    bench.move_clock(TimeDelta::hours(-1));
    let (status, answer) = bench.send(reply("x")).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_056)));
    bench.move_clock(TimeDelta::hours(2));
    assert_eq!(bench.send(reply("x")).await.0, 200);
}

#[tokio::test]
async fn messages_fail_as_they_are_told() {
    let bench = Bench::start().await;
    let options = json!({"fail_next": [131_049, 131_053], "undeliverable": ["16505550000"]});
    bench.options(options).await;
    bench.write(text("hi")).await;
    let mut unreachable = reply("x");
    unreachable["to"] = json!("+16505550000");
    for message in [reply("1"), reply("2"), reply("3"), unreachable] {
        assert_eq!(bench.send(message).await.0, 200);
        bench.idle().await;
    }
    assert_eq!(
        bench.status_names(),
        ["failed", "failed", "sent", "delivered", "failed"]
    );
    let codes: Vec<Value> = bench
        .statuses()
        .iter()
        .filter_map(|status| status.pointer("/errors/0/code").cloned())
        .collect();
    assert_eq!(codes, [131_049, 131_053, 131_026]);
}

#[tokio::test]
async fn calls_are_let_in_by_token_and_number() {
    let bench = Bench::start().await;
    let url = format!("{}/graph/v27.0/106540352242922/messages", bench.base);
    for token in [None, Some("wrong")] {
        let mut request = bench.http.post(&url).json(&reply("x"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], 190);
    }
    let table = [
        ("/graph/v27.0/1/messages", 400, 100),
        ("/graph/latest/106540352242922/messages", 400, 2500),
        ("/graph/v27.0/106540352242922/nothing", 404, 2500),
    ];
    for (path, status, code) in table {
        let (got, answer) = bench.call(Method::POST, path, reply("x")).await;
        assert_eq!(
            (got, &answer["error"]["code"]),
            (status, &json!(code)),
            "{path}"
        );
    }
    let (status, number) = bench
        .call(Method::GET, "/graph/v27.0/106540352242922", Value::Null)
        .await;
    assert_eq!(
        (status, &number["display_phone_number"]),
        (200, &json!("+15550783881"))
    );
}

#[tokio::test]
async fn templates_are_filled_in_when_they_are_defined() {
    let bench = Bench::start().await;
    let definition =
        json!({"name": "reopen", "language": "en_US", "body": "Hello {{1}}!", "buttons": ["Yes"]});
    bench.options(json!({"templates": [definition]})).await;
    let template = |name: &str, parameters: Value| {
        let mut message = reply("");
        message["type"] = json!("template");
        let body = json!({"type": "body", "parameters": parameters});
        message["template"] =
            json!({"name": name, "language": {"code": "en_US"}, "components": [body]});
        message
    };
    let ana = json!([{"type": "text", "text": "Ana"}]);
    let table = [
        ("reopen", ana.clone(), 200, Value::Null),
        ("reopen", json!([]), 400, json!(132_000)),
        ("other", ana, 404, json!(132_001)),
    ];
    for (name, parameters, status, code) in table {
        let (got, answer) = bench.send(template(name, parameters)).await;
        assert_eq!((got, &answer["error"]["code"]), (status, &code), "{name}");
    }
    let chat = bench.chat().await;
    assert_eq!(chat[0]["text"], "Hello Ana!");
    assert_eq!(chat[0]["buttons"], json!([{"id": "Yes", "title": "Yes"}]));
}

#[tokio::test]
async fn the_business_reads_what_the_customer_wrote() {
    let bench = Bench::start().await;
    let mut wamids = Vec::new();
    for words in ["one", "two", "three"] {
        wamids.push(bench.write(text(words)).await["wamid"].clone());
    }
    let read =
        |id: &Value| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id});
    let (status, answer) = bench.send(read(&wamids[1])).await;
    assert_eq!((status, answer), (200, json!({"success": true})));
    let chat = bench.chat().await;
    let statuses: Vec<_> = (0..3).map(|index| chat[index]["status"].clone()).collect();
    assert_eq!(statuses, ["read", "read", "delivered"], "and all before it");

    let mut typing = read(&wamids[2]);
    typing["typing_indicator"] = json!({"type": "text"});
    assert_eq!(bench.send(typing.clone()).await.0, 200);
    typing["typing_indicator"] = json!({"type": "song"});
    for wrong in [read(&json!("wamid.unknown")), typing] {
        let (status, answer) = bench.send(wrong).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_009)));
    }
}

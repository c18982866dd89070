use super::*;

const LIST: &str = "/graph/v27.0/102290129340398/message_templates";

fn template(name: &str, language: &str, components: Value) -> Value {
    let mut message = reply("");
    message["type"] = json!("template");
    message["template"] =
        json!({"name": name, "language": {"code": language}, "components": components});
    message
}

fn text_parameter(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn named(name: &str, text: &str) -> Value {
    json!({"type": "text", "parameter_name": name, "text": text})
}

fn body(parameters: Value) -> Value {
    json!({"type": "body", "parameters": parameters})
}

fn header(parameter: Value) -> Value {
    json!({"type": "header", "parameters": [parameter]})
}

fn url_end(end: &str) -> Value {
    json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [text_parameter(end)]})
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let bench = Bench::start().await;
    let mut path = format!("{LIST}?limit=4&fields=name");
    let mut names = Vec::new();
    loop {
        let (status, page) = bench.call(Method::GET, &path, Value::Null).await;
        assert_eq!(status, 200, "{page}");
        let data = page["data"].as_array().unwrap();
        names.extend(
            data.iter()
                .map(|one| one["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["paging"]["next"].as_str() else {
            break;
        };
        assert!(next.starts_with(&bench.base), "{next}");
        let after = page["paging"]["cursors"]["after"].as_str().unwrap();
        path = format!("{LIST}?limit=4&after={after}");
    }
    assert_eq!(names.len(), 9, "{names:?}");
    let (status, _) = bench
        .call(Method::GET, "/graph/v27.0/1/message_templates", Value::Null)
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn messages_have_to_fit_their_templates() {
    let bench = Bench::start().await;
    let order = |header: Value, values: Value, button: Value| {
        template(
            "order_update",
            "en_US",
            json!([header, body(values), button]),
        )
    };
    let values = json!([text_parameter("Ana"), text_parameter("Monday")]);
    let right = header(text_parameter("4711"));
    for (message, code) in [
        (order(right.clone(), values.clone(), url_end("4711")), 0),
        (
            order(
                right.clone(),
                json!([text_parameter("Ana")]),
                url_end("4711"),
            ),
            132_000,
        ),
        (
            template("order_update", "en_US", json!([body(values.clone())])),
            132_000,
        ),
        (
            template(
                "order_update",
                "en_US",
                json!([right.clone(), body(values.clone())]),
            ),
            131_008,
        ),
        (
            order(
                header(json!({"type": "image", "image": {"id": "1"}})),
                values.clone(),
                url_end("1"),
            ),
            132_012,
        ),
        (template("order_update", "fr", json!([])), 132_001),
        (template("winter_sale", "en_US", json!([])), 132_001),
        (template("payment_reminder", "en_US", json!([])), 132_015),
        (
            template(
                "appointment",
                "en_US",
                json!([body(json!([
                    named("day", "Monday"),
                    named("customer", "Ana")
                ]))]),
            ),
            0,
        ),
        (
            template(
                "appointment",
                "en_US",
                json!([body(json!([
                    text_parameter("Ana"),
                    text_parameter("Monday")
                ]))]),
            ),
            100,
        ),
        (
            template(
                "damage_report",
                "en_US",
                json!([
                    header(text_parameter("x")),
                    body(json!([text_parameter("4711")]))
                ]),
            ),
            132_012,
        ),
        (
            order(
                right,
                json!([text_parameter("A\nb"), text_parameter("x")]),
                url_end("1"),
            ),
            100,
        ),
        (
            template(
                "hello_world",
                "en_US",
                json!([body(json!([text_parameter("x")]))]),
            ),
            132_000,
        ),
    ] {
        let (_, answer) = bench.send(message.clone()).await;
        let got = answer["error"]["code"].as_i64().unwrap_or_default();
        assert_eq!(got, code, "{message} {answer}");
    }
    bench.idle().await;
    let chat = bench.chat().await;
    assert_eq!(
        chat[0]["text"],
        "Order 4711\nHello Ana, your order arrives on Monday.\nThe shop"
    );
    assert_eq!(
        chat[0]["buttons"],
        json!([
            {"id": "Thanks", "title": "Thanks"},
            {"id": "Track it", "title": "Track it", "link": "https://shop.example/track/4711"},
        ])
    );
    assert_eq!(chat[1]["text"], "Hello Ana, we expect you on Monday.");
    assert_eq!(chat[1]["status"], "delivered");
    let tap = json!({"wamid": chat[0]["wamid"], "button_id": "Track it"});
    let (status, _) = bench
        .call(Method::POST, &format!("/api/customers/{PHONE}/tap"), tap)
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_changed_status_is_told() {
    let bench = Bench::start().await;
    let path = "/api/whatsapp/templates/hello_world/en_US/status";
    for (status, code) in [("PAUSED", 132_015), ("DISABLED", 132_016), ("APPROVED", 0)] {
        let (answered, _) = bench
            .call(Method::POST, path, json!({"status": status}))
            .await;
        assert_eq!(answered, 200);
        let told = bench.product.bodies().pop().unwrap();
        let change = told.pointer("/entry/0/changes/0").unwrap();
        assert_eq!(change["field"], "message_template_status_update");
        assert_eq!(change["value"]["event"], status);
        assert_eq!(change["value"]["message_template_name"], "hello_world");
        assert!(told["entry"][0]["time"].is_i64());
        let (_, answer) = bench
            .send(template("hello_world", "en_US", json!([])))
            .await;
        let got = answer["error"]["code"].as_i64().unwrap_or_default();
        assert_eq!(got, code, "{status}");
    }
    let (unknown, _) = bench
        .call(
            Method::POST,
            "/api/whatsapp/templates/other/en_US/status",
            json!({"status": "PAUSED"}),
        )
        .await;
    assert_eq!(unknown, 404);
}

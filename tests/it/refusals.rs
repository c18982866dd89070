use casement_tests::Stack;
use casement_tests::signing::{APP_SECRET, JIRA_SECRET, VERIFY_TOKEN, signature};
use reqwest::Method;
use serde_json::json;

/// The answer to a wrong signature.
const WRONG_SIGNATURE: &str = r#"{"detail":"the signature does not match any secret that Casement knows","status":401,"title":"Unauthorized","type":"about:blank"}"#;

/// The answer to a wrong verify token.
const WRONG_TOKEN: &str = r#"{"detail":"the verify token does not match the one in Casement's secret","status":403,"title":"Forbidden","type":"about:blank"}"#;

const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;

async fn post(
    stack: &Stack,
    path: &str,
    header: &str,
    value: Option<&str>,
    body: &str,
) -> (u16, String) {
    let mut request = stack.client().post(stack.url(path)).body(body.to_owned());
    if let Some(value) = value {
        request = request.header(header, value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_forged_whatsapp_webhook_is_refused() {
    let stack = Stack::start().await;
    let header = "x-hub-signature-256";
    let right = signature(APP_SECRET, BODY.as_bytes());
    let forged = signature("another secret", BODY.as_bytes());
    let of_another_body = signature(APP_SECRET, b"{}");
    for (value, status, text) in [
        (Some(right.as_str()), 200, ""),
        (Some(&forged), 401, WRONG_SIGNATURE),
        (Some(&of_another_body), 401, WRONG_SIGNATURE),
        (Some("sha256=00"), 401, WRONG_SIGNATURE),
        (None, 401, WRONG_SIGNATURE),
    ] {
        let (answered, body) = post(&stack, "/whatsapp", header, value, BODY).await;
        assert_eq!(answered, status, "{value:?}");
        assert_eq!(body, text, "{value:?}");
    }
    assert!(stack.requests().await.is_empty());
}

#[tokio::test]
async fn a_forged_jira_webhook_is_refused() {
    let stack = Stack::start().await;
    let body = r#"{"webhookEvent":"comment_created"}"#;
    let right = signature(JIRA_SECRET, body.as_bytes());
    let forged = signature(APP_SECRET, body.as_bytes());
    for (value, status) in [
        (Some(right.as_str()), 200),
        (Some(&forged), 401),
        (None, 401),
    ] {
        let (answered, _) = post(&stack, "/jira", "x-hub-signature", value, body).await;
        assert_eq!(answered, status, "{value:?}");
    }
}

#[tokio::test]
async fn meta_subscribes_with_the_right_token_only() {
    let stack = Stack::start().await;
    let ask = async |token: &str| {
        let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}");
        let url = stack.url(&format!("/whatsapp?{query}"));
        let response = stack.client().get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(ask(VERIFY_TOKEN).await, (200, "1158201444".to_owned()));
    assert_eq!(ask("guess").await, (403, WRONG_TOKEN.to_owned()));
}

#[tokio::test]
async fn what_is_not_json_is_taken_and_forgotten() {
    let stack = Stack::start().await;
    let not_json = "the body is not JSON and is left alone";
    for (body, text) in [
        ("not json", not_json),
        ("", not_json),
        ("[]", ""),
        ("{}", ""),
        (r#"{"object":"page","entry":[{}]}"#, ""),
    ] {
        let value = signature(APP_SECRET, body.as_bytes());
        let header = "x-hub-signature-256";
        let answer = post(&stack, "/whatsapp", header, Some(&value), body).await;
        assert_eq!(answer, (200, text.to_owned()), "{body:?}");
    }
    stack.settle().await;
    assert!(stack.requests().await.is_empty());
}

#[tokio::test]
async fn a_webhook_that_no_queue_has_taken_is_not_confirmed() {
    let stack = Stack::start().await;
    stack
        .fault(json!({"target": "sqs", "kind": "status", "status": 503}))
        .await;
    let status = stack.customer_writes("4915112345678", "hello").await;
    assert_eq!(status, 503, "Meta shall send it again");
    stack.fair_weather().await;
    stack.settle().await;
    // The simulator repeats the webhook by itself, like Meta.
    stack.advance(std::time::Duration::from_secs(3600)).await;
    stack.settle().await;
    assert_eq!(stack.request().await.public(), ["hello"]);
}

#[tokio::test]
async fn an_example_webhook_becomes_a_request() {
    let stack = Stack::start().await;
    let example = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{
    "field": "messages",
    "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Zoë / Ñandú"}, "wa_id": "16505550100"}],
        "messages": [{"from": "16505550100", "id": "wamid.EXAMPLE", "timestamp": "1749416383",
            "type": "text", "text": {"body": "Käse / [~accountid:1] *b*"}}],
    }}]}]});
    let answer = stack
        .api(Method::POST, "/api/webhooks/whatsapp", example)
        .await;
    assert_eq!(answer["status"], 200);
    stack.quiet().await;
    let request = stack.request().await;
    assert_eq!(request.public(), ["Käse / [~accountid:1] *b*"]);
    let forged = json!({"object": "whatsapp_business_account", "entry": []});
    let answer = stack
        .api(Method::POST, "/api/webhooks/whatsapp?sign=wrong", forged)
        .await;
    assert_eq!(answer["status"], 401);
}

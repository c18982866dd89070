//! `casement connect`: what is missing is set up, and nothing twice.

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

async fn post(stack: &Stack, path: &str, body: Value) {
    stack.api(Method::POST, path, body).await;
}

#[tokio::test]
async fn connecting_whatsapp_does_what_is_missing_and_nothing_twice() {
    let stack = Stack::start().await;
    let elsewhere =
        json!({"url": "https://other.example/hook", "active": true, "fields": ["calls"]});
    let setup = json!({"app_subscribed": false, "callback": elsewhere,
        "refused_fields": ["standby", "security"]});
    post(&stack, "/api/whatsapp/setup", setup).await;

    let said = stack.casement(&["connect", "whatsapp"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.errors
            .contains("in place of https://other.example/hook"),
        "{said:?}"
    );
    assert!(said.errors.contains("--yes"), "{said:?}");
    assert_eq!(stack.casement(&["check"]).await.code, 1);

    let said = stack.casement(&["connect", "whatsapp", "--yes"]).await;
    assert_eq!(said.code, 0, "{said:?}");
    let setup = stack
        .api(Method::GET, "/api/whatsapp/setup", Value::Null)
        .await;
    assert_eq!(setup["callback"]["url"], stack.url("/whatsapp"));
    let fields = setup["callback"]["fields"].as_array().unwrap();
    for (field, expected) in [
        ("messages", true),
        ("calls", true),
        ("account_update", true),
        ("template_category_update", true),
        ("messaging_handovers", true),
        ("standby", false),
        ("security", false),
    ] {
        assert_eq!(fields.contains(&json!(field)), expected, "{fields:?}");
    }
    assert!(
        said.text
            .contains("does not offer the app security, standby")
    );
    let checked = stack.casement(&["check"]).await;
    assert_eq!(checked.code, 0, "{}", checked.text);
    assert!(checked.text.contains("lacks security, standby"));
    post(&stack, "/api/whatsapp/setup", json!({"refused_fields": []})).await;
    let said = stack.casement(&["connect", "whatsapp", "--yes"]).await;
    assert_eq!(said.code, 0, "{said:?}");
    let again = stack.casement(&["connect", "whatsapp"]).await;
    assert_eq!(again.text, "Everything is connected already.\n");

    post(
        &stack,
        "/api/whatsapp/setup",
        json!({"callback": elsewhere}),
    )
    .await;
    let said = stack
        .casement(&["connect", "whatsapp", "--override", "--yes"])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    let setup = stack
        .api(Method::GET, "/api/whatsapp/setup", Value::Null)
        .await;
    assert_eq!(setup["callback"], elsewhere, "the app's own address stays");
    assert_eq!(setup["override_url"], stack.url("/whatsapp"));
}

#[tokio::test]
async fn connecting_jira_registers_or_corrects_the_webhook() {
    let stack = Stack::start().await;
    let wrong = json!([{"id": 7, "name": "Casement", "url": stack.url("/jira"), "enabled": false,
                        "events": ["comment_created"]}]);
    for webhooks in [json!([]), wrong] {
        post(&stack, "/api/jira/setup", json!({"webhooks": webhooks})).await;
        let said = stack.casement(&["connect", "jira", "--yes"]).await;
        assert_eq!(said.code, 0, "{said:?}");
        assert_eq!(stack.casement(&["check"]).await.code, 0);
        let again = stack.casement(&["connect", "jira"]).await;
        assert_eq!(again.text, "Everything is connected already.\n");
    }
    post(&stack, "/api/jira/setup", json!({"administrator": false})).await;
    let said = stack.casement(&["connect", "jira", "--yes"]).await;
    assert_eq!(said.code, 1);
    assert!(said.errors.contains("JIRA_ADMIN_EMAIL"), "{said:?}");
    assert!(said.errors.contains("System > WebHooks"), "{said:?}");
}

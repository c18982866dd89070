//! `casement check`: all green on a healthy stack, and one red row for each fault.

use casement_tests::{Said, Stack};
use reqwest::Method;
use serde_json::{Value, json};

async fn check(stack: &Stack) -> Said {
    stack.casement(&["check", "--json"]).await
}

/// Returns the red rows: name, detail and advice.
fn wrong(said: &Said) -> Vec<(String, String, String)> {
    let report = said.json();
    let rows = report["rows"].as_array().unwrap().iter();
    let wrong = rows.filter(|row| row["verdict"] == "wrong");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    wrong
        .map(|row| (text(&row["what"]), text(&row["detail"]), text(&row["fix"])))
        .collect()
}

fn assert_healthy(said: &Said) {
    assert_eq!(wrong(said), [], "{}", said.text);
    assert_eq!(
        (said.code, said.json()["ok"].as_bool()),
        (0, Some(true)),
        "{}",
        said.text
    );
    let rows = said.json()["rows"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 28);
    assert!(
        rows.iter().all(|row| row["verdict"] == "ok"),
        "{}",
        said.text
    );
}

#[tokio::test]
async fn a_healthy_stack_has_nothing_to_do() {
    let stack = Stack::start().await;
    assert_healthy(&check(&stack).await);
    let said = stack.casement(&["check"]).await;
    assert!(said.text.ends_with("Nothing to do.\n"), "{}", said.text);
    // A day and an hour later the stack is still healthy.
    stack.advance(std::time::Duration::from_secs(90_000)).await;
    assert_healthy(&check(&stack).await);
}

#[tokio::test]
async fn a_stack_at_the_cloud_api_is_healthy_too() {
    let stack = Stack::start_with(&["--cloud-api"]).await;
    assert_healthy(&check(&stack).await);
    stack.customer_wrote("4915112345678", "Hello").await;
    assert_eq!(stack.request().await.public(), ["Hello"]);
    let plain = json!({"jira_oauth_client_id": null, "jira_oauth_client_secret": null,
        "jira_oauth_token_url": null, "jira_email": "casement@example.com",
        "jira_api_token": "local-jira-token"});
    for (credentials, advice) in [
        (json!({"jira_oauth_client_secret": "another"}), "scopes"),
        (plain, "SITE.atlassian.net"),
    ] {
        let change = json!({"credentials": credentials});
        stack.api(Method::PATCH, "/api/secrets", change).await;
        let found = wrong(&check(&stack).await);
        assert_eq!(found.len(), 1, "{credentials} {found:?}");
        assert_eq!(found[0].0, "Jira account");
        assert!(found[0].2.contains(advice), "{found:?}");
    }
    let service =
        json!({"credentials": {"jira_email": null, "jira_api_token": "local-scoped-token"}});
    stack.api(Method::PATCH, "/api/secrets", service).await;
    assert_healthy(&check(&stack).await);
}

/// Returns settings for the local stack's number with one key changed.
fn settings(change: (&str, &str)) -> String {
    let usual = [
        ("phone_number_id", "106540352242922"),
        ("service_desk_id", "1"),
        ("request_type_id", "10"),
        ("reference_field", "description"),
        ("phone_field", "customfield_10050"),
        ("window_field", "customfield_10054"),
    ];
    let lines = usual.map(|(key, value)| {
        let value = if key == change.0 { change.1 } else { value };
        format!("{key} = \"{value}\"\n")
    });
    format!("[[number]]\n{}", lines.concat())
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_one_row_with_its_advice() {
    let stack = Stack::start().await;
    let (meta, jira, secrets) = ("/api/whatsapp/setup", "/api/jira/setup", "/api/secrets");
    let soon = chrono::Utc::now().timestamp() + 86_400;
    let elsewhere =
        json!({"url": "https://other.example/hook", "active": true, "fields": ["messages"]});
    let off = json!({"url": stack.url("/whatsapp"), "active": false, "fields": ["messages"]});
    let no_field = json!({"url": stack.url("/whatsapp"), "active": true, "fields": ["calls"]});
    let webhook = |enabled: bool, events: &[&str]| {
        json!({"webhooks": [{"id": 1, "name": "Casement", "url": stack.url("/jira"),
            "enabled": enabled, "events": events}]})
    };
    let all = ["comment_created", "comment_updated", "comment_deleted"];
    let service =
        json!({"credentials": {"jira_email": null, "jira_api_token": "local-scoped-token"}});
    for (path, change, row, advice) in [
        (
            meta,
            json!({"token_expires_at": soon}),
            "WhatsApp token",
            "never ends",
        ),
        (
            meta,
            json!({"token_valid": false}),
            "WhatsApp token",
            "whatsapp_access_token",
        ),
        (
            meta,
            json!({"token_type": "USER"}),
            "WhatsApp token",
            "system user",
        ),
        (
            meta,
            json!({"token_scopes": ["whatsapp_business_management"]}),
            "WhatsApp token",
            "both",
        ),
        (
            meta,
            json!({"number_status": "FLAGGED"}),
            "WhatsApp number",
            "WhatsApp Manager",
        ),
        (
            meta,
            json!({"number_health": "BLOCKED"}),
            "account health",
            "Business support",
        ),
        (
            meta,
            json!({"app_subscribed": false}),
            "WhatsApp account",
            "connect whatsapp",
        ),
        (
            meta,
            json!({"override_url": "https://o.example/"}),
            "WhatsApp account",
            "connect whatsapp",
        ),
        (
            meta,
            json!({"callback": elsewhere}),
            "WhatsApp webhook",
            "connect whatsapp",
        ),
        (
            meta,
            json!({"callback": off}),
            "WhatsApp webhook",
            "connect whatsapp",
        ),
        (
            meta,
            json!({"callback": no_field}),
            "WhatsApp webhook",
            "connect whatsapp",
        ),
        (
            secrets,
            json!({"webhook": {"whatsapp_app_secrets": ["the-secret-of-another-app"]}}),
            "WhatsApp webhook",
            "App settings",
        ),
        (
            secrets,
            json!({"webhook": {"whatsapp_verify_token": null}}),
            "webhook secret",
            "casement secret set",
        ),
        (
            secrets,
            json!({"credentials": {"jira_api_token": null}}),
            "credentials secret",
            "casement secret set",
        ),
        (
            secrets,
            json!({"webhook": {"whatsapp_access_token": "EAAG"}}),
            "webhook secret",
            "casement secret set",
        ),
        (
            secrets,
            json!({"credentials": {"jira_api_token": "ended"}}),
            "Jira account",
            "api-tokens",
        ),
        (secrets, service, "Jira account", "/ex/jira/CLOUD-ID"),
        (
            secrets,
            json!({"webhook": {"jira_account_id": "712020:other"}}),
            "jira_account_id",
            "remove it",
        ),
        (
            jira,
            json!({"denied_permissions": ["SERVICEDESK_AGENT"]}),
            "Jira permissions",
            "Service Desk Team",
        ),
        (
            jira,
            json!({"required_fields": ["customfield_10051"]}),
            "request form",
            "optional",
        ),
        (
            jira,
            json!({"webhooks": []}),
            "Jira webhook",
            "connect jira",
        ),
        (jira, webhook(false, &all), "Jira webhook", "connect jira"),
        (
            jira,
            webhook(true, &all[..1]),
            "Jira webhook",
            "connect jira",
        ),
        (jira, json!({"clock_ahead_s": 120}), "clock", "NTP"),
    ] {
        let method = if path == secrets {
            Method::PATCH
        } else {
            Method::POST
        };
        stack.api(method, path, change.clone()).await;
        let said = check(&stack).await;
        let found = wrong(&said);
        assert_eq!(found.len(), 1, "{change}: {}", said.text);
        assert_eq!(found[0].0, row, "{change}: {found:?}");
        assert!(found[0].2.contains(advice), "{change}: {found:?}");
        assert_eq!(said.code, 1, "{change}");
        stack.api(Method::POST, "/api/reset", Value::Null).await;
    }
    for (change, row, advice) in [
        (
            ("phone_number_id", "1"),
            "WhatsApp number",
            "phone number id",
        ),
        (
            ("service_desk_id", "9"),
            "Jira permissions",
            "service_desk_id",
        ),
        (("request_type_id", "99"), "request form", "request_type_id"),
        (
            ("reference_field", "customfield_10099"),
            "request form",
            "request form",
        ),
        (
            ("phone_field", "customfield_10098"),
            "request form",
            "request form",
        ),
        (
            ("window_field", "customfield_10055"),
            "request form",
            "Date Time Picker",
        ),
    ] {
        let put = stack
            .client()
            .put(stack.url("/api/settings"))
            .body(settings(change));
        assert!(put.send().await.unwrap().status().is_success());
        let found = wrong(&check(&stack).await);
        assert_eq!(found.len(), 1, "{change:?}: {found:?}");
        assert_eq!(found[0].0, row, "{change:?}: {found:?}");
        assert!(found[0].2.contains(advice), "{change:?}: {found:?}");
    }
    stack.api(Method::POST, "/api/reset", Value::Null).await;
    assert_healthy(&check(&stack).await);

    // The function still has the token from before the change.
    let change = json!({"webhook": {"whatsapp_verify_token": "a-newer-one"}});
    stack.api(Method::PATCH, secrets, change).await;
    let found = wrong(&check(&stack).await);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "verify token");
    assert!(found[0].2.contains("five minutes"), "{found:?}");
}

#[tokio::test]
async fn without_credentials_or_a_stack_the_way_out_is_named() {
    // The first stack of a run builds the command.
    drop(Stack::start().await);
    let said = casement_tests::casement_alone(&["check"]).await;
    assert_eq!(said.code, 2);
    assert!(
        said.errors.contains("AWS_REGION is not set"),
        "{}",
        said.errors
    );
    assert!(
        said.errors.contains("aws configure export-credentials"),
        "{}",
        said.errors
    );
    let nowhere = ["check", "--local=http://127.0.0.1:1"];
    let said = casement_tests::casement_alone(&nowhere).await;
    assert_eq!(said.code, 1);
    assert!(
        said.errors.contains("no local stack answers"),
        "{}",
        said.errors
    );
    let said = casement_tests::casement_alone(&["tail", "--stack-name", "acme"]).await;
    assert_eq!(said.code, 0);
    assert!(
        said.text
            .contains("aws logs tail /aws/lambda/acme/inbound-message --follow")
    );
}

#[tokio::test]
async fn a_request_that_the_platform_hides_is_named_with_advice() {
    let stack = Stack::start().await;
    let hidden = json!({"hidden_issues": true});
    stack.api(Method::POST, "/api/jira/options", hidden).await;
    assert_healthy(&check(&stack).await);
    let shown = json!({"hidden_issues": false});
    stack
        .api(Method::POST, "/api/jira/options", shown.clone())
        .await;
    stack.customer_wrote("4915112345678", "Hello").await;
    assert_healthy(&check(&stack).await);
    let hidden = json!({"hidden_issues": true});
    stack.api(Method::POST, "/api/jira/options", hidden).await;
    let found = wrong(&check(&stack).await);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "Jira permissions");
    assert!(found[0].2.contains("security level"), "{found:?}");
    stack.api(Method::POST, "/api/jira/options", shown).await;
    assert_healthy(&check(&stack).await);
}

#[tokio::test]
async fn a_reopening_template_has_to_be_approved_and_useful() {
    let stack = Stack::start().await;
    let account = "102290129340398";
    let put = async |name: &str| {
        let settings = format!(
            "{}business_account_id = \"{account}\"\n[number.reopening_template]\n\
             name = \"{name}\"\nlanguage = \"en_US\"\n",
            settings(("", ""))
        );
        let put = stack.client().put(stack.url("/api/settings"));
        let answer = put.body(settings).send().await.unwrap();
        assert!(answer.status().is_success());
    };
    put("answer_waiting").await;
    assert_healthy(&check(&stack).await);
    let pause = "/api/whatsapp/templates/answer_waiting/en_US/status";
    stack
        .api(Method::POST, pause, json!({"status": "PAUSED"}))
        .await;
    for (name, expected) in [
        ("answer_waiting", "is PAUSED"),
        ("unheard_of", "not in the account"),
    ] {
        put(name).await;
        let found = wrong(&check(&stack).await);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(found[0].0, "reopening template");
        assert!(found[0].1.contains(expected), "{found:?}");
    }
}

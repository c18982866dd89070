//! What Meta reports about the business account reaches the operators.

use casement_tests::Stack;
use casement_tests::corpus::from_elsewhere;
use casement_tests::meta::{change, now, webhook};
use reqwest::Method;
use serde_json::{Value, json};

use crate::metrics::sum;

const ANA: &str = "4915112345678";

/// The business account of the local stack.
const ACCOUNT: &str = "102290129340398";

const FIELDS: [&str; 7] = [
    "account_update",
    "account_alerts",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "security",
    "template_category_update",
];

fn report(field: &str, value: Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [
        {"id": ACCOUNT, "time": chrono::Utc::now().timestamp(),
            "changes": [{"field": field, "value": value}]}]})
}

async fn metrics(stack: &Stack) -> Value {
    stack.api(Method::GET, "/api/metrics", Value::Null).await
}

#[tokio::test]
async fn what_stops_sending_is_counted_and_said_with_what_to_do() {
    let stack = Stack::start().await;
    let elsewhere = json!({"object": "whatsapp_business_account", "entry": [{"id": "77",
        "time": chrono::Utc::now().timestamp(), "changes": [
            {"field": "account_update", "value": {"event": "ACCOUNT_DELETED"}}]}]});
    for body in [
        report(
            "account_update",
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
        ),
        report(
            "account_update",
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}),
        ),
        report(
            "phone_number_quality_update",
            json!({"event": "FLAGGED", "display_phone_number": "15550783881"}),
        ),
        report(
            "security",
            json!({"event": "PIN_RESET_REQUEST", "display_phone_number": "15550783881",
                "requester": "61555822107539"}),
        ),
        report(
            "account_alerts",
            json!({"alert_info": {"alert_type": "MADE_UP", "alert_severity": "CRITICAL",
                "alert_status": "ACTIVE", "alert_description": "Limits for Ana Lima"}}),
        ),
        report("account_update", json!({"event": "MADE_UP"})),
        elsewhere,
    ] {
        stack.meta_posted(&body).await;
    }
    stack.settle().await;
    let metrics = metrics(&stack).await;
    for (name, dimension, expected) in [
        ("Account", None, 6.0),
        ("Account", Some(("Kind", "account_disabled")), 1.0),
        ("Account", Some(("Kind", "account_reinstated")), 1.0),
        ("Account", Some(("Kind", "quality_flagged")), 1.0),
        ("Account", Some(("Kind", "pin_reset_requested")), 1.0),
        ("Account", Some(("Kind", "alert_critical")), 1.0),
        ("Account", Some(("Kind", "other")), 1.0),
        ("AccountStops", None, 1.0),
        ("AccountLimits", None, 2.0),
        ("Ignored", Some(("Reason", "other_account")), 1.0),
    ] {
        let counted = sum(&metrics, name, dimension);
        assert_eq!(counted, expected, "{name} {dimension:?}: {metrics:#}");
    }
    let log = stack.logged();
    for said in [
        "Meta has disabled the account",
        "ask for a review",
        "the quality of a number is low",
    ] {
        assert!(log.contains(said), "{said}");
    }
    for secret in ["15550783881", "61555822107539", "Ana Lima"] {
        assert!(!log.contains(secret), "{secret}");
    }
    assert_eq!(stack.state().await["dead_letters"], json!([]));
}

#[tokio::test]
async fn a_reopening_template_that_becomes_advertising_is_named() {
    let stack = Stack::start().await;
    let settings = format!(
        "[[number]]\nphone_number_id = \"106540352242922\"\nservice_desk_id = \"1\"\n\
         request_type_id = \"10\"\nreference_field = \"description\"\n\
         business_account_id = \"{ACCOUNT}\"\n[number.reopening_template]\n\
         name = \"answer_waiting\"\nlanguage = \"en_US\"\n"
    );
    let request = stack.client().put(stack.url("/api/settings"));
    let response = request.body(settings).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    let value = |name: &str, more: Value| {
        let mut value = json!({"message_template_id": 1, "message_template_name": name,
            "message_template_language": "en-US"});
        for (key, member) in more.as_object().unwrap() {
            value[key] = member.clone();
        }
        report("template_category_update", value)
    };
    let tomorrow = chrono::Utc::now().timestamp() + 86_400;
    let announced = json!({"new_category": "UTILITY", "correct_category": "MARKETING",
        "category_update_timestamp": tomorrow});
    let changed = json!({"previous_category": "UTILITY", "new_category": "MARKETING"});
    let back = json!({"previous_category": "MARKETING", "new_category": "UTILITY"});
    for body in [
        value("answer_waiting", announced.clone()),
        value("answer_waiting", changed.clone()),
        value("answer_waiting", back),
        value("spring_offer", announced),
        value("spring_offer", changed),
    ] {
        stack.meta_posted(&body).await;
    }
    stack.settle().await;
    let metrics = metrics(&stack).await;
    for kind in [
        "reopening_template_to_marketing",
        "reopening_template_is_marketing",
    ] {
        let counted = sum(&metrics, "Account", Some(("Kind", kind)));
        assert_eq!(counted, 1.0, "{kind}: {metrics:#}");
    }
    assert_eq!(sum(&metrics, "Account", None), 2.0, "{metrics:#}");
    assert_eq!(sum(&metrics, "AccountLimits", None), 2.0, "{metrics:#}");
    let log = stack.logged();
    let said = log.lines().filter(|line| line.contains("+1"));
    assert_eq!(said.count(), 2, "the log says the consequence");
}

/// Removes and replaces each member of a value, one at a time.
fn hostile(value: &Value) -> Vec<Value> {
    let mut all = vec![json!(null), json!("?"), json!([]), json!(7), json!({})];
    let Some(members) = value.as_object() else {
        return all;
    };
    for (name, member) in members {
        let mut without = value.clone();
        without.as_object_mut().unwrap().remove(name);
        all.push(without);
        let inner = if member.is_object() {
            hostile(member)
        } else {
            vec![json!(null), json!({"a": 1}), json!([null]), json!(-1)]
        };
        for other in inner {
            let mut changed = value.clone();
            changed[name] = other;
            all.push(changed);
        }
    }
    all
}

#[tokio::test]
async fn every_shape_of_an_account_field_is_counted() {
    let samples = from_elsewhere();
    let of_accounts = |change: &Value| {
        let field = change["field"].as_str()?;
        let is_ours = FIELDS.contains(&field);
        is_ours.then(|| (field.to_owned(), change["value"].clone()))
    };
    let mut changes = Vec::new();
    for sample in &samples {
        let entries = sample.body["entry"].as_array().into_iter().flatten();
        let all = entries.flat_map(|entry| entry["changes"].as_array().into_iter().flatten());
        changes.extend(all.filter_map(of_accounts));
    }
    if samples.is_empty() {
        changes = FIELDS.map(|field| (field.to_owned(), json!({}))).into();
    }
    for field in FIELDS {
        assert!(changes.iter().any(|(name, _)| name == field), "{field}");
    }
    let stack = Stack::start().await;
    let (mut accounts, mut templates) = (0, 0);
    let mut posts = 0;
    for (field, value) in &changes {
        let values = [vec![value.clone()], hostile(value)].concat();
        let list = values
            .iter()
            .map(|value| json!({"field": field, "value": value}));
        let body = json!({"object": "whatsapp_business_account", "entry": [
            {"id": ACCOUNT, "time": {"not": "a time"}, "changes": list.collect::<Vec<_>>()}]});
        stack.meta_posted(&body).await;
        posts += 1;
        if field == "template_category_update" {
            templates += values.iter().filter(|value| value.is_object()).count();
        } else {
            accounts += values.len();
        }
    }
    stack.settle().await;
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let tally = stack.tally(posts).await;
    assert_eq!(tally.taken[4], accounts, "{tally:#?}");
    let ended = |kind: &str| tally.ended_of(kind);
    assert_eq!(ended("account_event"), accounts, "{tally:#?}");
    let unreadable = tally.skipped.get("unreadable").copied().unwrap_or_default();
    assert!(tally.taken[3] >= templates, "{tally:#?}");
    assert_eq!(tally.taken[3], ended("template_change"), "{tally:#?}");
    let posted: usize = changes
        .iter()
        .map(|(_, value)| 1 + hostile(value).len())
        .sum();
    assert_eq!(tally.taken[3] + accounts + unreadable, posted, "{tally:#?}");
}

#[tokio::test]
async fn fields_that_casement_does_not_know_are_named() {
    let stack = Stack::start().await;
    let odd = "x".repeat(41);
    let fields = ["flows", "flows", "history", "Ana Lima", &odd];
    let changes = fields.map(|field| json!({"field": field, "value": {"body": "Ana Lima"}}));
    stack.meta_posted(&webhook(changes.into())).await;
    stack.settle().await;
    let metrics = metrics(&stack).await;
    for (field, expected) in [("flows", 2.0), ("history", 1.0), ("other", 2.0)] {
        let counted = sum(&metrics, "UnknownField", Some(("Field", field)));
        assert_eq!(counted, expected, "{field}: {metrics:#}");
    }
    let ignored = sum(&metrics, "Ignored", Some(("Reason", "other_field")));
    assert_eq!(ignored, 5.0, "{metrics:#}");
    assert!(!stack.logged().contains("Ana Lima"));
}

#[tokio::test]
async fn a_message_is_billed_once_however_often_meta_says_so() {
    let stack = Stack::start().await;
    let silent = json!({"statuses": "none"});
    stack
        .api(Method::POST, "/api/whatsapp/options", silent)
        .await;
    stack.customer_wrote(ANA, "Where is it?").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It comes today").await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let chat = chat.as_array().unwrap();
    let ours = chat.iter().find(|one| one["text"] == "It comes today");
    let ours = ours.unwrap_or_else(|| panic!("{chat:#?}"));
    let wamid = ours["wamid"].as_str().unwrap().to_owned();
    let status = |status: &str, pricing: Value| {
        let mut item = json!({"id": wamid, "status": status, "timestamp": now(),
            "recipient_id": ANA});
        if !pricing.is_null() {
            item["pricing"] = pricing;
        }
        webhook(vec![change(json!({"statuses": [item]}))])
    };
    let service = json!({"billable": true, "pricing_model": "PMP", "type": "regular",
        "category": "service"});
    for body in [
        status("read", Value::Null),
        status("delivered", service.clone()),
        status("sent", service.clone()),
        status("delivered", service.clone()),
        status("read", service),
    ] {
        stack.meta_posted(&body).await;
        stack.settle().await;
    }
    let metrics = metrics(&stack).await;
    let billed = sum(&metrics, "Billed", Some(("Category", "service")));
    assert_eq!(billed, 1.0, "{metrics:#}");
    assert_eq!(sum(&metrics, "Billed", None), 1.0, "{metrics:#}");
    assert_eq!(sum(&metrics, "FreeOfCharge", None), 0.0, "{metrics:#}");
}

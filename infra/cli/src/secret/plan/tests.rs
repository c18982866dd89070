use serde_json::json;

use super::super::tests::stubs::{EMAIL, whole};
use super::*;

fn contents(webhook: Value, credentials: Value) -> Contents {
    let members = |value: Value| value.as_object().unwrap().clone();
    Contents::new(members(webhook), members(credentials))
}

#[test]
fn only_what_is_missing_or_not_usable_is_asked_for() {
    use Ask::{Account, List, Value as One};
    let (webhook, credentials) = whole();
    let with = |key: &str, value: Value| {
        let (mut webhook, mut credentials) = (webhook.clone(), credentials.clone());
        match Which::of(key).unwrap() {
            Which::Webhook => webhook[key] = value,
            Which::Credentials => credentials[key] = value,
        }
        contents(webhook, credentials)
    };
    let all = contents(json!({}), json!({}));
    for (contents, only, expected) in [
        (
            &all,
            None,
            vec![
                List("whatsapp_app_secrets"),
                One("whatsapp_verify_token"),
                List("jira_webhook_secrets"),
                One("whatsapp_access_token"),
                Account,
            ],
        ),
        (&with("jira_account_id", Value::Null), None, vec![]),
        (
            &with("jira_webhook_secrets", json!(["short"])),
            None,
            vec![List("jira_webhook_secrets")],
        ),
        (
            &with("whatsapp_verify_token", json!(" ")),
            None,
            vec![One("whatsapp_verify_token")],
        ),
        (
            &with("jira_api_token", json!("")),
            None,
            vec![One("jira_api_token")],
        ),
        (
            &with("jira_email", json!("a\nb")),
            None,
            vec![One("jira_email")],
        ),
        (
            &with("jira_oauth_client_id", json!("id")),
            None,
            vec![Account],
        ),
        (&with("jira_email", Value::Null), None, vec![]),
        (&all, Some("jira_account"), vec![Account]),
        (&all, Some("jira_oauth_client_id"), vec![Account]),
        (
            &with("jira_email", json!("a")),
            Some("jira_oauth_client_id"),
            vec![Account],
        ),
        (
            &with("jira_email", json!("a")),
            Some("jira_api_token"),
            vec![One("jira_api_token")],
        ),
        (
            &all,
            Some("jira_webhook_secrets"),
            vec![List("jira_webhook_secrets")],
        ),
    ] {
        assert_eq!(to_ask(contents, only), expected, "{only:?}");
    }
}

#[test]
fn a_document_changes_what_it_names() {
    let (webhook, credentials) = whole();
    for (document, key, expected) in [
        (
            json!({"whatsapp_verify_token": "w"}),
            "whatsapp_verify_token",
            Ok(json!("w")),
        ),
        (
            json!({"jira_api_token": "new"}),
            "jira_email",
            Ok(json!(EMAIL)),
        ),
        (
            json!({"jira_api_token": "new", "jira_email": null}),
            "jira_email",
            Ok(Value::Null),
        ),
        (
            json!({"jira_oauth_client_id": "id", "jira_oauth_client_secret": "s"}),
            "jira_api_token",
            Ok(Value::Null),
        ),
        (
            json!({"jira_api_token": "new"}),
            "something_else",
            Ok(json!(7)),
        ),
        (
            json!({"jira_webhook_secrets": ["short"]}),
            "",
            Err("fewer than 16"),
        ),
        (
            json!({"jira_email": "a", "jira_oauth_client_id": "id"}),
            "",
            Err("two kinds"),
        ),
        (
            json!({"jira_tokens": "a"}),
            "",
            Err("none of whatsapp_app_secrets"),
        ),
        (json!(["a"]), "", Err("not a JSON object")),
    ] {
        let mut contents = contents(webhook.clone(), credentials.clone());
        let taken = take_over(&mut contents, &document.to_string());
        match expected {
            Ok(value) => {
                taken.unwrap();
                let which = Which::of(key).unwrap_or(Which::Credentials);
                let found = contents.of(which).get(key).cloned();
                assert_eq!(found.unwrap_or_default(), value, "{document}");
            }
            Err(part) => {
                let why = taken.unwrap_err();
                assert!(why.contains(part), "{why}");
            }
        }
    }
}

#[test]
fn keys_in_the_wrong_secret_are_moved() {
    let (webhook, credentials) = whole();
    let mut exchanged = contents(credentials.clone(), webhook.clone());
    assert_eq!(exchanged.put_right().len(), 7);
    assert_eq!(exchanged.faults(), [""; 0]);
    let mut former = credentials;
    former
        .as_object_mut()
        .unwrap()
        .extend(webhook.as_object().unwrap().clone());
    let mut former = contents(json!({"whatsapp_verify_token": "newer"}), former);
    former.put_right();
    assert_eq!(former.faults(), [""; 0]);
    // What stands where it belongs stays.
    assert_eq!(former.of(Which::Webhook)["whatsapp_verify_token"], "newer");
}

#[test]
fn contents_are_not_shown() {
    let (webhook, credentials) = whole();
    let shown = format!("{:?}", contents(webhook, credentials));
    assert_eq!(shown, "Contents { .. }");
}

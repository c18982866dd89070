pub(super) mod stubs;

use serde_json::Map;

use self::stubs::{
    API, APP, EMAIL, HOOK, OTHER_APP, Played, Store, TOKEN, place, place_with, whole, whole_store,
};
use super::*;

fn leaves(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| leaves(one, all)),
        Value::Object(members) => members.values().for_each(|one| leaves(one, all)),
        _ => {}
    }
}

/// Sets the secrets, and looks for every value in everything that was said.
async fn play(
    store: &Store,
    source: Source<'_>,
    answers: &[(&'static str, &'static str)],
) -> (Result<Outcome, Problem>, String) {
    let mut values = answers
        .iter()
        .map(|(_, answer)| (*answer).to_owned())
        .collect::<Vec<_>>();
    leaves(&store.json("webhook"), &mut values);
    leaves(&store.json("credentials"), &mut values);
    let (place, _server) = place(store).await;
    let mut person = Played {
        answers: answers.iter().copied().collect(),
        ..Played::default()
    };
    let outcome = set(&place, &mut person, false, &source).await;
    assert!(person.answers.is_empty(), "not asked: {:?}", person.heard);
    leaves(&store.json("webhook"), &mut values);
    leaves(&store.json("credentials"), &mut values);
    let mut heard = person.heard.join("\n");
    heard.push_str(&match &outcome {
        Ok(outcome) => format!("\n{}\n{} {outcome:?}", outcome.text(), outcome.json()),
        Err(problem) => format!("\n{problem}"),
    });
    for value in values.iter().filter(|value| value.len() > 3) {
        assert!(!heard.contains(value.as_str()), "{value} in {heard}");
    }
    (outcome, heard)
}

#[tokio::test]
async fn a_new_stack_is_asked_for_everything() {
    let store = Store::default();
    let answers = [
        ("whatsapp_app_secrets", APP),
        ("whatsapp_verify_token: g makes", "g"),
        ("jira_webhook_secrets: g makes", "t"),
        ("jira_webhook_secrets (is not shown", "too short"),
        ("jira_webhook_secrets (is not shown", HOOK),
        ("whatsapp_access_token", TOKEN),
        ("Which one?", "1"),
        ("jira_email", EMAIL),
        ("jira_api_token", API),
    ];
    let (outcome, heard) = play(&store, Source::Questions(None), &answers).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.faults, [""; 0], "{heard}");
    let webhook = store.json("webhook");
    assert_eq!(webhook["whatsapp_app_secrets"], json!([APP]));
    assert_eq!(webhook["jira_webhook_secrets"], json!([HOOK]));
    assert_eq!(webhook["jira_account_id"], "712020:1");
    assert_eq!(webhook["whatsapp_verify_token"].as_str().unwrap().len(), 64);
    assert_eq!(
        store.json("credentials"),
        json!({"whatsapp_access_token": TOKEN, "jira_email": EMAIL, "jira_api_token": API})
    );
    assert_eq!(*store.writes.lock().unwrap(), ["webhook", "credentials"]);
    for part in [
        "missing     whatsapp_app_secrets",
        "missing     jira_account\n",
        "not set     jira_account_id",
        "fewer than 16 characters",
        "whatsapp_access_token: valid, and does not end.",
        "whatsapp_app_secrets: it is the one of the token's app.",
        "the Jira account: an e-mail address and API token at the site.",
        "within five minutes",
    ] {
        assert!(heard.contains(part), "{part}: {heard}");
    }
}

#[tokio::test]
async fn what_is_whole_is_left_alone() {
    let store = whole_store();
    let (outcome, heard) = play(&store, Source::Questions(None), &[]).await;
    assert!(outcome.unwrap().written.is_empty());
    assert!(
        heard.contains("set         whatsapp_access_token"),
        "{heard}"
    );
    assert!(heard.contains("Nothing is changed."), "{heard}");
    assert!(store.writes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_empty_answer_leaves_a_value_as_it_is() {
    let store = Store::default();
    let answers = [
        ("whatsapp_app_secrets", ""),
        ("whatsapp_verify_token", ""),
        ("jira_webhook_secrets", ""),
        ("whatsapp_access_token", TOKEN),
        ("Which one?", "3"),
        ("jira_oauth_client_id", "a-client-of-oauth"),
        ("jira_oauth_client_secret", ""),
    ];
    let (outcome, heard) = play(&store, Source::Questions(None), &answers).await;
    assert_eq!(outcome.unwrap().faults.len(), 2, "{heard}");
    assert_eq!(*store.writes.lock().unwrap(), ["credentials"]);
    let expected = json!({"whatsapp_access_token": TOKEN});
    assert_eq!(store.json("credentials"), expected);
    assert!(
        heard.contains("the Jira account stays as it was"),
        "{heard}"
    );
}

#[tokio::test]
async fn what_is_refused_is_written_only_if_the_person_says_so() {
    for (key, question, value, says) in [
        (
            "whatsapp_access_token",
            "Write whatsapp_access_token",
            "bad-access-token",
            "not valid",
        ),
        (
            "jira_api_token",
            "Write the Jira account",
            "bad-api-token",
            "refused at the site",
        ),
    ] {
        for (answer, is_written) in [("no", false), ("", false), ("yes", true)] {
            let store = whole_store();
            let answers = [(key, value), (question, answer)];
            let (outcome, heard) = play(&store, Source::Questions(Some(key)), &answers).await;
            outcome.unwrap();
            assert!(heard.contains(says), "{heard}");
            assert_eq!(
                store.json("credentials")[key] == value,
                is_written,
                "{heard}"
            );
            if !is_written {
                assert!(store.writes.lock().unwrap().is_empty());
                assert_eq!(store.json("credentials"), whole().1);
            }
        }
    }
    // Whose id the new account has, Jira did not say.
    let store = whole_store();
    let answers = [("jira_api_token", "bad-api-token"), ("Write", "yes")];
    play(&store, Source::Questions(Some("jira_api_token")), &answers)
        .await
        .0
        .unwrap();
    assert_eq!(store.json("webhook")["jira_account_id"], Value::Null);
}

#[tokio::test]
async fn an_app_secret_is_tried_with_the_token_that_is_there() {
    let key = "whatsapp_app_secrets";
    let store = whole_store();
    let answers = [("has 1: 1 puts", "1"), (key, OTHER_APP)];
    play(&store, Source::Questions(Some(key)), &answers)
        .await
        .0
        .unwrap();
    assert_eq!(store.json("webhook")[key], json!([OTHER_APP, APP]));
    let answers = [("3 keeps the newest", "3")];
    play(&store, Source::Questions(Some(key)), &answers)
        .await
        .0
        .unwrap();
    assert_eq!(store.json("webhook")[key], json!([OTHER_APP]));
    let answers = [
        ("has 1", "2"),
        (key, "another-app-secret-3"),
        ("Write", "no"),
    ];
    let (_, heard) = play(&store, Source::Questions(Some(key)), &answers).await;
    assert!(heard.contains("error 190"), "{heard}");
    assert_eq!(store.json("webhook")[key], json!([OTHER_APP]));
}

#[tokio::test]
async fn without_a_network_the_person_decides() {
    let store = whole_store();
    // Secrets Manager answers, Meta does not.
    let nowhere = ("WhatsappBaseUrl", "http://127.0.0.1:1");
    let (place, _server) = place_with(&store, &[nowhere]).await;
    let mut person = Played {
        answers: [
            ("whatsapp_access_token", "new-access-token"),
            ("Write", "yes"),
        ]
        .into(),
        ..Played::default()
    };
    let source = Source::Questions(Some("whatsapp_access_token"));
    set(&place, &mut person, false, &source).await.unwrap();
    let heard = person.heard.join("\n");
    assert!(heard.contains("Meta does not answer"), "{heard}");
    assert_eq!(
        store.json("credentials")["whatsapp_access_token"],
        "new-access-token"
    );
}

#[tokio::test]
async fn a_script_gives_a_document() {
    let store = Store::default();
    let (webhook, credentials) = whole();
    let mut all: Map<String, Value> = webhook.as_object().unwrap().clone();
    all.remove("jira_account_id");
    all.extend(credentials.as_object().unwrap().clone());
    all.remove("something_else");
    let source = Source::Document(Value::Object(all).to_string().into());
    let (outcome, heard) = play(&store, source, &[]).await;
    assert_eq!(outcome.unwrap().faults, [""; 0], "{heard}");
    assert_eq!(store.json("webhook"), webhook);
    let source = Source::Document("{\"an_api_token\": \"x\"}".to_owned().into());
    let (outcome, _) = play(&store, source, &[]).await;
    assert!(matches!(outcome.unwrap_err(), Problem::Usage(why) if why.contains("--from-stdin")));
}

#[tokio::test]
async fn an_empty_value_counts_as_none() {
    let store = Store::default();
    store.put("webhook", "");
    store.put("credentials", "");
    let key = "whatsapp_access_token";
    let (outcome, heard) = play(&store, Source::Questions(Some(key)), &[(key, TOKEN)]).await;
    outcome.unwrap();
    assert!(
        heard.contains("missing     whatsapp_app_secrets"),
        "{heard}"
    );
    assert_eq!(store.json("credentials"), json!({key: TOKEN}));
}

#[tokio::test]
async fn what_is_no_object_is_replaced_only_if_the_person_says_so() {
    let store = Store::with(&json!("a text"), &whole().1);
    let (outcome, _) = play(&store, Source::Questions(None), &[("no JSON object", "no")]).await;
    assert!(outcome.unwrap_err().to_string().contains("stays as it is"));
    assert!(store.writes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_key_in_the_wrong_secret_is_written_before_it_is_removed() {
    let (mut webhook, mut credentials) = whole();
    let token = credentials.as_object_mut().unwrap();
    let token = token.remove("whatsapp_access_token").unwrap();
    webhook["whatsapp_access_token"] = token;
    let store = Store::with(&webhook, &credentials);
    let (outcome, heard) = play(&store, Source::Questions(None), &[]).await;
    assert_eq!(outcome.unwrap().faults, [""; 0], "{heard}");
    assert_eq!(*store.writes.lock().unwrap(), ["credentials", "webhook"]);
    assert_eq!((store.json("webhook"), store.json("credentials")), whole());
}

#[tokio::test]
async fn an_app_secret_that_cannot_be_tried_is_said_to_be() {
    let store = Store::default();
    let key = "whatsapp_app_secrets";
    let (_, heard) = play(&store, Source::Questions(Some(key)), &[(key, APP)]).await;
    assert!(heard.contains("not tried"), "{heard}");
    assert_eq!(store.json("webhook")[key], json!([APP]));
}

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Map;
use wiremock::matchers::{any, method, path, path_regex};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::*;
use crate::args::PlaceOptions;

const APP: &str = "good-app-secret-0001";
const OTHER_APP: &str = "good-app-secret-0002";
const VERIFY: &str = "good-verify-token";
const HOOK: &str = "good-hook-secret-0001";
const TOKEN: &str = "good-access-token";
const EMAIL: &str = "bridge@example.com";
const API: &str = "good-api-token";

/// Both secrets as they are stored, by name.
#[derive(Clone, Default)]
struct Store {
    values: Arc<Mutex<BTreeMap<String, String>>>,
    writes: Arc<Mutex<Vec<String>>>,
}

impl Store {
    fn with(webhook: &Value, credentials: &Value) -> Self {
        let store = Self::default();
        for (name, value) in [("webhook", webhook), ("credentials", credentials)] {
            if !value.is_null() {
                let mut values = store.values.lock().unwrap();
                values.insert(name.to_owned(), value.to_string());
            }
        }
        store
    }

    fn json(&self, name: &str) -> Value {
        let values = self.values.lock().unwrap();
        let text = values.get(name).cloned().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }
}

impl Respond for Store {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let name = body["SecretId"].as_str().unwrap().to_owned();
        let target = request.headers["x-amz-target"].to_str().unwrap();
        let mut values = self.values.lock().unwrap();
        let answer = if target.ends_with("PutSecretValue") {
            let value = body["SecretString"].as_str().unwrap().to_owned();
            values.insert(name.clone(), value);
            self.writes.lock().unwrap().push(name.clone());
            Ok(json!({"Name": name}))
        } else if let Some(value) = values.get(&name) {
            Ok(json!({"Name": name, "SecretString": value}))
        } else {
            Err(json!({"__type": "ResourceNotFoundException", "Message":
                "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"}))
        };
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(body) => (400, body),
        };
        ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
    }
}

fn graph(request: &Request) -> ResponseTemplate {
    let bearer = request.headers["authorization"].to_str().unwrap();
    if request.url.path().ends_with("debug_token") {
        let is_valid = bearer == format!("Bearer {TOKEN}");
        return ResponseTemplate::new(200).set_body_json(json!({"data": {
            "app_id": if is_valid { "77" } else { "" }, "type": "SYSTEM_USER", "is_valid": is_valid,
            "expires_at": 0,
            "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
        }}));
    }
    let good = [APP, OTHER_APP].map(|secret| format!("Bearer 77|{secret}"));
    if good.iter().any(|one| one == bearer) {
        ResponseTemplate::new(200).set_body_json(json!({"data": []}))
    } else {
        ResponseTemplate::new(400).set_body_json(json!({"error": {"code": 190}}))
    }
}

fn jira(request: &Request) -> ResponseTemplate {
    // base64 of bridge@example.com:good-api-token
    let good = "Basic YnJpZGdlQGV4YW1wbGUuY29tOmdvb2QtYXBpLXRva2Vu";
    if request.headers["authorization"] == good {
        ResponseTemplate::new(200).set_body_json(json!({"accountId": "712020:1"}))
    } else {
        ResponseTemplate::new(401)
    }
}

/// A deployment with these secrets, at a Meta and a Jira that know the good values.
async fn place(store: &Store) -> (Place, MockServer) {
    let server = MockServer::start().await;
    let uri = server.uri();
    let outputs = [
        ("WebhookSecretArn", "webhook".to_owned()),
        ("CredentialsSecretArn", "credentials".to_owned()),
        ("WhatsappBaseUrl", format!("{uri}/graph")),
        ("GraphApiVersion", "v23.0".to_owned()),
        ("JiraBaseUrl", format!("{uri}/jira")),
    ];
    let outputs = outputs.map(|(key, value)| json!({"OutputKey": key, "OutputValue": value}));
    let answers = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    Mock::given(path("/api/outputs"))
        .respond_with(answers(json!(outputs)))
        .mount(&server)
        .await;
    Mock::given(path("/api/clock"))
        .respond_with(answers(json!({"now": "2026-11-30T10:00:00Z"})))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path_regex("^/_via/casement/0/secretsmanager"))
        .respond_with(store.clone())
        .mount(&server)
        .await;
    Mock::given(path_regex("^/graph/"))
        .respond_with(graph)
        .mount(&server)
        .await;
    Mock::given(path("/jira/rest/api/3/myself"))
        .respond_with(jira)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500))
        .with_priority(9)
        .mount(&server)
        .await;
    let options = PlaceOptions {
        local: Some(uri),
        ..PlaceOptions::default()
    };
    (Place::find(&options).await.unwrap(), server)
}

/// Plays the person: for each question a part of it, and the answer.
#[derive(Default)]
struct Played {
    answers: VecDeque<(&'static str, &'static str)>,
    heard: Vec<String>,
}

impl Played {
    fn next(&mut self, question: &str) -> &'static str {
        self.heard.push(question.to_owned());
        let (part, answer) = self.answers.pop_front().expect(question);
        assert!(question.contains(part), "{question}: not about {part}");
        answer
    }
}

impl Person for Played {
    fn tell(&mut self, line: &str) -> Result<(), Problem> {
        self.heard.push(line.to_owned());
        Ok(())
    }

    fn hidden(&mut self, question: &str) -> Result<SecretString, Problem> {
        Ok(SecretString::from(self.next(question)))
    }

    fn answer(&mut self, question: &str) -> Result<String, Problem> {
        Ok(self.next(question).to_owned())
    }
}

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
    assert_eq!(person.answers, [], "not asked");
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

fn whole() -> (Value, Value) {
    let webhook = json!({"whatsapp_app_secrets": [APP], "whatsapp_verify_token": VERIFY,
        "jira_webhook_secrets": [HOOK], "jira_account_id": "712020:1"});
    let credentials = json!({"whatsapp_access_token": TOKEN, "jira_email": EMAIL,
        "jira_api_token": API, "something_else": 7});
    (webhook, credentials)
}

fn whole_store() -> Store {
    let (webhook, credentials) = whole();
    Store::with(&webhook, &credentials)
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
    let (mut place, server) = place(&store).await;
    // Secrets Manager answers, Meta does not.
    place = Place {
        http: reqwest::Client::builder()
            .proxy(reqwest::Proxy::all("http://127.0.0.1:9").unwrap())
            .build()
            .unwrap(),
        ..place
    };
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
    drop(server);
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
async fn what_is_no_object_is_replaced_only_if_the_person_says_so() {
    let store = Store::with(&json!("a text"), &whole().1);
    let (outcome, _) = play(&store, Source::Questions(None), &[("no JSON object", "no")]).await;
    assert!(outcome.unwrap_err().to_string().contains("stays as it is"));
    assert!(store.writes.lock().unwrap().is_empty());
}

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

//! A deployment whose Secrets Manager, Meta and Jira are played, and the person.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path, path_regex};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::super::person::Person;
use crate::Problem;
use crate::args::PlaceOptions;
use crate::place::Place;

pub(in crate::secret) const APP: &str = "good-app-secret-0001";
pub(in crate::secret) const OTHER_APP: &str = "good-app-secret-0002";
const VERIFY: &str = "good-verify-token";
pub(in crate::secret) const HOOK: &str = "good-hook-secret-0001";
pub(in crate::secret) const TOKEN: &str = "good-access-token";
pub(in crate::secret) const EMAIL: &str = "bridge@example.com";
pub(in crate::secret) const API: &str = "good-api-token";

/// Both secrets as they are stored, by name.
#[derive(Clone, Default)]
pub(in crate::secret) struct Store {
    values: Arc<Mutex<BTreeMap<String, String>>>,
    pub(in crate::secret) writes: Arc<Mutex<Vec<String>>>,
}

impl Store {
    pub(in crate::secret) fn with(webhook: &Value, credentials: &Value) -> Self {
        let store = Self::default();
        for (name, value) in [("webhook", webhook), ("credentials", credentials)] {
            if !value.is_null() {
                let mut values = store.values.lock().unwrap();
                values.insert(name.to_owned(), value.to_string());
            }
        }
        store
    }

    /// Gives a secret this text as its value.
    pub(in crate::secret) fn put(&self, name: &str, text: &str) {
        let mut values = self.values.lock().unwrap();
        values.insert(name.to_owned(), text.to_owned());
    }

    pub(in crate::secret) fn json(&self, name: &str) -> Value {
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
pub(in crate::secret) async fn place(store: &Store) -> (Place, MockServer) {
    place_with(store, &[]).await
}

/// The same, with other names.
pub(in crate::secret) async fn place_with(
    store: &Store,
    names: &[(&str, &str)],
) -> (Place, MockServer) {
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
        names: names
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        ..PlaceOptions::default()
    };
    (Place::find(&options).await.unwrap(), server)
}

/// Plays the person: for each question a part of it, and the answer.
#[derive(Default)]
pub(in crate::secret) struct Played {
    pub(in crate::secret) answers: VecDeque<(&'static str, &'static str)>,
    pub(in crate::secret) heard: Vec<String>,
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

pub(in crate::secret) fn whole() -> (Value, Value) {
    let webhook = json!({"whatsapp_app_secrets": [APP], "whatsapp_verify_token": VERIFY,
        "jira_webhook_secrets": [HOOK], "jira_account_id": "712020:1"});
    let credentials = json!({"whatsapp_access_token": TOKEN, "jira_email": EMAIL,
        "jira_api_token": API, "something_else": 7});
    (webhook, credentials)
}

pub(in crate::secret) fn whole_store() -> Store {
    let (webhook, credentials) = whole();
    Store::with(&webhook, &credentials)
}

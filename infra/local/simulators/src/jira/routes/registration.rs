//! The webhooks of administrators, `/rest/webhooks/1.0`.
//!
//! Source: Atlassian, "Webhooks", registering a webhook by the REST API.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, PlatformError, body_of};
use crate::jira::setup::Webhook;
use crate::jira::state::State as Site;
use crate::lock;

type Answer<T> = Result<T, PlatformError>;

pub(crate) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/webhooks/1.0/webhook", get(list).post(register))
        .route(
            "/rest/webhooks/1.0/webhook/{id}",
            get(show).put(change).delete(remove),
        )
}

impl JiraSimulator {
    /// Returns the webhooks, if the service account is an administrator.
    fn webhooks<'a>(&self, state: &'a mut Site) -> Result<&'a mut Vec<Webhook>, JiraError> {
        if !state.setup.administrator {
            return Err(JiraError::with_message(
                StatusCode::FORBIDDEN,
                "You do not have permission to access webhooks.",
            ));
        }
        let events = ["comment_created", "comment_updated", "comment_deleted"];
        let own = self.shared.outbox.url().map(|url| Webhook {
            id: 1,
            name: "Casement".to_owned(),
            url,
            events: events.map(str::to_owned).into(),
            enabled: true,
            exclude_body: false,
        });
        let all = &mut state.setup.webhooks;
        Ok(all.get_or_insert_with(|| own.into_iter().collect()))
    }

    fn write_webhook(&self, webhook: &Webhook) -> Value {
        let site = &self.shared.config.site_url;
        json!({
            "name": webhook.name,
            "url": webhook.url,
            "excludeBody": webhook.exclude_body,
            "filters": {"issue-related-events-section": ""},
            "events": webhook.events,
            "enabled": webhook.enabled,
            "self": format!("{site}/rest/webhooks/1.0/webhook/{}", webhook.id),
        })
    }
}

async fn list(State(simulator): State<JiraSimulator>) -> Answer<Json<Vec<Value>>> {
    let mut state = lock(&simulator.shared.state);
    let webhooks = simulator.webhooks(&mut state)?;
    let all = webhooks.iter();
    Ok(Json(
        all.map(|webhook| simulator.write_webhook(webhook))
            .collect(),
    ))
}

/// A webhook to be registered. The secret can be set but never read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    name: String,
    url: String,
    events: Vec<String>,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default)]
    exclude_body: bool,
}

fn yes() -> bool {
    true
}

impl Registration {
    fn read(body: &[u8]) -> Result<Self, JiraError> {
        let registration: Self = body_of(body)?;
        if registration.name.trim().is_empty() || registration.url.trim().is_empty() {
            return Err(JiraError::bad_request("A webhook has a name and a URL."));
        }
        Ok(registration)
    }

    fn webhook(self, id: u64) -> Webhook {
        Webhook {
            id,
            name: self.name,
            url: self.url,
            events: self.events,
            enabled: self.enabled,
            exclude_body: self.exclude_body,
        }
    }
}

async fn register(
    State(simulator): State<JiraSimulator>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    let wanted = Registration::read(&body)?;
    let mut state = lock(&simulator.shared.state);
    let webhooks = simulator.webhooks(&mut state)?;
    let id = webhooks.iter().map(|webhook| webhook.id).max().unwrap_or(0) + 1;
    let webhook = wanted.webhook(id);
    let written = simulator.write_webhook(&webhook);
    webhooks.push(webhook);
    Ok((StatusCode::CREATED, Json(written)))
}

fn no_webhook() -> JiraError {
    JiraError::not_found("The webhook does not exist.")
}

async fn show(State(simulator): State<JiraSimulator>, Path(id): Path<u64>) -> Answer<Json<Value>> {
    let mut state = lock(&simulator.shared.state);
    let found = simulator
        .webhooks(&mut state)?
        .iter()
        .find(|one| one.id == id);
    let webhook = found.ok_or_else(no_webhook)?;
    Ok(Json(simulator.write_webhook(webhook)))
}

async fn change(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<u64>,
    body: Bytes,
) -> Answer<Json<Value>> {
    let wanted = Registration::read(&body)?;
    let mut state = lock(&simulator.shared.state);
    let mut all = simulator.webhooks(&mut state)?.iter_mut();
    let webhook = all.find(|one| one.id == id).ok_or_else(no_webhook)?;
    *webhook = wanted.webhook(id);
    Ok(Json(simulator.write_webhook(webhook)))
}

async fn remove(State(simulator): State<JiraSimulator>, Path(id): Path<u64>) -> Answer<StatusCode> {
    let mut state = lock(&simulator.shared.state);
    let all = simulator.webhooks(&mut state)?;
    let before = all.len();
    all.retain(|one| one.id != id);
    if all.len() == before {
        return Err(no_webhook().into());
    }
    Ok(StatusCode::NO_CONTENT)
}

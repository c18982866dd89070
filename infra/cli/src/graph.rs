//! Asking Meta's Graph API about what is registered there.

use std::time::Duration;

use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::Problem;
use crate::place::Place;

/// Longer than a call takes that makes Meta ask our webhook first.
const PATIENCE: Duration = Duration::from_secs(20);

/// The Graph API with one of its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    http: Client,
    /// With the version.
    base: String,
    token: SecretString,
}

/// What Meta said instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GraphFailure {
    /// Nothing.
    Unreachable,
    /// An error, by its code (Meta, "Error codes").
    Refused(u64),
}

impl std::fmt::Display for GraphFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => f.write_str("Meta does not answer"),
            Self::Refused(190) => f.write_str("Meta refuses the token (error 190)"),
            Self::Refused(code) => write!(f, "Meta refuses the call (error {code})"),
        }
    }
}

impl From<GraphFailure> for Problem {
    fn from(failure: GraphFailure) -> Self {
        Self::Failed(format!("{failure}: run `casement check`"))
    }
}

impl Graph {
    pub(crate) fn new(place: &Place, token: SecretString) -> Result<Self, Problem> {
        let base = place.name("WhatsappBaseUrl")?;
        let version = place.name("GraphApiVersion")?;
        Ok(Self {
            http: place.http.clone(),
            base: format!("{}/{version}", base.trim_end_matches('/')),
            token,
        })
    }

    /// The same with the token of the app itself: its id and its secret (Meta, "Access tokens",
    /// app access tokens).
    pub(crate) fn as_app(&self, app_id: &str, secret: &SecretString) -> Self {
        Self {
            token: SecretString::from(format!("{app_id}|{}", secret.expose_secret())),
            ..self.clone()
        }
    }

    pub(crate) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, GraphFailure> {
        self.call(Method::GET, path, query, None).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Value, GraphFailure> {
        self.call(Method::POST, path, query, body).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Value, GraphFailure> {
        let request = self
            .http
            .request(method, format!("{}/{path}", self.base))
            .timeout(PATIENCE)
            .bearer_auth(self.token.expose_secret())
            .query(query);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request
            .send()
            .await
            .map_err(|_| GraphFailure::Unreachable)?;
        let is_success = answer.status().is_success();
        let body: Value = answer.json().await.map_err(|_| GraphFailure::Unreachable)?;
        if is_success && body.get("error").is_none() {
            Ok(body)
        } else {
            Err(GraphFailure::Refused(
                body["error"]["code"].as_u64().unwrap_or(0),
            ))
        }
    }
}

//! A client for Meta's Graph API.

use std::time::Duration;

use casement_core::model::fate::{WhatsappCode, advise};
use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::Problem;
use crate::place::Place;

/// The timeout of a call. Some calls take long, since Meta first calls our webhook.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client of the Graph API with one token.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    http: Client,
    /// The base URL, with the API version.
    base: String,
    token: SecretString,
}

/// Why Meta gave no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GraphFailure {
    /// No answer.
    Unreachable,
    /// A status whose body is missing or unreadable.
    Failing(u16),
    /// An error with its code (Meta, "Error codes").
    Refused(i64),
}

impl std::fmt::Display for GraphFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => f.write_str("Meta does not answer"),
            Self::Failing(status) => write!(f, "Meta is failing (status {status})"),
            Self::Refused(190) => f.write_str("Meta refuses the token (error 190)"),
            Self::Refused(code) => write!(f, "Meta refuses the call (error {code})"),
        }
    }
}

impl GraphFailure {
    /// Returns whether the refusal may be about one of the fields of a list, and not about the token,
    /// the address or the number of calls (Meta, "Error codes", "Rate limits").
    pub(crate) fn may_be_about_a_field(self) -> bool {
        let about_more = [1, 2, 4, 17, 32, 190, 368, 613, 2200];
        matches!(self, Self::Refused(code)
            if !about_more.contains(&code) && !(80_000..=80_014).contains(&code))
    }

    /// Returns general advice, or `None` if the right advice depends on the call.
    pub(crate) fn advice(self) -> Option<&'static str> {
        match self {
            Self::Unreachable => Some("check the network, and Meta's status page (metastatus.com)"),
            Self::Failing(_) => Some("try again later; see metastatus.com"),
            Self::Refused(code) => advise(WhatsappCode(code)),
        }
    }

    /// Returns whether Meta does not know the id.
    pub(crate) fn is_unknown_id(self) -> bool {
        matches!(self, Self::Refused(33 | 100))
    }

    /// Returns general advice, or `otherwise` if there is none.
    pub(crate) fn advice_or(self, otherwise: &'static str) -> &'static str {
        self.advice().unwrap_or(otherwise)
    }
}

/// Advice that points to the list of codes.
pub(crate) const SEE_CODES: &str =
    "look the code up under developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes";

impl From<GraphFailure> for Problem {
    fn from(failure: GraphFailure) -> Self {
        Self::Failed(format!("{failure}: {}", failure.advice_or(SEE_CODES)))
    }
}

impl Graph {
    pub(crate) fn new(place: &Place, token: SecretString) -> Result<Self, Problem> {
        let base = place.name("WhatsappBaseUrl")?;
        let version = place.name("GraphApiVersion")?;
        Ok(Self::at(&place.http, &base, &version, token))
    }

    /// Makes a client without a deployment.
    pub(crate) fn at(http: &Client, base: &str, version: &str, token: SecretString) -> Self {
        Self {
            http: http.clone(),
            base: format!("{}/{version}", base.trim_end_matches('/')),
            token,
        }
    }

    /// Asks Meta about the token itself (Graph API, "Debug-Token").
    pub(crate) async fn debug_token(&self) -> Result<Value, GraphFailure> {
        let input = [("input_token", self.token.expose_secret())];
        self.get("debug_token", &input).await
    }

    /// Returns a client with the app access token, made of the app's id and secret (Meta, "Access
    /// tokens").
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
        let status = answer.status();
        let body = answer.bytes().await;
        let body = body.map_err(|_| GraphFailure::Unreachable)?;
        let failing = GraphFailure::Failing(status.as_u16());
        let body: Value = serde_json::from_slice(&body).map_err(|_| failing)?;
        if status.is_success() && body.get("error").is_none() {
            return Ok(body);
        }
        let code = body["error"]["code"].as_i64();
        Err(code.map_or(failing, GraphFailure::Refused))
    }
}

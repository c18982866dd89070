//! Asking Jira about what is set up there.

use casement_core::fate::CallFailure;
use casement_jira::authorization::{Authorization, Authorizations};
use casement_service::ports::JiraAccount;
use reqwest::{Client, Method};
use serde_json::Value;

use crate::Problem;
use crate::place::Place;

/// Jira with one account.
#[derive(Clone, Debug)]
pub(crate) struct Jira {
    http: Client,
    base: String,
    authorization: Authorization,
}

/// What Jira said instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JiraFailure {
    /// Nothing.
    Unreachable,
    /// A status.
    Refused(u16),
}

impl std::fmt::Display for JiraFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => f.write_str("Jira does not answer"),
            Self::Refused(401) => f.write_str("Jira refuses the credentials (status 401)"),
            Self::Refused(status) => write!(f, "Jira refuses the call (status {status})"),
        }
    }
}

impl From<JiraFailure> for Problem {
    fn from(failure: JiraFailure) -> Self {
        Self::Failed(format!("{failure}: run `casement check`"))
    }
}

impl Jira {
    /// Jira at `base` with this account. An OAuth client gets its access token here.
    pub(crate) async fn enter(
        place: &Place,
        base: &str,
        account: &JiraAccount,
    ) -> Result<Self, JiraFailure> {
        let authorizations = Authorizations::new(place.http.clone());
        let authorization = authorizations.of(account).await;
        let authorization = authorization.map_err(|failure| match failure {
            CallFailure::Jira { status, .. } => JiraFailure::Refused(status),
            _ => JiraFailure::Unreachable,
        })?;
        Ok(Self {
            http: place.http.clone(),
            base: base.trim_end_matches('/').to_owned(),
            authorization,
        })
    }

    pub(crate) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, JiraFailure> {
        self.call(Method::GET, path, query, None).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Value, JiraFailure> {
        self.call(method, path, &[], Some(body)).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Value, JiraFailure> {
        let request = self
            .http
            .request(method, format!("{}/{path}", self.base))
            .header("Accept-Language", "en")
            .query(query);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = self.authorization.apply(request).send().await;
        let answer = answer.map_err(|_| JiraFailure::Unreachable)?;
        if !answer.status().is_success() {
            return Err(JiraFailure::Refused(answer.status().as_u16()));
        }
        let body = answer.bytes().await.map_err(|_| JiraFailure::Unreachable)?;
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }
}

//! A client for Jira.

use casement_core::model::fate::CallFailure;
use casement_jira::authorization::{Authorization, Authorizations};
use casement_service::ports::JiraAccount;
use reqwest::{Client, Method};
use serde_json::Value;

use crate::Problem;
use crate::place::Place;

/// A client of Jira with one account.
#[derive(Clone, Debug)]
pub(crate) struct Jira {
    http: Client,
    base: String,
    authorization: Authorization,
}

/// Why Jira gave no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JiraFailure {
    /// No answer.
    Unreachable,
    /// An error status.
    Refused(u16),
}

impl std::fmt::Display for JiraFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => f.write_str("Jira does not answer"),
            Self::Refused(401) => f.write_str("Jira rejects the credentials (status 401)"),
            Self::Refused(403) => f.write_str("Jira does not allow it (status 403)"),
            Self::Refused(404) => f.write_str("Jira does not know it (status 404)"),
            Self::Refused(429) => f.write_str("Jira asks to slow down (status 429)"),
            Self::Refused(status) if self.is_temporary() => {
                write!(f, "Jira is failing (status {status})")
            }
            Self::Refused(status) => write!(f, "Jira refuses the call (status {status})"),
        }
    }
}

impl JiraFailure {
    /// Returns whether the failure is temporary and says nothing about the setup.
    pub(crate) fn is_temporary(self) -> bool {
        matches!(self, Self::Refused(408 | 425 | 429 | 500..=599))
    }

    /// Returns general advice, or `None` if the right advice depends on the call.
    pub(crate) fn advice(self) -> Option<&'static str> {
        match self {
            Self::Unreachable => Some(
                "check the network, the stack's parameter JiraBaseUrl and status.atlassian.com",
            ),
            Self::Refused(401) => Some("casement check, row Jira account, says what is wrong"),
            _ if self.is_temporary() => Some("try again later; see status.atlassian.com"),
            Self::Refused(_) => None,
        }
    }

    /// Returns general advice, or `otherwise` if there is none.
    pub(crate) fn advice_or(self, otherwise: &'static str) -> &'static str {
        self.advice().unwrap_or(otherwise)
    }
}

impl From<JiraFailure> for Problem {
    fn from(failure: JiraFailure) -> Self {
        let advice = failure.advice_or("casement check says what is wrong");
        Self::Failed(format!("{failure}: {advice}"))
    }
}

impl Jira {
    /// Makes a client for the Jira at `base`. For an OAuth client, fetches its access token.
    pub(crate) async fn enter(
        place: &Place,
        base: &str,
        account: &JiraAccount,
    ) -> Result<Self, JiraFailure> {
        Self::at(&place.http, base, account).await
    }

    /// As [`Jira::enter`], without a deployment.
    pub(crate) async fn at(
        http: &Client,
        base: &str,
        account: &JiraAccount,
    ) -> Result<Self, JiraFailure> {
        let authorizations = Authorizations::new(http.clone());
        let authorization = authorizations.of(account).await;
        let authorization = authorization.map_err(|failure| match failure {
            CallFailure::Jira { status, .. } => JiraFailure::Refused(status),
            _ => JiraFailure::Unreachable,
        })?;
        Ok(Self {
            http: http.clone(),
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

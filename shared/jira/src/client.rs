//! Calling Jira Cloud and Jira Service Management.

mod call;
mod retry_after;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use casement_core::fate::{CallFailure, Side};
use casement_core::identity::AccountId;
use casement_service::ports::{JiraAccount, JiraCredentials};
use reqwest::{Client, Response, Url};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

pub(crate) use self::call::Call;
use self::call::Effect;
use self::retry_after::retry_after;

fn is_same(one: &JiraAccount, other: &JiraAccount) -> bool {
    one.email.expose_secret() == other.email.expose_secret()
        && one.api_token.expose_secret() == other.api_token.expose_secret()
}

/// Where scoped API tokens go, whichever site they are for.
const GATEWAY: &str = "api.atlassian.com";

/// The configured address of Jira is no URL that paths can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base URL of Jira is not an http or https URL")]
pub struct BadBaseUrl;

/// Jira Cloud with Jira Service Management. Implements
/// [`Requests`](casement_service::ports::Requests) and
/// [`Comments`](casement_service::ports::Comments).
#[derive(Debug)]
pub struct JiraCloud<C> {
    http: Client,
    base: Url,
    credentials: C,
    /// Asked for once. An account id never changes.
    pub(crate) own_account: OnceLock<AccountId>,
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// The site at `base`: `https://SITE.atlassian.net` for a plain API token, or
    /// `https://api.atlassian.com/ex/jira/CLOUD-ID` for a scoped one (Atlassian Support, "Manage
    /// API tokens").
    ///
    /// `http` must have timeouts that together stay below the time of the function, and must not
    /// follow redirects, which would carry credentials elsewhere.
    ///
    /// # Errors
    /// [`BadBaseUrl`]: the configuration is wrong; do not start.
    pub fn new(http: Client, base: &str, credentials: C) -> Result<Self, BadBaseUrl> {
        let base = Url::parse(base).map_err(|_| BadBaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(BadBaseUrl);
        }
        Ok(Self {
            http,
            base,
            credentials,
            own_account: OnceLock::new(),
        })
    }

    /// The host of the site, as links to it have it. `None`: calls go through the gateway.
    pub(crate) fn site(&self) -> Option<&str> {
        self.base.host_str().filter(|host| *host != GATEWAY)
    }

    /// Makes a call and reads its answer.
    pub(crate) async fn call<A: DeserializeOwned>(
        &self,
        call: &Call<'_>,
    ) -> Result<A, CallFailure> {
        let unknown = CallFailure::Unknown(Side::Jira);
        let response = self.respond(call).await?;
        let body = response.bytes().await.map_err(|_| unknown.clone())?;
        serde_json::from_slice(&body).map_err(|_| unknown)
    }

    /// Makes a call whose answer says nothing but that it is done.
    pub(crate) async fn carry_out(&self, call: &Call<'_>) -> Result<(), CallFailure> {
        self.respond(call).await.map(drop)
    }

    /// Refused credentials are read anew and, if others were put in place meanwhile, tried once:
    /// Jira does nothing for a call whose credentials it refuses.
    async fn respond(&self, call: &Call<'_>) -> Result<Response, CallFailure> {
        let auth = self.credentials.account().await;
        let auth = auth.map_err(|_| CallFailure::Unreachable(Side::Jira))?;
        let answer = self.attempt(call, &auth).await;
        if !matches!(answer, Err(CallFailure::Jira { status: 401, .. })) {
            return answer;
        }
        self.credentials.account_refused().await;
        match self.credentials.account().await {
            Ok(fresh) if !is_same(&fresh, &auth) => {
                tracing::info!("the credentials were refused, newer ones are tried");
                self.attempt(call, &fresh).await
            }
            _ => answer,
        }
    }

    async fn attempt(&self, call: &Call<'_>, auth: &JiraAccount) -> Result<Response, CallFailure> {
        let response = call
            .request(&self.http, &self.base)
            .basic_auth(
                auth.email.expose_secret(),
                Some(auth.api_token.expose_secret()),
            )
            // Without it the names of statuses and the words of errors follow the account.
            .header("Accept-Language", "en")
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))?;
        if !response.status().is_success() {
            return Err(refusal(&response, call.effect));
        }
        Ok(response)
    }
}

/// Without a connection, or without a request to send on it, nothing was sent. In every other
/// case Jira may have done it.
fn not_sent_or_unknown(error: &reqwest::Error) -> CallFailure {
    if error.is_connect() || error.is_builder() {
        CallFailure::Unreachable(Side::Jira)
    } else {
        CallFailure::Unknown(Side::Jira)
    }
}

/// What a status other than 2xx means. After 408 and 5xx a write may have taken place.
fn refusal(response: &Response, effect: Effect) -> CallFailure {
    let status = response.status();
    if effect == Effect::Write && (status.is_server_error() || status.as_u16() == 408) {
        return CallFailure::Unknown(Side::Jira);
    }
    CallFailure::Jira {
        status: status.as_u16(),
        retry_after: retry_after(response.headers()),
    }
}

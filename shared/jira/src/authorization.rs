//! How Casement's account authorizes itself at Jira.
//!
//! API tokens are sent as they are. An OAuth client gets an access token that lasts about an hour.
//! The token is kept, renewed before it expires, and replaced when Jira refuses it.

use std::time::{Duration, Instant};

use casement_core::model::fate::{CallFailure, Side};
use casement_service::ports::JiraAccount;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use crate::retry_after::retry_after;

/// How long before its expiry an access token is renewed: longer than a call takes.
const RENEWED_BEFORE: Duration = Duration::from_secs(120);

/// A refusal does not replace an access token that is younger than this: the token lacks a scope or
/// the account a permission, and every call would cost two.
const BOUGHT_EVERY: Duration = Duration::from_secs(30);

/// The assumed lifetime of an access token when the answer has none.
const USUAL_LIFE: Duration = Duration::from_secs(3600);

/// The value of the `Authorization` header.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// User and password.
    Basic(SecretString, SecretString),
    /// A token.
    Bearer(SecretString),
}

impl Authorization {
    /// Adds the header to the request.
    pub fn apply(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Basic(user, password) => {
                request.basic_auth(user.expose_secret(), Some(password.expose_secret()))
            }
            Self::Bearer(token) => request.bearer_auth(token.expose_secret()),
        }
    }

    /// Whether both authorizations are the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let same = |a: &SecretString, b: &SecretString| a.expose_secret() == b.expose_secret();
        match (self, other) {
            (Self::Basic(user, password), Self::Basic(other_user, other_password)) => {
                same(user, other_user) && same(password, other_password)
            }
            (Self::Bearer(token), Self::Bearer(other)) => same(token, other),
            _ => false,
        }
    }
}

/// Makes the authorizations of accounts, and keeps the access token of an OAuth client.
#[derive(Debug)]
pub struct Authorizations {
    http: Client,
    bought: Mutex<Option<AccessToken>>,
}

/// An access token with its expiry.
#[derive(Clone, Debug)]
struct AccessToken {
    token: SecretString,
    /// The client that the token belongs to. Another client needs its own.
    client_id: SecretString,
    client_secret: SecretString,
    bought_at: Instant,
    lasts: Duration,
}

impl AccessToken {
    /// Whether to use the token at `now`. A short-lived token is used for half of its lifetime.
    fn is_fresh(&self, now: Instant) -> bool {
        let renewed_after = self
            .lasts
            .saturating_sub(RENEWED_BEFORE)
            .max(self.lasts / 2);
        now.saturating_duration_since(self.bought_at) < renewed_after
    }

    /// Whether a refusal at `now` is a reason to get another token.
    fn is_worth_replacing(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.bought_at) >= BOUGHT_EVERY
    }

    fn is_of(&self, client_id: &SecretString, client_secret: &SecretString) -> bool {
        self.client_id.expose_secret() == client_id.expose_secret()
            && self.client_secret.expose_secret() == client_secret.expose_secret()
    }
}

impl Authorizations {
    /// Gets access tokens with `http`, which must have timeouts.
    #[must_use]
    pub fn new(http: Client) -> Self {
        Self {
            http,
            bought: Mutex::new(None),
        }
    }

    /// Returns the current authorization of `account`.
    ///
    /// # Errors
    /// An OAuth client got no access token. Jira was not called, so the caller may try again:
    /// [`CallFailure::Unreachable`], or [`CallFailure::Jira`] when the client is refused or asks
    /// too often.
    pub async fn of(&self, account: &JiraAccount) -> Result<Authorization, CallFailure> {
        match account {
            JiraAccount::ApiToken { email, token } => {
                Ok(Authorization::Basic(email.clone(), token.clone()))
            }
            JiraAccount::ServiceToken { token } => Ok(Authorization::Bearer(token.clone())),
            JiraAccount::OauthClient {
                client_id,
                client_secret,
                token_url,
            } => {
                // Held during the request: other callers wait for the same token.
                let mut bought = self.bought.lock().await;
                if let Some(token) = &*bought
                    && token.is_of(client_id, client_secret)
                    && token.is_fresh(Instant::now())
                {
                    return Ok(Authorization::Bearer(token.token.clone()));
                }
                let token = self.buy(client_id, client_secret, token_url).await?;
                let authorization = Authorization::Bearer(token.token.clone());
                *bought = Some(token);
                Ok(authorization)
            }
        }
    }

    /// Notes that Jira refused `authorization`. Replaces the access token at the next request,
    /// unless that was done a moment ago.
    pub async fn refused(&self, authorization: &Authorization) {
        let mut bought = self.bought.lock().await;
        let is_refused = |token: &AccessToken| {
            let token_says = Authorization::Bearer(token.token.clone());
            token_says.is_same(authorization) && token.is_worth_replacing(Instant::now())
        };
        if bought.as_ref().is_some_and(is_refused) {
            *bought = None;
        }
    }

    /// RFC 6749, section 4.4, as Atlassian serves it ("Create OAuth 2.0 credential for service
    /// accounts").
    async fn buy(
        &self,
        client_id: &SecretString,
        client_secret: &SecretString,
        token_url: &str,
    ) -> Result<AccessToken, CallFailure> {
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": client_id.expose_secret(),
            "client_secret": client_secret.expose_secret(),
        });
        let bought_at = Instant::now();
        let unreachable = CallFailure::Unreachable(Side::Jira);
        let response = self.http.post(token_url).json(&body).send().await;
        let response = response.map_err(|_| unreachable.clone())?;
        let status = response.status();
        if !status.is_success() {
            tracing::error!(
                status = status.as_u16(),
                "Atlassian gave no access token to the OAuth client"
            );
            return Err(match status.as_u16() {
                429 => CallFailure::Jira {
                    status: 429,
                    retry_after: retry_after(response.headers()),
                },
                // The same failure as for any account that Jira does not know.
                400 | 401 | 403 => CallFailure::Jira {
                    status: 401,
                    retry_after: None,
                },
                _ => unreachable,
            });
        }
        let granted: Granted = response.json().await.map_err(|_| unreachable)?;
        Ok(AccessToken {
            token: granted.access_token,
            client_id: client_id.clone(),
            client_secret: client_secret.clone(),
            bought_at,
            lasts: granted.expires_in.map_or(USUAL_LIFE, Duration::from_secs),
        })
    }
}

#[derive(Deserialize)]
struct Granted {
    #[serde(deserialize_with = "secret")]
    access_token: SecretString,
    /// In seconds.
    expires_in: Option<u64>,
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

#[cfg(test)]
mod tests;

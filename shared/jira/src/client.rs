//! Calls Jira Cloud and Jira Service Management.

mod absence;
mod call;
mod storage;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;
use std::time::Duration;

use casement_core::model::fate::{Absence, CallFailure, Side};
use casement_core::model::identity::AccountId;
use casement_core::text::Site;
use casement_service::ports::JiraCredentials;
use reqwest::header::LOCATION;
use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;

use crate::authorization::{Authorization, Authorizations};

pub(crate) use self::call::Call;
use self::call::{Effect, address};
use self::storage::is_atlassians;
use crate::projects::Projects;
use crate::refusals::Refusals;
use crate::retry_after::retry_after;

/// How long a transfer may take: 100 MB at 2 MB/s.
const TIME_FOR_A_FILE: Duration = Duration::from_secs(60);

/// The configured address of Jira is not a URL that paths can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base URL of Jira is not an http or https URL")]
pub struct BadBaseUrl;

/// Jira Cloud with Jira Service Management.
///
/// Implements [`Requests`](casement_service::ports::Requests),
/// [`Comments`](casement_service::ports::Comments),
/// [`Attachments`](casement_service::ports::Attachments),
/// [`LatestComments`](casement_service::ports::LatestComments) and
/// [`Updates`](casement_service::ports::Updates).
#[derive(Debug)]
pub struct JiraCloud<C> {
    http: Client,
    base: Url,
    credentials: C,
    authorizations: Authorizations,
    /// Asked for once. An account id never changes.
    pub(crate) own_account: OnceLock<AccountId>,
    /// Asked for once. Functions live for hours, and administrators rarely change it.
    pub(crate) attachment_limit: OnceLock<Option<u64>>,
    /// Asked for once.
    pub(crate) projects: Projects,
    /// Asked for once. An owner who gives the site another domain keeps the first one.
    pub(crate) known_site: OnceLock<Site>,
    pub(crate) refusals: Refusals,
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// Makes a client of the site at `base`: `https://SITE.atlassian.net` for a plain API token, or
    /// `https://api.atlassian.com/ex/jira/CLOUD-ID` for a scoped one, a service account or OAuth
    /// (Atlassian Support, "Manage API tokens").
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
            authorizations: Authorizations::new(http.clone()),
            http,
            base,
            credentials,
            own_account: OnceLock::new(),
            attachment_limit: OnceLock::new(),
            projects: Projects::default(),
            known_site: OnceLock::new(),
            refusals: Refusals::default(),
        })
    }

    /// Returns the address that calls begin with.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Makes a call and reads its answer.
    pub(crate) async fn call<A: DeserializeOwned>(
        &self,
        call: &Call<'_>,
    ) -> Result<A, CallFailure> {
        answer(self.respond_about(call).await?).await
    }

    /// Makes a call and reads its answer. The caller handles a 404.
    pub(crate) async fn call_once<A: DeserializeOwned>(
        &self,
        call: &Call<'_>,
    ) -> Result<A, CallFailure> {
        answer(self.respond(call).await?).await
    }

    /// Makes a call whose answer has no content.
    pub(crate) async fn carry_out(&self, call: &Call<'_>) -> Result<(), CallFailure> {
        self.respond_about(call).await.map(drop)
    }

    /// Makes a call. After refused credentials, reads them again and, if they have been replaced
    /// meanwhile, tries once more: Jira does nothing for a call whose credentials it refuses.
    async fn respond(&self, call: &Call<'_>) -> Result<Response, CallFailure> {
        let auth = self.authorization().await?;
        let answer = self.attempt(call, &auth).await;
        if !matches!(answer, Err(CallFailure::Jira { status: 401, .. })) {
            return answer;
        }
        self.refused(&auth).await;
        match self.authorization().await {
            Ok(fresh) if !fresh.is_same(&auth) => {
                tracing::info!("the credentials were refused, newer ones are tried");
                self.attempt(call, &fresh).await
            }
            _ => answer,
        }
    }

    async fn authorization(&self) -> Result<Authorization, CallFailure> {
        let account = self.credentials.account().await;
        let account = account.map_err(|unavailable| unavailable.failure(Side::Jira))?;
        self.authorizations.of(&account).await
    }

    async fn refused(&self, auth: &Authorization) {
        self.credentials.account_refused().await;
        self.authorizations.refused(auth).await;
    }

    /// Uploads `form` to an issue. The form can be read only once, so after refused credentials the
    /// next attempt uploads with newer ones.
    pub(crate) async fn upload<A: DeserializeOwned>(
        &self,
        issue: &str,
        path: &[&str],
        form: Form,
    ) -> Result<A, CallFailure> {
        let auth = self.authorization().await?;
        let request = self
            .http
            .post(address(&self.base, path))
            .timeout(TIME_FOR_A_FILE)
            // Without this header Jira treats an upload as a cross-site forgery ("Add attachment").
            .header("X-Atlassian-Token", "no-check")
            .multipart(form);
        let response = Self::send(request, &auth).await?;
        match refused(&response, Effect::Write) {
            None => answer(response).await,
            Some(failure) if failure.is_not_found() => {
                self.readable(issue).await?;
                Err(CallFailure::Absent(Absence::Unclear))
            }
            Some(failure) => {
                if matches!(failure, CallFailure::Jira { status: 401, .. }) {
                    self.refused(&auth).await;
                }
                Err(failure)
            }
        }
    }

    /// Follows the redirect of a call to one of Atlassian's addresses and begins to read. The
    /// credentials stay with Jira: the address has its own, and refuses others.
    pub(crate) async fn follow(&self, call: &Call<'_>) -> Result<Response, CallFailure> {
        let Some(url) = self.redirection(call).await? else {
            return Err(CallFailure::Unknown(Side::Jira));
        };
        if !is_atlassians(&url, &self.base) {
            tracing::error!("Jira leads to a host that is not Atlassian's; it is not followed");
            return Err(CallFailure::Unknown(Side::Jira));
        }
        let request = self.http.get(url).timeout(TIME_FOR_A_FILE).send();
        let response = request.await.map_err(|error| not_sent_or_unknown(&error))?;
        match refused(&response, Effect::Read) {
            None => Ok(response),
            // For example an expired address: the next attempt gets a new one.
            Some(_) => Err(CallFailure::Unknown(Side::Jira)),
        }
    }

    /// Returns the address that a call redirects to, if it does.
    pub(crate) async fn redirection(&self, call: &Call<'_>) -> Result<Option<Url>, CallFailure> {
        let response = self.respond_about(call).await?;
        let target = response.headers().get(LOCATION);
        let target = target.and_then(|target| target.to_str().ok());
        Ok(target.and_then(|target| response.url().join(target).ok()))
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        auth: &Authorization,
    ) -> Result<Response, CallFailure> {
        let response = Self::send(call.request(&self.http, &self.base), auth).await?;
        match refused(&response, call.effect) {
            None => Ok(response),
            Some(failure) => Err(failure),
        }
    }

    async fn send(request: RequestBuilder, auth: &Authorization) -> Result<Response, CallFailure> {
        auth.apply(request)
            // Without this header status names and error texts are in the account's language.
            .header("Accept-Language", "en")
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))
    }
}

async fn answer<A: DeserializeOwned>(response: Response) -> Result<A, CallFailure> {
    let unknown = CallFailure::Unknown(Side::Jira);
    let body = response.bytes().await.map_err(|_| unknown.clone())?;
    serde_json::from_slice(&body).map_err(|_| unknown)
}

/// Tells a call that was certainly not sent (no connection, or no request on it) from one that Jira
/// may have carried out.
fn not_sent_or_unknown(error: &reqwest::Error) -> CallFailure {
    if error.is_connect() || error.is_builder() {
        CallFailure::Unreachable(Side::Jira)
    } else {
        CallFailure::Unknown(Side::Jira)
    }
}

/// Returns what a status other than 2xx means, and `None` for success. Only a read may be answered
/// with a redirect. After 408 and 5xx a write may have taken place.
fn refused(response: &Response, effect: Effect) -> Option<CallFailure> {
    let status = response.status();
    match effect {
        _ if status.is_success() => None,
        Effect::Redirect if status.is_redirection() => None,
        Effect::Write if status.is_server_error() || status.as_u16() == 408 => {
            Some(CallFailure::Unknown(Side::Jira))
        }
        _ => Some(CallFailure::Jira {
            status: status.as_u16(),
            retry_after: retry_after(response.headers()),
        }),
    }
}

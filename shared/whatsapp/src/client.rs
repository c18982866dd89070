//! Sending through the Cloud API.

mod media;
mod receipt;
mod send;
mod template;
mod templates;
#[cfg(test)]
mod tests;
mod upload;

use bytes::Bytes;
use casement_core::model::attachment::Sendable;
use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{MediaId, PhoneNumberId, Recipient, Wamid};
use casement_core::model::ledger::callback;
use casement_service::ports::{
    FetchFailure, FileContent, Messenger, OutgoingMessage, WhatsappCredentials,
};
use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};

use self::send::{AUTHENTICATION_FAILED, Message, TOKEN_EXPIRED, needs_its_code, outcome};
use self::templates::TemplateLists;

/// The configured address of the Cloud API is not a URL that paths can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base URL of the Cloud API is not an http or https URL")]
pub struct BadBaseUrl;

/// The Cloud API.
///
/// Implements [`Messenger`], [`ReadReceipts`](casement_service::ports::ReadReceipts),
/// [`TemplateMessages`](casement_service::ports::TemplateMessages) and
/// [`MediaFiles`](casement_service::ports::MediaFiles).
#[derive(Debug)]
pub struct CloudApi<T> {
    http: Client,
    root: Url,
    credentials: T,
    templates: TemplateLists,
}

impl<T: WhatsappCredentials> CloudApi<T> {
    /// Makes a client of the API at `root`, the address with the version:
    /// `https://graph.facebook.com/v27.0`.
    ///
    /// `http` must have timeouts that together stay below the time of the function, and must not
    /// follow redirects, which would carry messages elsewhere.
    ///
    /// # Errors
    /// [`BadBaseUrl`]: the configuration is wrong; do not start.
    pub fn new(http: Client, root: &str, credentials: T) -> Result<Self, BadBaseUrl> {
        let root = Url::parse(root).map_err(|_| BadBaseUrl)?;
        if !matches!(root.scheme(), "http" | "https") {
            return Err(BadBaseUrl);
        }
        Ok(Self {
            http,
            root,
            credentials,
            templates: TemplateLists::default(),
        })
    }

    /// Returns the address of `path` in the API, with escaped parts.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.root.clone();
        // Only a URL that cannot have a path has no segments; `new` accepts http and https alone.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// Makes a call with the access token. After a refusal, reads the token again and, if it has
    /// been replaced meanwhile, tries once more: Meta does nothing for a call whose token it
    /// refuses.
    async fn authorized<A, F>(
        &self,
        call: impl AsyncFn(&SecretString) -> Result<A, F>,
    ) -> Result<A, F>
    where
        F: From<CallFailure> + RefusedToken,
    {
        let token = self.credentials.access_token().await;
        let token = token.map_err(|unavailable| unavailable.failure(Side::Whatsapp))?;
        let answer = call(&token).await;
        if !matches!(&answer, Err(failure) if failure.is_refused_token()) {
            return answer;
        }
        self.credentials.access_token_refused().await;
        match self.credentials.access_token().await {
            Ok(fresh) if fresh.expose_secret() != token.expose_secret() => {
                tracing::info!("the access token was refused, a newer one is tried");
                call(&fresh).await
            }
            _ => answer,
        }
    }

    async fn post(
        &self,
        url: &Url,
        token: &SecretString,
        message: &Message<'_>,
    ) -> Result<Answer, CallFailure> {
        let response = self
            .http
            .post(url.clone())
            .bearer_auth(token.expose_secret())
            .json(message)
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match response.bytes().await {
            Ok(body) => body,
            // Nothing was accepted, and the next answer says why.
            Err(_) if needs_its_code(status) => {
                return Err(CallFailure::Unreachable(Side::Whatsapp));
            }
            Err(_) => Bytes::new(),
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

/// Meta's answer to a call, whatever its status.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl<T: WhatsappCredentials> Messenger for CloudApi<T> {
    async fn send(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingMessage<'_>,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        let url = self.url(&[from.as_str(), "messages"]);
        // This deployment recognises its own when it comes back.
        let callback = callback::sealed(callback);
        let message = Message::new(to, message, &callback);
        self.authorized(async |token| outcome(&self.post(&url, token, &message).await?))
            .await
    }

    async fn upload(
        &self,
        number: &PhoneNumberId,
        name: &str,
        how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure> {
        self.upload_streaming(number, name, how, content).await
    }
}

/// A failure that may say that Meta refuses the access token.
trait RefusedToken {
    fn is_refused_token(&self) -> bool;
}

impl RefusedToken for CallFailure {
    fn is_refused_token(&self) -> bool {
        let code = self.whatsapp_code();
        matches!(code, Some(AUTHENTICATION_FAILED | TOKEN_EXPIRED))
    }
}

impl RefusedToken for FetchFailure {
    fn is_refused_token(&self) -> bool {
        matches!(self, Self::Call(failure) if failure.is_refused_token())
    }
}

/// Tells a call that was certainly not sent (no connection, or no request on it) from one whose
/// message Meta may have.
fn not_sent_or_unknown(error: &reqwest::Error) -> CallFailure {
    if error.is_connect() || error.is_builder() {
        CallFailure::Unreachable(Side::Whatsapp)
    } else {
        CallFailure::Unknown(Side::Whatsapp)
    }
}

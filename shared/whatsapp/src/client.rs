//! Sending through the Cloud API.

mod send;
#[cfg(test)]
mod tests;

use casement_core::fate::{CallFailure, Side};
use casement_core::identity::{PhoneNumberId, Recipient, Wamid};
use casement_service::ports::{Messenger, WhatsappCredentials};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};

use self::send::{AUTHENTICATION_FAILED, TOKEN_EXPIRED, TextMessage, outcome};

/// The configured address of the Cloud API is no URL that paths can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base URL of the Cloud API is not an http or https URL")]
pub struct BadBaseUrl;

/// The Cloud API.
#[derive(Debug)]
pub struct CloudApi<T> {
    http: Client,
    base: Url,
    version: String,
    credentials: T,
}

impl<T: WhatsappCredentials> CloudApi<T> {
    /// The API at `base` (`https://graph.facebook.com`) in `version` (`v26.0`).
    ///
    /// `http` must have timeouts that together stay below the time of the function, and must not
    /// follow redirects, which would carry messages elsewhere.
    ///
    /// # Errors
    /// [`BadBaseUrl`]: the configuration is wrong; do not start.
    pub fn new(
        http: Client,
        base: &str,
        version: impl Into<String>,
        credentials: T,
    ) -> Result<Self, BadBaseUrl> {
        let base = Url::parse(base).map_err(|_| BadBaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(BadBaseUrl);
        }
        Ok(Self {
            http,
            base,
            version: version.into(),
            credentials,
        })
    }

    fn messages_of(&self, number: &PhoneNumberId) -> Url {
        let mut url = self.base.clone();
        // Only a URL that cannot have a path has none; `new` takes http and https alone.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend([&*self.version, number.as_str(), "messages"]);
        }
        url
    }

    async fn post(
        &self,
        url: &Url,
        token: &SecretString,
        message: &TextMessage<'_>,
    ) -> Result<Wamid, CallFailure> {
        let response = self
            .http
            .post(url.clone())
            .bearer_auth(token.expose_secret())
            .json(message)
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))?;
        let status = response.status();
        // A body that breaks off is read as far as it says something: not at all.
        let body = response.bytes().await.unwrap_or_default();
        outcome(status, &body)
    }
}

impl<T: WhatsappCredentials> Messenger for CloudApi<T> {
    /// A refused token is read anew and, if another one was put in place meanwhile, tried once:
    /// Meta does not accept a message whose token it refuses.
    async fn send_text(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        text: &str,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        let url = self.messages_of(from);
        let message = TextMessage::new(to, text, callback);
        let token = self.credentials.access_token().await;
        let token = token.map_err(|_| CallFailure::Unreachable(Side::Whatsapp))?;
        let sent = self.post(&url, &token, &message).await;
        if !is_refused_token(&sent) {
            return sent;
        }
        self.credentials.access_token_refused().await;
        match self.credentials.access_token().await {
            Ok(fresh) if fresh.expose_secret() != token.expose_secret() => {
                tracing::info!("the access token was refused, a newer one is tried");
                self.post(&url, &fresh, &message).await
            }
            _ => sent,
        }
    }
}

fn is_refused_token(sent: &Result<Wamid, CallFailure>) -> bool {
    matches!(
        sent,
        Err(CallFailure::Whatsapp(AUTHENTICATION_FAILED | TOKEN_EXPIRED))
    )
}

/// Without a connection, or without a request to send on it, nothing was sent. In every other
/// case Meta may have the message.
fn not_sent_or_unknown(error: &reqwest::Error) -> CallFailure {
    if error.is_connect() || error.is_builder() {
        CallFailure::Unreachable(Side::Whatsapp)
    } else {
        CallFailure::Unknown(Side::Whatsapp)
    }
}

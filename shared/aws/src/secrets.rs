//! The two secrets of Meta and Jira: the webhook secret proves who calls us, the credentials secret
//! who we are. No function reads both.

mod credentials;
mod document;
pub mod keys;
mod reading;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use casement_service::BackendFailure;
use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use crate::error_code::{NO_VALUE, backend_failure};
pub use credentials::Credentials;
pub use document::{Document, NotUsable};
pub use keys::Which;
pub use webhooks::WebhookSecrets;

/// How long a copy is used before it is read again.
const FRESH_FOR: Duration = Duration::minutes(5);

/// A failed authentication does not cause another read within this time.
const REFRESH_EVERY: Duration = Duration::seconds(30);

/// A secret cannot be used. Names keys and codes, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsFailure {
    /// Secrets Manager did not return it.
    #[error("{0} cannot be read: {1}")]
    Unreadable(Which, BackendFailure),
    /// The secret's value lacks something.
    #[error("{0} cannot be used: {1}")]
    NotUsable(Which, NotUsable),
}

impl SecretsFailure {
    /// Whether an operator has to act.
    #[must_use]
    pub fn needs_operator(&self) -> bool {
        match self {
            Self::Unreadable(_, failure) => failure.needs_operator(),
            Self::NotUsable(..) => true,
        }
    }
}

/// Reads one of the secrets, [`WebhookSecrets`] or [`Credentials`], and keeps a copy for five
/// minutes. Clones share the copy.
#[derive(Clone, Debug)]
pub struct Secrets<V, C> {
    client: Client,
    id: String,
    clock: C,
    copy: Arc<Mutex<Option<Cached<V>>>>,
}

#[derive(Clone, Debug)]
struct Cached<V> {
    values: Arc<V>,
    checked_at: DateTime<Utc>,
}

impl<V: Document, C: Clock> Secrets<V, C> {
    /// The secret with this name or ARN.
    pub fn new(client: Client, id: impl Into<String>, clock: C) -> Self {
        Self {
            client,
            id: id.into(),
            clock,
            copy: Arc::new(Mutex::new(None)),
        }
    }

    /// Returns the values, at most five minutes old unless they cannot be read again.
    ///
    /// # Errors
    /// They cannot be read or used, and there is no earlier copy. Try later; an operator may
    /// have to act.
    pub async fn current(&self) -> Result<Arc<V>, SecretsFailure> {
        self.not_older_than(FRESH_FOR).await
    }

    /// Reads the values again after a failed authentication, since they may have been rotated.
    /// Reads at most every 30 seconds.
    ///
    /// # Errors
    /// As [`Secrets::current`].
    pub async fn refresh(&self) -> Result<Arc<V>, SecretsFailure> {
        self.not_older_than(REFRESH_EVERY).await
    }

    async fn not_older_than(&self, limit: Duration) -> Result<Arc<V>, SecretsFailure> {
        // Held during the read: other callers wait for the same answer.
        let mut copy = self.copy.lock().await;
        let now = self.clock.now();
        if let Some(copy) = &*copy
            && (Duration::zero()..limit).contains(&(now - copy.checked_at))
        {
            return Ok(Arc::clone(&copy.values));
        }
        let values = match (self.read().await, &*copy) {
            (Ok(values), _) => Arc::new(values),
            (Err(failure), Some(earlier)) => {
                tracing::warn!(%failure, "the earlier copy of a secret stays in use");
                Arc::clone(&earlier.values)
            }
            (Err(failure), None) => return Err(failure),
        };
        *copy = Some(Cached {
            values: Arc::clone(&values),
            checked_at: now,
        });
        Ok(values)
    }

    async fn read(&self) -> Result<V, SecretsFailure> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.id)
            .send()
            .await
            .map_err(|error| SecretsFailure::Unreadable(V::WHICH, backend_failure(&error)))?;
        match answer.secret_string() {
            None | Some("") => Err(SecretsFailure::Unreadable(
                V::WHICH,
                BackendFailure::Refused(NO_VALUE.to_owned()),
            )),
            Some(value) => {
                V::parse(value).map_err(|failure| SecretsFailure::NotUsable(V::WHICH, failure))
            }
        }
    }
}

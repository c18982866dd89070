//! The secret with the credentials of Meta and Jira: they prove who we are and who calls us.

mod credentials;
mod document;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use casement_service::BackendFailure;
use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use crate::error_code::backend_failure;
pub use document::{NotUsable, SecretValues};

/// How long a copy is used before it is read again.
const FRESH_FOR: Duration = Duration::minutes(5);

/// A failed authentication does not cause another read within this time.
const REFRESH_EVERY: Duration = Duration::seconds(30);

/// The secret cannot be used. Names keys and codes, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsFailure {
    /// Secrets Manager did not return it.
    #[error("the secret cannot be read: {0}")]
    Unreadable(BackendFailure),
    /// The secret's value lacks something.
    #[error("the secret cannot be used: {0}")]
    NotUsable(#[from] NotUsable),
}

impl SecretsFailure {
    /// Whether an operator has to act.
    #[must_use]
    pub fn needs_operator(&self) -> bool {
        match self {
            Self::Unreadable(failure) => failure.needs_operator(),
            Self::NotUsable(_) => true,
        }
    }
}

/// Reads the secret and keeps a copy for five minutes. Clones share the copy.
#[derive(Clone, Debug)]
pub struct Secrets<C> {
    client: Client,
    id: String,
    clock: C,
    copy: Arc<Mutex<Option<Cached>>>,
}

#[derive(Clone, Debug)]
struct Cached {
    values: Arc<SecretValues>,
    checked_at: DateTime<Utc>,
}

impl<C: Clock> Secrets<C> {
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
    pub async fn current(&self) -> Result<Arc<SecretValues>, SecretsFailure> {
        self.not_older_than(FRESH_FOR).await
    }

    /// Reads the values again after a failed authentication, since they may have been rotated.
    /// Reads at most every 30 seconds.
    ///
    /// # Errors
    /// As [`Secrets::current`].
    pub async fn refresh(&self) -> Result<Arc<SecretValues>, SecretsFailure> {
        self.not_older_than(REFRESH_EVERY).await
    }

    async fn not_older_than(&self, limit: Duration) -> Result<Arc<SecretValues>, SecretsFailure> {
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
                tracing::warn!(%failure, "the earlier copy of the secret stays in use");
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

    async fn read(&self) -> Result<SecretValues, SecretsFailure> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.id)
            .send()
            .await
            .map_err(|error| SecretsFailure::Unreadable(backend_failure(&error)))?;
        Ok(SecretValues::parse(
            answer.secret_string().unwrap_or_default(),
        )?)
    }
}

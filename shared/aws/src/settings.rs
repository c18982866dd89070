//! The owner's settings in the table.
//!
//! One item (see [`crate::keys::settings`]) with the attributes `document`, the TOML text, and
//! `version`, a number.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use casement_core::settings::Settings;
use casement_service::ports::{Clock, SettingsSource};
use casement_service::{Event, SettingsFailure, StoreFailure};
use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use crate::error_code::backend_failure;
use crate::keys::{self, PK, SK};

/// Attribute of the settings item that holds the TOML text.
pub const DOCUMENT: &str = "document";

/// Attribute of the settings item that every change raises.
pub const VERSION: &str = "version";

/// How long a copy is used before it is read again.
const FRESH_FOR: Duration = Duration::seconds(60);

/// Reads the settings and keeps a copy for a minute.
///
/// Settings that cannot be read, or are not valid, do not replace an earlier copy: messages go
/// on as before.
#[derive(Debug)]
pub struct StoredSettings<C> {
    client: Client,
    table: String,
    clock: C,
    copy: Mutex<Option<Cached>>,
}

#[derive(Debug)]
struct Cached {
    settings: Arc<Settings>,
    version: u64,
    checked_at: DateTime<Utc>,
}

struct Document {
    toml: String,
    version: u64,
}

impl<C> StoredSettings<C> {
    /// The settings in the table of this name.
    pub fn new(client: Client, table: impl Into<String>, clock: C) -> Self {
        Self {
            client,
            table: table.into(),
            clock,
            copy: Mutex::new(None),
        }
    }

    async fn read(&self) -> Result<Document, SettingsFailure> {
        let key = keys::settings();
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, AttributeValue::S(key.pk.into()))
            .key(SK, AttributeValue::S(key.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreFailure(backend_failure(&error)))?;
        let item = answer.item.ok_or(SettingsFailure::Missing)?;
        let toml = item.get(DOCUMENT).and_then(|value| value.as_s().ok());
        let version = item.get(VERSION).and_then(|value| value.as_n().ok());
        match (toml, version.and_then(|version| version.parse().ok())) {
            (Some(toml), Some(version)) => Ok(Document {
                toml: toml.clone(),
                version,
            }),
            _ => Err(SettingsFailure::Invalid(format!(
                "the item lacks {DOCUMENT} or {VERSION}"
            ))),
        }
    }
}

impl<C: Clock> SettingsSource for StoredSettings<C> {
    async fn current(&self) -> Result<Arc<Settings>, SettingsFailure> {
        // Held during the read: other callers wait for the same answer.
        let mut copy = self.copy.lock().await;
        let now = self.clock.now();
        if let Some(copy) = &*copy
            && (Duration::zero()..FRESH_FOR).contains(&(now - copy.checked_at))
        {
            return Ok(Arc::clone(&copy.settings));
        }
        let stored = self.read().await;
        if let (Ok(stored), Some(earlier)) = (&stored, &mut *copy)
            && stored.version == earlier.version
        {
            return Ok(earlier.kept(now));
        }
        match (stored.and_then(|stored| stored.checked(now)), &mut *copy) {
            (Ok(newer), _) => {
                let settings = Arc::clone(&newer.settings);
                *copy = Some(newer);
                Ok(settings)
            }
            (Err(failure), Some(earlier)) if failure != SettingsFailure::Missing => {
                warn_of(&failure, earlier.version);
                Ok(earlier.kept(now))
            }
            (Err(failure), _) => {
                // Deleted settings are no longer in force.
                *copy = None;
                Err(failure)
            }
        }
    }
}

impl Document {
    fn checked(self, now: DateTime<Utc>) -> Result<Cached, SettingsFailure> {
        let settings = Settings::from_toml(&self.toml)
            .map_err(|error| SettingsFailure::Invalid(error.to_string()))?;
        Ok(Cached {
            settings: Arc::new(settings),
            version: self.version,
            checked_at: now,
        })
    }
}

impl Cached {
    fn kept(&mut self, now: DateTime<Utc>) -> Arc<Settings> {
        self.checked_at = now;
        Arc::clone(&self.settings)
    }
}

/// Logs only that the document is wrong: the error quotes it.
fn warn_of(failure: &SettingsFailure, version: u64) {
    let cause = match failure {
        SettingsFailure::Invalid(_) => {
            Event::SettingsInvalid.count();
            "not valid".to_owned()
        }
        SettingsFailure::Missing => "missing".to_owned(),
        SettingsFailure::Store(failure) => failure.to_string(),
    };
    tracing::warn!(%cause, version, "the earlier settings stay in force");
}

#[cfg(test)]
mod tests;

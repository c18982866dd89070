//! The self-test of a version before it gets traffic: the function reads what it always reads, and
//! says how that went.
//!
//! The hook of a deployment sends the event (`infra/rollback-alarms.yaml`).
//! Whoever posts a webhook chooses its body, headers and path, never the outer shape of the event:
//! only the Invoke API can send a self-test.

mod event;

#[cfg(test)]
mod tests;

use std::cell::RefCell;

use casement_aws::error_code::NO_VALUE;
use casement_aws::secrets::{Document, SecretsFailure, Which};
use casement_aws::{DynamoStore, Secrets, StoredSettings};
use casement_service::SettingsFailure;
use casement_service::ports::{Cursors, SettingsSource};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;

use crate::clock::LambdaClock;
pub use event::{Incoming, SELF_TEST};

/// What a function reads at work, and has to be able to read.
pub(crate) trait Readable {
    /// Reads it.
    fn read(&self) -> LocalBoxFuture<'_, Finding>;
}

/// How a reading went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It can be read.
    Ready,
    /// It is the operator's to fill in. An earlier version had no more of it.
    NotYet(&'static str),
    /// This version could not work. Says nothing of the value.
    Failed(String),
}

/// What a starting function is going to read.
#[derive(Default)]
pub(crate) struct Readables(RefCell<Vec<Box<dyn Readable>>>);

impl Readables {
    pub(crate) fn add(&self, readable: impl Readable + 'static) {
        self.0.borrow_mut().push(Box::new(readable));
    }
}

impl std::fmt::Debug for Readables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Readables({})", self.0.borrow().len())
    }
}

/// The self-test of a function that has started.
pub(crate) struct SelfTest {
    function: String,
    readables: Vec<Box<dyn Readable>>,
}

/// The answer to a self-test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The function's name.
    pub function: String,
    /// Casement's version.
    pub version: &'static str,
    /// Why this version cannot work.
    pub failures: Vec<String>,
    /// What waits for the operator.
    pub not_yet: Vec<&'static str>,
}

/// The answer to an event of whichever kind.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Reply<R> {
    SelfTest(Report),
    Work(R),
}

impl SelfTest {
    /// Makes the self-test of the function with this name.
    pub(crate) fn new(function: &str, readables: Readables) -> Self {
        Self {
            function: function.to_owned(),
            readables: readables.0.into_inner(),
        }
    }

    /// Reads everything.
    pub(crate) async fn run(&self) -> Report {
        let mut report = Report {
            function: self.function.clone(),
            version: env!("CARGO_PKG_VERSION"),
            failures: Vec::new(),
            not_yet: Vec::new(),
        };
        for readable in &self.readables {
            match readable.read().await {
                Finding::Ready => {}
                Finding::NotYet(what) => report.not_yet.push(what),
                Finding::Failed(why) => report.failures.push(why),
            }
        }
        if report.failures.is_empty() {
            tracing::info!(not_yet = ?report.not_yet, "the self-test passed");
        } else {
            tracing::error!(failures = ?report.failures, "the self-test failed");
        }
        report
    }
}

impl<V: Document + 'static> Readable for Secrets<V, LambdaClock> {
    fn read(&self) -> LocalBoxFuture<'_, Finding> {
        Box::pin(async {
            match self.current().await {
                Ok(_) => Finding::Ready,
                Err(SecretsFailure::Unreadable(which, failure)) if failure.code() == NO_VALUE => {
                    Finding::NotYet(match which {
                        Which::Webhook => "the webhook secret has no value yet",
                        Which::Credentials => "the credentials secret has no value yet",
                    })
                }
                Err(failure) => Finding::Failed(failure.to_string()),
            }
        })
    }
}

impl Readable for StoredSettings<LambdaClock> {
    fn read(&self) -> LocalBoxFuture<'_, Finding> {
        Box::pin(async {
            match self.current().await {
                Ok(_) => Finding::Ready,
                Err(SettingsFailure::Missing) => Finding::NotYet("no settings are stored yet"),
                // The error quotes them.
                Err(SettingsFailure::Invalid(_)) => Finding::Failed(
                    "the stored settings are not valid; `casement check` says why".to_owned(),
                ),
                Err(SettingsFailure::Store(failure)) => Finding::Failed(failure.to_string()),
            }
        })
    }
}

impl Readable for DynamoStore<LambdaClock> {
    /// Reads a small item that one function or another keeps there.
    fn read(&self) -> LocalBoxFuture<'_, Finding> {
        Box::pin(async {
            match self.cursor().await {
                Ok(_) => Finding::Ready,
                Err(failure) => Finding::Failed(failure.to_string()),
            }
        })
    }
}

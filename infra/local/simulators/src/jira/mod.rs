//! The part of Jira and Jira Service Management that Casement uses, and the agents.
//!
//! `state` is what the site knows, `webhooks` are the actions that change it and what Casement is
//! sent of them, `routes` are the calls that arrive: those of the REST APIs and those of the control
//! API.

mod account;
mod adf;
mod config;
mod dates;
mod errors;
mod options;
mod represent;
mod routes;
mod seed;
mod setup;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub use self::account::Account;
pub use self::config::Config;
use self::state::State;
use crate::ids::Ids;
use crate::lock;
use crate::webhook::Outbox;

/// A simulated Jira Cloud site with one service project. Clones share the same state.
#[derive(Clone, Debug)]
pub struct JiraSimulator {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    ids: Arc<Ids>,
    /// How many issues, comments and attachments were ever made. Ids are not reused after a reset.
    issues: AtomicU64,
    comments: AtomicU64,
    attachments: AtomicU64,
    state: Mutex<State>,
    outbox: Arc<Outbox>,
}

impl JiraSimulator {
    /// Creates a site without issues, which sends its webhooks with `http`.
    #[must_use]
    pub fn new(config: Config, http: reqwest::Client) -> Self {
        let ids = Arc::new(Ids::new(config.seed));
        let outbox = Outbox::new(
            config.clock.clone(),
            http,
            config.webhook_timeout,
            webhooks::retry::policy,
            Arc::clone(&ids),
        );
        Self {
            shared: Arc::new(Shared {
                config,
                ids,
                issues: AtomicU64::new(0),
                comments: AtomicU64::new(0),
                attachments: AtomicU64::new(0),
                state: Mutex::default(),
                outbox,
            }),
        }
    }

    /// Returns the routes of the REST APIs, `/rest/api/3/...` and `/rest/servicedeskapi/...`, as
    /// the site serves them and, below `/ex/jira/{cloud id}`, as the cloud API does. Adds the token
    /// endpoint `/oauth/token` and the media service, `/media-api/...`, which takes signed
    /// addresses instead of credentials.
    pub fn atlassian_router(&self) -> Router {
        routes::router(self)
    }

    /// Returns the part of the control API that acts as the agents, with absolute paths
    /// (`/api/...`).
    pub fn control_router(&self) -> Router {
        routes::control::router(self.clone())
    }

    /// Sends all later webhooks to `url`.
    pub fn set_webhook_url(&self, url: impl Into<String>) {
        self.shared.outbox.set_url(url.into());
    }

    /// Forgets issues, options, the setup, deliveries and the journal. Keeps the webhook URL, and
    /// does not reuse ids.
    pub fn reset(&self) {
        self.shared.outbox.reset();
        *lock(&self.shared.state) = State::default();
    }

    /// Returns the number of webhooks that are being sent now. Those that wait for a later time do
    /// not count.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.shared.outbox.activity().busy()
    }

    /// Returns a receiver that is notified of every change of [`Self::busy`], except those caused
    /// by moving the clock.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.outbox.activity().changes()
    }

    fn now(&self) -> DateTime<Utc> {
        self.shared.config.clock.now()
    }
}

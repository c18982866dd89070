//! The part of the WhatsApp Cloud API that Casement uses, and the customers' phones.
//!
//! `state` is what Meta and the phones know, `webhooks` is what Casement is sent, `routes` are the
//! calls that arrive: those of the Cloud API and those of the control API.

mod config;
mod errors;
mod options;
mod routes;
mod seed;
mod setup;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub use self::config::Config;
pub use self::seed::Seeded;
use self::state::State;
use crate::ids::Ids;
use crate::lock;
use crate::webhook::Outbox;

/// A simulated WhatsApp Cloud API. Clones share the same state.
#[derive(Clone, Debug)]
pub struct WhatsappSimulator {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    ids: Arc<Ids>,
    state: Mutex<State>,
    outbox: Arc<Outbox>,
}

impl WhatsappSimulator {
    /// Creates a simulator without customers, which sends its webhooks with `http`.
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
                state: Mutex::default(),
                config,
                ids,
                outbox,
            }),
        }
    }

    /// Returns the routes of the Cloud API: `/{version}/{phone number id}/messages` and so on.
    pub fn graph_router(&self) -> Router {
        routes::graph::router(self.clone())
    }

    /// Returns the part of the control API that acts as the customers, with absolute paths
    /// (`/api/...`).
    pub fn control_router(&self) -> Router {
        routes::control::router(self.clone())
    }

    /// Sends all later webhooks to `url`.
    pub fn set_webhook_url(&self, url: impl Into<String>) {
        self.shared.outbox.set_url(url.into());
    }

    /// Forgets customers, options, the setup, deliveries and the journal. Keeps the webhook URL,
    /// and does not reuse ids.
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

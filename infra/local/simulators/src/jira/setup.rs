//! What the site's administrator has set up; changed through the control API and by the calls
//! that register webhooks.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The rights of the service account, the request form and the webhooks. Every member can be
/// set alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// Whether the service account administers Jira.
    pub administrator: bool,
    /// The keys of the permissions that the service account lacks.
    pub denied_permissions: Vec<String>,
    /// The fields of the form without which no request can be raised in the portal.
    pub required_fields: Vec<String>,
    /// The webhooks. Without a list there is one, to where the simulator sends its own.
    pub webhooks: Option<Vec<Webhook>>,
    /// How far the site's clock is ahead of the stack's, in seconds.
    pub clock_ahead_s: i32,
}

/// A webhook of an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The last part of its address.
    #[serde(default)]
    pub id: u64,
    /// For people.
    pub name: String,
    /// Where it goes.
    pub url: String,
    /// What it tells.
    pub events: Vec<String>,
    /// Whether it is sent.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether it is sent without a body.
    #[serde(default)]
    pub exclude_body: bool,
}

fn yes() -> bool {
    true
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            administrator: true,
            denied_permissions: Vec::new(),
            required_fields: Vec::new(),
            webhooks: None,
            clock_ahead_s: 0,
        }
    }
}

impl Setup {
    /// How far the site's clock is ahead of the stack's.
    pub(crate) fn clock_ahead(&self) -> TimeDelta {
        TimeDelta::seconds(self.clock_ahead_s.into())
    }
}

//! The settings of the site's administrator, which the control API and the calls that register
//! webhooks can change.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The rights of the service account, the request form and the webhooks. Every member can be set on
/// its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Setup {
    /// Whether the service account administers Jira.
    pub administrator: bool,
    /// The keys of the permissions that the service account lacks.
    pub denied_permissions: Vec<String>,
    /// The fields of the form that are required to raise a request in the portal.
    pub required_fields: Vec<String>,
    /// The webhooks. If absent, there is one, to the address that the simulator sends its own to.
    pub webhooks: Option<Vec<Webhook>>,
    /// Whether the project is team-managed, so that its fields have no screens.
    pub team_managed: bool,
    /// Whether a new custom field applies to no project.
    pub fields_without_context: bool,
    /// How many seconds the site's clock is ahead of the stack's.
    pub clock_ahead_s: i32,
}

/// A webhook that an administrator registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Webhook {
    /// The last part of the webhook's address.
    #[serde(default)]
    pub id: u64,
    /// A name for people.
    pub name: String,
    /// The URL that the webhook is sent to.
    pub url: String,
    /// The events that the webhook reports.
    pub events: Vec<String>,
    /// Whether the webhook is sent.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether the webhook is sent without a body.
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
            team_managed: false,
            fields_without_context: false,
            clock_ahead_s: 0,
        }
    }
}

impl Setup {
    /// Returns how far the site's clock is ahead of the stack's.
    pub(crate) fn clock_ahead(&self) -> TimeDelta {
        TimeDelta::seconds(self.clock_ahead_s.into())
    }
}

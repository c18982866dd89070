//! How the simulated site behaves; changed through the control API.

use serde::{Deserialize, Serialize};

/// The behaviour of the simulator. Every member can be set alone.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Webhooks say `jsdPublic: true` of internal comments too; the REST API stays right.
    pub jsd_public_bug: bool,
    /// Comment webhooks come without `issue`.
    pub issue_left_out: bool,
    /// How long a change takes to reach the search index.
    pub search_lag_ms: u32,
    /// How long a file takes to be linked to its comment: until then the comment's document
    /// names it, but no list of the REST APIs has it.
    pub attachment_delay_ms: u32,
    /// Whether files can be attached at all.
    pub attachments_enabled: bool,
    /// The largest file that can be attached, in bytes.
    pub upload_limit: u64,
    /// How many more times each webhook is sent, although it was taken.
    pub duplicates: u32,
    /// Webhooks are lost, as after the last repeat: what happens meanwhile is told to nobody.
    pub webhooks_lost: bool,
    /// How many calls the whole site takes in a second; any number if absent. `GET
    /// /api/jira/rate` tells whether the callers keep to it.
    pub calls_per_second: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jsd_public_bug: false,
            issue_left_out: false,
            search_lag_ms: 0,
            attachment_delay_ms: 0,
            attachments_enabled: true,
            // Source: Atlassian Support, on the limit of a new site: 1 GB.
            upload_limit: 1_000_000_000,
            duplicates: 0,
            webhooks_lost: false,
            calls_per_second: None,
        }
    }
}

//! How the simulated site behaves; changed through the control API.

use serde::{Deserialize, Serialize};

/// The behaviour of the simulator. Every member can be set alone.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Webhooks say `jsdPublic: true` of internal comments too; the REST API stays right.
    pub jsd_public_bug: bool,
    /// Comment webhooks come without `issue`.
    pub issue_left_out: bool,
    /// How long a change takes to reach the search index.
    pub search_lag_ms: u32,
    /// How long a file takes to be linked to its comment.
    pub attachment_delay_ms: u32,
    /// How many more times each webhook is sent, although it was taken.
    pub duplicates: u32,
}

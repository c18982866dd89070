//! How the simulated site behaves; changed through the control API.

use serde::{Deserialize, Serialize};

/// The behaviour of the simulator. Every member can be set alone.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Webhooks say `jsdPublic: true` of internal comments too; the REST API stays right.
    pub jsd_public_bug: bool,
    /// Comment webhooks come without `issue`.
    pub issue_left_out: bool,
    /// How long a change takes to reach the search index.
    pub search_lag_ms: u32,
    /// All issues are in a security level without our account: the platform hides them, with their
    /// comments and files, and the service desk shows the reporter the request.
    pub hidden_issues: bool,
    /// How long a file takes to be linked to its comment: until then the comment's document
    /// names it, but no list of the REST APIs has it.
    pub attachment_delay_ms: u32,
    /// Whether files can be attached at all.
    pub attachments_enabled: bool,
    /// The largest file that can be attached, in bytes.
    pub upload_limit: u64,
    /// How many comments an issue takes.
    pub comments_per_issue: usize,
    /// How many files an issue takes.
    pub attachments_per_issue: usize,
    /// How many more times each webhook is sent, although it was taken.
    pub duplicates: u32,
    /// Webhooks are lost, as after the last repeat: what happens meanwhile is told to nobody.
    pub webhooks_lost: bool,
    /// How many calls the whole site takes in a second; any number if absent. `GET
    /// /api/jira/rate` tells whether the callers keep to it.
    pub calls_per_second: Option<u32>,
    /// Whether the service account may edit comments of others, and keep properties with them.
    pub edit_all_comments: bool,
    /// Whether the service account may link issues.
    pub link_issues: bool,
    /// Whether a comment counts as edited when a property of it is set.
    pub properties_edit_comments: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jsd_public_bug: false,
            issue_left_out: false,
            search_lag_ms: 0,
            hidden_issues: false,
            attachment_delay_ms: 0,
            attachments_enabled: true,
            // Source: Atlassian Support, on the limit of a new site: 1 GB.
            upload_limit: 1_000_000_000,
            // Source: Atlassian Support, "Limits of work items".
            comments_per_issue: 5_000,
            attachments_per_issue: 2_000,
            duplicates: 0,
            webhooks_lost: false,
            calls_per_second: None,
            edit_all_comments: true,
            link_issues: true,
            properties_edit_comments: false,
        }
    }
}

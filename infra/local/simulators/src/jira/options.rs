//! The behaviour of the simulated site, which the control API can change.

use serde::{Deserialize, Serialize};

/// The behaviour of the simulator. Every member can be set on its own.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// Whether webhooks say `jsdPublic: true` of internal comments too. The REST API stays right.
    pub jsd_public_bug: bool,
    /// Whether comment webhooks come without `issue`.
    pub issue_left_out: bool,
    /// How long a change takes to reach the search index.
    pub search_lag_ms: u32,
    /// Whether all issues are in a security level without our account. The platform API hides them,
    /// with their comments and files, but the service desk still shows the reporter the request.
    pub hidden_issues: bool,
    /// How long a file takes to be linked to its comment. Until then the comment's document names
    /// the file, but no list of the REST APIs has it.
    pub attachment_delay_ms: u32,
    /// Whether files can be attached at all.
    pub attachments_enabled: bool,
    /// The largest file that can be attached, in bytes.
    pub upload_limit: u64,
    /// The most comments that an issue takes.
    pub comments_per_issue: usize,
    /// The most files that an issue takes.
    pub attachments_per_issue: usize,
    /// How many more times each webhook is sent, although it was accepted.
    pub duplicates: u32,
    /// Whether webhooks are lost, as after the last repeat: nobody hears of what happens meanwhile.
    pub webhooks_lost: bool,
    /// The most calls that the whole site takes in a second; unlimited if absent. `GET
    /// /api/jira/rate` tells whether callers respect the limit.
    pub calls_per_second: Option<u32>,
    /// Whether the service account may edit other people's comments and set properties on them.
    pub edit_all_comments: bool,
    /// Whether the service account may link issues.
    pub link_issues: bool,
    /// Whether setting a property of a comment counts as editing the comment.
    pub properties_edit_comments: bool,
    /// The rule of Automation that comments in public.
    pub automation: Rule,
    /// Whom the preset rules and the SLA take the service account for, the reporter with an agent's
    /// licence. Without it there are neither rules nor an SLA.
    pub judges_us_as: Option<Judged>,
}

/// The side of somebody who comments in public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Judged {
    Customer,
    Agent,
}

/// A rule of Automation, which writes a public comment when a comment appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    #[default]
    None,
    /// Answers each of the customer's messages with the same words.
    AutoReply,
    /// Tells the customer of each internal note of Casement's, each time in other words.
    OnNotes,
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
            automation: Rule::None,
            judges_us_as: None,
        }
    }
}

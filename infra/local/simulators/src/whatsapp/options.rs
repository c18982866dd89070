//! The behaviour of the simulated service, which the control API can change.

use serde::{Deserialize, Serialize};

/// How many delivered free-form messages a business number has free in a month. Source: Meta,
/// "Pricing".
const FREE_MESSAGES: u32 = 1_000;

/// The behaviour of the simulator. Every member can be set on its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// Which status webhooks are sent, and when.
    pub statuses: Statuses,
    /// How many more times each webhook is sent, although it was accepted.
    pub duplicates: u32,
    /// How free text outside the customer service window fails.
    pub window_error: WindowError,
    /// Whether webhooks carry raw UTF-8 instead of `\u` escapes.
    pub raw_utf8: bool,
    /// Whether a reaction opens the window, which Meta does not document.
    pub reactions_open_window: bool,
    /// Phone numbers that no message reaches: error 131026 in a `failed` status.
    pub undeliverable: Vec<String>,
    /// Error codes with which the next messages fail in a `failed` status, one each.
    pub fail_next: Vec<u32>,
    /// Error codes with which the next calls that send a message are refused, one each.
    pub refuse_next: Vec<u32>,
    /// Who holds a conversation in which the customer has not written for a day.
    pub default_holder: Holder,
    /// How many delivered free-form messages a business number has free in a month.
    pub free_messages: u32,
    /// Templates that replace the built-in ones.
    pub templates: Option<Vec<TemplateDefinition>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            statuses: Statuses::Ordered,
            duplicates: 0,
            window_error: WindowError::Async,
            raw_utf8: false,
            reactions_open_window: false,
            undeliverable: Vec::new(),
            fail_next: Vec::new(),
            refuse_next: Vec::new(),
            default_holder: Holder::Casement,
            free_messages: FREE_MESSAGES,
            templates: None,
        }
    }
}

/// Which status webhooks are sent, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Statuses {
    /// `sent`, then `delivered` once `sent` was answered.
    Ordered,
    /// `delivered` before `sent`.
    Shuffled,
    /// As `ordered`, but all before the call that sends the message is answered.
    BeforeResponse,
    /// No status webhooks.
    None,
}

/// A sender that holds a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holder {
    #[default]
    Casement,
    /// Meta Business Agent.
    MetaAgent,
}

/// How free text outside the customer service window fails (error 131047).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WindowError {
    /// The call is refused.
    Sync,
    /// The call is accepted, and a `failed` status follows.
    Async,
    /// Free text does not fail: the window is not checked.
    Off,
}

/// A message template with text and quick replies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateDefinition {
    pub name: String,
    /// The template's language, such as `en_US`.
    pub language: String,
    /// The body, with `{{1}}`, `{{2}}` ... in place of parameters.
    pub body: String,
    /// The texts of the quick-reply buttons.
    #[serde(default)]
    pub buttons: Vec<String>,
    #[serde(default = "approved")]
    pub status: String,
    #[serde(default = "utility")]
    pub category: String,
}

fn approved() -> String {
    "APPROVED".to_owned()
}

fn utility() -> String {
    "UTILITY".to_owned()
}

//! How one WhatsApp business number is served.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{Languages, ReopeningTemplate, Senders};
use crate::hours::{BusinessHours, QuietHours};
use crate::model::conversation::Conversation;
use crate::model::identity::{BusinessAccountId, PhoneNumberId};
use crate::say::texts::Words;

/// How one WhatsApp business number is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSettings {
    /// The number's id at Meta (WhatsApp Manager shows it; not the phone number itself).
    pub phone_number_id: PhoneNumberId,
    /// The WhatsApp Business Account that the number belongs to, whose templates may be sent. `None`:
    /// none are.
    pub business_account_id: Option<BusinessAccountId>,
    /// The service desk that requests are opened in.
    pub service_desk_id: String,
    /// The request type that requests are opened with.
    pub request_type_id: String,
    /// The text field of the request form that takes Casement's reference. It must be on the form.
    pub reference_field: String,
    /// The text field of the request form that takes the customer's phone number.
    pub phone_field: Option<String>,
    /// The text field of the request form that takes the name in the customer's WhatsApp profile.
    pub name_field: Option<String>,
    /// The date-time field of the request that is kept at the end of the window.
    pub window_field: Option<String>,
    /// The time zone of the agents, in which notes give times.
    pub time_zone: Tz,
    /// When the agents work.
    pub hours: BusinessHours,
    /// When a customer is not woken by a message that nobody has asked for just then.
    pub quiet_hours: QuietHours,
    /// How long after its end a request is reopened by a message of its customer. A later one
    /// opens a new request. Zero: always a new one.
    pub reopen_within: Duration,
    /// How long a customer waits before a delay notice is sent, while the agents work.
    pub delay_after: Duration,
    /// How long a late reply is held for its customer to write again.
    pub hold_for: Duration,
    /// How long before the end of the window a waiting customer is asked to keep it open.
    pub keep_open_lead: Duration,
    /// How often in a row. Zero: never.
    pub keep_open_times: u32,
    /// How long before the end of the window the agents are warned. Zero: never.
    pub alert_lead: Duration,
    /// Whether a reply begins with the agent's name.
    pub agent_name: bool,
    /// When customers see that their message was read.
    pub mark_read: MarkRead,
    /// Whether customers see that an answer is being written while a reply is on its way.
    pub typing_indicator: bool,
    /// What else than the built-in phrases counts as thanks that reopen nothing
    /// ([`crate::say::thanks`]).
    pub thanks_words: Vec<String>,
    /// What else than the built-in words ends automatic messages.
    pub stop_words: Vec<String>,
    /// What else than the built-in words begins them again.
    pub start_words: Vec<String>,
    /// Whose messages are taken in.
    pub senders: Senders,
    /// The languages of customers, with their texts.
    pub languages: Languages,
    /// What asks a customer to open the window again. `None`: nothing does.
    pub reopening_template: Option<ReopeningTemplate>,
}

impl NumberSettings {
    /// What Casement says in `conversation` at `now`, in the customer's language.
    #[must_use]
    pub fn words(&self, conversation: &Conversation, now: DateTime<Utc>) -> Words<'_> {
        let texts = self.languages.texts_for(&conversation.identity);
        Words::new(texts, conversation, &self.hours, now)
    }
}

/// When customers see that their message was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkRead {
    /// As soon as it is in Jira.
    #[default]
    Stored,
    /// When an agent has answered.
    Answered,
    /// Never.
    Never,
}

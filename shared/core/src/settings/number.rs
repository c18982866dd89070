//! The settings of one WhatsApp business number.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{Languages, ReopeningTemplate, Senders};
use crate::hours::{BusinessHours, QuietHours};
use crate::model::conversation::Conversation;
use crate::model::identity::{BusinessAccountId, PhoneNumberId};
use crate::say::texts::Words;

/// The settings of one WhatsApp business number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSettings {
    /// The number's id at Meta, which WhatsApp Manager shows. It is not the phone number itself.
    pub phone_number_id: PhoneNumberId,
    /// The WhatsApp Business Account that the number belongs to. Its templates may be sent; without
    /// an account, none may.
    pub business_account_id: Option<BusinessAccountId>,
    /// The service desk in which requests are opened.
    pub service_desk_id: String,
    /// The request type with which requests are opened.
    pub request_type_id: String,
    /// The text field of the request form for Casement's reference. It must be on the form.
    pub reference_field: String,
    /// The text field of the request form for the customer's phone number.
    pub phone_field: Option<String>,
    /// The text field of the request form for the name in the customer's WhatsApp profile.
    pub name_field: Option<String>,
    /// The date-time field of the request that shows the end of the window.
    pub window_field: Option<String>,
    /// The date-time field of the request that shows since when the customer waits.
    pub waiting_field: Option<String>,
    /// The number field of the request that shows how many replies are held.
    pub held_field: Option<String>,
    /// The agents' time zone, in which notes give times.
    pub time_zone: Tz,
    /// The agents' working hours.
    pub hours: BusinessHours,
    /// The hours in which no unprompted message wakes a customer.
    pub quiet_hours: QuietHours,
    /// How long after a request was closed its customer's message reopens it. A later message opens
    /// a new request. Zero means always a new one.
    pub reopen_within: Duration,
    /// How long a customer waits before a delay notice is sent, while the agents work.
    pub delay_after: Duration,
    /// How long a late reply is held until the customer writes again.
    pub hold_for: Duration,
    /// How long before the end of the window a waiting customer is asked to keep it open.
    pub keep_open_lead: Duration,
    /// How often in a row a customer is asked. Zero means never.
    pub keep_open_times: u32,
    /// How long before the end of the window the agents are warned. Zero means never.
    pub alert_lead: Duration,
    /// Whether a reply begins with the agent's name.
    pub agent_name: bool,
    /// When customers see that their messages were read.
    pub mark_read: MarkRead,
    /// What a public comment by an Automation rule or another app counts as.
    pub automation_comments: AutomationComments,
    /// What they may still send after STOP.
    pub automation_after_stop: AfterStop,
    /// How many of them go out while a customer waits, if they count as notices.
    pub automation_limit: usize,
    /// What becomes of conversations that another sender of the number holds. `None`: the owner has
    /// not said that there is one.
    pub standby: Option<Standby>,
    /// Whether customers see a typing indicator while a reply is on its way.
    pub typing_indicator: bool,
    /// Phrases besides the built-in ones that count as thanks and reopen nothing
    /// ([`crate::say::thanks`]).
    pub thanks_words: Vec<String>,
    /// Words besides the built-in ones that end automatic messages.
    pub stop_words: Vec<String>,
    /// Words besides the built-in ones that resume automatic messages.
    pub start_words: Vec<String>,
    /// The customers whose messages are accepted.
    pub senders: Senders,
    /// The languages of customers, with their texts.
    pub languages: Languages,
    /// The template that asks a customer to open the window again, if any.
    pub reopening_template: Option<ReopeningTemplate>,
}

impl NumberSettings {
    /// Returns Casement's words for `conversation` at `now`, in the customer's language.
    #[must_use]
    pub fn words(&self, conversation: &Conversation, now: DateTime<Utc>) -> Words<'_> {
        let texts = self.languages.texts_for(&conversation.identity);
        Words::new(texts, conversation, &self.hours, now)
    }
}

/// When customers see that their messages were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkRead {
    /// As soon as the message is in Jira.
    #[default]
    Stored,
    /// As soon as an agent has answered.
    Answered,
    Never,
}

/// What a public comment by an Automation rule or another app counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomationComments {
    /// A notice: it goes out, and the customer still waits for a person.
    #[default]
    Notice,
    /// An answer, as if an agent had written it.
    Answer,
}

/// What Automation rules and other apps may still send to a customer who wants no automatic
/// messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterStop {
    #[default]
    Nothing,
    /// Template messages, such as news of an order.
    Templates,
}

/// What becomes of messages between customers and another sender of the number, such as Meta's
/// agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standby {
    /// The request shows them as internal comments.
    Show,
    /// They are only counted.
    Count,
}

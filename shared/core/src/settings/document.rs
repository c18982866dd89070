//! The document as written: each value is valid by itself, but they may not fit together.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;

use super::value::{
    self, AccountNumber, CountryCode, CustomField, RequestType, Sender, ServiceDesk, TemplateName,
    TextField,
};
use super::{AfterStop, AutomationComments, MarkRead, Standby, Unwanted};
use crate::hours::Slot;
use crate::model::identity::PhoneNumberId;
use crate::say::texts::{Language, TextKey};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) other_numbers: Vec<Spanned<PhoneNumberId>>,
    #[serde(default, rename = "number")]
    pub(super) numbers: Vec<NumberTable>,
}

/// `[[number]]`. [`super::NumberSettings`] explains the fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberTable {
    pub(super) phone_number_id: Spanned<PhoneNumberId>,
    pub(super) service_desk_id: ServiceDesk,
    pub(super) request_type_id: RequestType,
    pub(super) business_account_id: Option<Spanned<AccountNumber>>,
    pub(super) reference_field: Option<Spanned<TextField>>,
    pub(super) phone_field: Option<Spanned<TextField>>,
    pub(super) name_field: Option<Spanned<TextField>>,
    pub(super) window_field: Option<Spanned<CustomField>>,
    pub(super) waiting_field: Option<Spanned<CustomField>>,
    pub(super) held_field: Option<Spanned<CustomField>>,
    #[serde(default, deserialize_with = "value::time_zone")]
    pub(super) time_zone: Tz,
    #[serde(default = "night", deserialize_with = "value::slot_or_none")]
    pub(super) quiet_hours: Option<Slot>,
    // After a year nobody remembers what a request was about.
    #[serde(
        default = "days::<3>",
        deserialize_with = "value::duration::<_, 0, { 365 * DAY }>"
    )]
    pub(super) reopen_within: Duration,
    // After 23 hours the window would be closing.
    #[serde(
        default = "minutes::<30>",
        deserialize_with = "value::duration::<_, 1, { 23 * HOUR }>"
    )]
    pub(super) delay_after: Duration,
    // The ledger knows for 90 days what became of a reply.
    #[serde(
        default = "days::<14>",
        deserialize_with = "value::duration::<_, HOUR, { 90 * DAY }>"
    )]
    pub(super) hold_for: Duration,
    // In the last minutes, a tap would come too late.
    #[serde(
        default = "minutes::<120>",
        deserialize_with = "value::duration::<_, { 5 * MINUTE }, { 23 * HOUR }>"
    )]
    pub(super) keep_open_lead: Duration,
    #[serde(default = "twice", deserialize_with = "value::count::<_, 0, 10>")]
    pub(super) keep_open_times: u32,
    #[serde(
        default = "minutes::<240>",
        deserialize_with = "value::duration::<_, 0, { 23 * HOUR }>"
    )]
    pub(super) alert_lead: Duration,
    #[serde(default)]
    pub(super) agent_name: bool,
    #[serde(default)]
    pub(super) mark_read: MarkRead,
    #[serde(default)]
    pub(super) typing_indicator: bool,
    #[serde(default)]
    pub(super) automation_comments: AutomationComments,
    #[serde(default)]
    pub(super) automation_after_stop: AfterStop,
    #[serde(default = "thrice", deserialize_with = "value::count::<_, 1, 20>")]
    pub(super) automation_limit: u32,
    pub(super) standby: Option<Standby>,
    #[serde(default)]
    pub(super) thanks_words: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) stop_words: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) start_words: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) blocked: Vec<Sender>,
    #[serde(default)]
    pub(super) allowed: Vec<Spanned<Sender>>,
    #[serde(default)]
    pub(super) unwanted: Unwanted,
    pub(super) language: Option<Spanned<Language>>,
    #[serde(default)]
    pub(super) languages: BTreeMap<CountryCode, Spanned<Language>>,
    pub(super) hours: Option<Spanned<Week>>,
    #[serde(default)]
    pub(super) holidays: Vec<Spanned<HolidayTable>>,
    pub(super) reopening_template: Option<Spanned<TemplateTable>>,
    #[serde(default)]
    pub(super) texts: BTreeMap<Language, BTreeMap<TextKey, Spanned<String>>>,
}

/// `[number.hours]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Week {
    #[serde(default)]
    pub(super) monday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) tuesday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) wednesday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) thursday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) friday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) saturday: Vec<Spanned<Slot>>,
    #[serde(default)]
    pub(super) sunday: Vec<Spanned<Slot>>,
}

/// `[[number.holidays]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayTable {
    #[serde(default, deserialize_with = "value::date")]
    pub(super) date: Option<NaiveDate>,
    #[serde(default, deserialize_with = "value::date")]
    pub(super) from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "value::date")]
    pub(super) to: Option<NaiveDate>,
    #[serde(default)]
    pub(super) hours: Vec<Spanned<Slot>>,
    /// A note for the owner, which Casement ignores.
    #[serde(rename = "name")]
    _name: Option<String>,
}

/// `[number.reopening_template]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateTable {
    pub(super) name: TemplateName,
    pub(super) language: Option<Language>,
    #[serde(default)]
    pub(super) languages: BTreeMap<Language, Language>,
}

impl Week {
    /// Returns the days from Monday to Sunday, each with its key.
    pub(super) fn days(&self) -> [(&'static str, &[Spanned<Slot>]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

fn night() -> Option<Slot> {
    "22:00-08:00".parse().ok()
}

fn minutes<const COUNT: i64>() -> Duration {
    Duration::minutes(COUNT)
}

fn days<const COUNT: i64>() -> Duration {
    Duration::days(COUNT)
}

fn twice() -> u32 {
    2
}

fn thrice() -> u32 {
    3
}

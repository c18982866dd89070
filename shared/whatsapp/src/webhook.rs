//! Turns a webhook's body into messages and delivery reports.
//!
//! Meta's documentation differs from what Meta sends, so fields may be absent, null or of another
//! type. One body has up to a thousand updates (Cloud API, "Webhooks overview"), and one that
//! cannot be read never costs the others.

mod account;
mod content;
mod context;
mod elsewhere;
mod id;
mod lenient;
mod message;
mod repetition;
mod sender;
mod status;
mod surrogates;
mod system;
mod template;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::BTreeMap;
use std::fmt;

use casement_core::model::account::AccountEvent;
use casement_core::model::content::{InboundMessage, Via};
use casement_core::model::identity::{IdentityChange, PhoneNumberId};
use casement_core::model::status::{Delivery, StatusReport, TemplateChange};
use casement_service::Intake;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use self::lenient::Written;
use self::message::Around;
use self::repetition::Messages;
use crate::signature::Verified;

/// The contents of a body.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Customers' messages, in the order of the body. Ids are unique: of two different messages
    /// with the same id, the later one's gets the suffix `#2`.
    pub messages: Vec<InboundMessage>,
    /// Customers whose identifiers have changed, in the order of the body.
    pub identity_changes: Vec<IdentityChange>,
    /// Reports about our messages, in the order of the body.
    pub statuses: Vec<StatusReport>,
    /// Changed templates of a business account, in the order of the body.
    pub template_changes: Vec<TemplateChange>,
    /// Reports about business accounts and their numbers, in the order of the body.
    pub account_events: Vec<AccountEvent>,
    /// The names of the fields that Casement does not handle, and how often each came: few names,
    /// and "other" for the rest.
    pub unknown_fields: BTreeMap<String, usize>,
    /// Skipped items by reason, for the metrics.
    pub skipped: Vec<Skipped>,
}

// The messages hold names and words.
impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parsed")
            .field("messages", &self.messages.len())
            .field("identity_changes", &self.identity_changes.len())
            .field("statuses", &self.statuses.len())
            .field("template_changes", &self.template_changes)
            .field("account_events", &self.account_events)
            .field("unknown_fields", &self.unknown_fields)
            .field("skipped", &self.skipped)
            .finish()
    }
}

impl From<Parsed> for Intake {
    fn from(parsed: Parsed) -> Self {
        Self {
            messages: parsed.messages,
            identity_changes: parsed.identity_changes,
            statuses: parsed.statuses,
            template_changes: parsed.template_changes,
            account_events: parsed.account_events,
            unknown_fields: parsed.unknown_fields,
        }
    }
}

/// The number of items skipped for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub reason: SkipReason,
    pub count: usize,
}

/// Why an item of a webhook was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// Does not have the shape of a webhook, or of the item expected here.
    Unreadable,
    /// A message or a status without WhatsApp's id, whose repetition could not be recognised.
    NoId,
    /// A message with neither its sender's phone number nor BSUID.
    NoSender,
    /// A message without the business number that it was sent to.
    NoNumber,
    /// A message in a group, which has no customer service window of its own.
    Group,
    /// A chat that was opened without a word (`request_welcome`).
    Welcome,
    /// A call by the business.
    BusinessCall,
    /// A report about a call that is neither its beginning nor its end.
    UnknownCall,
    /// A change of hands of a conversation, of a kind that Meta has not announced.
    UnknownHandover,
    /// A delivery report about another sender's message.
    StandbyStatus,
    /// A message with the id and words of another one in the same body.
    Repeated,
    /// A status other than sent, delivered, read, played or failed.
    UnknownStatus,
    /// An error of the whole business number, without a message (`value.errors`).
    NumberError,
    /// A webhook field that Casement does not handle.
    OtherField,
    /// A webhook of another Meta product.
    OtherObject,
}

impl SkipReason {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoId => "no_id",
            Self::NoSender => "no_sender",
            Self::NoNumber => "no_number",
            Self::Group => "group",
            Self::Welcome => "welcome",
            Self::BusinessCall => "business_call",
            Self::UnknownCall => "unknown_call",
            Self::UnknownHandover => "unknown_handover",
            Self::StandbyStatus => "standby_status",
            Self::Repeated => "repeated",
            Self::UnknownStatus => "unknown_status",
            Self::NumberError => "number_error",
            Self::OtherField => "other_field",
            Self::OtherObject => "other_object",
        }
    }
}

/// The body is not JSON. Count it and answer 200: a repetition would be no better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the webhook's body is not JSON")]
pub struct NotJson;

/// Reads a body. `received_at` replaces missing and impossible times.
///
/// # Errors
/// [`NotJson`]. [`Parsed::skipped`] counts everything else that is wrong with a body.
pub fn parse(webhook: Verified<'_>, received_at: DateTime<Utc>) -> Result<Parsed, NotJson> {
    let body = webhook.body();
    let root: Value = serde_json::from_slice(body)
        .or_else(|_| serde_json::from_slice(&surrogates::replace_halves(body)))
        .map_err(|_| NotJson)?;
    let mut reader = Reader {
        received_at,
        messages: Messages::default(),
        identity_changes: Vec::new(),
        statuses: Vec::new(),
        template_changes: Vec::new(),
        account_events: Vec::new(),
        unknown_fields: BTreeMap::new(),
        skipped: BTreeMap::new(),
    };
    reader.root(&root);
    Ok(Parsed {
        messages: reader.messages.into_list(),
        identity_changes: reader.identity_changes,
        statuses: reader.statuses,
        template_changes: reader.template_changes,
        account_events: reader.account_events,
        unknown_fields: reader.unknown_fields,
        skipped: reader
            .skipped
            .into_iter()
            .map(|(reason, count)| Skipped { reason, count })
            .collect(),
    })
}

/// Collects the items of a body.
struct Reader {
    received_at: DateTime<Utc>,
    messages: Messages,
    identity_changes: Vec<IdentityChange>,
    statuses: Vec<StatusReport>,
    template_changes: Vec<TemplateChange>,
    account_events: Vec<AccountEvent>,
    unknown_fields: BTreeMap<String, usize>,
    skipped: BTreeMap<SkipReason, usize>,
}

impl Reader {
    fn skip(&mut self, reason: SkipReason, count: usize) {
        *self.skipped.entry(reason).or_default() += count;
    }

    fn root(&mut self, root: &Value) {
        let object = root["object"].as_str();
        if object.is_some_and(|object| object != "whatsapp_business_account") {
            return self.skip(SkipReason::OtherObject, 1);
        }
        let Some(entries) = root["entry"].as_array() else {
            return self.skip(SkipReason::Unreadable, 1);
        };
        for entry in entries {
            match entry["changes"].as_array() {
                Some(changes) => changes.iter().for_each(|change| self.change(entry, change)),
                None => self.skip(SkipReason::Unreadable, 1),
            }
        }
    }

    fn change(&mut self, entry: &Value, change: &Value) {
        let value = &change["value"];
        match change["field"].as_str() {
            Some("messages") | None => self.value(value),
            Some("standby") => self.standby(value),
            Some("messaging_handovers") => {
                let around = elsewhere::around(value, value, true, self.received_at);
                self.add(elsewhere::handover(value, &around));
            }
            Some("smb_message_echoes") => self.echoes(value, value, Via::AppEcho),
            Some("message_echoes") => self.echoes(value, value, Via::OtherEcho),
            Some("calls") => self.calls(value),
            Some(
                "message_template_status_update"
                | "message_template_components_update"
                | "template_category_update",
            ) => match template::read(entry, value, self.received_at) {
                Some(change) => self.template_changes.push(change),
                None => self.skip(SkipReason::Unreadable, 1),
            },
            Some(field) if account::FIELDS.contains(&field) => {
                let event = account::read(field, entry, value, self.received_at);
                self.account_events.push(event);
            }
            Some(field) => {
                unknown::count(&mut self.unknown_fields, field);
                self.skip(SkipReason::OtherField, 1);
            }
        }
    }

    /// Reads the value of a change of the field `standby`: what happens in a conversation that
    /// another sender holds.
    fn standby(&mut self, value: &Value) {
        let inner = match &value["standby"] {
            inner @ Value::Object(_) => inner,
            _ => value,
        };
        let lists = ["messages", "message_echoes", "statuses"].map(|name| inner[name].as_array());
        let [messages, echoes, statuses] = lists;
        if lists.iter().all(Option::is_none) {
            return self.skip(SkipReason::Unreadable, 1);
        }
        if let Some(messages) = messages {
            let alone = messages.len() == 1;
            let around = Around {
                via: Via::Standby,
                ..elsewhere::around(value, inner, alone, self.received_at)
            };
            self.messages(&around, messages);
        }
        if echoes.is_some() {
            self.echoes(value, inner, Via::AgentEcho);
        }
        let around = elsewhere::around(value, inner, false, self.received_at);
        for status in statuses.into_iter().flatten() {
            match status::read(status, around.number.as_ref(), self.received_at) {
                // One of ours may have been on its way when the conversation changed hands, and a
                // failure may come without our callback data.
                Ok(report)
                    if report.callback.is_some()
                        || matches!(report.delivery, Delivery::Failed(_)) =>
                {
                    self.statuses.push(report);
                }
                Ok(_) => self.skip(SkipReason::StandbyStatus, 1),
                Err(reason) => self.skip(reason, 1),
            }
        }
    }

    /// Reads what another sender wrote.
    fn echoes(&mut self, value: &Value, inner: &Value, via: Via) {
        let Some(echoes) = inner["message_echoes"].as_array() else {
            return self.skip(SkipReason::Unreadable, 1);
        };
        let around = elsewhere::around(value, inner, echoes.len() == 1, self.received_at);
        for echo in echoes {
            self.add(elsewhere::echo(echo, via, &around));
        }
    }

    /// Reads the value of a change of the field `calls`.
    fn calls(&mut self, value: &Value) {
        let [calls, statuses, errors] =
            ["calls", "statuses", "errors"].map(|name| value[name].as_array());
        let reports = statuses.map_or(0, Vec::len) + errors.map_or(0, Vec::len);
        if reports > 0 {
            self.skip(SkipReason::BusinessCall, reports);
        }
        let Some(calls) = calls else {
            if reports == 0 {
                self.skip(SkipReason::Unreadable, 1);
            }
            return;
        };
        let around = elsewhere::around(value, value, calls.len() == 1, self.received_at);
        let display = Written::deserialize(&value["metadata"]["display_phone_number"]).ok();
        for call in calls {
            self.add(elsewhere::call(call, display.as_ref(), &around));
        }
    }

    fn add(&mut self, read: Result<InboundMessage, SkipReason>) {
        match read {
            Ok(message) => {
                if !self.messages.add(message) {
                    self.skip(SkipReason::Repeated, 1);
                }
            }
            Err(reason) => self.skip(reason, 1),
        }
    }

    /// Reads the value of a change of the field `messages`.
    fn value(&mut self, value: &Value) {
        let lists = ["messages", "statuses", "errors"].map(|name| value[name].as_array());
        let [messages, statuses, errors] = lists;
        if lists.iter().all(Option::is_none) {
            return self.skip(SkipReason::Unreadable, 1);
        }
        let number = Written::deserialize(&value["metadata"]["phone_number_id"]).ok();
        let number = number.and_then(|id| id.text()).map(PhoneNumberId::new);
        for status in statuses.into_iter().flatten() {
            match status::read(status, number.as_ref(), self.received_at) {
                Ok(report) => self.statuses.push(report),
                Err(reason) => self.skip(reason, 1),
            }
        }
        if let Some(messages) = messages {
            let around = elsewhere::around(value, value, messages.len() == 1, self.received_at);
            self.messages(&around, messages);
        }
        if let Some(errors) = errors.filter(|errors| !errors.is_empty()) {
            self.skip(SkipReason::NumberError, errors.len());
        }
    }

    fn messages(&mut self, around: &Around, messages: &[Value]) {
        for message in messages {
            if let Some(change) = system::identity_change(message, around) {
                self.identity_changes.push(change);
                continue;
            }
            self.add(message::read(message, around));
        }
    }
}

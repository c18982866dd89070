//! The events that operators count.
//!
//! A use case reports an event with [`Event::count`], in the place where it happens. The event is a
//! log line (`tracing`, target [`TARGET`]); `casement-lambda` sums the events of an invocation and
//! writes them for CloudWatch. A new metric is a variant, a line in [`Event::measures`] and a row
//! in the table of `infra/guide/operations.md`.

use std::borrow::Cow;

use casement_core::model::account::{AccountKind, Severity};
use casement_core::model::fate::{Absence, CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::PhoneNumberId;
use casement_core::model::price::Price;
use chrono::Duration;

use crate::failure::{BackendFailure, Failure, QueueFailure, SettingsFailure, StoreFailure};

/// The `tracing` target of events.
pub const TARGET: &str = "casement_event";

/// An event that operators count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A customer's message is in the queue.
    Received,
    /// A customer has sent very many messages within an hour.
    ManyMessages,
    /// A customer's message is in Jira, this long after it was written.
    Rendered(Duration),
    /// Another sender of the number was at work, or a customer wrote to it. Carries what was seen.
    OtherSender(&'static str),
    /// A message was not for us, or was dealt with before. Carries the reason.
    Ignored(&'static str),
    /// WhatsApp has accepted all of an agent's reply, this long after it was written.
    Sent(Duration),
    /// A reply is held until the customer writes again.
    Held,
    /// A reply came after the window had closed. Carries who says so.
    WindowMissed(&'static str),
    /// WhatsApp has accepted a held reply.
    Released,
    /// WhatsApp has accepted a delay notice.
    NoticeSent,
    /// A delay notice that was due was not sent. Carries the reason.
    NoticeSkipped(&'static str),
    /// A comment by an Automation rule was not sent. Carries the reason.
    RuleKeptBack(&'static str),
    /// WhatsApp has accepted a template message. Carries who asked for it.
    TemplateSent(&'static str),
    /// A waiting customer was asked to keep the window open.
    AskedToKeepOpen,
    /// The agents were warned that the window is about to close on a waiting customer.
    AgentsAlerted,
    /// A held reply has waited too long and was given up.
    HoldExpired,
    /// WhatsApp will not deliver a message of ours. `None`: WhatsApp gave no code.
    SendFailed(Option<WhatsappCode>),
    /// WhatsApp asks us to slow down.
    WhatsappThrottled(WhatsappCode),
    /// WhatsApp accepts nothing until an operator acts.
    SendingPaused(WhatsappCode),
    /// Jira asks us to slow down.
    JiraThrottled,
    /// Jira refused a call with this status, and only an operator can fix the cause.
    JiraRefused(u16),
    /// The settings are missing or not valid.
    SettingsInvalid,
    /// A customer wrote to a number of ours that the settings do not name. Carries the number's id.
    UnknownNumber(PhoneNumberId),
    /// AWS refused a call, and only an operator can fix the cause: a permission, a key, a name.
    /// Carries the part of AWS that refused.
    AwsRefused(&'static str),
    /// A queue message goes back to its queue for another reason. Carries the reason.
    Retried(&'static str),
    /// A queue message is not dealt with ten minutes after its first delivery. Counted each time
    /// the message goes back.
    Unsettled,
    /// A queue message goes to the dead-letter queue.
    DeadLettered,
    /// A handler panicked.
    Panicked,
    /// A webhook has no signature that we trust. Carries the supposed sender.
    SignatureRefused(&'static str),
    /// A webhook or queue message cannot be read. Carries its kind.
    NotUnderstood(&'static str),
    /// A webhook was not taken and will be sent again. Carries the sender.
    WebhookNotTaken(&'static str),
    /// Something that nothing depends on was not shown, such as a read receipt to a customer or the
    /// delivery state of a reply in Jira. Carries its kind.
    NotShown(&'static str),
    /// A message of ours has arrived, and Meta bills it or gives it away.
    Billed(Price),
    /// Meta reported something about the business account, or about its reopening template.
    Account(AccountKind),
    /// Meta sent a webhook field that Casement does not handle. Carries the field's name: few
    /// names, and short ones.
    UnknownField(String),
    /// The sweep has handed a timer to the delay queue.
    TimerQueued,
    /// The sweep has found this many customers' messages that should be in Jira and are not.
    MessagesStuck(usize),
}

/// One value of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The metric.
    pub name: &'static str,
    /// The unit of `value`.
    pub unit: Unit,
    /// A dimension besides the stack, and its value. The values are few and say nothing about a
    /// person.
    pub dimension: Option<(&'static str, Cow<'static, str>)>,
    /// The value, in `unit`.
    pub value: u64,
}

/// The unit of a metric, by CloudWatch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pieces.
    Count,
    /// Milliseconds.
    Milliseconds,
}

impl Unit {
    /// Returns CloudWatch's name for the unit (CloudWatch API reference, `MetricDatum`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
        }
    }
}

impl Event {
    /// Returns the event of a use case that ends with `failure`.
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        let call = match failure {
            Failure::Call(call) => call,
            Failure::Store(StoreFailure(failure))
            | Failure::Settings(SettingsFailure::Store(StoreFailure(failure))) => {
                return Self::of_backend(failure, "table");
            }
            Failure::Queue(QueueFailure(failure)) => return Self::of_backend(failure, "queue"),
            Failure::Settings(_) => return Self::SettingsInvalid,
            Failure::UnknownNumber(id) => return Self::UnknownNumber(id.clone()),
            Failure::NotYet(..) => return Self::Retried("not_yet"),
        };
        match (call, fate(call)) {
            (CallFailure::Whatsapp { code, .. }, Fate::Pause) => Self::SendingPaused(*code),
            (CallFailure::Whatsapp { code, .. }, _) if code.is_throttling() => {
                Self::WhatsappThrottled(*code)
            }
            (CallFailure::Jira { status: 429, .. }, _) => Self::JiraThrottled,
            (CallFailure::Jira { status, .. }, Fate::Pause | Fate::GiveUp) => {
                Self::JiraRefused(*status)
            }
            (CallFailure::Whatsapp { .. } | CallFailure::Jira { .. }, _) => {
                Self::Retried("refused")
            }
            (CallFailure::Absent(Absence::Deleted), _) => Self::Retried("gone"),
            (CallFailure::Absent(_), _) => Self::JiraRefused(404),
            (CallFailure::Full, _) => Self::Retried("full"),
            (CallFailure::NoCredentials(_), _) => Self::AwsRefused("secret"),
            (CallFailure::CredentialsLate(_), _) => Self::Retried("secret"),
            (CallFailure::Unreachable(_), _) => Self::Retried("unreachable"),
            (CallFailure::Unknown(_), _) => Self::Retried("no_answer"),
        }
    }

    fn of_backend(failure: &BackendFailure, whose: &'static str) -> Self {
        match failure {
            BackendFailure::Refused(_) => Self::AwsRefused(whose),
            BackendFailure::Unreadable(_) => Self::NotUnderstood(whose),
            BackendFailure::Throttled(_) | BackendFailure::Unreachable(_) => Self::Retried(whose),
        }
    }

    /// Returns the metrics of the event. No other place defines them.
    #[must_use]
    pub fn measures(self) -> Vec<Measure> {
        let code = |code: Option<WhatsappCode>| {
            code.map_or(Cow::Borrowed("none"), |code| code.to_string().into())
        };
        let measure = match self {
            Self::Received => one("Received"),
            Self::ManyMessages => one("ManyMessages"),
            Self::Rendered(age) => return vec![one("Rendered"), aged("to_jira", age)],
            Self::OtherSender(what) => one("OtherSender").by("Reason", what),
            Self::Ignored(reason) => one("Ignored").by("Reason", reason),
            Self::Sent(age) => return vec![one("Sent"), aged("to_whatsapp", age)],
            Self::Held => one("Held"),
            Self::WindowMissed(by) => one("WindowMissed").by("Reason", by),
            Self::Released => one("Released"),
            Self::NoticeSent => one("NoticeSent"),
            Self::NoticeSkipped(reason) => one("NoticeSkipped").by("Reason", reason),
            Self::RuleKeptBack(reason) => one("RuleKeptBack").by("Reason", reason),
            Self::TemplateSent(by) => one("TemplateSent").by("Reason", by),
            Self::AskedToKeepOpen => one("AskedToKeepOpen"),
            Self::AgentsAlerted => one("AgentsAlerted"),
            Self::HoldExpired => one("HoldExpired"),
            Self::SendFailed(with) => one("SendFailed").by("Code", code(with)),
            Self::WhatsappThrottled(with) => one("WhatsappThrottled").by("Code", code(Some(with))),
            Self::SendingPaused(with) => one("SendingPaused").by("Code", code(Some(with))),
            Self::JiraThrottled => one("JiraThrottled"),
            Self::JiraRefused(status) => one("JiraRefused").by("Code", status.to_string()),
            Self::SettingsInvalid => one("SettingsInvalid"),
            Self::UnknownNumber(id) => one("UnknownNumber").by("Number", id.as_str().to_owned()),
            Self::AwsRefused(what) => one("AwsRefused").by("Reason", what),
            Self::Retried(reason) => one("Retried").by("Reason", reason),
            Self::Unsettled => one("Unsettled"),
            Self::DeadLettered => one("DeadLettered"),
            Self::Panicked => one("Panicked"),
            Self::SignatureRefused(side) => one("SignatureRefused").by("Reason", side),
            Self::NotUnderstood(what) => one("NotUnderstood").by("Reason", what),
            Self::WebhookNotTaken(side) => one("WebhookNotTaken").by("Reason", side),
            Self::NotShown(what) => one("NotShown").by("Reason", what),
            Self::Billed(price) => {
                let measure = if price.billable {
                    one("Billed")
                } else {
                    one("FreeOfCharge")
                };
                measure.by("Category", price.category.as_str())
            }
            Self::Account(kind) => {
                let kinds = one("Account").by("Kind", kind.as_str());
                return match kind.severity() {
                    Severity::Stops => vec![kinds, one("AccountStops")],
                    Severity::Limits => vec![kinds, one("AccountLimits")],
                    Severity::Warning | Severity::Info => vec![kinds],
                };
            }
            Self::UnknownField(field) => one("UnknownField").by("Field", field),
            Self::TimerQueued => one("TimerQueued"),
            Self::MessagesStuck(count) => Measure {
                value: u64::try_from(count).unwrap_or(u64::MAX),
                ..one("MessagesStuck")
            },
        };
        vec![measure]
    }

    /// Counts the event.
    pub fn count(&self) {
        for measure in self.clone().measures() {
            let dimension = measure.dimension.as_ref();
            tracing::info!(
                target: TARGET,
                name = measure.name,
                unit = measure.unit.as_str(),
                dimension = dimension.map(|(name, _)| *name),
                word = dimension.map(|(_, word)| word.as_ref()),
                value = measure.value,
            );
        }
    }
}

impl Measure {
    fn by(self, dimension: &'static str, word: impl Into<Cow<'static, str>>) -> Self {
        Self {
            dimension: Some((dimension, word.into())),
            ..self
        }
    }
}

fn one(name: &'static str) -> Measure {
    Measure {
        name,
        unit: Unit::Count,
        dimension: None,
        value: 1,
    }
}

/// Measures the age of a message when it reached the other side.
fn aged(way: &'static str, age: Duration) -> Measure {
    let age = Measure {
        name: "AgeAtDelivery",
        unit: Unit::Milliseconds,
        dimension: None,
        // The age is negative when the two clocks differ.
        value: u64::try_from(age.num_milliseconds()).unwrap_or_default(),
    };
    age.by("Way", way)
}

#[cfg(test)]
mod tests;

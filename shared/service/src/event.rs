//! What operators count.
//!
//! A use case says what has happened with [`Event::count`], in the place where it happens. The
//! event goes the way of a log line (`tracing`, target [`TARGET`]); `casement-lambda` sums the
//! events of an invocation and writes them for CloudWatch. A new metric is a variant, a line in
//! [`Event::measures`] and a row in the table of `infra/guide/operations.md`.

use std::borrow::Cow;

use casement_core::model::fate::{Absence, CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::PhoneNumberId;
use chrono::Duration;

use crate::failure::{BackendFailure, Failure, QueueFailure, SettingsFailure, StoreFailure};

/// The `tracing` target of events.
pub const TARGET: &str = "casement_event";

/// Something that operators count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A customer's message is in the queue.
    Received,
    /// A customer has sent very many messages within an hour.
    ManyMessages,
    /// A customer's message is in Jira; so long after it was written.
    Rendered(Duration),
    /// Something was not for us, or was done before. Why.
    Ignored(&'static str),
    /// An agent's reply was accepted by WhatsApp, whole; so long after it was written.
    Sent(Duration),
    /// A reply is kept until the customer writes again.
    Held,
    /// A reply came after the window had closed. Who says so.
    WindowMissed(&'static str),
    /// A held reply was accepted by WhatsApp.
    Released,
    /// A delay notice was accepted by WhatsApp.
    NoticeSent,
    /// A delay notice that was due was not sent. Why.
    NoticeSkipped(&'static str),
    /// A template message was accepted by WhatsApp. Who asked for it.
    TemplateSent(&'static str),
    /// A waiting customer was asked to keep the window open.
    AskedToKeepOpen,
    /// The agents were warned that the window closes on a waiting customer.
    AgentsAlerted,
    /// A held reply has waited for too long and was given up.
    HoldExpired,
    /// WhatsApp will not deliver a message of ours. `None`: it gave no code.
    SendFailed(Option<WhatsappCode>),
    /// WhatsApp asks us to slow down.
    WhatsappThrottled(WhatsappCode),
    /// WhatsApp takes nothing until an operator acts.
    SendingPaused(WhatsappCode),
    /// Jira asks us to slow down.
    JiraThrottled,
    /// Jira refused with this status what only an operator can set right.
    JiraRefused(u16),
    /// There are no settings, or they are not valid.
    SettingsInvalid,
    /// A customer wrote to a number of ours that the settings do not name. The number's id.
    UnknownNumber(PhoneNumberId),
    /// AWS refused what only an operator can set right: a permission, a key, a name. Whose it is.
    AwsRefused(&'static str),
    /// A queue message goes back to its queue for another reason. Which.
    Retried(&'static str),
    /// A queue message is not dealt with ten minutes after its first delivery; counted each time
    /// that it goes back.
    Unsettled,
    /// A queue message goes to the dead letters.
    DeadLettered,
    /// A handler panicked.
    Panicked,
    /// A webhook was signed by nobody we trust. Whose it should have been.
    SignatureRefused(&'static str),
    /// A webhook, or a message of a queue, that we cannot read. Which.
    NotUnderstood(&'static str),
    /// A webhook was not taken and will be sent again. Whose.
    WebhookNotTaken(&'static str),
    /// Something that nothing depends on was not shown: to a customer that a message is read, or
    /// in Jira how far a reply has come. Which.
    NotShown(&'static str),
    /// A timer was handed to the delay queue by the sweep.
    TimerQueued,
    /// The sweep has found so many customers' messages that should be in Jira and are not.
    MessagesStuck(usize),
}

/// One value of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The metric.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// A dimension besides the stage, and its value. Few values, nothing about a person.
    pub dimension: Option<(&'static str, Cow<'static, str>)>,
    /// How many of the unit.
    pub value: u64,
}

/// What a metric is counted in, by CloudWatch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pieces.
    Count,
    /// Thousandths of a second.
    Milliseconds,
}

impl Unit {
    /// CloudWatch's word (CloudWatch API reference, `MetricDatum`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
        }
    }
}

impl Event {
    /// What went wrong, if a use case ends with `failure`.
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

    /// How operators see the event: the one place that says so.
    #[must_use]
    pub fn measures(self) -> Vec<Measure> {
        let code = |code: Option<WhatsappCode>| {
            code.map_or(Cow::Borrowed("none"), |code| code.to_string().into())
        };
        let measure = match self {
            Self::Received => one("Received"),
            Self::ManyMessages => one("ManyMessages"),
            Self::Rendered(age) => return vec![one("Rendered"), aged("to_jira", age)],
            Self::Ignored(reason) => one("Ignored").by("Reason", reason),
            Self::Sent(age) => return vec![one("Sent"), aged("to_whatsapp", age)],
            Self::Held => one("Held"),
            Self::WindowMissed(by) => one("WindowMissed").by("Reason", by),
            Self::Released => one("Released"),
            Self::NoticeSent => one("NoticeSent"),
            Self::NoticeSkipped(reason) => one("NoticeSkipped").by("Reason", reason),
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

/// How old something was when it arrived on the other side.
fn aged(way: &'static str, age: Duration) -> Measure {
    let age = Measure {
        name: "AgeAtDelivery",
        unit: Unit::Milliseconds,
        dimension: None,
        // Two clocks are never quite the same.
        value: u64::try_from(age.num_milliseconds()).unwrap_or_default(),
    };
    age.by("Way", way)
}

#[cfg(test)]
mod tests;

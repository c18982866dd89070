//! What operators count.
//!
//! A use case says what has happened with [`Event::count`], in the place where it happens. The
//! event goes the way of a log line (`tracing`, target [`TARGET`]); `casement-lambda` sums the
//! events of an invocation and writes them for CloudWatch. A new metric is a variant, a line in
//! [`Event::measures`] and a row in the README's table.

use std::borrow::Cow;

use casement_core::fate::{CallFailure, Fate, WhatsappCode, fate};
use chrono::Duration;

use crate::failure::{Failure, SettingsFailure};

/// The `tracing` target of events.
pub const TARGET: &str = "casement_event";

/// Something that operators count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A customer's message is in the queue.
    Received,
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
    /// A timer was handed to the delay queue by the sweep.
    TimerQueued,
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
            Failure::Store(_) | Failure::Settings(SettingsFailure::Store(_)) => {
                return Self::Retried("table");
            }
            Failure::Queue(_) => return Self::Retried("queue"),
            Failure::Settings(_) => return Self::SettingsInvalid,
            Failure::NotYet(..) => return Self::Retried("not_yet"),
        };
        match (call, fate(call)) {
            (CallFailure::Whatsapp(code), Fate::Pause) => Self::SendingPaused(*code),
            (CallFailure::Whatsapp(code), Fate::Retry(_)) if code.is_throttling() => {
                Self::WhatsappThrottled(*code)
            }
            (CallFailure::Jira { status: 429, .. }, _) => Self::JiraThrottled,
            (CallFailure::Jira { status, .. }, Fate::Pause | Fate::GiveUp) => {
                Self::JiraRefused(*status)
            }
            (CallFailure::Whatsapp(_) | CallFailure::Jira { .. }, _) => Self::Retried("refused"),
            (CallFailure::Unreachable(_), _) => Self::Retried("unreachable"),
            (CallFailure::Unknown(_), _) => Self::Retried("no_answer"),
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
            Self::Rendered(age) => return vec![one("Rendered"), aged("to_jira", age)],
            Self::Ignored(reason) => one("Ignored").by("Reason", reason),
            Self::Sent(age) => return vec![one("Sent"), aged("to_whatsapp", age)],
            Self::Held => one("Held"),
            Self::WindowMissed(by) => one("WindowMissed").by("Reason", by),
            Self::Released => one("Released"),
            Self::NoticeSent => one("NoticeSent"),
            Self::NoticeSkipped(reason) => one("NoticeSkipped").by("Reason", reason),
            Self::SendFailed(with) => one("SendFailed").by("Code", code(with)),
            Self::WhatsappThrottled(with) => one("WhatsappThrottled").by("Code", code(Some(with))),
            Self::SendingPaused(with) => one("SendingPaused").by("Code", code(Some(with))),
            Self::JiraThrottled => one("JiraThrottled"),
            Self::JiraRefused(status) => one("JiraRefused").by("Code", status.to_string()),
            Self::SettingsInvalid => one("SettingsInvalid"),
            Self::Retried(reason) => one("Retried").by("Reason", reason),
            Self::Unsettled => one("Unsettled"),
            Self::DeadLettered => one("DeadLettered"),
            Self::Panicked => one("Panicked"),
            Self::SignatureRefused(side) => one("SignatureRefused").by("Reason", side),
            Self::NotUnderstood(what) => one("NotUnderstood").by("Reason", what),
            Self::WebhookNotTaken(side) => one("WebhookNotTaken").by("Reason", side),
            Self::TimerQueued => one("TimerQueued"),
        };
        vec![measure]
    }

    /// Counts the event.
    pub fn count(self) {
        for measure in self.measures() {
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

//! Message templates: the only kind of message that WhatsApp accepts outside the customer service
//! window (Cloud API, "Template messages").
//!
//! | module | decides |
//! |---|---|
//! | [`call`] | how `/template` is read |
//! | [`wording`] | the variables of a text |
//! | [`choice`] | which approved template is meant |
//! | [`filling`] | what is sent |

pub mod call;
pub mod choice;
pub mod filling;
mod parameter;
mod slots;
mod usage;
pub mod wording;

use chrono::{DateTime, Duration, Utc};

use crate::model::attachment::FileForm;
pub use call::{CallMistake, TemplateCall};
pub use choice::{NoSuchTemplate, choose};
pub use filling::{FilledButton, FilledHeader, FilledTemplate, fill};
pub use parameter::{Parameter, ParameterProblem};
pub use usage::Usage;
pub use wording::Wording;

/// How long a list of templates is used before Meta is asked again.
const FRESH_FOR: Duration = Duration::minutes(5);

/// How long Meta may still show the former state after it reported a change.
const SETTLING: Duration = Duration::seconds(60);

/// A template as Meta lists it. It contains nothing about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The name: lowercase letters, digits and `_`.
    pub name: String,
    /// The language, such as `de` or `en_US`.
    pub language: String,
    /// The status, which decides whether it may be sent.
    pub status: TemplateStatus,
    /// The part above the text.
    pub header: Option<Header>,
    pub body: Wording,
    /// The line below the text.
    pub footer: Option<String>,
    /// The buttons, in order.
    pub buttons: Vec<Button>,
    /// A description of the part that Casement cannot fill in. Such a template cannot be sent from
    /// Jira.
    pub unsupported: Option<String>,
}

/// Meta's status of a template, such as `APPROVED` or `PAUSED`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStatus(String);

impl TemplateStatus {
    /// Takes the status as Meta writes it.
    pub fn new(status: impl Into<String>) -> Self {
        Self(status.into())
    }

    /// Returns whether Meta accepts the template in a message.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.0.eq_ignore_ascii_case("APPROVED")
    }

    /// Returns the word for agents.
    #[must_use]
    pub fn word(&self) -> String {
        self.0.to_ascii_lowercase().replace('_', " ")
    }
}

/// The part above the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// A line of text.
    Text(Wording),
    /// A file of this form, sent with the message.
    File(FileForm),
}

/// A button of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// A button without values: a quick reply, a phone number, a fixed address.
    Plain {
        /// The label.
        text: String,
    },
    /// A link button whose address needs an end.
    Url {
        /// The label.
        text: String,
        url: Wording,
    },
    /// A code that the customer copies.
    CouponCode {
        /// The label.
        text: String,
        /// The example code that Meta was given.
        example: Option<String>,
    },
}

impl Button {
    /// Returns the label.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Plain { text } | Self::Url { text, .. } | Self::CouponCode { text, .. } => text,
        }
    }
}

/// Returns the earliest fetch time of a list of templates that is still usable at `now`. `changed`
/// is the time of the last change that Meta reported.
#[must_use]
pub fn fresh_since(changed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let settled = changed.map_or(DateTime::UNIX_EPOCH, |changed| {
        (changed + SETTLING).min(now)
    });
    settled.max(now - FRESH_FOR)
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// Creates a template with text alone.
    pub(crate) fn template(name: &str, language: &str, body: &str) -> Template {
        Template {
            name: name.to_owned(),
            language: language.to_owned(),
            status: TemplateStatus::new("APPROVED"),
            header: None,
            body: Wording::new(body, Vec::new()),
            footer: None,
            buttons: Vec::new(),
            unsupported: None,
        }
    }

    pub(crate) fn plain(text: &str) -> Button {
        Button::Plain {
            text: text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn only_approved_templates_may_be_sent() {
        for (status, approved, word) in [
            ("APPROVED", true, "approved"),
            ("approved", true, "approved"),
            ("PAUSED", false, "paused"),
            ("PENDING_DELETION", false, "pending deletion"),
            ("", false, ""),
        ] {
            let status = TemplateStatus::new(status);
            assert_eq!(status.is_approved(), approved, "{status:?}");
            assert_eq!(status.word(), word);
        }
    }

    #[test]
    fn a_list_is_good_for_minutes_unless_something_changed() {
        for (changed, expected) in [
            (None, 1_000 - 300),
            (Some(0), 1_000 - 300),
            (Some(800), 860),
            (Some(990), 1_000),
        ] {
            let since = fresh_since(changed.map(at), at(1_000));
            assert_eq!(since, at(expected), "{changed:?}");
        }
    }
}

//! Message templates: the only kind of message that WhatsApp takes outside the customer service
//! window (Cloud API, "Template messages").
//!
//! | module | decides |
//! |---|---|
//! | [`call`] | what an agent asks for with `/template` |
//! | [`wording`] | which variables a text has |
//! | [`choice`] | which of the approved templates is meant |
//! | [`filling`] | what is sent, and what is wrong with what was given |

pub mod call;
pub mod choice;
pub mod filling;
mod slots;
mod usage;
pub mod wording;

use chrono::{DateTime, Duration, Utc};

use crate::model::attachment::FileForm;
pub use call::{CallMistake, TemplateCall};
pub use choice::{NoSuchTemplate, choose};
pub use filling::{FilledButton, FilledHeader, FilledTemplate, Parameter, ParameterProblem, fill};
pub use usage::Usage;
pub use wording::Wording;

/// How long a list of templates is used without a look at Meta's.
const FRESH_FOR: Duration = Duration::minutes(5);

/// How long after it told of a change Meta may still show the former state.
const SETTLING: Duration = Duration::seconds(60);

/// A template as Meta lists it. Nothing in it is about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name: small letters, digits and `_`.
    pub name: String,
    /// Its language, such as `de` or `en_US`.
    pub language: String,
    /// Whether it may be sent.
    pub status: TemplateStatus,
    /// What stands above the text.
    pub header: Option<Header>,
    /// The text.
    pub body: Wording,
    /// What stands below the text.
    pub footer: Option<String>,
    /// Its buttons, in order.
    pub buttons: Vec<Button>,
    /// What Casement cannot fill in, in words; such a template cannot be sent from Jira.
    pub unsupported: Option<String>,
}

/// What Meta says of a template, such as `APPROVED` or `PAUSED`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStatus(String);

impl TemplateStatus {
    /// The status as Meta writes it.
    pub fn new(status: impl Into<String>) -> Self {
        Self(status.into())
    }

    /// Whether Meta takes the template in a message.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.0.eq_ignore_ascii_case("APPROVED")
    }

    /// The word for agents.
    #[must_use]
    pub fn word(&self) -> String {
        self.0.to_ascii_lowercase().replace('_', " ")
    }
}

/// What stands above the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// A line of text.
    Text(Wording),
    /// A file, of this form, that is sent with the message.
    File(FileForm),
}

/// A button of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// One that is shown as it is: a quick reply, a phone number, a fixed address.
    Plain {
        /// What is written on it.
        text: String,
    },
    /// An address whose end is filled in.
    Url {
        /// What is written on it.
        text: String,
        /// The address.
        url: Wording,
    },
    /// A code that the customer copies.
    CouponCode {
        /// What is written on it.
        text: String,
        /// A code as Meta was shown it.
        example: Option<String>,
    },
}

impl Button {
    /// What is written on it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Plain { text } | Self::Url { text, .. } | Self::CouponCode { text, .. } => text,
        }
    }
}

/// From when on a list of templates has to be to be of use at `now`. `changed` is when Meta last
/// told of a change.
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

    /// A template with text alone.
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

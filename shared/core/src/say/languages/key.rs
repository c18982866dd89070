//! The keys of the texts.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::placeholders::{self, TemplateError};
use crate::text::MESSAGE_LIMIT;

/// The longest body of an interactive message, in UTF-16 units (Cloud API, "Interactive reply
/// buttons messages").
const BODY_LIMIT: usize = 1024;

/// The longest title of a button, in UTF-16 units (the same page).
const BUTTON_LIMIT: usize = 20;

/// The longest date format that anybody needs.
const FORMAT_LIMIT: usize = 60;

/// One of Casement's texts for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextKey {
    /// The delay notice while the agents work.
    DelayNotice,
    /// The delay notice outside business hours.
    DelayNoticeClosed,
    /// Replaces the delay notice if the request is new.
    FirstContact,
    /// Replaces the delay notice outside business hours if the request is new.
    FirstContactClosed,
    /// The request to keep the window open: the body of an interactive message.
    KeepOpenPrompt,
    /// The title of its button.
    KeepOpenButton,
    /// The message to a customer whose file did not get through WhatsApp.
    LostFile,
    /// The confirmation of an opt-out.
    OptedOut,
    /// The confirmation that an opt-out has ended.
    OptedIn,
    /// The question for the phone number: the body of an interactive message.
    PhoneQuestion,
    /// The format of `{next_opening}`, in the notation of `strftime`.
    OpeningFormat,
    /// The format of `{local_time}`.
    TimeFormat,
}

impl TextKey {
    /// All keys.
    pub const ALL: [Self; 12] = [
        Self::DelayNotice,
        Self::DelayNoticeClosed,
        Self::FirstContact,
        Self::FirstContactClosed,
        Self::KeepOpenPrompt,
        Self::KeepOpenButton,
        Self::LostFile,
        Self::OptedOut,
        Self::OptedIn,
        Self::PhoneQuestion,
        Self::OpeningFormat,
        Self::TimeFormat,
    ];

    /// Returns the key in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DelayNotice => "delay_notice",
            Self::DelayNoticeClosed => "delay_notice_closed",
            Self::FirstContact => "first_contact",
            Self::FirstContactClosed => "first_contact_closed",
            Self::KeepOpenPrompt => "keep_open_prompt",
            Self::KeepOpenButton => "keep_open_button",
            Self::LostFile => "lost_file",
            Self::OptedOut => "opted_out",
            Self::OptedIn => "opted_in",
            Self::PhoneQuestion => "phone_question",
            Self::OpeningFormat => "opening_format",
            Self::TimeFormat => "time_format",
        }
    }

    /// Returns whether a language must have this text. In place of the others stands the text of
    /// [`Self::stands_in`], or the English one.
    #[must_use]
    pub fn is_required(self) -> bool {
        self.stands_in().is_none() && self != Self::PhoneQuestion
    }

    /// Returns the key whose text is used if this one has none, if there is one.
    #[must_use]
    pub fn stands_in(self) -> Option<Self> {
        match self {
            Self::FirstContact => Some(Self::DelayNotice),
            Self::FirstContactClosed => Some(Self::DelayNoticeClosed),
            _ => None,
        }
    }

    /// Checks whether an owner's text can be used.
    ///
    /// # Errors
    /// The text cannot be used; the error says why.
    pub fn check(self, text: &str) -> Result<(), TemplateError> {
        match self {
            Self::KeepOpenPrompt | Self::PhoneQuestion => placeholders::check(text, BODY_LIMIT),
            Self::KeepOpenButton => placeholders::check_fixed(text, BUTTON_LIMIT),
            Self::OpeningFormat | Self::TimeFormat => {
                placeholders::check_format(text, FORMAT_LIMIT)
            }
            _ => placeholders::check(text, MESSAGE_LIMIT),
        }
    }
}

impl<'de> Deserialize<'de> for TextKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const NAMES: [&str; TextKey::ALL.len()] = {
            let mut names = [""; TextKey::ALL.len()];
            let mut index = 0;
            while index < names.len() {
                names[index] = TextKey::ALL[index].name();
                index += 1;
            }
            names
        };
        let name = String::deserialize(deserializer)?;
        let key = Self::ALL.into_iter().find(|key| key.name() == name);
        key.ok_or_else(|| D::Error::unknown_field(&name, &NAMES))
    }
}

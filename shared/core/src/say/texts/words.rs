//! A text as one customer gets it.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use super::{TextKey, Texts};
use crate::hours::BusinessHours;
use crate::model::conversation::Conversation;
use crate::model::private::Private;
use crate::say::languages;
use crate::say::languages::placeholders::{self, Placeholder};
use crate::text;

/// The texts of a language, with the values for one customer at one moment.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    texts: &'a Texts,
    name: Option<Private<String>>,
    request: Option<String>,
    now: DateTime<Tz>,
    next_opening: Option<DateTime<Tz>>,
}

impl<'a> Words<'a> {
    /// Collects the values for `conversation` at `now`.
    #[must_use]
    pub fn new(
        texts: &'a Texts,
        conversation: &Conversation,
        hours: &BusinessHours,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            texts,
            name: conversation.profile_name.as_deref().and_then(name),
            request: conversation.issue.as_ref().map(|issue| issue.key.clone()),
            now: now.with_timezone(&hours.zone()),
            next_opening: hours.next_opening(now),
        }
    }

    /// Returns the text as it is sent.
    #[must_use]
    pub fn say(&self, key: TextKey) -> String {
        placeholders::filled(self.texts.text(key), |placeholder| {
            let value = match placeholder {
                Placeholder::Name => self.name.clone().map(String::from),
                Placeholder::Request => self.request.clone(),
                Placeholder::NextOpening => self
                    .next_opening
                    .map(|opening| self.formatted(opening, TextKey::OpeningFormat)),
                Placeholder::LocalTime => Some(self.formatted(self.now, TextKey::TimeFormat)),
            };
            value.map(|value| text::truncated(&value, placeholder.longest()))
        })
    }

    fn formatted(&self, time: DateTime<Tz>, format: TextKey) -> String {
        let language = &self.texts.language;
        let format = self.texts.text(format);
        let first = languages::first_of_month(language).filter(|_| time.day() == 1);
        let format = first.map_or(Cow::Borrowed(format), |first| {
            format.replace("%-d", first).into()
        });
        time.format_localized(&format, language.locale())
            .to_string()
    }
}

/// Returns a profile name that can be used in a text. A name without a letter cannot.
fn name(profile: &str) -> Option<Private<String>> {
    let name = text::one_line(profile);
    name.chars().any(char::is_alphabetic).then(|| name.into())
}

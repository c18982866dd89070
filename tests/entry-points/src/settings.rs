//! The owner's settings.

use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, CustomerIdentity, PhoneNumber};
use casement_core::say::texts::TextKey;
use casement_core::settings::{NumberSettings, Settings};
use casement_core::text::MESSAGE_LIMIT;
use chrono::{DateTime, Utc};

use crate::text_of;

/// Moments at which agents may work: in winter, in summer, in a leap year, and far ahead.
const MOMENTS: [i64; 4] = [1_767_225_600, 1_782_864_000, 1_835_366_400, 32_503_680_000];

/// Phone numbers whose prefixes may have a language in the settings.
const PHONES: [&str; 3] = ["4915112345678", "16505550100", "5215512345678"];

/// Takes a settings document. An error names an existing line. Accepted settings can be used:
/// opening hours are found, and texts fit WhatsApp's limits.
pub fn settings_toml(bytes: &[u8]) {
    let document = text_of(bytes);
    match Settings::from_toml(&document) {
        Ok(settings) => settings.numbers().iter().for_each(check_number),
        Err(error) => {
            let lines = document.split('\n').count();
            assert!(
                (1..=lines).contains(&error.line),
                "{error}, of {lines} lines"
            );
            assert!(!error.message.is_empty());
        }
    }
}

fn check_number(number: &NumberSettings) {
    for moment in MOMENTS.map(|seconds| DateTime::from_timestamp(seconds, 0).expect("a time")) {
        check_hours(number, moment);
        for phone in PHONES {
            check_texts(number, phone, moment);
        }
    }
}

fn check_hours(number: &NumberSettings, moment: DateTime<Utc>) {
    let hours = &number.hours;
    let opening = hours.next_opening(moment);
    assert!(opening.is_none_or(|opening| opening > moment));
    assert!(opening.is_none() || !hours.is_open(moment));
    assert!(hours.open_since(moment) <= moment);
    assert!(hours.closing(moment).is_none_or(|closing| closing > moment));
    assert!(number.quiet_hours.end_after(moment) >= moment);
    assert!(
        number
            .quiet_hours
            .since(moment)
            .is_none_or(|since| since <= moment)
    );
}

fn check_texts(number: &NumberSettings, phone: &str, moment: DateTime<Utc>) {
    let identity = CustomerIdentity::new(None, Some(PhoneNumber::new(phone)));
    let identity = identity.expect("a phone number is an identity");
    let key = ConversationKey::new(&number.phone_number_id, phone);
    let named = Conversation {
        profile_name: Some("A".repeat(100).into()),
        ..Conversation::new(key.clone(), identity.clone())
    };
    for conversation in [named, Conversation::new(key, identity)] {
        let words = number.words(&conversation, moment);
        for key in TextKey::ALL {
            let units = words.say(key).encode_utf16().count();
            assert!(
                (1..=limit(key)).contains(&units),
                "{key:?} has {units} units"
            );
        }
    }
}

/// Returns the longest text that WhatsApp takes (Cloud API, "Interactive reply buttons messages").
fn limit(key: TextKey) -> usize {
    match key {
        TextKey::KeepOpenPrompt => 1024,
        TextKey::KeepOpenButton => 20,
        _ => MESSAGE_LIMIT,
    }
}

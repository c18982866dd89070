//! Whether a customer is asked to keep the window open.
//!
//! When the window is about to close on a customer who awaits a reply, a message with one button
//! asks whether help is still needed. A tap on it is a customer's message and opens a new window.
//!
//! Nobody is woken for it. A question that would fall into quiet hours comes shortly before they
//! begin, unless that is too long before the end of the window. In that case it is not asked.

use chrono::{DateTime, Duration, Utc};

use crate::decide::skip::{SkipReason, UNTIL_OPENED};
use crate::model::conversation::Conversation;
use crate::model::identity::{IssueRef, Recipient};
use crate::model::timer::Timer;
use crate::settings::NumberSettings;

/// The id of the button, which identifies a tap on it.
pub const BUTTON_ID: &str = "keep-open";

/// How long before quiet hours a question comes that would fall into them: queues take time.
const BEFORE_QUIET_HOURS: Duration = Duration::minutes(5);

/// The longest time before the end of the window at which the question is asked. Earlier than that,
/// half a window has not passed since the customer wrote.
const EARLIEST: Duration = Duration::hours(12);

/// The decision about the question for one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepOpenDecision {
    /// Ask.
    Ask {
        recipient: Recipient,
        /// The request that keeps the record.
        issue: IssueRef,
    },
    /// Decide again at this time.
    At(DateTime<Utc>),
    /// Do not ask.
    Skip(SkipReason),
}

/// Arms the question for the current end of the window, if it may be asked.
pub fn arm_keep_open(conversation: &mut Conversation, settings: &NumberSettings) {
    let due_at = conversation
        .window_expires_at
        .filter(|_| !conversation.opted_out)
        .filter(|_| conversation.keep_open.times < settings.keep_open_times)
        .filter(|ends| conversation.keep_open.asked_of != Some(*ends))
        .and_then(|ends| ask_at(ends, settings));
    conversation.timers.set(Timer::KeepOpen, due_at);
}

/// Returns when to ask the question for a window that ends at `window_ends`, or `None` for never.
#[must_use]
pub fn ask_at(window_ends: DateTime<Utc>, settings: &NumberSettings) -> Option<DateTime<Utc>> {
    let wished = window_ends - settings.keep_open_lead;
    let quiet = &settings.quiet_hours;
    let Some(quiet_since) = quiet.since(wished) else {
        return Some(wished);
    };
    let before = quiet_since - BEFORE_QUIET_HOURS;
    (window_ends - before <= EARLIEST && !quiet.contains(before)).then_some(before)
}

/// Decides about the question for the window that ends at `window_ends`. The caller asks Jira
/// whether the request is open.
#[must_use]
pub fn decide_keep_open(
    conversation: &Conversation,
    window_ends: DateTime<Utc>,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> KeepOpenDecision {
    use KeepOpenDecision::{Ask, At, Skip};
    if conversation.window_expires_at != Some(window_ends) {
        return Skip(SkipReason::Superseded);
    }
    if conversation.keep_open.asked_of == Some(window_ends) {
        return Skip(SkipReason::AlreadySent);
    }
    if conversation.awaiting_since.is_none() {
        return Skip(SkipReason::Answered);
    }
    if conversation.opted_out {
        return Skip(SkipReason::OptedOut);
    }
    if conversation.is_held_by_another(now) {
        return Skip(SkipReason::HeldByAnother);
    }
    if conversation.keep_open.times >= settings.keep_open_times {
        return Skip(SkipReason::AskedOften);
    }
    if !conversation.window_is_open(now) {
        return Skip(SkipReason::WindowClosed);
    }
    let quiet_until = settings.quiet_hours.end_after(now);
    if quiet_until > now {
        return if conversation.window_is_open(quiet_until) {
            At(quiet_until)
        } else {
            Skip(SkipReason::QuietHours)
        };
    }
    match (&conversation.issue, conversation.identity.recipient()) {
        (Some(issue), Some(recipient)) => Ask {
            recipient,
            issue: issue.clone(),
        },
        _ => At(now + UNTIL_OPENED),
    }
}

/// Returns the conversation with the customer asked to keep open the window that ends at
/// `window_ends`. Idempotent.
#[must_use]
pub fn asked(mut conversation: Conversation, window_ends: DateTime<Utc>) -> Conversation {
    let state = &mut conversation.keep_open;
    if state.asked_of != Some(window_ends) {
        state.asked_of = Some(window_ends);
        state.times += 1;
    }
    conversation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::{
        ConversationKey, CustomerIdentity, IssueId, PhoneNumber, PhoneNumberId,
    };
    use crate::settings::Settings;

    fn at(time: &str) -> DateTime<Utc> {
        format!("2026-11-{time}:00Z").parse().unwrap()
    }

    fn settings() -> NumberSettings {
        let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\n\
                        request_type_id = \"10\"\ntime_zone = \"Europe/Berlin\"\n\
                        quiet_hours = \"22:00-08:00\"\n";
        let settings = Settings::from_toml(document).unwrap();
        let number = settings.number(&PhoneNumberId::new("1065"));
        number.unwrap().clone()
    }

    /// A customer awaiting a reply, in a window that ends at noon on the 26th.
    fn waiting() -> Conversation {
        let phone = PhoneNumber::new("49151");
        let mut conversation = Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        );
        conversation.window_expires_at = Some(at("26T12:00"));
        conversation.awaiting_since = Some(at("25T12:00"));
        conversation.issue = Some(IssueRef {
            id: IssueId::new("1"),
            key: "SUP-1".to_owned(),
        });
        conversation
    }

    #[test]
    fn the_night_is_the_owners() {
        for (ends, asked) in [
            ("26T12:00", Some("26T10:00")),
            // From 21:00 to 07:00 in UTC.
            ("26T09:00", Some("26T07:00")),
            ("26T08:55", Some("25T20:55")),
            ("26T08:56", None),
            ("26T08:59", None),
            ("25T23:00", Some("25T20:55")),
            ("25T22:59", Some("25T20:59")),
        ] {
            assert_eq!(ask_at(at(ends), &settings()), asked.map(at), "{ends}");
        }
    }

    #[test]
    fn all_conditions_are_looked_at_again() {
        let skip = KeepOpenDecision::Skip;
        for (case, change, now, expected) in [
            (
                "moved",
                (|c| c.window_expires_at = Some(at("26T13:00"))) as fn(&mut Conversation),
                "26T10:00",
                skip(SkipReason::Superseded),
            ),
            (
                "asked",
                |c| *c = asked(c.clone(), at("26T12:00")),
                "26T10:00",
                skip(SkipReason::AlreadySent),
            ),
            (
                "answered",
                |c| c.awaiting_since = None,
                "26T10:00",
                skip(SkipReason::Answered),
            ),
            (
                "opted out",
                |c| c.opted_out = true,
                "26T10:00",
                skip(SkipReason::OptedOut),
            ),
            (
                "asked often",
                |c| c.keep_open.times = 2,
                "26T10:00",
                skip(SkipReason::AskedOften),
            ),
            ("late", |_| (), "26T11:59", skip(SkipReason::WindowClosed)),
            (
                "late, at night",
                |_| (),
                "26T02:00",
                KeepOpenDecision::At(at("26T07:00")),
            ),
            (
                "no request yet",
                |c| c.issue = None,
                "26T10:00",
                KeepOpenDecision::At(at("26T10:01")),
            ),
        ] {
            let mut conversation = waiting();
            change(&mut conversation);
            let decision = decide_keep_open(&conversation, at("26T12:00"), &settings(), at(now));
            assert_eq!(decision, expected, "{case}");
        }
        let decision = decide_keep_open(&waiting(), at("26T12:00"), &settings(), at("26T10:00"));
        assert!(
            matches!(decision, KeepOpenDecision::Ask { .. }),
            "{decision:?}"
        );
        let mut at_night = waiting();
        at_night.window_expires_at = Some(at("26T06:30"));
        let decision = decide_keep_open(&at_night, at("26T06:30"), &settings(), at("26T02:00"));
        assert_eq!(decision, skip(SkipReason::QuietHours));
    }

    #[test]
    fn asking_twice_for_one_window_counts_once() {
        let once = asked(waiting(), at("26T12:00"));
        assert_eq!(asked(once.clone(), at("26T12:00")), once);
        assert_eq!(asked(once, at("27T12:00")).keep_open.times, 2);
    }
}

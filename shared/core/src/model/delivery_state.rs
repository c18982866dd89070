//! The delivery state of a reply, as shown on its comment in Jira.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::model::fate::WhatsappCode;
use crate::model::ledger::SentEntry;
use crate::model::status::Delivery;

/// The version of the format.
const VERSION: u8 = 1;

/// The delivery state kept on the comment for Jira's own tools. It holds no text, no phone number
/// and no wamid, which contains the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryState {
    v: u8,
    /// The state of the part that lags behind; `failed` if one has failed.
    state: PartState,
    /// Each WhatsApp message of the comment, in order.
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Part {
    state: PartState,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<WhatsappCode>,
}

/// The state of a part, ordered from bad news to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum PartState {
    Failed,
    NotSent,
    Waiting,
    Sent,
    Delivered,
    Read,
}

impl DeliveryState {
    /// Derives the state of a comment from the ledger entries of its parts.
    #[must_use]
    pub fn of(entries: &BTreeMap<u32, SentEntry>) -> Self {
        let count = entries.values().map(|entry| entry.about.parts).max();
        let last = entries.keys().next_back().map_or(0, |last| last + 1);
        let mut parts: Vec<_> = (0..count.unwrap_or_default().max(last))
            .map(|number| part(entries.get(&number)))
            .collect();
        // Parts after a failure or a cancellation are not sent.
        let is_over = entries.get(&0).is_some_and(|first| first.about.taken_back)
            || parts.iter().any(|part| part.state == PartState::Failed);
        for part in &mut parts {
            if is_over && part.state == PartState::Waiting {
                part.state = PartState::NotSent;
            }
        }
        let state = parts.iter().map(|part| part.state).min();
        Self {
            v: VERSION,
            state: state.unwrap_or(PartState::Waiting),
            parts,
        }
    }

    /// Decides whether the state is worth a call to Jira after `news` about one part: when all
    /// parts have arrived, when all are read, and whenever one has failed. So a successful reply
    /// takes two calls, however many parts it has.
    #[must_use]
    pub fn is_worth_showing_after(&self, news: Delivery) -> bool {
        match news {
            Delivery::Sent => false,
            Delivery::Failed(_) => true,
            Delivery::Delivered => matches!(self.state, PartState::Failed | PartState::Delivered),
            Delivery::Read => matches!(self.state, PartState::Failed | PartState::Read),
        }
    }
}

fn part(entry: Option<&SentEntry>) -> Part {
    let delivery = entry.and_then(|entry| entry.about.delivery);
    let is_settled = entry.is_some_and(|entry| entry.claim.is_settled());
    let state = match (delivery, is_settled) {
        (Some(Delivery::Failed(_)), _) => PartState::Failed,
        (Some(Delivery::Delivered), _) => PartState::Delivered,
        (Some(Delivery::Read), _) => PartState::Read,
        (Some(Delivery::Sent), _) | (None, true) => PartState::Sent,
        (None, false) => PartState::Waiting,
    };
    Part {
        state,
        at: entry.and_then(|entry| entry.about.delivery_at),
        code: match delivery {
            Some(Delivery::Failed(code)) => code,
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::identity::Wamid;
    use crate::model::ledger::tests::unsent;
    use crate::model::ledger::{LedgerEntry, SentMessage};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    /// Creates a part of two that WhatsApp has accepted.
    fn accepted() -> SentEntry {
        let message = SentMessage {
            parts: 2,
            wamid: Some(Wamid::new("wamid.with-the-number")),
            ..unsent()
        };
        LedgerEntry::claimed(message, at(0)).settled()
    }

    fn with(delivery: Delivery) -> SentEntry {
        accepted().reported(delivery, at(7))
    }

    fn state(entries: &[SentEntry]) -> DeliveryState {
        DeliveryState::of(&(0..).zip(entries.iter().cloned()).collect())
    }

    fn shown(entries: &[SentEntry]) -> Value {
        serde_json::to_value(state(entries)).unwrap()
    }

    const FAILED: Delivery = Delivery::Failed(Some(WhatsappCode(131_026)));

    #[test]
    fn every_part_has_its_state_and_the_comment_that_of_the_last() {
        let time = "2026-09-21T14:13:27Z";
        for (entries, expected) in [
            (
                vec![with(Delivery::Delivered)],
                json!({"v": 1, "state": "waiting", "parts": [
                    {"state": "delivered", "at": time}, {"state": "waiting"}]}),
            ),
            (
                vec![with(Delivery::Read), accepted()],
                json!({"v": 1, "state": "sent", "parts": [
                    {"state": "read", "at": time}, {"state": "sent"}]}),
            ),
            (
                vec![with(Delivery::Read), with(Delivery::Delivered)],
                json!({"v": 1, "state": "delivered", "parts": [
                    {"state": "read", "at": time}, {"state": "delivered", "at": time}]}),
            ),
            (
                vec![with(FAILED)],
                json!({"v": 1, "state": "failed", "parts": [
                    {"state": "failed", "at": time, "code": 131_026}, {"state": "not_sent"}]}),
            ),
            (
                vec![with(Delivery::Sent).without_the_rest()],
                json!({"v": 1, "state": "not_sent", "parts": [
                    {"state": "sent", "at": time}, {"state": "not_sent"}]}),
            ),
            (vec![], json!({"v": 1, "state": "waiting", "parts": []})),
        ] {
            assert_eq!(shown(&entries), expected);
        }
    }

    #[test]
    fn an_entry_from_before_the_parts_were_counted_stands_for_itself() {
        let mut old = with(Delivery::Delivered);
        old.about.parts = 0;
        let shown = shown(&[old]);
        assert_eq!(shown["parts"].as_array().unwrap().len(), 1);
        assert_eq!(shown["state"], "delivered");
    }

    #[test]
    fn jira_is_told_when_all_have_come_as_far_and_of_failures() {
        let (sent, delivered, read) = (
            with(Delivery::Sent),
            with(Delivery::Delivered),
            with(Delivery::Read),
        );
        for (entries, news, expected) in [
            ([&sent, &sent], Delivery::Sent, false),
            ([&delivered, &sent], Delivery::Delivered, false),
            ([&delivered, &delivered], Delivery::Delivered, true),
            ([&read, &delivered], Delivery::Delivered, true),
            ([&read, &delivered], Delivery::Read, false),
            ([&read, &read], Delivery::Read, true),
            ([&delivered, &with(FAILED)], FAILED, true),
            ([&delivered, &with(FAILED)], Delivery::Delivered, true),
        ] {
            let state = state(&entries.map(Clone::clone));
            assert_eq!(
                state.is_worth_showing_after(news),
                expected,
                "{state:?} {news:?}"
            );
        }
    }
}

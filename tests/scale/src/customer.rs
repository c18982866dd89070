//! One customer of a million: small enough for all of them to fit in memory, and complete enough
//! for the decisions of `casement-core`.

use casement_core::model::conversation::{Conversation, KeepOpen, NoticeState};
use casement_core::model::identity::{
    ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId,
};
use casement_core::model::timer::{self, Timer};
use chrono::{DateTime, Utc};

/// Seconds since the week began, plus one. 0 means "never".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seconds(u32);

/// The start of the week: a Monday, at midnight.
const BEGINNING: i64 = 1_793_577_600;

impl Seconds {
    pub(crate) fn of(time: DateTime<Utc>) -> Self {
        let since = time.timestamp() - BEGINNING + 1;
        Self(u32::try_from(since).unwrap_or_default())
    }

    pub(crate) fn time(self) -> Option<DateTime<Utc>> {
        let seconds = i64::from(self.0.checked_sub(1)?);
        DateTime::from_timestamp(BEGINNING + seconds, 0)
    }

    /// Returns the seconds since the week began.
    pub(crate) fn since_beginning(self) -> Option<u32> {
        self.0.checked_sub(1)
    }

    fn of_option(time: Option<DateTime<Utc>>) -> Self {
        time.map(Self::of).unwrap_or_default()
    }
}

/// Converts milliseconds since the week began to a time.
pub(crate) fn time(at: u32) -> DateTime<Utc> {
    let at = i64::from(at);
    DateTime::from_timestamp_millis(BEGINNING * 1000 + at).unwrap_or_default()
}

/// A customer's state in the table, the plans of the customer and the agents, and the counts for
/// the simulation's checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Customer {
    window: Seconds,
    last_inbound: Seconds,
    awaiting: Seconds,
    timers: [Seconds; 4],
    asked_of: Seconds,
    alerted_of: Seconds,
    generation: u32,
    opened_in: Option<u16>,
    asked_times: u8,
    notice: NoticeState,
    opted_out: bool,
    held: u8,
    /// The number of the request, or 0 without one.
    issue: u32,
    pub(crate) done_since: Seconds,
    /// The index partition.
    pub(crate) shard: u8,
    /// The remaining turns of the talk, and the remaining messages of this turn.
    pub(crate) turns: u8,
    pub(crate) burst: u8,
    /// Whether an answer is on its way.
    pub(crate) is_being_answered: bool,
    /// The number of messages taken by the inbound queue, and of the last one in Jira.
    pub(crate) taken: u32,
    pub(crate) in_jira: u32,
    /// The number of replies taken by the outbound queue, and of the last one that was sent or
    /// held.
    pub(crate) replies: u32,
    pub(crate) replied: u32,
    /// The generation of the last notice.
    pub(crate) noticed: u32,
}

const KEPT: [Timer; 4] = [
    Timer::DelayNotice,
    Timer::KeepOpen,
    Timer::AgentAlert,
    Timer::HoldExpiry,
];

impl Customer {
    /// Makes customer `number`, who has never written.
    pub(crate) fn new(number: u32, phone_number_id: &PhoneNumberId, opted_out: bool) -> Self {
        let shard = timer::shard(&key(number, phone_number_id));
        let position = timer::shards().position(|name| name == shard);
        Self {
            opted_out,
            shard: position.unwrap_or_default() as u8,
            ..Self::default()
        }
    }

    /// Returns the conversation as the table stores it.
    pub(crate) fn conversation(
        &self,
        number: u32,
        phone_number_id: &PhoneNumberId,
    ) -> Conversation {
        let mut conversation = Conversation::new(key(number, phone_number_id), identity(number));
        conversation.window_expires_at = self.window.time();
        conversation.last_inbound_at = self.last_inbound.time();
        conversation.awaiting_since = self.awaiting.time();
        for (timer, due_at) in KEPT.into_iter().zip(self.timers) {
            conversation.timers.set(timer, due_at.time());
        }
        conversation.keep_open = KeepOpen {
            times: self.asked_times.into(),
            asked_of: self.asked_of.time(),
        };
        conversation.alerted_of = self.alerted_of.time();
        conversation.notice_generation = self.generation;
        conversation.opened_in = self.opened_in.map(u32::from);
        conversation.notice_state = self.notice;
        conversation.opted_out = self.opted_out;
        conversation.held_count = self.held.into();
        conversation.issue = (self.issue > 0).then(|| IssueRef {
            id: IssueId::new(self.issue.to_string()),
            key: format!("SUP-{}", self.issue),
        });
        conversation
    }

    /// Stores the conversation and returns the number of index writes.
    pub(crate) fn save(&mut self, conversation: &Conversation) -> u32 {
        let before = self.timers;
        for (timer, due_at) in KEPT.into_iter().zip(&mut self.timers) {
            *due_at = Seconds::of_option(conversation.timers.due_at(timer));
        }
        self.window = Seconds::of_option(conversation.window_expires_at);
        self.last_inbound = Seconds::of_option(conversation.last_inbound_at);
        self.awaiting = Seconds::of_option(conversation.awaiting_since);
        self.asked_times = conversation.keep_open.times as u8;
        self.asked_of = Seconds::of_option(conversation.keep_open.asked_of);
        self.alerted_of = Seconds::of_option(conversation.alerted_of);
        self.generation = conversation.notice_generation;
        self.opened_in = conversation.opened_in.map(|generation| generation as u16);
        self.notice = conversation.notice_state;
        self.opted_out = conversation.opted_out;
        self.held = conversation.held_count as u8;
        let issue = conversation.issue.as_ref();
        self.issue = issue.map_or(0, |issue| issue.id.as_str().parse().unwrap_or_default());
        match (next_of(&before), self.next_timer()) {
            _ if before == self.timers => 0,
            // The index entry is deleted and written anew under another key.
            (Some(old), Some(new)) if old != new => 2,
            _ => 1,
        }
    }

    /// Returns the due time of the first timer, which is the conversation's place in the index.
    pub(crate) fn next_timer(&self) -> Option<Seconds> {
        next_of(&self.timers)
    }
}

fn next_of(timers: &[Seconds; 4]) -> Option<Seconds> {
    timers.iter().copied().filter(|due_at| due_at.0 > 0).min()
}

/// Returns WhatsApp's identity of customer `number`.
pub(crate) fn identity(number: u32) -> CustomerIdentity {
    CustomerIdentity::of_phone(phone(number))
}

fn phone(number: u32) -> PhoneNumber {
    PhoneNumber::new(format!("4915{number:08}"))
}

fn key(number: u32, phone_number_id: &PhoneNumberId) -> ConversationKey {
    ConversationKey::new(phone_number_id, phone(number).as_str())
}

#[cfg(test)]
mod tests {
    use casement_core::model::identity::Wamid;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let number = PhoneNumberId::new("1065");
        let mut customer = Customer::new(7, &number, false);
        let mut conversation = customer.conversation(7, &number);
        let at = |seconds: u32| Some(time(seconds * 1000));
        conversation.window_expires_at = at(86_400);
        conversation.last_inbound_at = at(0);
        conversation.awaiting_since = at(0);
        conversation.notice_generation = 3;
        conversation.notice_state = NoticeState::Armed;
        conversation.opened_in = Some(3);
        conversation.held_count = 2;
        conversation.alerted_of = at(5);
        conversation.keep_open.times = 1;
        conversation.keep_open.asked_of = at(6);
        conversation.issue = Some(IssueRef {
            id: IssueId::new("12"),
            key: "SUP-12".to_owned(),
        });
        conversation.timers.set(Timer::DelayNotice, at(1_800));
        assert_eq!(customer.save(&conversation), 1);
        assert_eq!(customer.conversation(7, &number), conversation);

        // Another time moves the entry in the index; a later timer does not.
        conversation.timers.set(Timer::AgentAlert, at(70_000));
        assert_eq!(customer.save(&conversation), 1);
        conversation.timers.set(Timer::DelayNotice, at(1_900));
        assert_eq!(customer.save(&conversation), 2);
        assert_eq!(customer.save(&conversation), 0);
        let due = customer.next_timer().unwrap().since_beginning();
        assert_eq!(due, Some(1_900));
        let nothing = conversation.answered();
        assert_eq!(customer.save(&nothing), 1);
        assert_eq!(customer.next_timer(), None);
        assert!(size_of::<Customer>() <= 104, "{}", size_of::<Customer>());
    }

    /// A write unit of DynamoDB is 1 KB. The item's JSON is longer than the counted size, which is
    /// names and values.
    #[test]
    fn a_conversation_is_one_write_unit() {
        let number = PhoneNumberId::new("106540352242922");
        let mut conversation = Customer::new(7, &number, false).conversation(7, &number);
        let at = Some(time(0));
        conversation.profile_name = Some("A name of twenty-four letters".to_owned().into());
        conversation.window_expires_at = at;
        conversation.last_inbound_at = at;
        conversation.last_inbound_wamid = Some(Wamid::new(format!("wamid.{}", "x".repeat(60))));
        conversation.awaiting_since = at;
        conversation.alerted_of = at;
        conversation.keep_open.asked_of = at;
        conversation.issue = Some(IssueRef {
            id: IssueId::new("1234567"),
            key: "SUPPORT-1234567".to_owned(),
        });
        for timer in Timer::ALL {
            conversation.timers.set(timer, at);
        }
        let item = serde_json::to_string(&conversation).unwrap();
        // The keys of the item and of the index come on top.
        assert!(item.len() + 150 <= 1_024, "{}", item.len());
    }
}

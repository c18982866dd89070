//! Who holds a conversation: Casement, or Meta's agent on the same number.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::whatsapp::options::Holder;

/// How long a conversation stays with its holder after the customer's last message.
const HELD_FOR: TimeDelta = TimeDelta::hours(24);

/// The conversations by business number and customer.
///
/// Source: Meta, "Conversation Routing", thread lifecycle.
#[derive(Debug, Default)]
pub(crate) struct Threads(BTreeMap<(String, String), Thread>);

#[derive(Clone, Copy, Debug)]
struct Thread {
    holder: Holder,
    /// When nobody holds the conversation any more, unless the customer writes.
    until: DateTime<Utc>,
}

impl Threads {
    /// Returns who holds the conversation, or who will hold it after the customer's next message:
    /// `usual` if nobody holds it now.
    pub(crate) fn holder(
        &self,
        number: &str,
        key: &str,
        usual: Holder,
        now: DateTime<Utc>,
    ) -> Holder {
        self.held(number, key, now)
            .map_or(usual, |thread| thread.holder)
    }

    /// Takes in that the customer wrote.
    pub(crate) fn wrote(&mut self, number: &str, key: &str, usual: Holder, at: DateTime<Utc>) {
        let holder = self.holder(number, key, usual, at);
        let thread = Thread {
            holder,
            until: at + HELD_FOR,
        };
        let known = self.0.entry(pair(number, key)).or_insert(thread);
        if known.until < thread.until {
            *known = thread;
        }
    }

    /// Gives the conversation to another holder. This does not count as a customer's message.
    pub(crate) fn hand_over(&mut self, number: &str, key: &str, to: Holder, now: DateTime<Utc>) {
        let held = self.held(number, key, now);
        let thread = Thread {
            holder: to,
            until: held.map_or(now + HELD_FOR, |thread| thread.until),
        };
        self.0.insert(pair(number, key), thread);
    }

    fn held(&self, number: &str, key: &str, now: DateTime<Utc>) -> Option<Thread> {
        let thread = self.0.get(&pair(number, key)).copied();
        thread.filter(|thread| now < thread.until)
    }
}

fn pair(number: &str, key: &str) -> (String, String) {
    (number.to_owned(), key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_goes_back_to_its_usual_holder_after_a_day_of_silence() {
        let hour = |hours| DateTime::from_timestamp(0, 0).unwrap() + TimeDelta::hours(hours);
        let mut threads = Threads::default();
        let holder =
            |threads: &Threads, hours| threads.holder("1", "49", Holder::Casement, hour(hours));
        threads.wrote("1", "49", Holder::Casement, hour(0));
        threads.hand_over("1", "49", Holder::MetaAgent, hour(20));
        assert_eq!(holder(&threads, 23), Holder::MetaAgent);
        assert_eq!(holder(&threads, 24), Holder::Casement, "no message since 0");
        threads.hand_over("1", "49", Holder::MetaAgent, hour(30));
        threads.wrote("1", "49", Holder::Casement, hour(40));
        assert_eq!(holder(&threads, 63), Holder::MetaAgent);
        threads.wrote("1", "49", Holder::Casement, hour(35));
        assert_eq!(holder(&threads, 63), Holder::MetaAgent, "an old message");
        assert_eq!(
            threads.holder("1", "49", Holder::MetaAgent, hour(64)),
            Holder::MetaAgent
        );
        assert_eq!(
            threads.holder("2", "49", Holder::Casement, hour(50)),
            Holder::Casement,
            "another number"
        );
    }
}

//! The people, the addresses that they had over time, and what could be known about them.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

type Instant = DateTime<Utc>;

const NUMBERS: [&str; 3] = ["4915100000001", "4915100000002", "4915100000003"];

/// The time in which a person had a number, and a BSUID with it.
#[derive(Clone, Debug)]
pub(super) struct Owned {
    pub(super) who: usize,
    pub(super) number: usize,
    pub(super) bsuid: &'static str,
    pub(super) since: Instant,
    pub(super) until: Option<Instant>,
    /// Whether a report of its end has been delivered.
    pub(super) end_is_known: bool,
    pub(super) is_blocked: bool,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) owned: Vec<Owned>,
    /// Numbers whose next owner's words came before the report that the former one had left.
    confused: [bool; 3],
    /// The author of each message.
    pub(super) authors: BTreeMap<String, usize>,
    blocked: [bool; 3],
}

pub(super) fn phone(number: usize) -> &'static str {
    NUMBERS[number]
}

impl Model {
    pub(super) fn now_of(&self, who: usize) -> Option<usize> {
        self.owned
            .iter()
            .position(|one| one.who == who && one.until.is_none())
    }

    fn owner(&self, number: usize) -> Option<usize> {
        let mut current = self.owned.iter().filter(|one| one.until.is_none());
        current.find(|one| one.number == number).map(|one| one.who)
    }

    pub(super) fn is_free(&self, number: usize, now: Instant, idle: Duration) -> bool {
        let mut all = self.owned.iter().filter(|one| one.number == number);
        all.all(|one| one.until.is_some_and(|until| now - until >= idle))
    }

    pub(super) fn take(
        &mut self,
        who: usize,
        number: usize,
        now: Instant,
    ) -> (Option<usize>, usize) {
        let former = self.now_of(who);
        if let Some(former) = former {
            self.owned[former].until = Some(now);
        }
        let all = [
            "DE.1", "DE.2", "DE.3", "DE.4", "DE.5", "DE.6", "DE.7", "DE.8", "DE.9", "DE.10",
            "DE.11", "DE.12", "DE.13", "DE.14", "DE.15", "DE.16", "DE.17", "DE.18", "DE.19",
            "DE.20", "DE.21", "DE.22", "DE.23", "DE.24",
        ];
        self.owned.push(Owned {
            who,
            number,
            bsuid: all[self.owned.len()],
            since: now,
            until: None,
            end_is_known: false,
            is_blocked: self.blocked[number],
        });
        (former, self.owned.len() - 1)
    }

    pub(super) fn block(&mut self, number: usize) {
        self.blocked[number] = true;
        for one in self.owned.iter_mut().filter(|one| one.number == number) {
            one.is_blocked = true;
        }
    }

    pub(super) fn blocked(&self) -> Vec<&'static str> {
        (0..3)
            .filter(|number| self.blocked[*number])
            .map(phone)
            .collect()
    }

    pub(super) fn was_ever_blocked(&self, who: usize) -> bool {
        self.owned
            .iter()
            .any(|one| one.who == who && one.is_blocked)
    }

    /// Notes the delivery of words that were sent in the time of `owned`.
    pub(super) fn heard(&mut self, owned: usize) {
        let one = self.owned[owned].clone();
        let unknown = |other: &Owned| {
            other.number == one.number
                && other.who != one.who
                && other.until.is_some_and(|until| until <= one.since)
                && !other.end_is_known
        };
        if self.owned.iter().any(unknown) {
            self.confused[one.number] = true;
        }
    }

    /// Returns the reason, if any, why a reply to `author` must not go to this address now.
    pub(super) fn is_wrong(&self, author: usize, address: &str) -> Option<String> {
        if let Some(one) = self.owned.iter().find(|one| one.bsuid == address) {
            return (one.who != author).then(|| format!("{address} is another's"));
        }
        let number = NUMBERS.iter().position(|number| *number == address)?;
        let owner = self.owner(number).filter(|owner| *owner != author)?;
        let mut theirs = self
            .owned
            .iter()
            .filter(|one| one.who == author && one.number == number);
        let left = theirs.next_back();
        let could_be_known = left.is_none_or(|one| one.end_is_known) && !self.confused[number];
        could_be_known.then(|| format!("number {number} is {owner}'s, not {author}'s"))
    }

    pub(super) fn is_any_confused(&self) -> bool {
        self.confused.contains(&true)
    }
}

//! The messages of a queue, indexed by place, group, age and visibility, because a queue may hold a
//! hundred thousand.

use std::cmp::Reverse;
use std::collections::btree_map::Values;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Bound;

use super::super::message::{Delivery, Message};

/// Messages by sequence number, which is the order of arrival.
#[derive(Debug, Default)]
pub(super) struct Messages {
    by_place: BTreeMap<u64, Message>,
    // Sequence numbers, each behind the time by which it is looked up.
    by_visibility: BTreeSet<(i64, u64)>,
    by_age: BTreeSet<(i64, u64)>,
    by_group: BTreeMap<String, BTreeSet<u64>>,
}

impl Messages {
    pub(super) fn insert(&mut self, message: Message) {
        let place = message.sequence_number;
        self.remove(place);
        self.by_visibility
            .insert((message.delivery.visible_at, place));
        self.by_age.insert((message.sent_at, place));
        let group = group_of(&message).to_owned();
        self.by_group.entry(group).or_default().insert(place);
        self.by_place.insert(place, message);
    }

    pub(super) fn set_delivery(&mut self, place: u64, delivery: Delivery) {
        if let Some(message) = self.by_place.get_mut(&place) {
            let before = message.delivery.visible_at;
            self.by_visibility.remove(&(before, place));
            self.by_visibility.insert((delivery.visible_at, place));
            message.delivery = delivery;
        }
    }

    pub(super) fn remove(&mut self, place: u64) -> Option<Message> {
        let message = self.by_place.remove(&place)?;
        self.by_visibility
            .remove(&(message.delivery.visible_at, place));
        self.by_age.remove(&(message.sent_at, place));
        let group = group_of(&message);
        if let Some(places) = self.by_group.get_mut(group) {
            places.remove(&place);
            if places.is_empty() {
                self.by_group.remove(group);
            }
        }
        Some(message)
    }

    pub(super) fn get(&self, place: u64) -> Option<&Message> {
        self.by_place.get(&place)
    }

    pub(super) fn len(&self) -> usize {
        self.by_place.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }

    /// Returns all messages, in the order of arrival.
    pub(super) fn iter(&self) -> Values<'_, u64, Message> {
        self.by_place.values()
    }

    /// Returns the messages that were sent at or before this time, oldest first.
    pub(super) fn sent_until(&self, time: i64) -> impl Iterator<Item = &Message> {
        let places = self.by_age.range(..=(time, u64::MAX));
        places.filter_map(|(_, place)| self.get(*place))
    }

    /// Returns the messages that cannot be received yet, in the order in which they become visible.
    pub(super) fn hidden(&self, now: i64) -> impl Iterator<Item = &Message> {
        let after = (Bound::Excluded((now, u64::MAX)), Bound::Unbounded);
        let places = self.by_visibility.range(after);
        places.filter_map(|(_, place)| self.get(*place))
    }

    /// Counts the messages that may be received and that no group holds back.
    pub(super) fn count_unheld(&self, now: i64) -> usize {
        let held = self.held(now);
        let counts = self.by_group.iter().map(|(group, places)| {
            held.get(group.as_str())
                .map_or(places.len(), |from| places.range(..from).count())
        });
        counts.sum()
    }

    /// Returns the messages that no other message of their group holds back, in the order of
    /// arrival.
    pub(super) fn unheld(&self, now: i64) -> impl Iterator<Item = &Message> {
        let held = self.held(now);
        let mut groups: Vec<_> = self
            .by_group
            .iter()
            .map(|(group, places)| places.range(..held.get(group.as_str()).unwrap_or(&u64::MAX)))
            .collect();
        let firsts = groups.iter_mut().enumerate();
        let mut next_of_groups: BinaryHeap<_> = firsts
            .filter_map(|(group, places)| Some(Reverse((*places.next()?, group))))
            .collect();
        std::iter::from_fn(move || {
            let Reverse((place, group)) = next_of_groups.pop()?;
            if let Some(next) = groups.get_mut(group).and_then(Iterator::next) {
                next_of_groups.push(Reverse((*next, group)));
            }
            Some(place)
        })
        .filter_map(|place| self.get(place))
    }

    /// Returns the place from which each group's messages have to wait: the first place while one
    /// is in flight, else that of the first delayed message.
    fn held(&self, now: i64) -> BTreeMap<&str, u64> {
        let mut held = BTreeMap::new();
        for message in self.hidden(now) {
            let from = if message.delivery.is_in_flight(now) {
                0
            } else {
                message.sequence_number
            };
            held.entry(group_of(message))
                .and_modify(|first: &mut u64| *first = from.min(*first))
                .or_insert(from);
        }
        held
    }
}

fn group_of(message: &Message) -> &str {
    message.message_group_id.as_deref().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(Message),
        SetDelivery(u64, Delivery),
        Remove(u64),
    }

    // Few places, groups and times, so that they collide.
    fn place() -> impl Strategy<Value = u64> {
        0..12_u64
    }

    fn delivery() -> impl Strategy<Value = Delivery> {
        (0..6_i64, any::<bool>()).prop_map(|(visible_at, was_received)| Delivery {
            visible_at,
            received_at: was_received.then_some(0),
            ..Delivery::default()
        })
    }

    fn message() -> impl Strategy<Value = Message> {
        (place(), "[abc]", 0..6_i64, delivery()).prop_map(|(place, group, sent_at, delivery)| {
            Message {
                message_id: String::new(),
                body: String::new(),
                attributes: BTreeMap::new(),
                message_group_id: Some(group),
                message_deduplication_id: None,
                sequence_number: place,
                sent_at,
                trace_header: None,
                dead_letter_source: None,
                delivery,
            }
        })
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => message().prop_map(Step::Insert),
            2 => (place(), delivery()).prop_map(|(place, delivery)| Step::SetDelivery(place, delivery)),
            1 => place().prop_map(Step::Remove),
        ]
    }

    fn places<'a>(messages: impl Iterator<Item = &'a Message>) -> Vec<u64> {
        messages.map(|message| message.sequence_number).collect()
    }

    /// Computes the result of [`Messages::unheld`] by looking at every message.
    fn unheld_one_by_one(messages: &BTreeMap<u64, Message>, now: i64) -> Vec<u64> {
        let mut held: BTreeSet<_> = messages
            .values()
            .filter(|message| message.delivery.is_in_flight(now))
            .map(group_of)
            .collect();
        let unheld = messages.values().filter(|message| {
            if message.delivery.is_delayed(now) {
                held.insert(group_of(message));
            }
            !held.contains(group_of(message))
        });
        places(unheld)
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_look_at_each_message_finds(
            steps in prop::collection::vec(step(), 0..40),
            now in 0..6_i64,
        ) {
            let mut messages = Messages::default();
            let mut model = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Insert(message) => {
                        model.insert(message.sequence_number, message.clone());
                        messages.insert(message);
                    }
                    Step::SetDelivery(place, delivery) => {
                        if let Some(message) = model.get_mut(&place) {
                            message.delivery = delivery.clone();
                        }
                        messages.set_delivery(place, delivery);
                    }
                    Step::Remove(place) => prop_assert_eq!(messages.remove(place), model.remove(&place)),
                }
            }
            prop_assert_eq!(places(messages.iter()), places(model.values()));
            prop_assert_eq!((messages.len(), messages.is_empty()), (model.len(), model.is_empty()));
            let unheld = unheld_one_by_one(&model, now);
            prop_assert_eq!(messages.count_unheld(now), unheld.len());
            prop_assert_eq!(places(messages.unheld(now)), unheld);
            let mut hidden: Vec<_> = model.values().filter(|message| !message.delivery.is_visible(now)).collect();
            hidden.sort_by_key(|message| message.delivery.visible_at);
            prop_assert_eq!(places(messages.hidden(now)), places(hidden.into_iter()));
            let mut old: Vec<_> = model.values().filter(|message| message.sent_at <= now).collect();
            old.sort_by_key(|message| message.sent_at);
            prop_assert_eq!(places(messages.sent_until(now)), places(old.into_iter()));
        }
    }
}

//! A queue of events in virtual time.
//!
//! A heap of millions of events is slow, since every access misses the cache. Here events wait
//! unsorted in a bucket for each second; only the current second is a heap.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Milliseconds since the simulation began. The type holds 49 days.
pub(crate) type Millis = u32;

/// A planned event.
#[derive(Clone, Debug)]
pub(crate) struct Event<K> {
    pub(crate) at: Millis,
    /// The sequence number. It breaks ties in the order of planning, so that a run can be repeated.
    planned: u32,
    pub(crate) kind: K,
}

impl<K> Event<K> {
    fn order(&self) -> (Millis, u32) {
        (self.at, self.planned)
    }
}

impl<K> PartialEq for Event<K> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<K> Eq for Event<K> {}

impl<K> PartialOrd for Event<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Event<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

/// The planned events.
#[derive(Debug)]
pub(crate) struct Calendar<K> {
    seconds: Vec<Vec<Event<K>>>,
    current: usize,
    now: BinaryHeap<Reverse<Event<K>>>,
    planned: u32,
}

impl<K> Calendar<K> {
    /// Makes a calendar of this many seconds. Events planned for later never happen.
    pub(crate) fn new(seconds: usize) -> Self {
        Self {
            seconds: (0..seconds).map(|_| Vec::new()).collect(),
            current: 0,
            now: BinaryHeap::new(),
            planned: 0,
        }
    }

    pub(crate) fn plan(&mut self, at: Millis, kind: K) {
        let planned = self.planned;
        self.planned = self.planned.wrapping_add(1);
        let event = Event { at, planned, kind };
        let second = (at / 1000) as usize;
        if second <= self.current {
            self.now.push(Reverse(event));
        } else if let Some(bucket) = self.seconds.get_mut(second) {
            bucket.push(event);
        }
    }

    /// Returns the next event, or `None` if the time is over.
    pub(crate) fn next(&mut self) -> Option<Event<K>> {
        loop {
            if let Some(Reverse(event)) = self.now.pop() {
                return Some(event);
            }
            self.current += 1;
            let bucket = std::mem::take(self.seconds.get_mut(self.current)?);
            self.now.extend(bucket.into_iter().map(Reverse));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_happen_in_order_and_ties_in_the_order_of_planning() {
        let mut calendar = Calendar::new(10);
        for (at, kind) in [
            (5_001, 'd'),
            (5_000, 'b'),
            (0, 'a'),
            (5_000, 'c'),
            (10_000, 'x'),
        ] {
            calendar.plan(at, kind);
        }
        let mut order = String::new();
        while let Some(event) = calendar.next() {
            order.push(event.kind);
            if event.kind == 'b' {
                calendar.plan(event.at, 'B');
            }
        }
        assert_eq!(order, "abcBd");
    }
}

//! A bounded, numbered record of the latest events.

use std::collections::VecDeque;

/// The last `capacity` entries, each with a number that counts from 1.
#[derive(Debug)]
pub struct Ring<T> {
    capacity: usize,
    pushed: u64,
    entries: VecDeque<T>,
}

impl<T> Ring<T> {
    /// Creates an empty record of at most `capacity` entries.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            pushed: 0,
            entries: VecDeque::new(),
        }
    }

    /// Adds an entry and returns its number. Drops the oldest entry when there is no room.
    pub fn push(&mut self, entry: T) -> u64 {
        if self.entries.len() == self.capacity {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.pushed += 1;
        self.pushed
    }

    /// Returns the entry with this number, if it is still kept.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let index = number.checked_sub(self.first_number())?;
        self.entries.get_mut(usize::try_from(index).ok()?)
    }

    /// Returns the kept entries with a number above `number`, oldest first.
    pub fn since(&self, number: u64) -> impl Iterator<Item = (u64, &T)> {
        (self.first_number()..)
            .zip(&self.entries)
            .filter(move |(n, _)| *n > number)
    }

    /// Forgets the entries and restarts the count.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.pushed = 0;
    }

    fn first_number(&self) -> u64 {
        self.pushed - self.entries.len() as u64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_latest_under_their_numbers() {
        let mut ring = Ring::new(2);
        assert_eq!(ring.since(0).count(), 0);
        assert_eq!(
            ["a", "b", "c"].map(|entry| ring.push(entry)),
            [1, 2, 3],
            "numbers count from 1"
        );
        assert_eq!(ring.since(0).collect::<Vec<_>>(), [(2, &"b"), (3, &"c")]);
        assert_eq!(ring.since(2).collect::<Vec<_>>(), [(3, &"c")]);
        assert_eq!(ring.get_mut(1), None);
        assert_eq!(ring.get_mut(3), Some(&mut "c"));
        assert_eq!(ring.get_mut(4), None);
        ring.clear();
        assert_eq!(ring.push("d"), 1);
    }
}

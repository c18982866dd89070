//! What a simulator received and delivered, kept in order for audits.

use std::sync::Mutex;

use chrono::{DateTime, Utc};

use super::outbox::Outcome;
use crate::lock;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A call of the simulated service was answered.
    Call {
        /// When, on the stack's clock.
        at: DateTime<Utc>,
        /// The HTTP method.
        method: String,
        /// The path and query, below the place where the router is mounted.
        path: String,
        /// The request body if it was JSON, else empty; bytes that are not UTF-8 are replaced.
        request: String,
        /// The HTTP status of the answer.
        status: u16,
        /// The answer's body if it was JSON, else empty.
        response: String,
    },
    /// A webhook was sent.
    Delivery {
        /// When the attempt ended, on the stack's clock.
        at: DateTime<Utc>,
        /// The delivery's number; the same for all its attempts.
        delivery: u64,
        /// What it tells, such as `message wamid...` or `comment_created 10003`.
        subject: String,
        /// 0 for the first try, then the number of the repeat.
        attempt: u32,
        /// The body that was sent; bytes that are not UTF-8 are replaced.
        body: String,
        /// What came of it.
        outcome: Outcome,
    },
}

/// An append-only record in memory.
#[derive(Debug, Default)]
pub struct Journal {
    entries: Mutex<Vec<Entry>>,
}

impl Journal {
    /// All entries so far, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        lock(&self.entries).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.entries).clear();
    }

    pub(crate) fn append(&self, entry: Entry) {
        lock(&self.entries).push(entry);
    }
}

//! A record of what a simulator received and delivered, in order, for audits.

use std::sync::Mutex;

use chrono::{DateTime, Utc};

use super::delivery::Outcome;
use crate::lock;

/// One recorded event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A call of the simulated service was answered.
    Call {
        /// The time, on the stack's clock.
        at: DateTime<Utc>,
        method: String,
        /// The path and query, relative to where the router is mounted.
        path: String,
        /// The request body if it was JSON, else empty. Bytes that are not UTF-8 are replaced.
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
        /// The event in the webhook, such as `message wamid...` or `comment_created 10003`.
        subject: String,
        /// 0 for the first try, then the number of the repeat.
        attempt: u32,
        /// The body that was sent. Bytes that are not UTF-8 are replaced.
        body: String,
        outcome: Outcome,
    },
}

/// An append-only record in memory.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<Vec<Entry>>,
}

impl Journal {
    /// Returns all entries so far, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        lock(&self.entries).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.entries).clear();
    }

    pub(crate) fn append(&self, entry: Entry) {
        lock(&self.entries).push(entry);
    }
}

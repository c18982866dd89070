//! What the ports ask of the services behind them, for whoever counts or limits it.

use std::rc::Rc;

use casement_core::model::conversation::Conversation;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::Wamid;
use casement_core::model::timer::{self, Timers};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Call, World};

/// The size of an item's keys and expiry, in bytes.
const KEYS: usize = 150;

/// Counts what the ports ask, and may refuse what they ask of Jira and WhatsApp.
pub trait Meter {
    /// Takes a call to Jira or WhatsApp, or refuses it.
    fn call(&self, call: Call) -> Result<(), CallFailure>;
    /// Takes a read of the table.
    fn read(&self, read: Read);
    /// Takes a write of the table.
    fn write(&self, write: Write);
    /// Takes a call to SQS.
    fn enqueue(&self, queue: Queue);
    /// Hears of a message that WhatsApp has accepted, with our callback data.
    fn sent(&self, wamid: &Wamid, callback: &str);
    /// Whether whoever looks through Jira has to wait before the next call.
    fn holds_back(&self) -> bool;
}

/// A read of an item, or of all that a query finds.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// The size of what is read.
    pub bytes: usize,
    /// Whether the read is consistent.
    pub is_consistent: bool,
}

/// A write of an item.
#[derive(Clone, Debug)]
pub struct Write {
    /// The size of the item.
    pub bytes: usize,
    /// Whether the item is written, or only looked at, together with others.
    pub in_transaction: bool,
    /// The item's place in the index before and after.
    pub places: [Option<Place>; 2],
}

/// The place of an item in the index of what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The partition.
    pub shard: String,
    /// The time by which the partition is sorted.
    pub due_at: DateTime<Utc>,
    /// What the index has of a conversation besides its keys.
    pub timers: Option<Timers>,
}

/// A queue that use cases send to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The queue to the only sender.
    Outbound,
    /// The queue whose messages arrive later.
    Delays,
}

impl Write {
    /// Makes the write of an item outside the index.
    pub(crate) fn of(item: &impl Serialize) -> Self {
        Self {
            bytes: size(item),
            in_transaction: false,
            places: [None, None],
        }
    }

    /// Makes the check in a transaction that there is no item, or the deletion of one.
    pub(crate) fn of_nothing() -> Self {
        Self::of(&()).together()
    }

    /// Makes the write part of a transaction.
    pub(crate) fn together(mut self) -> Self {
        self.in_transaction = true;
        self
    }
}

/// Returns the size of an item. DynamoDB counts names and values; JSON adds its punctuation.
pub(crate) fn size(item: &impl Serialize) -> usize {
    serde_json::to_string(item).unwrap().len() + KEYS
}

/// Returns the place of a conversation in the index, while it has a timer.
pub(crate) fn place_of(conversation: &Conversation) -> Option<Place> {
    Some(Place {
        shard: timer::shard(&conversation.key),
        due_at: conversation.timers.next()?,
        timers: Some(conversation.timers),
    })
}

impl World {
    /// Has everything counted from now on.
    pub fn measure(&self, meter: Rc<dyn Meter>) {
        self.inner.meter.replace(Some(meter));
    }

    pub(crate) fn meter(&self) -> Option<Rc<dyn Meter>> {
        self.inner.meter.borrow().clone()
    }

    /// Counts a consistent read of what is found.
    pub(crate) fn reads(&self, found: &impl Serialize) {
        if let Some(meter) = self.meter() {
            let (bytes, is_consistent) = (size(found), true);
            meter.read(Read {
                bytes,
                is_consistent,
            });
        }
    }

    /// Counts a read of this many entries of the index.
    pub(crate) fn reads_index(&self, entries: usize) {
        if let Some(meter) = self.meter() {
            let (bytes, is_consistent) = (entries * KEYS, false);
            meter.read(Read {
                bytes,
                is_consistent,
            });
        }
    }

    /// Counts a write.
    pub(crate) fn writes(&self, write: impl FnOnce() -> Write) {
        if let Some(meter) = self.meter() {
            meter.write(write());
        }
    }

    /// Lets work at the same time take turns, so that what is counted comes in that order.
    pub(crate) async fn takes_turns(&self) {
        if self.meter().is_some() {
            tokio::task::yield_now().await;
        }
    }

    /// Lets time pass for as long as the meter holds calls back.
    pub(crate) async fn waits_for_turn(&self) {
        while self.meter().is_some_and(|meter| meter.holds_back()) {
            tokio::task::yield_now().await;
        }
    }
}

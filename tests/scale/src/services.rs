//! What the product asks of AWS, Jira and Meta: the units, the time that it takes, and what the
//! limits refuse.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use casement_core::model::fate::{CallFailure, WhatsappCode};
use casement_core::model::identity::Wamid;
use casement_core::model::timer::SHARDS;
use casement_testkit::{Call, Meter, Place, Queue, Read, Write};

use crate::calendar::Millis;
use crate::counts::Requests;
use crate::limits::{Bucket, Endpoint, Jira};
use crate::scenario::Quotas;

/// The approximate duration of calls, in milliseconds.
const WHATSAPP_TAKES: f64 = 130.0;
const AWS_TAKES: f64 = 5.0;

/// The `Retry-After` that Jira sends with status 429.
const RETRY_AFTER: chrono::Duration = chrono::Duration::seconds(5);

/// The error code "Rate limit hit" (Cloud API, "Error codes").
const TOO_MANY: WhatsappCode = WhatsappCode(130_429);

/// The bytes of a write unit, and of a read unit.
const WRITE_UNIT: usize = 1_024;
const READ_UNIT: usize = 4_096;

/// A message that WhatsApp has accepted.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) wamid: Wamid,
    pub(crate) callback: String,
}

/// Everything behind the ports.
#[derive(Debug)]
pub(crate) struct Services {
    now: Cell<Millis>,
    /// The duration of the current attempt so far, in milliseconds.
    took: Cell<f64>,
    /// The calls that the search for lost webhooks may still make in its step.
    calls_left: Cell<Option<u32>>,
    pub(crate) jira: RefCell<Jira>,
    pub(crate) meta: RefCell<Bucket>,
    requests: RefCell<Requests>,
    sent: RefCell<Vec<Rc<Sent>>>,
    /// Comments of ours, of which Jira tells by webhook.
    echoes: Cell<u32>,
}

impl Services {
    pub(crate) fn new(quotas: &Quotas) -> Self {
        Self {
            now: Cell::new(0),
            took: Cell::new(0.0),
            calls_left: Cell::new(None),
            jira: RefCell::new(Jira::new(quotas.jira)),
            meta: RefCell::new(Bucket::new(quotas.meta, None)),
            requests: RefCell::default(),
            sent: RefCell::default(),
            echoes: Cell::new(0),
        }
    }

    pub(crate) fn requests(&self) -> Ref<'_, Requests> {
        self.requests.borrow()
    }

    /// Counts further calls to SQS for a kind of queue, since prices differ.
    pub(crate) fn calls_sqs(&self, is_fifo: bool, calls: u64) {
        let requests = &mut self.requests.borrow_mut();
        if is_fifo {
            requests.fifo_calls += calls;
        } else {
            requests.standard_calls += calls;
        }
    }

    /// Begins an attempt, or a step of the search with this many calls.
    pub(crate) fn begin(&self, now: Millis, calls: Option<u32>) {
        self.now.set(now);
        self.took.set(AWS_TAKES);
        self.calls_left.set(calls);
    }

    /// Returns how long the attempt has taken.
    pub(crate) fn took(&self) -> f64 {
        self.took.get()
    }

    /// Takes what WhatsApp has accepted since.
    pub(crate) fn take_sent(&self) -> Vec<Rc<Sent>> {
        std::mem::take(&mut self.sent.borrow_mut())
    }

    /// Takes the number of comments that we have written since.
    pub(crate) fn take_echoes(&self) -> u32 {
        self.echoes.take()
    }

    fn takes(&self, milliseconds: f64) {
        self.took.set(self.took.get() + milliseconds);
    }

    fn asks_jira(&self, call: Call, requests: &mut Requests) -> Result<(), CallFailure> {
        let mut is_refused = false;
        let endpoints = Endpoint::of(call);
        // Those of one call are asked side by side.
        self.takes(endpoints.first().map_or(0.0, |endpoint| endpoint.takes()));
        for endpoint in endpoints {
            requests.jira_calls += 1;
            let jira = &mut self.jira.borrow_mut();
            is_refused |= !jira.lets_through(*endpoint, self.now.get());
        }
        if is_refused {
            // Nothing depends on the state, and the next report corrects it.
            requests.not_shown += u64::from(call == Call::ShowDelivery);
            return Err(CallFailure::Jira {
                status: 429,
                retry_after: Some(RETRY_AFTER),
            });
        }
        match call {
            Call::AddComment => self.echoes.set(self.echoes.get() + 1),
            Call::OpenRequest => requests.opened += 1,
            Call::Transition => requests.reopened += 1,
            _ => {}
        }
        Ok(())
    }
}

impl Meter for Services {
    fn call(&self, call: Call) -> Result<(), CallFailure> {
        let requests = &mut self.requests.borrow_mut();
        if !matches!(call, Call::Send | Call::ShowReceipt) {
            return self.asks_jira(call, requests);
        }
        self.takes(WHATSAPP_TAKES);
        requests.whatsapp_calls += 1;
        // A receipt is no message.
        let mut meta = self.meta.borrow_mut();
        if call == Call::Send && !meta.lets_through(self.now.get()) {
            return Err(CallFailure::whatsapp(TOO_MANY));
        }
        Ok(())
    }

    fn read(&self, read: Read) {
        self.takes(AWS_TAKES);
        let halves = read.bytes.div_ceil(READ_UNIT).max(1) as u32;
        let halves = if read.is_consistent {
            2 * halves
        } else {
            halves
        };
        let requests = &mut self.requests.borrow_mut();
        requests.table_calls += 1;
        requests.half_reads.add(self.now.get(), halves);
    }

    fn write(&self, write: Write) {
        self.takes(AWS_TAKES);
        let now = self.now.get();
        let requests = &mut self.requests.borrow_mut();
        requests.table_calls += 1;
        requests.table_writes.add(now, units(&write));
        if let Some((partition, units)) = index_units(&write.places) {
            requests.index_writes.add(now, units);
            requests.partitions[partition].add(now, units);
        }
    }

    fn enqueue(&self, queue: Queue) {
        self.takes(AWS_TAKES);
        self.calls_sqs(queue == Queue::Outbound, 1);
    }

    fn sent(&self, wamid: &Wamid, callback: &str) {
        self.requests.borrow_mut().sent.add(self.now.get(), 1);
        self.sent.borrow_mut().push(Rc::new(Sent {
            wamid: wamid.clone(),
            callback: callback.to_owned(),
        }));
    }

    fn holds_back(&self) -> bool {
        let Some(left) = self.calls_left.get() else {
            return false;
        };
        self.calls_left.set(Some(left.saturating_sub(1)));
        left == 0
    }
}

/// Returns the write units of an item. One of a transaction is prepared, and then written.
fn units(write: &Write) -> u32 {
    let units = write.bytes.div_ceil(WRITE_UNIT) as u32;
    if write.in_transaction {
        2 * units
    } else {
        units
    }
}

/// Returns the index partition that a write changes, and the write units there.
fn index_units(places: &[Option<Place>; 2]) -> Option<(usize, u32)> {
    let (place, units) = match places {
        [None, None] => return None,
        [Some(one), None] | [None, Some(one)] => (one, 1),
        [Some(before), Some(after)] if before == after => return None,
        // Nothing but the timers has changed.
        [Some(before), Some(after)] if before.due_at == after.due_at => (after, 1),
        // The entry is deleted, and written under another key.
        [Some(_), Some(after)] => (after, 2),
    };
    Some((partition(&place.shard), units))
}

fn partition(shard: &str) -> usize {
    let number = shard.rsplit('#').next();
    let number = number.and_then(|number| number.parse().ok()).unwrap_or(0);
    let first = if shard.starts_with("DUE") { 0 } else { SHARDS };
    usize::from(first) + number
}

#[cfg(test)]
mod tests {
    use casement_core::model::timer::{Timer, Timers};
    use chrono::DateTime;

    use super::*;

    fn place(due_at: i64, shard: &str) -> Option<Place> {
        let due_at = DateTime::from_timestamp(due_at, 0).unwrap();
        let mut timers = Timers::default();
        timers.set(Timer::AgentAlert, due_at);
        Some(Place {
            shard: shard.to_owned(),
            due_at,
            timers: Some(timers),
        })
    }

    #[test]
    fn the_index_is_written_where_it_changes() {
        let other_timers = place(1, "DUE#3").map(|place| Place {
            timers: None,
            ..place
        });
        for (before, after, expected) in [
            (None, None, None),
            (None, place(1, "DUE#3"), Some((3, 1))),
            (place(1, "DUE#3"), place(1, "DUE#3"), None),
            (place(1, "DUE#3"), other_timers, Some((3, 1))),
            (place(1, "DUE#3"), place(2, "DUE#3"), Some((3, 2))),
            (place(2, "UNSETTLED#7"), None, Some((15, 1))),
        ] {
            assert_eq!(index_units(&[before, after]), expected);
        }
    }

    #[test]
    fn a_kilobyte_is_a_unit_and_twice_as_much_in_a_transaction() {
        for (bytes, in_transaction, expected) in
            [(300, false, 1), (1_025, false, 2), (150, true, 2)]
        {
            let write = Write {
                bytes,
                in_transaction,
                places: [None, None],
            };
            assert_eq!(units(&write), expected);
        }
    }
}

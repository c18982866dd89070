//! Runs the records of an SQS event independently.
//!
//! - A record that fails or panics goes back to the queue alone; the others complete.
//! - In a FIFO queue the records of a group run strictly in order. When one fails, the later ones
//!   of its group go back with it, unhandled; other groups continue in parallel.
//! - A returned record comes again after a backoff that grows with its receives, so that a customer
//!   waits seconds and not the queue's whole visibility timeout.
//! - A record on its way to the dead letters no longer holds up its group. If the later records
//!   were returned with it each time, they would use up their receives and follow it.
//!
//! The Lambda developer guide, "Implementing partial batch responses", describes the response.

mod backoff;
mod record;

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use casement_core::model::fate::Pace;
use casement_service::{Attempt, Event};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join_all};
use lambda_runtime::Context;
use tokio::time::Instant;
use tracing::Instrument;

pub use backoff::LONGEST_WAIT;
pub use record::Record;
use record::groups;

use crate::clock::LambdaClock;

/// Enough for a handful of calls.
const TIME_FOR_ONE_RECORD: Duration = Duration::from_secs(10);

/// Enough for a file of 100 MB at 2 MB/s, and the calls around it.
const TIME_FOR_ONE_FILE: Duration = Duration::from_secs(70);

/// A message that is still not done this long after its first receive needs attention.
const UNSETTLED_AFTER: chrono::Duration = chrono::Duration::minutes(10);

/// Why a record goes back to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// It may succeed later.
    Retry {
        /// How long to wait, at most [`LONGEST_WAIT`]. `None`: as `pace` says.
        after: Option<Duration>,
        /// The backoff between attempts.
        pace: Pace,
    },
    /// It can never be understood. It uses up its receives without delay and ends in the dead
    /// letters; the later records of its group do not wait for it.
    Reject,
}

impl From<&casement_service::Later> for Returned {
    fn from(later: &casement_service::Later) -> Self {
        let after = later.after.map(|after| after.to_std().unwrap_or_default());
        let pace = later.pace;
        Self::Retry { after, pace }
    }
}

/// Runs batches of one queue.
#[derive(Clone, Debug)]
pub struct BatchRunner {
    max_receive_count: u32,
    time_for_one: Duration,
    clock: LambdaClock,
}

/// The invocation that a batch came in.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The last moment to begin a record that can be done before Lambda stops the function.
    pub begin_until: Instant,
    /// Lambda's id, for the log.
    pub request_id: String,
}

impl BatchRunner {
    /// Makes a runner for a queue whose messages go to the dead letters after this many receives
    /// (`maxReceiveCount` of its redrive policy).
    #[must_use]
    pub fn new(max_receive_count: u32, clock: LambdaClock) -> Self {
        Self {
            max_receive_count,
            time_for_one: TIME_FOR_ONE_RECORD,
            clock,
        }
    }

    /// As [`BatchRunner::new`], for a queue whose records may transfer files, which may take a
    /// minute. The function needs a timeout of some 90 seconds, and ledger claims that last longer.
    #[must_use]
    pub fn for_files(max_receive_count: u32, clock: LambdaClock) -> Self {
        Self {
            time_for_one: TIME_FOR_ONE_FILE,
            ..Self::new(max_receive_count, clock)
        }
    }

    /// Returns the invocation of this context.
    #[must_use]
    pub fn invocation(&self, context: &Context) -> Invocation {
        let left = context
            .deadline()
            .duration_since(SystemTime::now())
            .unwrap_or_default();
        Invocation {
            begin_until: Instant::now() + left.saturating_sub(self.time_for_one),
            request_id: context.request_id.clone(),
        }
    }

    /// Hands every record to `handle` and returns those that go back to the queue.
    ///
    /// `set_visibility` gets a receipt handle and makes that message come back after the given
    /// time. If it fails, the message comes back later, when the queue's visibility timeout is
    /// over.
    pub async fn run<H, V, E>(
        &self,
        event: SqsEvent,
        invocation: Invocation,
        handle: H,
        set_visibility: V,
    ) -> SqsBatchResponse
    where
        H: AsyncFn(&Record) -> Result<(), Returned>,
        V: AsyncFn(&str, Duration) -> Result<(), E>,
        E: Display,
    {
        let run = Run {
            invocation,
            unsettled_since: self.clock.now() - UNSETTLED_AFTER,
            handle,
            set_visibility,
        };
        let groups = groups(event, self.max_receive_count);
        let returned = join_all(groups.into_iter().map(|group| run.group(group))).await;
        let mut response = SqsBatchResponse::default();
        for record in returned.into_iter().flatten() {
            // Without an id Lambda returns the whole batch, and nothing is lost.
            response.add_failure(record.message_id);
        }
        response
    }
}

struct Run<H, V> {
    invocation: Invocation,
    /// Messages first received before this time should be done by now.
    unsettled_since: DateTime<Utc>,
    handle: H,
    set_visibility: V,
}

/// Where an unfinished record goes.
#[derive(Clone, Copy)]
enum Next {
    /// Back after this time, and before the later ones of its group.
    Again(Duration),
    /// To the dead letters.
    DeadLetters,
}

impl<H, V, E> Run<H, V>
where
    H: AsyncFn(&Record) -> Result<(), Returned>,
    V: AsyncFn(&str, Duration) -> Result<(), E>,
    E: Display,
{
    /// Runs the records of a group in order. Returns those that go back.
    async fn group(&self, records: Vec<Record>) -> Vec<Record> {
        let mut returned = Vec::new();
        let mut records = records.into_iter();
        while let Some(record) = records.next() {
            match self.record(&record).await {
                Ok(()) => {}
                Err(Next::DeadLetters) => {
                    self.come_back(&record, Duration::ZERO).await;
                    returned.push(record);
                }
                Err(Next::Again(wait)) => {
                    let held_up: Vec<_> = std::iter::once(record).chain(records).collect();
                    join_all(held_up.iter().map(|record| self.come_back(record, wait))).await;
                    returned.extend(held_up);
                    break;
                }
            }
        }
        returned
    }

    /// Runs a record. Its log lines name the message, its trace context and the invocation.
    async fn record(&self, record: &Record) -> Result<(), Next> {
        // A span of the highest level is present whatever the level of the lines.
        let span = tracing::error_span!(
            "record",
            requestId = self.invocation.request_id,
            correlation_id = record.trace_context.correlation_id,
            message_id = record.message_id,
            trace = record.trace_context.trace_header,
        );
        let handled = self.attempt(record).instrument(span).await;
        let is_old = record
            .first_received
            .is_some_and(|first| first <= self.unsettled_since);
        if handled.is_err() && is_old {
            Event::Unsettled.count();
        }
        if matches!(handled, Err(Next::DeadLetters)) && record.attempt == Attempt::Last {
            Event::DeadLettered.count();
        }
        handled
    }

    async fn attempt(&self, record: &Record) -> Result<(), Next> {
        let id = &record.message_id;
        let receives = record.receives;
        if Instant::now() >= self.invocation.begin_until && record.attempt == Attempt::Another {
            tracing::warn!(%id, receives, "no time left; the message comes again at once");
            return Err(Next::Again(Duration::ZERO));
        }
        // Boxed as a trait object: a use case's futures, nested in the batch's, exceed the
        // compiler's recursion limit.
        let handling: LocalBoxFuture<'_, _> = Box::pin((self.handle)(record));
        let handled = AssertUnwindSafe(handling).catch_unwind().await;
        let wait = match handled {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(Returned::Retry { after, pace })) => backoff::wait(receives, after, pace),
            Ok(Err(Returned::Reject)) => {
                tracing::error!(%id, receives, "the message can never be understood");
                return Err(Next::DeadLetters);
            }
            Err(_panic) => {
                Event::Panicked.count();
                tracing::error!(%id, receives, "the handler panicked");
                backoff::wait(receives, None, Pace::Usual)
            }
        };
        if record.attempt == Attempt::Last {
            tracing::error!(%id, receives, "the message goes to the dead letters");
            return Err(Next::DeadLetters);
        }
        let wait_s = wait.as_secs();
        tracing::info!(%id, receives, wait_s, "the message goes back to the queue");
        Err(Next::Again(wait))
    }

    async fn come_back(&self, record: &Record, wait: Duration) {
        if let Err(failure) = (self.set_visibility)(&record.receipt_handle, wait).await {
            let id = &record.message_id;
            tracing::warn!(%id, %failure, "the message comes back later than it could");
        }
    }
}

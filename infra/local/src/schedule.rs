//! Functions that run on a schedule: once at each boundary of their period on the stack's clock. If
//! the clock is moved past several boundaries, they run once, not once per period.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use local_clock::Clock;
use serde_json::json;
use uuid::Uuid;

use crate::{lambda::Lambda, locks::lock};

/// A function and its period.
#[derive(Clone)]
pub struct Schedule {
    function: String,
    every: TimeDelta,
    region: String,
    lambda: Lambda,
    clock: Clock,
    due: Arc<Mutex<DateTime<Utc>>>,
}

impl Schedule {
    /// Schedules `function` every `every`, from the next boundary on. A period longer than the
    /// clock can express never ends.
    #[must_use]
    pub fn new(
        function: String,
        every: Duration,
        region: String,
        lambda: Lambda,
        clock: Clock,
    ) -> Self {
        let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
        let due = next_boundary(clock.now(), every);
        Self {
            function,
            every,
            region,
            lambda,
            clock,
            due: Arc::new(Mutex::new(due)),
        }
    }

    /// Starts runs as they become due, until the future is dropped.
    pub async fn run(self) {
        let mut moves = self.clock.changes();
        loop {
            self.start_if_due();
            let due = *lock(&self.due);
            tokio::select! {
                () = self.clock.sleep_until(due) => {}
                // After a move back, the next boundary may be sooner than the awaited one.
                _ = moves.changed() => {}
            }
        }
    }

    /// Starts a run if one is due now. The run already counts as running when this returns.
    pub fn start_if_due(&self) {
        let now = self.clock.now();
        {
            let mut due = lock(&self.due);
            let next = next_boundary(now, self.every);
            let is_due = now >= *due;
            *due = next.min(if is_due { next } else { *due });
            if !is_due {
                return;
            }
        }
        let running = self.lambda.activity().begin();
        let (lambda, function) = (self.lambda.clone(), self.function.clone());
        let event = self.event(now);
        tokio::spawn(async move {
            // The failure is recorded as an invocation. The next period runs in any case.
            if let Err(error) = lambda.invoke(&function, event).await {
                tracing::warn!(function, %error, "a scheduled run failed");
            }
            drop(running);
        });
    }

    // Amazon EventBridge user guide, "Scheduled events".
    fn event(&self, now: DateTime<Utc>) -> Bytes {
        let Self {
            function, region, ..
        } = self;
        let event = json!({
            "version": "0",
            "id": Uuid::new_v4().to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": now.to_rfc3339_opts(SecondsFormat::Secs, true),
            "region": region,
            "resources": [format!("arn:aws:events:{region}:000000000000:rule/{function}")],
            "detail": {},
        });
        Bytes::from(event.to_string())
    }
}

/// Returns the first multiple of `every` since the Unix epoch that is after `now`.
fn next_boundary(now: DateTime<Utc>, every: TimeDelta) -> DateTime<Utc> {
    let period = every.num_milliseconds().max(1);
    let next = (now.timestamp_millis() / period + 1).saturating_mul(period);
    DateTime::from_timestamp_millis(next).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_multiples_of_the_period() {
        for (now, every_s, expected) in [
            ("2026-11-22T09:05:03.5Z", 60, "2026-11-22T09:06:00Z"),
            ("2026-11-22T09:05:00Z", 60, "2026-11-22T09:06:00Z"),
            ("2026-11-22T09:05:59.999Z", 60, "2026-11-22T09:06:00Z"),
            ("2026-11-22T09:05:03Z", 300, "2026-11-22T09:10:00Z"),
            ("2026-11-22T23:59:59Z", 3600, "2026-11-23T00:00:00Z"),
        ] {
            let next = next_boundary(now.parse().unwrap(), TimeDelta::seconds(every_s));
            assert_eq!(next, expected.parse::<DateTime<Utc>>().unwrap(), "{now}");
        }
    }
}

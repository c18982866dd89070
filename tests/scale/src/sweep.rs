//! The function of each minute: the sweep of the timers, and the search for lost webhooks.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use casement_service::{Later, Reconciled};

use crate::calendar::Millis;
use crate::customer::time;
use crate::work::done;
use crate::world::{Happening, World};

/// A search under way, and when it began.
pub(crate) type Search = (
    Pin<Box<dyn Future<Output = Result<Reconciled, Later>>>>,
    Millis,
);

/// The calls that the search makes side by side, and how long they take with what is read of the
/// table for each.
const AT_ONCE: u32 = 8;
const STEP: Millis = 150;

impl World {
    pub(crate) fn sweeps(&mut self, now: Millis) {
        self.services.begin(now, None);
        self.product.set_now(time(now));
        let swept = done(self.product.sweep());
        self.counts.sweeps += 1;
        if let Ok(swept) = swept {
            self.counts.swept += swept.queued as u64;
            self.counts.most_swept = self.counts.most_swept.max(swept.queued);
            self.counts.sweeps_left += u64::from(swept.shards_left > 0);
        }
        self.sends_on(now);
        if self.search.is_none() {
            let product = self.product.clone();
            let run = async move { product.reconciliation().run().await };
            self.search = Some((Box::pin(run), now));
            self.searches(now);
        }
    }

    /// Goes on with the search. It takes its time, so that Jira's limits see its calls one after
    /// another.
    pub(crate) fn searches(&mut self, now: Millis) {
        let Some((mut run, begun)) = self.search.take() else {
            return;
        };
        self.services.begin(now, Some(AT_ONCE));
        self.product.set_now(time(now));
        let polled = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.services.begin(now, None);
        self.sends_on(now);
        let Poll::Ready(result) = polled else {
            self.search = Some((run, begun));
            self.calendar.plan(now + STEP, Happening::Searches);
            return;
        };
        let searched_until = self.product.searched_until();
        let search = &mut self.counts.search;
        search.busy += u64::from(now - begun);
        match result {
            Ok(reconciled) => {
                search.runs += u64::from(now > begun);
                search.unfinished += u64::from(reconciled.unfinished);
                search.found += reconciled.found as u64;
            }
            Err(_) => search.failed += 1,
        }
        if let Some(until) = searched_until {
            let behind = (time(now) - until).num_milliseconds();
            search.most_behind = search.most_behind.max(behind as Millis);
        }
    }
}

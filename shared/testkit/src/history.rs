//! What nobody asks for any more.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::World;

impl World {
    /// Drops what is older than this, so that a long run fits into memory: entries of the ledger,
    /// comments that are not held, and what tests look at afterwards.
    pub fn forget(&self, before: DateTime<Utc>) {
        let table = self.inner.table.borrow();
        let held = table.held.values();
        let held: HashSet<_> = held.map(|reply| reply.comment_id.clone()).collect();
        self.inner.comments.borrow_mut().forget(before, &held);
        self.inner.ledger.borrow_mut().forget(before);
        self.inner.whatsapp.borrow_mut().forget();
    }
}

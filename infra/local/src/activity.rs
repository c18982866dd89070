//! Counts running work, so that callers can wait until nothing runs.

use std::sync::Arc;

use tokio::sync::watch;

/// A counter of running work. Clones share it.
#[derive(Clone, Debug)]
pub struct Activity {
    running: Arc<watch::Sender<usize>>,
}

/// One piece of running work, which ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    running: Arc<watch::Sender<usize>>,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            running: Arc::new(watch::channel(0).0),
        }
    }
}

impl Activity {
    /// Counts one more piece of work until the returned guard is dropped.
    #[must_use]
    pub fn begin(&self) -> Running {
        self.running.send_modify(|count| *count += 1);
        Running {
            running: Arc::clone(&self.running),
        }
    }

    /// Returns how many pieces of work are running now.
    #[must_use]
    pub fn running(&self) -> usize {
        *self.running.borrow()
    }

    /// Returns a receiver that is notified of every start and end.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<usize> {
        self.running.subscribe()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.running.send_modify(|count| *count -= 1);
    }
}

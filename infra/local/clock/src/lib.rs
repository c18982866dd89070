//! One movable clock for the whole stack.
//!
//! Its time is the machine's time plus an offset. Emulators, simulators and the minute tick ask
//! this clock. The functions are separate processes, so they read the offset from a file that the
//! stack writes on every change.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::watch;

/// The stack's clock. Clones share the same offset.
#[derive(Clone, Debug)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    offset_ms: AtomicI64,
    changed: watch::Sender<i64>,
    file: Mutex<Option<PathBuf>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            shared: Arc::new(Shared {
                offset_ms: AtomicI64::new(0),
                changed: watch::channel(0).0,
                file: Mutex::new(None),
            }),
        }
    }
}

impl Clock {
    /// Returns the stack's current time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + Duration::milliseconds(self.offset_ms())
    }

    /// Returns the stack's current time in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// Returns how many milliseconds the stack's time is ahead of the machine's.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.shared.offset_ms.load(Ordering::SeqCst)
    }

    /// Sets the clock `offset_ms` ahead of the machine's.
    ///
    /// # Errors
    /// The offset file cannot be written. The offset then stays unchanged.
    pub fn set_offset_ms(&self, offset_ms: i64) -> std::io::Result<()> {
        let file = self
            .shared
            .file
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(path) = file.as_deref() {
            write_offset(path, offset_ms)?;
        }
        self.shared.offset_ms.store(offset_ms, Ordering::SeqCst);
        self.shared.changed.send_replace(offset_ms);
        Ok(())
    }

    /// Writes the offset to `path` now and after every change, for the functions to read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn publish_to(&self, path: &Path) -> std::io::Result<()> {
        let mut file = self
            .shared
            .file
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        write_offset(path, self.offset_ms())?;
        *file = Some(path.to_owned());
        Ok(())
    }

    /// Returns a receiver that is notified of every change of the offset.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.shared.changed.subscribe()
    }

    /// Waits until the stack's time reaches `deadline`, by passing or by being moved.
    pub async fn sleep_until(&self, deadline: DateTime<Utc>) {
        let mut changes = self.changes();
        loop {
            let left = deadline - self.now();
            let Ok(left) = left.to_std() else { return };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = changes.changed() => {}
            }
        }
    }
}

// Renamed into place, so that a function never reads a half-written number.
fn write_offset(path: &Path, offset_ms: i64) -> std::io::Result<()> {
    let new = path.with_extension("new");
    std::fs::write(&new, offset_ms.to_string())?;
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_moved() {
        let clock = Clock::default();
        let sleeper = {
            let clock = clock.clone();
            let deadline = clock.now() + Duration::hours(25);
            tokio::spawn(async move { clock.sleep_until(deadline).await })
        };
        clock.set_offset_ms(25 * 3_600_000 + 1).unwrap();
        sleeper.await.unwrap();
    }
}

//! Locks that survive a panic of the thread that held them.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`. The stack's state is plain data that every holder leaves consistent, so a panic
/// elsewhere is no reason to stop answering.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Simulated WhatsApp Cloud API and Jira Service Management Cloud.
//!
//! Each simulator has a state behind a mutex, rules without I/O, and two axum routers. One answers
//! as the real service does. The other is the part of the control API with which the page and the
//! tests act as customers and agents. All simulated time follows [`local_clock::Clock`].

pub mod jira;
pub mod problem;
pub mod whatsapp;

mod ids;
mod options;
mod origin;
mod recorder;
mod signature;
#[cfg(test)]
mod testing;
mod webhook;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`. Ignores poisoning, so a panic elsewhere does not stop the simulators.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

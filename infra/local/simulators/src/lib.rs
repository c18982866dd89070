//! Simulated WhatsApp Cloud API and Jira Service Management Cloud.
//!
//! Each simulator is a state behind a mutex, rules without I/O, and two axum routers: one that
//! answers as the real service does, one of the control API with which the page and the tests
//! play the customer and the agent. All simulated time follows [`local_clock::Clock`].

pub mod jira;
pub mod problem;
pub mod webhook;
pub mod whatsapp;

mod ids;
mod options;
mod origin;
mod recorder;
mod signature;
#[cfg(test)]
mod testing;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`. A panic elsewhere does not stop the simulators.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Casement's use cases and the ports they need.
//!
//! Each use case loads what it needs through small traits, asks `casement-core` for a plan,
//! and carries the plan out. It knows no AWS, no HTTP and no Lambda.
//!
//! | use case | called by |
//! |---|---|
//! | [`Inbound`] | `inbound-message` |
//! | [`Outbound`] | `outbound-message` |
//! | [`Statuses`] | `message-status` |
//! | [`ring`] | `delay-notice` |
//! | [`sweep()`] | `timer-sweep` |
//! | [`Reconciliation`] | `timer-sweep` |

mod app;
mod claim;
mod delivery;
mod due_timers;
pub mod event;
mod failure;
mod holding;
mod inbound;
mod leads;
mod note;
mod outbound;
pub mod ports;
mod receipt;
mod reconciliation;
mod saving;
mod sending;
mod statuses;
mod sweep;

#[cfg(test)]
mod fakes;

pub use app::{App, Ports};
pub use due_timers::ring;
pub use event::Event;
pub use failure::{
    BackendFailure, Failure, Later, Outcome, QueueFailure, SettingsFailure, StoreFailure,
};
pub use inbound::Inbound;
pub use leads::lead;
pub use outbound::Outbound;
pub use reconciliation::{Reconciled, Reconciliation};
pub use statuses::Statuses;
pub use sweep::{PAGES_PER_SHARD, Swept, sweep};

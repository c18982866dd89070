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
//! | [`DueNotices`] | `delay-notice` |
//! | [`Sweep`] | `timer-sweep` |
//! | [`Reconciliation`] | `timer-sweep` |

mod claim;
pub mod event;
mod failure;
mod holding;
mod inbound;
mod note;
mod notice;
mod outbound;
pub mod ports;
mod reconciliation;
mod saving;
mod statuses;
mod sweep;

#[cfg(test)]
mod fakes;

pub use event::Event;
pub use failure::{Failure, Later, Outcome, QueueFailure, SettingsFailure, StoreFailure};
pub use inbound::Inbound;
pub use notice::DueNotices;
pub use outbound::Outbound;
pub use reconciliation::{Reconciled, Reconciliation};
pub use statuses::Statuses;
pub use sweep::{Sweep, Swept};

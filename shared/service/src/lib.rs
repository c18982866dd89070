//! Casement's use cases and the ports they need.
//!
//! Each use case loads its input through small traits, asks `casement-core` for a plan, and carries
//! the plan out. Nothing here knows AWS, HTTP or Lambda.
//!
//! | use case | called by |
//! |---|---|
//! | [`Intake`] | `whatsapp-webhook` |
//! | [`Inbound`] | `inbound-message` |
//! | [`Outbound`] | `outbound-message` |
//! | [`Statuses`] | `message-status` |
//! | [`ring`] | `due-timer` |
//! | [`sweep()`] | `timer-sweep` |
//! | [`Reconciliation`] | `timer-sweep` |

mod account;
mod answers;
mod app;
mod automatic;
mod claim;
mod comment;
mod deliver;
mod delivery;
mod doors;
pub mod event;
mod failure;
mod held;
mod identity_change;
mod inbound;
mod intake;
mod leads;
mod note;
mod outbound;
mod outcome;
mod phone_field;
pub mod ports;
mod receipt;
mod receive;
mod reconciliation;
mod release;
mod replies;
mod saving;
mod sending;
mod statuses;
mod templates;
mod timers;

pub use app::{App, Inbound, Outbound, Ports};
pub use event::Event;
pub use failure::{BackendFailure, Failure, QueueFailure, SettingsFailure, StoreFailure};
pub use intake::Intake;
pub use leads::lead;
pub use outcome::{Attempt, Done, Ignored, Later, Outcome};
pub use reconciliation::{Reconciled, Reconciliation};
pub use statuses::Statuses;
pub use timers::{PAGES_PER_SHARD, Swept, ring, sweep};

//! Sends webhooks: first tries, repeats and copies, and the state of each delivery.
//!
//! Both services send webhooks in the same way and differ only in when they try again. Waiting for
//! the next try follows the stack's clock.

mod activity;
mod journal;
mod outbox;
mod raw;
mod replay;

pub use journal::{Entry, Journal};
pub use outbox::{Delivery, DeliveryState, Outcome};

pub(crate) use outbox::{Outbox, Parcel, Try, Verdict};
pub(crate) use raw::{Sign, SignQuery};

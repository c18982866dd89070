//! Sending webhooks: first tries, repeats, copies, and what became of each delivery.
//!
//! Both services send webhooks in the same way and differ in when they try again. Waiting for
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

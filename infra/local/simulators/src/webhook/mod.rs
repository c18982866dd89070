//! Sends webhooks: first tries, repeats and copies, and the state of each delivery.
//!
//! Both services send webhooks in the same way and differ only in when they try again. Waiting for
//! the next try follows the stack's clock.

mod activity;
pub(crate) mod delivery;
mod journal;
mod outbox;
mod raw;
mod replay;

pub(crate) use delivery::{Delivery, Outcome, Parcel, Try, Verdict};
pub(crate) use journal::{Entry, Journal};
pub(crate) use outbox::Outbox;
pub(crate) use raw::{Sign, SignQuery};

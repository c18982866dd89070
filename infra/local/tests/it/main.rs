//! Tests of the local stack with real processes and real sockets on loopback.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be set up fails its test"
)]

mod command;
mod features;
mod fixture;
mod lambda;
mod media;
mod page;
mod stack;

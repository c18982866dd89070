//! The whole of Casement on one machine: the functions' own binaries, emulated AWS around
//! them, and a simulated WhatsApp and Jira at either end.

pub mod activity;
pub mod events;
pub mod front;
pub mod lambda;
mod locks;
pub mod proxy;
pub mod ring;
pub mod schedule;
pub mod serve;

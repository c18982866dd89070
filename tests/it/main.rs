//! The stories of Casement, told through the local stack: the real functions, each in a process
//! of its own, emulated AWS, simulated WhatsApp and Jira.
//!
//! Nothing sleeps: the clock is moved, and `/api/idle` says when all is quiet.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod contracts;
mod conversation;
mod delay_notice;
mod files;
mod late_reply;
mod logs;
mod refusals;
mod routing;
mod start;
mod weather;

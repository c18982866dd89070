//! The whole of Casement on one machine: the functions' own binaries, emulated AWS around
//! them, and a simulated WhatsApp and Jira at either end.

pub mod activity;
pub mod command;
mod compile;
mod control;
mod conversations;
mod deployment;
pub mod events;
pub mod front;
mod idle;
pub mod lambda;
mod locks;
pub mod mapping;
mod page;
mod parts;
pub mod proxy;
pub mod ring;
pub mod schedule;
pub mod serve;
mod settings;
mod stack;
pub mod start;
mod strangers;

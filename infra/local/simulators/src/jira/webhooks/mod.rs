//! What Casement is sent, and the actions that cause it.

pub(crate) mod actions;
mod attaching;
pub(crate) mod events;
pub(crate) mod retry;

//! What Casement is sent: what customers and other senders do, and news of its own messages, its
//! templates and the account.

pub(crate) mod account;
pub(crate) mod calls;
pub(crate) mod echo;
pub(crate) mod envelope;
pub(crate) mod files;
pub(crate) mod handover;
pub(crate) mod incoming;
pub(crate) mod retry;
pub(crate) mod statuses;
mod template_status;

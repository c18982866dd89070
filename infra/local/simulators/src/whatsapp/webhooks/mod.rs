//! What Casement is sent: the customers' messages, and news of its own messages and templates.

pub(crate) mod envelope;
pub(crate) mod files;
pub(crate) mod incoming;
pub(crate) mod retry;
pub(crate) mod statuses;
mod template_status;

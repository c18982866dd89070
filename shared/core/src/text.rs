//! Text between Jira and WhatsApp: what an agent wrote, and cutting to limits.

mod line;
mod split;
mod whatsapp;

pub use line::{first_line, one_line};
pub use split::{MESSAGE_LIMIT, split, truncated};
pub use whatsapp::{MediaRef, MediaSource, OutboundText};

//! Text between Jira and WhatsApp: what an agent wrote, and cutting to limits.

mod line;
mod split;
mod whatsapp;
mod words;

pub use line::{first_line, one_line};
pub(crate) use split::utf16_len;
pub use split::{CAPTION_LIMIT, MESSAGE_LIMIT, split, truncated};
pub use whatsapp::{MediaRef, MediaSource, OutboundText};
pub(crate) use words::words;

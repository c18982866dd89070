//! Text between Jira and WhatsApp: reading a comment's document, and cutting to limits.

mod plain;
mod split;

pub use plain::plain_text;
pub use split::{MESSAGE_LIMIT, numbered_parts, split, truncated};

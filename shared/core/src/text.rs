//! Text between Jira and WhatsApp: reading a comment's document, and cutting to limits.

mod line;
mod plain;
mod split;

pub use line::{first_line, one_line};
pub use plain::plain_text;
pub use split::{MESSAGE_LIMIT, numbered_parts, split, truncated};

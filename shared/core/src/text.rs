//! Text between Jira and WhatsApp: reading agents' comments, and cutting to limits.

mod compare;
mod files;
mod line;
mod site;
mod split;
mod typed;
mod whatsapp;

pub(crate) use compare::{asks, is_joiner, is_mark, words};
pub use compare::{composed, is_same_name};
pub(crate) use files::{only_file, unnamed_files, with_file_names};
pub use line::{first_line, lines, one_line};
pub(crate) use line::{is_line_end, overrides_direction, single_spaced};
pub use site::Site;
pub use split::{CAPTION_LIMIT, MESSAGE_LIMIT, truncated};
pub(crate) use split::{prefix_within, utf16_len};
pub(crate) use typed::{Slashed, folded, is_blank, is_blank_char, is_slash};
pub(crate) use whatsapp::text_without_mentions;
pub use whatsapp::{LeftOut, MediaRef, MediaSource, OutboundText, plain_text};

/// Returns whether a character may stand in a text node. Control characters other than the tab may
/// not, and neither may characters that change the reading direction of a text.
pub(crate) fn is_writable(c: char) -> bool {
    c == '\t' || !(c.is_control() || overrides_direction(c))
}

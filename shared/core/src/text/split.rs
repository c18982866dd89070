//! Cutting text to the limits of the receiver.

use unicode_segmentation::UnicodeSegmentation;

/// The longest text message, in UTF-16 units.
///
/// The Cloud API says "4096 characters" and leaves the unit open. UTF-16 units are the strictest
/// reading that its own clients use.
pub const MESSAGE_LIMIT: usize = 4096;

/// The longest caption of a file, in the same units (Cloud API, "Image messages").
pub const CAPTION_LIMIT: usize = 1024;

/// Returns the first `limit` UTF-16 units of `text`, ending with `…` if something was cut.
#[must_use]
pub fn truncated(text: &str, limit: usize) -> String {
    if utf16_len(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for grapheme in text.graphemes(true) {
        used += utf16_len(grapheme);
        if used > limit {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}

/// Returns the length in UTF-16 units, for comparison with limits.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Returns the longest start of `text` within `limit`, in whole graphemes if possible.
pub(crate) fn prefix_within(text: &str, limit: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += utf16_len(grapheme);
        if used > limit {
            break;
        }
        end = start + grapheme.len();
    }
    if end == 0 {
        // One grapheme is longer than a whole message: cut between characters.
        let mut used = 0;
        for c in text.chars() {
            used += c.len_utf16();
            if used > limit && end > 0 {
                break;
            }
            end += c.len_utf8();
        }
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_between_graphemes_where_there_is_one() {
        let family = "👨‍👩‍👧‍👦"; // 11 UTF-16 units
        assert_eq!(prefix_within(&family.repeat(3), 30), family.repeat(2));
        let zalgo = format!("a{}", "\u{301}".repeat(50));
        assert_eq!(utf16_len(prefix_within(&zalgo, 20)), 20);
    }

    #[test]
    fn truncation_shows_that_something_is_missing() {
        assert_eq!(truncated("hello", 5), "hello");
        assert_eq!(truncated("hello!", 5), "hell…");
        assert_eq!(truncated("né\u{301}éé", 3), "n…");
        assert_eq!(truncated("🚲🚲🚲", 6), "🚲🚲🚲");
        assert_eq!(truncated("🚲🚲🚲", 5), "🚲🚲…");
    }
}

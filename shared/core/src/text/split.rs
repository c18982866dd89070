//! Cutting text to the limits of the other side.

use unicode_segmentation::UnicodeSegmentation;

/// The longest text message, in UTF-16 units.
///
/// The Cloud API says "4096 characters" and leaves the unit open; UTF-16 units are the
/// strictest reading that its own clients use.
pub const MESSAGE_LIMIT: usize = 4096;

/// The longest text under a file, in the same units (Cloud API, "Image messages").
pub const CAPTION_LIMIT: usize = 1024;

/// Cuts `text` into pieces of at most `limit` UTF-16 units.
///
/// It prefers to cut after a paragraph, then after a line, then after a word, and never
/// cuts inside a grapheme (an emoji sequence, a letter with its accents) unless that alone
/// is longer than the limit. Nothing but white space at a cut is lost.
#[must_use]
pub fn split(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while utf16_len(rest) > limit {
        let fits = prefix_within(rest, limit);
        let cut = [fits.rfind("\n\n"), fits.rfind('\n'), fits.rfind(' ')]
            .into_iter()
            .flatten()
            .find(|cut| *cut > 0)
            .unwrap_or(fits.len());
        let (piece, tail) = rest.split_at(cut);
        pieces.push(piece.trim_end());
        rest = tail.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// The first `limit` UTF-16 units of `text`, ended by `…` when something was cut.
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

/// The length that limits are compared with.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest start of `text` within `limit`, of whole graphemes where possible.
pub(super) fn prefix_within(text: &str, limit: usize) -> &str {
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
        // One grapheme longer than a whole message: cut between characters.
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
    fn prefers_paragraph_then_line_then_word() {
        for (text, limit, expected) in [
            ("one", 10, vec!["one"]),
            ("", 10, vec![]),
            ("aa bb\n\ncc dd", 9, vec!["aa bb", "cc dd"]),
            ("aa bb\ncc dd", 9, vec!["aa bb", "cc dd"]),
            ("aa bb cc", 6, vec!["aa bb", "cc"]),
            ("aaaaaaaa", 3, vec!["aaa", "aaa", "aa"]),
        ] {
            assert_eq!(split(text, limit), expected, "{text:?}");
        }
    }

    #[test]
    fn a_family_is_not_torn_apart() {
        let family = "👨‍👩‍👧‍👦"; // 11 UTF-16 units
        let text = family.repeat(3);
        assert_eq!(split(&text, 30), [family.repeat(2).as_str(), family]);
    }

    #[test]
    fn a_monstrous_grapheme_still_ends() {
        let zalgo = format!("a{}", "\u{301}".repeat(50));
        let pieces = split(&zalgo, 20);
        assert_eq!(pieces.concat(), zalgo);
        assert!(pieces.iter().all(|piece| utf16_len(piece) <= 20));
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

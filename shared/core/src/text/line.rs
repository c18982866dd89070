//! The lines of a text.

/// Splits `text` into lines at the line ends of any system (Unicode Standard, section 5.8), without
/// the ends.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, end) = rest.split_at(rest.find(is_line_end).unwrap_or(rest.len()));
        rest = end.strip_prefix("\r\n").unwrap_or_else(|| {
            let mut end = end.chars();
            end.next();
            end.as_str()
        });
        Some(line)
    })
}

/// Recognizes line feed, carriage return, vertical tab, form feed, next line, Unicode's line and
/// paragraph separators, and the separators of files, groups, records and units.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\u{1C}'..='\u{1F}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Returns `text` on one line. White space becomes single spaces. Control characters go, and so do
/// the marks that change the direction of the following text.
#[must_use]
pub fn one_line(text: &str) -> String {
    let printable: String = text
        .chars()
        .filter(|c| !turns_direction(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the first line of `text` that is not empty, made by [`one_line`].
#[must_use]
pub fn first_line(text: &str) -> Option<String> {
    lines(text).map(one_line).find(|line| !line.is_empty())
}

/// Recognizes embeddings and overrides, which change the direction of the following text even if
/// they are never ended.
///
/// Unicode's isolates do what Arabic and Hebrew need, and end with their paragraph (Unicode
/// Bidirectional Algorithm, sections 2.1 to 2.4).
pub(crate) fn overrides_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}')
}

/// Recognizes embeddings, overrides and isolates (Unicode Bidirectional Algorithm, section 2). In a
/// file name they can make `exe` look like `pdf`.
fn turns_direction(c: char) -> bool {
    overrides_direction(c) || matches!(c, '\u{2066}'..='\u{2069}')
}

/// Returns the words with single spaces between them.
pub(crate) fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_plain() {
        for (text, expected) in [
            (" a \t b\r\nc\u{7}d ", "a b c d"),
            ("inv\u{202e}fdp.exe", "invfdp.exe"),
            ("שלום", "שלום"),
            (
                "\u{202a}a\u{202b}b\u{202c}c\u{202d}d\u{200f}",
                "abcd\u{200f}",
            ),
            ("", ""),
        ] {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
        for (text, expected) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("\n", &[""]),
            ("a\r\nb\rc\nd", &["a", "b", "c", "d"]),
            ("a\n\rb", &["a", "", "b"]),
            (
                "a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f\u{1e}g",
                &["a", "b", "c", "d", "e", "f", "g"],
            ),
        ] {
            assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
        assert_eq!(first_line("\u{2028}\u{b}b\u{85}c").as_deref(), Some("b"));
        assert_eq!(first_line("\n \u{0}\n b \nc").as_deref(), Some("b"));
        assert_eq!(first_line(" \n"), None);
    }
}

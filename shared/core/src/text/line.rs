//! Text for places that have one line.

/// `text` on one line: white space becomes single spaces, control characters are gone, and so
/// are the marks that turn the direction of everything after them.
#[must_use]
pub fn one_line(text: &str) -> String {
    let printable: String = text
        .chars()
        .filter(|c| !turns_direction(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first line of `text` with something on it, made by [`one_line`].
#[must_use]
pub fn first_line(text: &str) -> Option<String> {
    text.lines().map(one_line).find(|line| !line.is_empty())
}

/// Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, section 2). In a file
/// name they can make `exe` look like `pdf`.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
            ("", ""),
        ] {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
        assert_eq!(first_line("\n \u{0}\n b \nc").as_deref(), Some("b"));
        assert_eq!(first_line(" \n"), None);
    }
}

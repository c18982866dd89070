//! Reading typed text by its meaning, whatever keyboards and editors made of it.

use unicode_normalization::UnicodeNormalization;

/// A word after a slash.
pub(crate) struct Slashed<'a> {
    /// The word, in lowercase and without the slash.
    pub(crate) name: String,
    /// The text after the word, without the punctuation that ends it.
    pub(crate) rest: &'a str,
}

impl<'a> Slashed<'a> {
    /// Reads the word at the start of `text`. Returns `None` if `text` starts with anything else,
    /// such as a file path.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        Self::behind(text.strip_prefix(is_slash)?)
    }

    /// Reads the word at the start of `text`, whose slash has already been removed.
    pub(crate) fn behind(text: &'a str) -> Option<Self> {
        let belongs = |c: char| c.is_alphabetic() || matches!(c, '-' | '_') || is_invisible(c);
        let (word, rest) = text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()));
        let name = folded(word).trim_end_matches(['-', '_']).to_owned();
        let ended = rest.trim_start_matches(['.', ',', ':', ';', '!', '…']);
        let mut next = rest.chars();
        let goes_on = match next.next() {
            Some('.') => next.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric() || is_slash(c) || matches!(c, '\\' | '@' | '='),
            None => false,
        };
        (!name.is_empty() && !goes_on).then_some(Self { name, rest: ended })
    }
}

/// Returns whether `c` is a slash on some keyboard.
pub(crate) fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\u{2044}' | '\u{2215}' | '\u{FF0F}')
}

/// Returns whether nothing of `text` is visible.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

/// Returns whether `c` is invisible.
pub(crate) fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Normalizes `text` for comparison: composed, in lowercase, with single spaces, straight quotes,
/// short dashes and three dots, and without invisible characters.
pub(crate) fn folded(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .nfkc()
        .map(straight)
        .flat_map(char::to_lowercase)
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn straight(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '´' | '`' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '\u{2010}'..='\u{2015}' | '−' => '-',
        c => c,
    }
}

/// Recognizes zero-width and soft characters, direction marks, and variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_behind_any_slash() {
        for (text, expected) in [
            ("/cancel", Some(("cancel", ""))),
            ("/CANCEL.", Some(("cancel", ""))),
            ("／ｃａｎｃｅｌ", Some(("cancel", ""))),
            ("/can\u{200b}cel\u{a0}now", Some(("cancel", "\u{a0}now"))),
            ("/reply: Yes", Some(("reply", " Yes"))),
            ("/reply:Yes", Some(("reply", "Yes"))),
            ("/lösche das", Some(("lösche", " das"))),
            ("/cancel?", Some(("cancel", "?"))),
            ("/etc/hosts", None),
            ("/foo.txt", None),
            ("/ 5", None),
            ("/24", None),
            ("//", None),
            ("/", None),
            ("cancel", None),
            ("", None),
        ] {
            let read = Slashed::read(text);
            let read = read.as_ref().map(|read| (read.name.as_str(), read.rest));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn typography_makes_no_difference() {
        for (one, other) in [
            ("“Don’t”", "\"Don't\""),
            ("«Ja»", "\"ja\""),
            ("9–17", "9-17"),
            ("wait…", "wait..."),
            ("a\u{a0}\n b", "A b"),
            ("Größe", "Gro\u{308}ße"),
            ("☎\u{fe0f}", "☎"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert!(is_blank(" \u{a0}\u{200b}\n"));
        assert!(!is_blank("."));
    }
}

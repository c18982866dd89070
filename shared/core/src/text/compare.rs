//! Comparison of typed text, however keyboards compose it.

use unicode_normalization::UnicodeNormalization;

/// Returns the words of `text` for a comparison, separated by single spaces. They are in lowercase
/// and without accents, and a letter repeated for emphasis counts once. An apostrophe belongs to
/// its word.
///
/// Accents are dropped since many people type without them. The signs of Hindi, Thai and related
/// scripts stay, since they distinguish words.
pub(crate) fn words(text: &str) -> String {
    let mut words = String::new();
    let mut last = ' ';
    for c in folded(text) {
        let c = if is_of_a_word(c) { c } else { ' ' };
        if c == last && (c == ' ' || c.is_alphabetic()) {
            continue;
        }
        words.push(c);
        last = c;
    }
    words.truncate(words.trim_end().len());
    words
}

/// Composes letters into as few characters as possible (Unicode, NFC): an `o` with two separate
/// dots becomes an `ö`.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Returns whether two file names are the same, whatever system they come from, ignoring case.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| composed(&name.trim().to_lowercase());
    plain(one) == plain(other)
}

/// Returns whether the punctuation of a message alone makes it a question.
pub(crate) fn asks(text: &str) -> bool {
    text.contains(['?', '¿', '؟', '？', '⁇', '⁈', '⁉', '❓', '❔'])
}

/// Returns whether `c` belongs to the letter before it.
pub(crate) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Returns whether `c` only joins or separates its neighbours, as in Persian and Hindi.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| !is_apostrophe(*c))
        .nfkd()
        .filter(|c| !is_accent(*c) && !is_unseen(*c))
        .flat_map(char::to_lowercase)
        // Lowercasing a capital letter may leave a dot above that the small letter does not have.
        .filter(|c| !is_accent(*c))
        .flat_map(|c| plain(c).chars().chain(plain(c).is_empty().then_some(c)))
}

/// Replaces letters without a decomposition the way people without such a key write them.
fn plain(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'ı' => "i",
        'ł' => "l",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'đ' => "d",
        _ => "",
    }
}

/// Recognizes marks that people omit: accents, and the vowel points of Arabic and Hebrew.
fn is_accent(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}'
            | '\u{591}'..='\u{5BD}'
            | '\u{610}'..='\u{61A}'
            | '\u{640}'
            | '\u{64B}'..='\u{65F}'
            | '\u{670}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

/// Recognizes invisible characters: joiners, direction marks, soft hyphens.
fn is_unseen(c: char) -> bool {
    is_joiner(c)
        || matches!(
            c,
            '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
                | '\u{2066}'..='\u{2069}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_however_they_are_typed() {
        for (text, expected) in [
            ("Arrêt", "aret"),
            ("arre\u{302}t", "aret"),
            ("ARRET!", "aret"),
            ("Danke scho\u{308}n", "danke schon"),
            ("Dankeee  schön!!", "danke schon"),
            ("Grüße aus Straße", "gruse aus strase"),
            ("D’accord. Merci !", "dacord merci"),
            ("İPTAL", "iptal"),
            ("sağ ol ıyi", "sag ol iyi"),
            ("Dziękuję, miłego dnia", "dziekuje milego dnia"),
            ("شكرًا", "شكرا"),
            ("STOP_PROMOTIONS", "stop promotions"),
            ("ＳＴＯＰ", "stop"),
            ("धन्यवाद", "धन्यवाद"),
            ("ขอบคุณ", "ขอบคุณ"),
            ("1 100", "1 100"),
            ("🛑 !", ""),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_ne!(words("की"), words("का"), "vowel signs tell words apart");
    }

    #[test]
    fn names_are_the_same_from_every_system() {
        assert!(is_same_name("Größe.JPG", "gro\u{308}ße.jpg "));
        assert!(!is_same_name("Größe.jpg", "Grosse.jpg"));
        assert_eq!(composed("e\u{301}"), "é");
    }
}

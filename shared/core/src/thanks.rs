//! Whether a message says thanks and nothing else.
//!
//! Such a message after a request is done needs no answer, and must not open it again.

use crate::text::words;

/// The emoji that say thanks by themselves.
const EMOJI: [char; 14] = [
    '👍', '🙏', '❤', '♥', '😊', '🙂', '😀', '😃', '👌', '🤝', '💐', '🌹', '🥰', '🤗',
];

/// Joiners, variation selectors and skin tones: they change how an emoji looks.
fn is_modifier(c: char) -> bool {
    matches!(
        c,
        '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}'
    )
}

/// Whole messages, in lower case, with single spaces and without punctuation.
const PHRASES: [&[&str]; 5] = [
    // English
    &[
        "thanks",
        "thank you",
        "thank u",
        "thx",
        "thnx",
        "tnx",
        "ty",
        "cheers",
        "thanks a lot",
        "thanks so much",
        "many thanks",
        "thanks again",
        "thank you again",
        "thank you so much",
        "thank you very much",
        "thanks for your help",
        "thanks for the help",
        "thank you for your help",
        "ok thanks",
        "ok thank you",
        "okay thanks",
        "okay thank you",
        "great thanks",
        "great thank you",
        "perfect thanks",
        "perfect thank you",
        "thanks bye",
        "thank you bye",
    ],
    // German
    &[
        "danke",
        "dankeschön",
        "danke schön",
        "danke sehr",
        "vielen dank",
        "vielen lieben dank",
        "herzlichen dank",
        "besten dank",
        "tausend dank",
        "lieben dank",
        "danke dir",
        "danke ihnen",
        "danke euch",
        "ok danke",
        "okay danke",
        "alles klar danke",
        "super danke",
        "super vielen dank",
        "perfekt danke",
        "danke für die hilfe",
        "danke für ihre hilfe",
        "danke für deine hilfe",
        "vielen dank für die hilfe",
        "vielen dank für ihre hilfe",
        "merci vielmal",
    ],
    // French
    &[
        "merci",
        "merci beaucoup",
        "merci bien",
        "merci infiniment",
        "mille mercis",
        "un grand merci",
        "grand merci",
        "ok merci",
        "daccord merci",
        "parfait merci",
        "super merci",
        "merci à vous",
        "merci à toi",
        "merci bonne journée",
        "merci pour votre aide",
        "merci beaucoup pour votre aide",
    ],
    // Spanish
    &[
        "gracias",
        "muchas gracias",
        "muchísimas gracias",
        "mil gracias",
        "gracias a ti",
        "gracias a usted",
        "ok gracias",
        "vale gracias",
        "perfecto gracias",
        "genial gracias",
        "gracias por su ayuda",
        "gracias por tu ayuda",
        "gracias por la ayuda",
        "muchas gracias por su ayuda",
    ],
    // Portuguese
    &[
        "obrigado",
        "obrigada",
        "muito obrigado",
        "muito obrigada",
        "brigado",
        "brigada",
        "obg",
        "valeu",
        "ok obrigado",
        "ok obrigada",
        "tá bom obrigado",
        "tá bom obrigada",
        "perfeito obrigado",
        "perfeito obrigada",
        "obrigado pela ajuda",
        "obrigada pela ajuda",
        "muito obrigado pela ajuda",
        "muito obrigada pela ajuda",
    ],
];

/// Whether `message` is nothing but thanks.
///
/// That is one of the phrases above or of `more` (the owner's
/// setting `thanks_words`), whatever its case, punctuation and emoji; or emoji of thanks alone.
/// A question never is: "Thanks?" wants an answer.
#[must_use]
pub fn is_thanks_only(message: &str, more: &[String]) -> bool {
    if message.contains(['?', '¿']) {
        return false;
    }
    let said = words(message);
    if said.is_empty() {
        return is_thanks_in_emoji(message, more);
    }
    let built_in = PHRASES.iter().copied().flatten();
    built_in.into_iter().any(|phrase| *phrase == said)
        || more.iter().any(|phrase| words(phrase) == said)
}

/// Whether the owner's entry can ever match: it has a word or an emoji.
pub(crate) fn is_usable(entry: &str) -> bool {
    !words(entry).is_empty() || entry.chars().any(is_symbol)
}

fn is_thanks_in_emoji(message: &str, more: &[String]) -> bool {
    let own = more.iter().filter(|entry| words(entry).is_empty());
    let own: Vec<char> = own.flat_map(|entry| entry.chars()).collect();
    let mut symbols = message.chars().filter(|c| is_symbol(*c)).peekable();
    symbols.peek().is_some() && symbols.all(|c| EMOJI.contains(&c) || own.contains(&c))
}

/// Neither word nor punctuation: in a message that is an emoji.
fn is_symbol(c: char) -> bool {
    let is_mark = matches!(c, '\u{2000}'..='\u{206F}' | '¡');
    !(c.is_alphanumeric() || c.is_whitespace() || c.is_ascii() || is_mark || is_modifier(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_alone_are_known_in_five_languages() {
        for message in [
            "Thanks!",
            "  THANK YOU  ",
            "thank you so much 🙏🏽",
            "Ok, thanks.",
            "Danke schön!!!",
            "Vielen Dank 😊",
            "D'accord, merci",
            "D’accord. Merci !",
            "¡Muchas gracias!",
            "Muchísimas\ngracias",
            "Muito obrigada ❤️",
            "👍",
            "👍🏿👍🏿",
            "🙏 🙏 !",
            "❤️",
        ] {
            assert!(is_thanks_only(message, &[]), "{message}");
        }
    }

    #[test]
    fn whatever_says_more_is_no_thanks_alone() {
        for message in [
            "",
            " … ",
            "!",
            "?",
            "Thanks?",
            "Thanks, but it is still broken",
            "thanksgiving",
            "no thanks",
            "ok",
            "😡",
            "👍 😡",
            "1",
            "Danke, und wann?",
        ] {
            assert!(!is_thanks_only(message, &[]), "{message}");
        }
    }

    #[test]
    fn the_owner_may_add_words_and_emoji() {
        let more = ["Dank u wel".to_owned(), "💯".to_owned()];
        for (message, expected) in [
            ("dank u wel!", true),
            ("💯💯", true),
            ("💯👍", true),
            ("dank u", false),
            ("😡", false),
        ] {
            assert_eq!(is_thanks_only(message, &more), expected, "{message}");
        }
        assert!(is_usable("💯") && is_usable("dank") && !is_usable(" ! "));
    }
}

//! Whether a message says thanks and nothing else.
//!
//! Such a message after a request is done needs no answer, and must not open it again. So does one
//! that takes note: "ok", "alles klar". It is judged by its words: one that thanks, and around it
//! only such as are usual there. Anything else, a question, a number, an emoji that is not
//! friendly, is for an agent to read.

use crate::say::languages;
use crate::text::{asks, words};

/// The longest message that is thanks alone, in words.
const LONGEST: usize = 12;

/// The emoji that say thanks by themselves, and go with it.
const FRIENDLY: &str = "👍👌👏🙌🙏🤝🤙✌💪🫡🫶👋✊🤞💯✅✔☑🎉🎊🥳✨⭐🌟\
    😀😃😄😁😆😊☺🙂😉😌😇😍🥰😘😗😙😚🤗🤩😎🥹🫠😺😸😻🙇\
    ❤♥🧡💛💚💙💜🤎🖤🤍🩷🩵🩶💗💖💕💞💓💘💝💟❣💋\
    💐🌹🌷🌸🌺🌻🌼🍀☀🌞🙋";

/// What looks at the reader from the side and is not glad.
const SAD: [&str; 9] = [":(", ":-(", ":'(", ":’(", "=(", ":/", ":-/", ":|", ">:"];

/// The same, and glad: letters and digits of these are no words.
const GLAD: [&str; 14] = [
    "<3", ":D", ":-D", ";D", ";-D", "=D", ":P", ":-P", ":p", ";P", ":3", "xD", "XD", ":*",
];

/// Whether `message` is nothing but thanks, or takes note and nothing else.
///
/// That is by words of the languages that Casement knows, or by one of `more`, whole phrases and
/// emoji (the owner's setting `thanks_words`); or by emoji of thanks alone. A question never is:
/// "Thanks?" wants an answer.
#[must_use]
pub fn is_thanks_only(message: &str, more: &[String]) -> bool {
    if asks(message) || SAD.iter().any(|sad| message.contains(sad)) {
        return false;
    }
    let own = more.iter().filter(|entry| words(entry).is_empty());
    let own: Vec<char> = own.flat_map(|entry| entry.chars()).collect();
    let Some(has_emoji) = friendly_emoji(message, &own) else {
        return false;
    };
    let said = words(&without_smileys(message));
    if said.is_empty() {
        return has_emoji;
    }
    let words_said: Vec<&str> = said.split(' ').collect();
    more.iter().any(|phrase| words(phrase) == said)
        || (words_said.len() <= LONGEST && languages::says_thanks(&words_said))
}

/// Whether the owner's entry can ever match: it has a word or an emoji.
pub(crate) fn is_usable(entry: &str) -> bool {
    !words(entry).is_empty() || entry.chars().any(is_emoji)
}

/// Whether there are emoji. `None`: there are some that are not friendly.
fn friendly_emoji(message: &str, own: &[char]) -> Option<bool> {
    let mut has_emoji = false;
    let mut before = ' ';
    for c in message.chars() {
        // A heart that burns or heals, and whether a man or a woman bows.
        let is_part = before == '\u{200D}' && matches!(c, '🔥' | '🩹' | '♀' | '♂');
        before = c;
        if !is_emoji(c) || is_part {
            continue;
        }
        if !FRIENDLY.contains(c) && !own.contains(&c) {
            return None;
        }
        has_emoji = true;
    }
    Some(has_emoji)
}

/// Arrows, symbols and pictures; skin tones change how one looks.
fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
    ) || matches!(c, '\u{1F000}'..='\u{1FAFF}') && !matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn without_smileys(message: &str) -> String {
    let words = message.split_whitespace().map(|word| {
        let mut word = word;
        while let Some(rest) = GLAD.iter().find_map(|smiley| word.strip_suffix(smiley)) {
            word = rest;
        }
        word
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;

//! Recognition of messages that say thanks and nothing else.
//!
//! Such a message after a request is done needs no answer and must not reopen it. The same is true
//! of an acknowledgement: "ok", "alles klar". A message is judged by its words: at least one that
//! thanks, and around it only words that are usual there. Anything else (a question, a number, an
//! emoji that is not friendly) is for an agent to read.

use crate::say::languages;
use crate::text::{asks, words};

/// The longest message that can be thanks alone, in words.
const LONGEST: usize = 12;

/// Emoji that say thanks by themselves, or go with thanks.
const FRIENDLY: &str = "👍👌👏🙌🙏🤝🤙✌💪🫡🫶👋✊🤞💯✅✔☑🎉🎊🥳✨⭐🌟\
    😀😃😄😁😆😊☺🙂😉😌😇😍🥰😘😗😙😚🤗🤩😎🥹🫠😺😸😻🙇\
    ❤♥🧡💛💚💙💜🤎🖤🤍🩷🩵🩶💗💖💕💞💓💘💝💟❣💋\
    💐🌹🌷🌸🌺🌻🌼🍀☀🌞🙋";

/// Sideways faces that are not happy.
const SAD: [&str; 9] = [":(", ":-(", ":'(", ":’(", "=(", ":/", ":-/", ":|", ">:"];

/// Happy sideways faces, whose letters and digits are no words.
const GLAD: [&str; 14] = [
    "<3", ":D", ":-D", ";D", ";-D", "=D", ":P", ":-P", ":p", ";P", ":3", "xD", "XD", ":*",
];

/// Returns whether `message` is nothing but thanks or an acknowledgement.
///
/// It is if its words match the languages that Casement knows, or one of `more`: whole phrases and
/// emoji (the owner's setting `thanks_words`). A message of thankful emoji alone counts as well. A
/// question never does: "Thanks?" wants an answer.
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

/// Returns whether the owner's entry can ever match, that is, has a word or an emoji.
pub(crate) fn is_usable(entry: &str) -> bool {
    !words(entry).is_empty() || entry.chars().any(is_emoji)
}

/// Returns whether the message has emoji, or `None` if some of them are not friendly.
fn friendly_emoji(message: &str, own: &[char]) -> Option<bool> {
    let mut has_emoji = false;
    let mut before = ' ';
    for c in message.chars() {
        // These only modify an emoji: a heart that burns or heals, or a man or a woman who bows.
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

/// Recognizes arrows, symbols and pictures. Skin tones do not count: they only modify an emoji.
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

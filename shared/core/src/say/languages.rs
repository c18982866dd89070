//! The languages that Casement knows, one file each: its texts for customers, and the words by
//! which customers opt out of automatic messages, opt in again, and say thanks.
//!
//! All words are compared after [`crate::text::words`], so they may be spelled normally here.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod key;
mod language;
mod nl;
mod others;
mod pl;
pub(crate) mod placeholders;
mod pt;
mod pt_pt;
mod tr;

use std::collections::HashSet;
use std::sync::LazyLock;

pub use self::key::TextKey;
pub use self::language::{Language, NotALanguage};
use crate::model::opt_out::OptOut;
use crate::text::words;
use others::{OTHER_PROMOTIONS, OTHER_STOPS, OTHER_THANKS};

/// A language with its texts and words.
pub(crate) struct BuiltIn {
    /// The codes: that of the language, or for a variety with its own texts, those of the countries
    /// that write it.
    codes: &'static [&'static str],
    /// The text of a key, if the language has one.
    text: fn(TextKey) -> Option<&'static str>,
    /// Whole messages that mean an opt-out and nothing else.
    stop: &'static [&'static str],
    /// Whole messages that mean an opt-out, the end of a contract or a subscription, or an answer
    /// to a question. Somebody should read them.
    ambiguous_stop: &'static [&'static str],
    /// Whole messages that ask for automatic messages again.
    start: &'static [&'static str],
    /// Whole messages that ask for automatic messages, or for something else to begin.
    ambiguous_start: &'static [&'static str],
    promotions: Promotions,
    thanks: Thanks,
}

/// The label of the opt-out button that Meta puts under marketing templates ("Stop promotions").
///
/// Meta and owners word it differently in each language, so it is recognized by its words: at least
/// one from each of the first two lists, and no words outside the three.
struct Promotions {
    stop: &'static str,
    what: &'static str,
    between: &'static str,
}

/// The words of messages that say thanks and nothing else.
struct Thanks {
    /// At least one of these words must be there.
    core: &'static str,
    /// Words that may stand around them.
    around: &'static str,
    /// Words for "for".
    for_what: &'static str,
    /// Words that may follow "for", and would be a request elsewhere.
    what_for: &'static str,
    /// Whole messages that acknowledge an answer: "alright".
    agreed: &'static [&'static str],
}

const LANGUAGES: [BuiltIn; 11] = [
    en::ENGLISH,
    de::GERMAN,
    fr::FRENCH,
    es::SPANISH,
    pt::PORTUGUESE,
    pt_pt::EUROPEAN_PORTUGUESE,
    it::ITALIAN,
    nl::DUTCH,
    pl::POLISH,
    tr::TURKISH,
    ar::ARABIC,
];

/// Thanks used in every language.
const EVERYWHERE: Thanks = Thanks {
    core: "thanks thank thx merci",
    around: "ok okay okey oki okidoki k super top perfect hi hello x xo xoxo",
    for_what: "",
    what_for: "",
    agreed: &[
        "ok", "okay", "okey", "oki", "okidoki", "k", "super", "top", "perfect",
    ],
};

fn no_text(_: TextKey) -> Option<&'static str> {
    None
}

/// Returns the text of a language that Casement knows. A country has the texts of its language,
/// unless it writes a variety with its own texts.
///
/// Returns `None` for an unknown language, and for a text that only owners have.
pub(crate) fn text(language: &Language, key: TextKey) -> Option<&'static str> {
    let named = |code: &str| {
        LANGUAGES
            .iter()
            .find(|language| language.codes.contains(&code))
    };
    let known = named(language.as_str()).or_else(|| named(language.base()))?;
    let of_country = match language.as_str() {
        "en_US" => en::american(key),
        _ => None,
    };
    of_country.or_else(|| (known.text)(key))
}

/// Returns the language's way of writing the first day of a month, if it is not the bare number.
pub(crate) fn first_of_month(language: &Language) -> Option<&'static str> {
    match language.base() {
        "fr" => Some("1er"),
        "it" => Some("1º"),
        // Only Brazil writes it this way.
        "pt" if ["pt", "pt_BR"].contains(&language.as_str()) => Some("1º"),
        _ => None,
    }
}

/// Returns the English text, which stands in for missing ones.
pub(crate) fn english(key: TextKey) -> Option<&'static str> {
    (en::ENGLISH.text)(key)
}

/// Returns the wish that `said`, the words of a whole message, expresses in any language.
pub(crate) fn asked(said: &str) -> Option<OptOut> {
    static KNOWN: LazyLock<Vec<(String, OptOut)>> = LazyLock::new(|| {
        let mut known = Vec::new();
        let mut add = |phrases: &[&str], asked| {
            known.extend(phrases.iter().map(|phrase| (words(phrase), asked)));
        };
        add(&OTHER_STOPS, OptOut::Stop);
        for language in &LANGUAGES {
            add(language.stop, OptOut::Stop);
            add(language.start, OptOut::Start);
        }
        for language in &LANGUAGES {
            add(language.ambiguous_stop, OptOut::AmbiguousStop);
            add(language.ambiguous_start, OptOut::AmbiguousStart);
        }
        known
    });
    let plain = without_digraphs(said);
    let mut known = KNOWN.iter();
    let found = known.find(|(phrase, _)| phrase == said || *phrase == plain);
    let button = || stops_promotions(said).then_some(OptOut::Stop);
    found.map(|(_, asked)| *asked).or_else(button)
}

fn stops_promotions(said: &str) -> bool {
    const LONGEST: usize = 6;
    static KNOWN: LazyLock<Vec<[HashSet<String>; 3]>> = LazyLock::new(|| {
        let promotions = LANGUAGES.iter().map(|language| &language.promotions);
        promotions
            .chain(&OTHER_PROMOTIONS)
            .map(|known| [known.stop, known.what, known.between].map(set))
            .collect()
    });
    let said: Vec<&str> = said.split(' ').collect();
    said.len() <= LONGEST
        && KNOWN.iter().any(|[stop, what, between]| {
            said.iter().any(|word| has(stop, word))
                && said.iter().any(|word| has(what, word))
                && said
                    .iter()
                    .all(|word| [stop, what, between].iter().any(|set| has(set, word)))
        })
}

/// Returns whether `said`, the words of a whole message, says thanks or acknowledges, and nothing
/// else.
pub(crate) fn says_thanks(said: &[&str]) -> bool {
    struct Known {
        core: HashSet<String>,
        around: HashSet<String>,
        for_what: HashSet<String>,
        what_for: HashSet<String>,
    }
    static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
        let with = |of: fn(&Thanks) -> &'static str, language: &BuiltIn| {
            let mut words = set(of(&language.thanks));
            words.extend(set(of(&EVERYWHERE)));
            words
        };
        let around = |language: &BuiltIn| {
            let agreed = language.thanks.agreed.iter();
            let mut around = with(|thanks| thanks.around, language);
            around.extend(
                agreed
                    .map(|phrase| words(phrase))
                    .filter(|one| !one.contains(' ')),
            );
            around
        };
        let known = LANGUAGES.iter().map(|language| Known {
            core: with(|thanks| thanks.core, language),
            around: around(language),
            for_what: with(|thanks| thanks.for_what, language),
            what_for: with(|thanks| thanks.what_for, language),
        });
        known.collect()
    });
    let thanks = KNOWN.iter().any(|known| {
        let mut has_core = false;
        let mut says_for_what = false;
        said.iter().all(|word| {
            let is_core = has(&known.core, word);
            let is_for = has_core && has(&known.for_what, word);
            has_core |= is_core;
            says_for_what |= is_for;
            let is_what_for = says_for_what && has(&known.what_for, word);
            is_core || is_for || is_what_for || has(&known.around, word)
        }) && has_core
    });
    thanks || takes_note(said)
}

/// Returns whether `said` consists of phrases that acknowledge an answer.
fn takes_note(said: &[&str]) -> bool {
    static KNOWN: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
        let languages = LANGUAGES.iter().map(|language| &language.thanks);
        let agreed = languages
            .chain([&EVERYWHERE])
            .flat_map(|thanks| thanks.agreed)
            .chain(&OTHER_THANKS);
        agreed
            .map(|phrase| words(phrase).split(' ').map(str::to_owned).collect())
            .collect()
    });
    let mut rest = said;
    while !rest.is_empty() {
        let next = KNOWN.iter().filter(|phrase| {
            rest.len() >= phrase.len() && phrase.iter().zip(rest).all(|(one, other)| one == other)
        });
        let Some(longest) = next.map(Vec::len).max() else {
            return false;
        };
        rest = &rest[longest..];
    }
    !said.is_empty()
}

fn set(listed: &str) -> HashSet<String> {
    listed.split_whitespace().map(words).collect()
}

fn has(known: &HashSet<String>, word: &str) -> bool {
    known.contains(word) || known.contains(&without_digraphs(word))
}

/// Replaces the two-letter spellings of ä, ö and ü, used on keyboards without them.
fn without_digraphs(words: &str) -> String {
    words
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_can_be_found_and_stands_in_one_place() {
        for language in &LANGUAGES {
            let Thanks {
                core,
                around,
                for_what,
                what_for,
                ..
            } = &language.thanks;
            for word in [core, around, for_what, what_for]
                .into_iter()
                .flat_map(|list| list.split_whitespace())
            {
                let said = words(word);
                assert!(!said.is_empty() && !said.contains(' '), "{word}");
            }
            assert!(set(core).is_disjoint(&set(around)), "{:?}", language.codes);
            for phrase in language.ambiguous_stop {
                assert_eq!(
                    asked(&words(phrase)),
                    Some(OptOut::AmbiguousStop),
                    "{phrase}"
                );
            }
            for phrase in language.stop {
                assert_eq!(asked(&words(phrase)), Some(OptOut::Stop), "{phrase}");
            }
        }
    }

    #[test]
    fn a_country_has_the_texts_of_its_language_where_they_are_right_for_it() {
        let text = |code: &str| text(&code.parse().unwrap(), TextKey::LostFile);
        for (code, expected) in [
            ("pt", "arquivo"),
            ("pt_BR", "arquivo"),
            ("pt_PT", "ficheiro"),
            ("pt_AO", "ficheiro"),
            ("pt_MZ", "ficheiro"),
        ] {
            let text = text(code).unwrap();
            assert!(text.contains(expected), "{code}: {text}");
        }
        for (code, base) in [
            ("es_MX", "es"),
            ("fr_CA", "fr"),
            ("de_CH", "de"),
            ("en_GB", "en"),
            ("en_US", "en"),
        ] {
            assert_eq!(text(code), text(base), "{code}");
        }
        assert_eq!(text("it"), None, "only its words are known");
        assert_eq!(text("sv"), None);
    }
}

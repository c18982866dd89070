//! Words that an owner wrote, and words to choose from.

use std::fmt::Display;

/// The similarity from which a word counts as a misspelt one.
const SIMILAR: f64 = 0.65;

/// Returns the word nearest to what somebody wrote, if one is near enough.
pub(super) fn nearest<'a>(written: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = plain(written);
    words
        .map(|word| (similarity(&written, &plain(word)), word))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, word)| word)
}

/// Returns the similarity of two words, where 1 is the same word. Half a name, such as
/// `service_desk`, is nearer than any other name.
fn similarity(written: &str, word: &str) -> f64 {
    let by_letters = strsim::normalized_damerau_levenshtein(written, word);
    let is_part =
        written.len() >= 4 && word.len() >= 4 && (word.contains(written) || written.contains(word));
    if is_part {
        by_letters.mul_add(0.2, 0.8)
    } else {
        by_letters
    }
}

/// Removes differences in style: `timeZone`, `time-zone`.
pub(super) fn plain(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Joins words as `a, b and c`.
pub(super) fn listed<T: Display>(words: &[T], last: &str) -> String {
    match words {
        [] => String::new(),
        [word] => word.to_string(),
        [words @ .., word] => {
            let words: Vec<String> = words.iter().map(T::to_string).collect();
            format!("{} {last} {word}", words.join(", "))
        }
    }
}

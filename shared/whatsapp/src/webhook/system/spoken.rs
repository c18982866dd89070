//! The sentence of a system message, such as "User Ana Lima changed from DE.1 to DE.2".

use casement_core::model::identity::Bsuid;

use crate::webhook::sender;

/// The words allowed between the former id and the new one. Any other word may be a name, which
/// people choose themselves, or another sentence.
const BETWEEN: [&str; 17] = [
    "to",
    "into",
    "from",
    "the",
    "new",
    "former",
    "previous",
    "old",
    "user",
    "id",
    "user_id",
    "bsuid",
    "parent",
    "business-scoped",
    "->",
    "=>",
    "→",
];

/// A word of the sentence.
enum Word<'a> {
    Id(Bsuid),
    /// The id of a parent account, which identifies no customer.
    Parent,
    Other(&'a str),
}

/// Returns the id that changed into `new`, if the sentence says "from" it "to" `new`, in either
/// order. A name before that may contain ids of others, so the last change in the sentence counts.
pub(super) fn former_id(body: &str, new: &str) -> Option<Bsuid> {
    let words: Vec<_> = body.split_whitespace().map(word).collect();
    let ids: Vec<_> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| match word {
            Word::Id(id) => Some((at, id)),
            _ => None,
        })
        .collect();
    let mut newest_first = ids.windows(2).rev();
    newest_first.find_map(|pair| {
        let [(first, one), (second, other)] = pair else {
            return None;
        };
        let (before, between) = (&words[..*first], &words[first + 1..*second]);
        let (former, way) = match (one.as_str() == new, other.as_str() == new) {
            (false, true) => (one, FORMER_FIRST),
            (true, false) => (other, NEW_FIRST),
            _ => return None,
        };
        way.is_told(before, between).then(|| (*former).clone())
    })
}

/// The order in which a sentence tells a change, by its words.
struct Way {
    before: &'static str,
    between: &'static str,
}

const FORMER_FIRST: Way = Way {
    before: "from",
    between: "to",
};

const NEW_FIRST: Way = Way {
    before: "to",
    between: "from",
};

impl Way {
    fn is_told(&self, before: &[Word<'_>], between: &[Word<'_>]) -> bool {
        let connects = |word: &Word<'_>| match word {
            Word::Id(_) => false,
            Word::Parent => true,
            Word::Other(word) => word.is_empty() || BETWEEN.contains(&&*word.to_lowercase()),
        };
        let says = |word: &Word<'_>, wanted: &str| match word {
            Word::Other(word) => {
                let word = word.to_lowercase();
                word == wanted || (wanted == "to" && ["into", "->", "=>", "→"].contains(&&*word))
            }
            _ => false,
        };
        let mut leading = before.iter().rev().take_while(|word| connects(word));
        leading.any(|word| says(word, self.before))
            && between.iter().all(connects)
            && between.iter().any(|word| says(word, self.between))
    }
}

fn word(text: &str) -> Word<'_> {
    const MARKS: [char; 16] = [
        '.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '"', '\'', '“', '”', '‘', '’',
    ];
    let text = text.trim_matches(MARKS);
    match sender::bsuid(text).filter(Bsuid::is_well_formed) {
        Some(id) if is_parent(&id) => Word::Parent,
        Some(id) => Word::Id(id),
        None => Word::Other(text),
    }
}

/// `US.ENT.…` (Cloud API, "Business-scoped user IDs").
fn is_parent(id: &Bsuid) -> bool {
    id.as_str().split('.').nth(1) == Some("ENT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_that_is_told_counts_and_nothing_else() {
        for (body, expected) in [
            ("User Ana Lima changed from DE.1a to DE.2b", Some("DE.1a")),
            ("User changed from BR.1a to DE.2b.", Some("BR.1a")),
            ("User Ana changed to DE.2b from US.1a", Some("US.1a")),
            ("user id changed from \"DE.1a\" to \"DE.2b\"", Some("DE.1a")),
            ("User Ana changed from DE.1a → DE.2b!", Some("DE.1a")),
            (
                "Ana changed from user id DE.1a into the new user id DE.2b today",
                Some("DE.1a"),
            ),
            (
                "User changed from DE.1a (parent DE.ENT.7) to DE.2b (parent DE.ENT.8)",
                Some("DE.1a"),
            ),
            // Names with ids of others in them.
            ("User DE.9z changed from DE.1a to DE.2b", Some("DE.1a")),
            (
                "User from DE.9z to DE.2b changed from DE.1a to DE.2b",
                Some("DE.1a"),
            ),
            ("User DE.9z changed to DE.2b", None),
            ("User from DE.9z changed to DE.2b", None),
            ("User from DE.9z to changed to DE.2b", None),
            (
                "User Ana changed from DE.1a to DE.2b, like DE.9z",
                Some("DE.1a"),
            ),
            // It is about somebody else, or does not say who became whom.
            ("User Ana changed from DE.1a to DE.3c", None),
            ("User Ana changed from DE.2b to DE.3c", None),
            ("User Ana changed from DE.2b to DE.2b", None),
            ("DE.1a DE.2b", None),
            ("DE.1a to DE.2b", None),
            ("User Ana changed from 491 to DE.2b", None),
            ("User Ana changed from DE.ENT.1 to DE.2b", None),
            ("User Ana changed from de.1a to DE.2b", None),
            ("User Ana changed to DE.2b", None),
            ("", None),
        ] {
            let former = former_id(body, "DE.2b");
            assert_eq!(former.as_ref().map(Bsuid::as_str), expected, "{body}");
        }
    }
}

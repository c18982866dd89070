//! The names of webhook fields that Casement does not handle. They become values of a metric's
//! dimension, so they are few and short.

use std::collections::BTreeMap;

/// The longest name that is kept. Meta's longest so far has 34 characters.
const LONGEST: usize = 40;

/// The most names of one body.
const MOST: usize = 5;

/// Stands for every name that is not kept.
const OTHER: &str = "other";

/// Counts a field under its name.
pub(super) fn count(fields: &mut BTreeMap<String, usize>, field: &str) {
    let is_name = (1..=LONGEST).contains(&field.len())
        && field
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let names = fields.keys().filter(|name| *name != OTHER).count();
    let is_kept = is_name && (names < MOST || fields.contains_key(field));
    let name = if is_kept { field } else { OTHER };
    *fields.entry(name.to_owned()).or_default() += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_few_and_short() {
        let mut fields = BTreeMap::new();
        for field in ["flows", "flows", "Flows", "", "+4915112345678", "a b"] {
            count(&mut fields, field);
        }
        count(&mut fields, &"a".repeat(LONGEST + 1));
        for letter in 'a'..='f' {
            count(&mut fields, &letter.to_string());
        }
        count(&mut fields, "flows");
        let counted: Vec<_> = fields.iter().map(|(name, n)| (&**name, *n)).collect();
        let expected = [
            ("a", 1),
            ("b", 1),
            ("c", 1),
            ("d", 1),
            ("flows", 3),
            ("other", 7),
        ];
        assert_eq!(counted, expected);
    }
}

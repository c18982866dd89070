//! Texts without the parts that differ from run to run: keys, times, and the marks in file names.

/// Replaces every key of `keys` with its number, and dates, times of day, references and the marks
/// of stored files with placeholders.
pub(super) fn plain(text: &str, keys: &[String]) -> String {
    let mut text = text.to_owned();
    // The longest first, because SUP-12 begins like SUP-1.
    let mut numbered: Vec<_> = keys.iter().enumerate().collect();
    numbered.sort_by_key(|(_, key)| std::cmp::Reverse(key.len()));
    for (number, key) in numbered {
        text = text.replace(key.as_str(), &format!("REQUEST-{number}"));
    }
    for (pattern, name) in [
        ("dddd-dd-dd", "DATE"),
        ("dd:dd", "TIME"),
        ("-hhhhhhhh.", "-MARK."),
        ("hhhhhhhhhhhhhhhhhhhh", "HASH"),
    ] {
        text = replaced(&text, pattern, name);
    }
    text
}

/// Replaces text that matches `pattern`: `d` is a digit, `h` a hexadecimal digit, and anything else
/// stands for itself.
fn replaced(text: &str, pattern: &str, name: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let fits = |at: usize| {
        chars.len() >= at + pattern.len()
            && pattern
                .iter()
                .zip(&chars[at..])
                .all(|(wanted, c)| match wanted {
                    'd' => c.is_ascii_digit(),
                    'h' => c.is_ascii_digit() || ('a'..='f').contains(c),
                    other => other == c,
                })
    };
    let mut replaced = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if fits(at) {
            replaced += name;
            at += pattern.len();
        } else {
            replaced.push(*c);
            at += 1;
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_named() {
        let keys = ["SUP-1".to_owned(), "SUP-12".to_owned()];
        for (text, expected) in [
            ("It is SUP-12, not SUP-1", "It is REQUEST-1, not REQUEST-0"),
            (
                "closed on 2026-09-21 at 16:13 CEST.",
                "closed on DATE at TIME CEST.",
            ),
            ("photo-5f3a9c10.jpg", "photo-MARK.jpg"),
            ("(1/3) order 4711, ä", "(1/3) order 4711, ä"),
        ] {
            assert_eq!(plain(text, &keys), expected);
        }
    }
}

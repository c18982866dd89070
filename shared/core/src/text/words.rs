//! Comparing what people write by its words alone.

/// The words of `text` in lower case with a space between. An apostrophe belongs to its word.
pub(crate) fn words(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

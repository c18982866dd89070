//! Mentions, which name people of the service desk.

/// The text of a mention whose name is unknown or not for customers.
const SOMEBODY: &str = "@agent";

/// Returns a mention by name. If a person has no public name, Jira falls back to an e-mail address
/// or an account id, and neither is for customers.
pub(super) fn mention(name: Option<&str>) -> String {
    let name = name.unwrap_or_default().trim().trim_start_matches('@');
    if name.is_empty() || name.contains('@') || is_account_id(name) {
        return SOMEBODY.to_owned();
    }
    format!("@{name}")
}

/// Returns whether the name has the form of an Atlassian account id: 24 hexadecimal digits, or a
/// number and a UUID (Jira Cloud, "User privacy developer guide").
fn is_account_id(name: &str) -> bool {
    let digits = name.rsplit(':').next().unwrap_or_default();
    digits.len() >= 24 && digits.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_addresses_are_not() {
        for (name, expected) in [
            (Some("@Ana Lima"), "@Ana Lima"),
            (Some("@@Ana"), "@Ana"),
            (Some("all"), "@all"),
            (Some("@ana@desk.example"), "@agent"),
            (Some("ana@desk.example"), "@agent"),
            (Some("Ana (ana@desk.example)"), "@agent"),
            (
                Some("5b10a2844c20165700ede21g"),
                "@5b10a2844c20165700ede21g",
            ),
            (Some("5b10a2844c20165700ede21f"), "@agent"),
            (
                Some("@712020:0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"),
                "@agent",
            ),
            (Some("@"), "@agent"),
            (None, "@agent"),
        ] {
            assert_eq!(mention(name), expected, "{name:?}");
        }
    }
}

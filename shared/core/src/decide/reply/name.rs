//! The name in front of a reply.

use crate::model::comment::Comment;
use crate::text::{one_line, truncated};

/// The maximum length of a name, in UTF-16 units.
const LIMIT: usize = 60;

/// Returns the name that the customer sees before the comment's words, or `None` if Jira has none
/// that is fit to be shown. An e-mail address, which Jira shows where it has no name, is never fit.
#[must_use]
pub fn shown_name(comment: &Comment) -> Option<String> {
    let name = one_line(comment.author_name.as_deref()?);
    // WhatsApp's formatting characters would break the bold around the name.
    let plain: String = name.chars().filter(|c| !"*_~`".contains(*c)).collect();
    let plain = truncated(&one_line(&plain), LIMIT);
    (!plain.is_empty() && !plain.contains('@')).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::reply::tests::comment;

    #[test]
    fn names_are_fit_to_be_shown() {
        for (name, expected) in [
            (Some("Ben Okafor"), Some("Ben Okafor")),
            (Some(" *Ben*\n_Okafor_ "), Some("Ben Okafor")),
            (Some("`~Ben~`"), Some("Ben")),
            (Some("Ben\u{202e}nekO"), Some("BennekO")),
            (Some("ben@example.com"), None),
            (Some("***"), None),
            (Some(""), None),
            (None, None),
        ] {
            let mut comment = comment();
            comment.author_name = name.map(Into::into);
            assert_eq!(shown_name(&comment).as_deref(), expected, "{name:?}");
        }
        let mut comment = comment();
        comment.author_name = Some("x".repeat(200).into());
        assert!(shown_name(&comment).unwrap().encode_utf16().count() <= LIMIT);
    }
}

//! Emoji, as characters where there are some.

/// Atlassian's own emoji, which are pictures: by short name, and by the wiki markup for them.
const PICTURES: [(&str, &str, &str); 16] = [
    (":check_mark:", "(/)", "✅"),
    (":cross_mark:", "(x)", "❌"),
    (":warning:", "(!)", "⚠️"),
    (":info:", "(i)", "ℹ️"),
    (":question_mark:", "(?)", "❓"),
    (":plus:", "(+)", "➕"),
    (":minus:", "(-)", "➖"),
    (":light_bulb_on:", "(on)", "💡"),
    (":light_bulb_off:", "(off)", "💡"),
    (":yellow_star:", "(*)", "⭐"),
    (":red_star:", "(*r)", "⭐"),
    (":green_star:", "(*g)", "⭐"),
    (":blue_star:", "(*b)", "⭐"),
    (":flag_on:", "(flag)", "🚩"),
    (":thumbsup:", "(y)", "👍"),
    (":thumbsdown:", "(n)", "👎"),
];

/// Faces in wiki markup (Jira, "Text formatting notation help").
const FACES: [(&str, &str); 5] = [
    (":)", "🙂"),
    (":(", "🙁"),
    (":P", "😛"),
    (":D", "😃"),
    (";)", "😉"),
];

/// An emoji of ADF: its characters if it has some, else its name between colons.
pub(super) fn emoji(text: &str, short_name: &str, id: &str) -> String {
    let is_name = text.len() > 2 && text.starts_with(':') && text.ends_with(':');
    if !text.is_empty() && !is_name {
        return text.to_owned();
    }
    let name = if short_name.is_empty() {
        text
    } else {
        short_name
    };
    PICTURES
        .iter()
        .find(|(known, _, _)| *known == name)
        .map(|(_, _, emoji)| (*emoji).to_owned())
        .or_else(|| from_code_points(id))
        .unwrap_or_else(|| name.to_owned())
}

/// The emoji that wiki markup begins with, and the length of its markup.
pub(super) fn wiki_emoji(markup: &str) -> Option<(&'static str, usize)> {
    let pictures = PICTURES.iter().map(|(_, markup, emoji)| (*markup, *emoji));
    let (known, emoji) = pictures
        .chain(FACES)
        .find(|(known, _)| markup.starts_with(known))?;
    let next = markup[known.len()..].chars().next();
    // ":Dog" is no face.
    let stands_alone = known.ends_with(')') || !next.is_some_and(char::is_alphanumeric);
    stands_alone.then_some((emoji, known.len()))
}

/// Standard emoji have their code points as id: `1f1e9-1f1ea`.
fn from_code_points(id: &str) -> Option<String> {
    id.split('-')
        .map(|code| {
            let code = u32::from_str_radix(code, 16).ok()?;
            char::from_u32(code).filter(|c| !c.is_ascii() && !c.is_control())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_before_names() {
        for (text, short_name, id, expected) in [
            ("👋", ":wave:", "1f44b", "👋"),
            ("", ":wave:", "1f44b", "👋"),
            (":wave:", ":wave:", "1f1e9-1f1ea", "🇩🇪"),
            ("", ":check_mark:", "atlassian-check_mark", "✅"),
            (":party:", ":party:", "0a1b2c3d-0000", ":party:"),
            ("", ":party:", "", ":party:"),
            ("", "", "", ""),
        ] {
            assert_eq!(emoji(text, short_name, id), expected, "{short_name} {id}");
        }
    }

    #[test]
    fn wiki_faces_stand_alone() {
        assert_eq!(wiki_emoji(":) ok"), Some(("🙂", 2)));
        assert_eq!(wiki_emoji("(*g)x"), Some(("⭐", 4)));
        assert_eq!(wiki_emoji(":Dog"), None);
    }
}

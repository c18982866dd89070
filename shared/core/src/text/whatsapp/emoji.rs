//! Emoji, as characters if possible.

/// Atlassian's own emoji, which are pictures, by short name.
const PICTURES: [(&str, &str); 16] = [
    (":check_mark:", "✅"),
    (":cross_mark:", "❌"),
    (":warning:", "⚠️"),
    (":info:", "ℹ️"),
    (":question_mark:", "❓"),
    (":plus:", "➕"),
    (":minus:", "➖"),
    (":light_bulb_on:", "💡"),
    (":light_bulb_off:", "💡"),
    (":yellow_star:", "⭐"),
    (":red_star:", "⭐"),
    (":green_star:", "⭐"),
    (":blue_star:", "⭐"),
    (":flag_on:", "🚩"),
    (":thumbsup:", "👍"),
    (":thumbsdown:", "👎"),
];

/// Atlassian's names for emoji that have other names elsewhere, without colons.
const ALIASES: [(&str, &str); 18] = [
    ("slight_smile", "slightly_smiling_face"),
    ("slight_frown", "slightly_frowning_face"),
    ("upside_down", "upside_down_face"),
    ("hugging", "hugs"),
    ("rolling_eyes", "roll_eyes"),
    ("nerd", "nerd_face"),
    ("zipper_mouth", "zipper_mouth_face"),
    ("money_mouth", "money_mouth_face"),
    ("thermometer_face", "face_with_thermometer"),
    ("head_bandage", "face_with_head_bandage"),
    ("robot_face", "robot"),
    ("shrug_tone0", "shrug"),
    ("face_palm", "facepalm"),
    ("frowning2", "frowning_face"),
    ("heart_exclamation", "heavy_heart_exclamation"),
    ("hand_splayed", "raised_hand_with_fingers_splayed"),
    ("white_heart_suit", "white_heart"),
    ("partying", "partying_face"),
];

/// The emoji by name: see `build.rs`.
const EMOJI: &str = include_str!(concat!(env!("OUT_DIR"), "/emoji.txt"));

/// The number of skin tones.
const TONES: usize = 5;

/// Converts an emoji of ADF: its characters if it has any, else its name between colons.
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
        .find(|(known, _)| *known == name)
        .map(|(_, emoji)| (*emoji).to_owned())
        .or_else(|| from_code_points(id))
        .or_else(|| by_name(name.trim_matches(':')))
        .unwrap_or_else(|| name.to_owned())
}

/// Finds an emoji by name, which may end with a skin tone: `wave_tone3`, `wave::skin-tone-4`,
/// `flag_de`.
fn by_name(name: &str) -> Option<String> {
    let numbered = |mark: &str, first: usize| {
        let (name, number) = name.rsplit_once(mark)?;
        let tone = number.parse::<usize>().ok()?.checked_sub(first)?;
        (tone < TONES).then_some((name, tone))
    };
    let toned = numbered("_tone", 1).or_else(|| numbered("::skin-tone-", 2));
    let (name, tone) = toned.map_or((name, None), |(name, tone)| (name, Some(tone)));
    let alias = ALIASES.iter().find(|(known, _)| *known == name);
    let name = alias.map_or(name, |(_, usual)| *usual);
    let characters = characters(name).or_else(|| characters(name.strip_prefix("flag_")?))?;
    let mut characters = characters.split(' ');
    let plain = characters.next()?;
    let toned = tone.and_then(|tone| characters.nth(tone));
    Some(toned.unwrap_or(plain).to_owned())
}

/// Returns the characters of the emoji with this name, and after a space each those with the skin
/// tones, if it has any.
fn characters(name: &str) -> Option<&'static str> {
    EMOJI.lines().find_map(|line| {
        let (known, characters) = line.split_once(' ')?;
        (known == name).then_some(characters)
    })
}

/// Reads the id of a standard emoji, which consists of its code points: `1f1e9-1f1ea`.
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
            ("", ":heart:", "", "❤️"),
            (":heart:", ":heart:", "", "❤️"),
            ("", ":smiley:", "", "😃"),
            ("", ":slight_smile:", "", "🙂"),
            ("", ":wave_tone3:", "", "👋🏽"),
            ("", ":wave::skin-tone-4:", "", "👋🏽"),
            ("", ":flag_de:", "", "🇩🇪"),
            ("", "tada", "", "🎉"),
            ("", "", "", ""),
        ] {
            assert_eq!(emoji(text, short_name, id), expected, "{short_name} {id}");
        }
    }

    #[test]
    fn every_name_leads_to_its_emoji_in_every_tone() {
        use emojis::SkinTone::{Dark, Light, Medium, MediumDark, MediumLight};

        let (mut names, mut toned) = (0, 0);
        for emoji in emojis::iter() {
            for name in emoji.shortcodes() {
                names += 1;
                assert_eq!(by_name(name).as_deref(), Some(emoji.as_str()), "{name}");
                let tones = [Light, MediumLight, Medium, MediumDark, Dark];
                let tones = tones.map(|tone| emoji.with_skin_tone(tone));
                for (number, expected) in (1..).zip(tones.into_iter().flatten()) {
                    toned += 1;
                    let found = by_name(&format!("{name}_tone{number}"));
                    assert_eq!(found.as_deref(), Some(expected.as_str()), "{name} {number}");
                }
            }
        }
        assert!(names > 1_800 && toned > 1_500, "{names} {toned}");
    }

    #[test]
    fn a_tone_of_an_emoji_without_tones_is_left_out() {
        assert_eq!(by_name("heart_tone3").as_deref(), Some("❤️"));
    }

    #[test]
    fn what_is_no_name_leads_nowhere() {
        for name in [
            "",
            " ",
            "wave 👋",
            "wave_tone0",
            "wave_tone6",
            "wave\n",
            "👋",
        ] {
            assert_eq!(by_name(name), None, "{name:?}");
        }
    }
}

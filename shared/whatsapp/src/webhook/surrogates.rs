//! Repairs text that was cut in the middle of a character.

/// Returns the body with U+FFFD in place of half characters.
///
/// A sender that cuts a text at a fixed number of UTF-16 units may leave half an emoji behind, as
/// an escape such as `\ud83d` without its partner, or as broken UTF-8. JSON readers then refuse the
/// whole document, with every other message in it.
pub(super) fn replace_halves(body: &[u8]) -> Vec<u8> {
    let body = String::from_utf8_lossy(body);
    let mut rest = body.as_bytes();
    let mut mended = Vec::with_capacity(rest.len());
    while let [first, ..] = rest {
        let length = match (first, unit(rest), rest.get(6..).and_then(unit)) {
            (_, Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (_, Some(0xD800..=0xDFFF), _) => {
                mended.extend_from_slice(br"\ufffd");
                rest = &rest[6..];
                continue;
            }
            // An escaped character does not begin the next escape.
            (b'\\', ..) => 2,
            _ => 1,
        };
        let (copied, left) = rest.split_at(length.min(rest.len()));
        mended.extend_from_slice(copied);
        rest = left;
    }
    mended
}

/// Reads the UTF-16 unit of an escape `\uXXXX` at the start of `bytes`.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(br"\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced() {
        for (body, mended) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""a\ud83d""#, r#""a\ufffd""#),
            (r#""\ud83d b""#, r#""\ufffd b""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\u00e9 \n é""#, r#""\u00e9 \n é""#),
            (r#""\ud8"#, r#""\ud8"#),
            ("\\", "\\"),
            ("", ""),
        ] {
            assert_eq!(replace_halves(body.as_bytes()), mended.as_bytes(), "{body}");
        }
        assert_eq!(replace_halves(b"\"a\xF0\x9F\""), "\"a\u{FFFD}\"".as_bytes());
    }
}

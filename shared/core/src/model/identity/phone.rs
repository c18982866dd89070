//! Phone numbers as people write them.

use super::PhoneNumber;

/// The reason why a text is no phone number that WhatsApp could accept. The error messages are for
/// agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPhoneNumber {
    /// It has characters other than digits and separators.
    #[error("it has other characters than digits, spaces and + - . / ( )")]
    Characters,
    /// It does not begin with `+` or `00`.
    #[error("its country code is missing: it has to begin with +")]
    NoCountryCode,
    /// It is longer or shorter than any phone number (ITU-T E.164).
    #[error("a phone number has 7 to 15 digits with its country code, and this one has {0}")]
    Length(usize),
}

impl PhoneNumber {
    /// Reads a number as people write it: `+49 (0)151 1234-5678`. The country code is required,
    /// since Casement cannot guess the country.
    ///
    /// # Errors
    /// It cannot be a number that WhatsApp accepts.
    pub fn of_text(text: &str) -> Result<Self, NotAPhoneNumber> {
        let text = text.trim().replace("(0)", "");
        let between = |c: char| c.is_whitespace() || "-./()\u{2010}\u{2011}\u{2013}".contains(c);
        let dense: String = text.chars().filter(|c| !between(*c)).collect();
        let digits = dense.strip_prefix('+').or_else(|| dense.strip_prefix("00"));
        let all = digits.unwrap_or(&dense);
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAPhoneNumber::Characters);
        }
        // No country code begins with 0 (ITU-T E.164).
        let digits = digits.filter(|digits| !digits.starts_with('0'));
        let digits = digits.ok_or(NotAPhoneNumber::NoCountryCode)?;
        match digits.len() {
            7..=15 => Ok(Self::new(digits)),
            length => Err(NotAPhoneNumber::Length(length)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let number = |digits| Ok(PhoneNumber::new(digits));
        for (text, expected) in [
            ("+4915112345678", number("4915112345678")),
            (" +49 151 1234-5678 ", number("4915112345678")),
            ("+49 (0)151 / 1234.5678", number("4915112345678")),
            ("004915112345678", number("4915112345678")),
            ("+1 (650) 555\u{2011}1234", number("16505551234")),
            ("+49\u{a0}151 12345678", number("4915112345678")),
            ("0151 12345678", Err(NotAPhoneNumber::NoCountryCode)),
            ("15112345678", Err(NotAPhoneNumber::NoCountryCode)),
            ("+0151 12345678", Err(NotAPhoneNumber::NoCountryCode)),
            ("+49 151", Err(NotAPhoneNumber::Length(5))),
            ("+49151123456789012", Err(NotAPhoneNumber::Length(17))),
            ("+49 151 call me", Err(NotAPhoneNumber::Characters)),
            ("+49151+12345678", Err(NotAPhoneNumber::Characters)),
            ("unknown", Err(NotAPhoneNumber::Characters)),
            ("+", Err(NotAPhoneNumber::Characters)),
            ("", Err(NotAPhoneNumber::Characters)),
        ] {
            assert_eq!(PhoneNumber::of_text(text), expected, "{text}");
        }
    }
}

//! Meta's check of a webhook's address when it is set or changed.

use casement_core::decide::signature::is_same;
use secrecy::{ExposeSecret, SecretString};

/// The longest challenge that gets an answer, in bytes. Meta's challenges are numbers of ten
/// digits.
const LONGEST_CHALLENGE: usize = 256;

/// The query of Meta's GET request (Cloud API, "Create a webhook endpoint").
#[derive(Clone, Copy)]
pub struct SubscriptionCheck<'a> {
    mode: Option<&'a str>,
    verify_token: Option<&'a str>,
    challenge: Option<&'a str>,
}

// The token is a secret.
impl std::fmt::Debug for SubscriptionCheck<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubscriptionCheck(..)")
    }
}

/// Somebody other than Meta asks, or the verify token in the dashboard differs from ours. Answer
/// 403.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subscription check is refused")]
pub struct CheckRefused;

impl<'a> SubscriptionCheck<'a> {
    /// Takes the parameters from a query. `parameter` returns the decoded value of a name.
    pub fn from_query(parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            mode: parameter("hub.mode"),
            verify_token: parameter("hub.verify_token"),
            challenge: parameter("hub.challenge"),
        }
    }

    /// Returns the challenge. Answer with it as the whole body, in plain text with status 200.
    ///
    /// # Errors
    /// [`CheckRefused`], also when `expected` is empty or the challenge is too long for one.
    pub fn challenge(self, expected: &SecretString) -> Result<&'a str, CheckRefused> {
        let expected = expected.expose_secret();
        match (self.mode, self.verify_token, self.challenge) {
            (Some("subscribe"), Some(token), Some(challenge))
                if challenge.len() <= LONGEST_CHALLENGE && is_same(token, expected) =>
            {
                Ok(challenge)
            }
            _ => Err(CheckRefused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer<'a>(query: &[(&str, &'a str)], expected: &str) -> Result<&'a str, CheckRefused> {
        SubscriptionCheck::from_query(|name| {
            let found = query.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| *value)
        })
        .challenge(&SecretString::from(expected))
    }

    #[test]
    fn the_right_token_is_answered_with_the_challenge() {
        let mode = ("hub.mode", "subscribe");
        let token = ("hub.verify_token", "sesame");
        let challenge = ("hub.challenge", "1158201444");
        let longest = "1".repeat(LONGEST_CHALLENGE);
        let longer = "1".repeat(LONGEST_CHALLENGE + 1);
        for (case, query, expected, answered) in [
            (
                "right",
                vec![mode, token, challenge],
                "sesame",
                Ok("1158201444"),
            ),
            (
                "wrong token",
                vec![mode, token, challenge],
                "sesam",
                Err(CheckRefused),
            ),
            (
                "longer token",
                vec![mode, token, challenge],
                "sesame!",
                Err(CheckRefused),
            ),
            (
                "no challenge",
                vec![mode, token],
                "sesame",
                Err(CheckRefused),
            ),
            (
                "no token",
                vec![mode, challenge],
                "sesame",
                Err(CheckRefused),
            ),
            (
                "no mode",
                vec![token, challenge],
                "sesame",
                Err(CheckRefused),
            ),
            (
                "another mode",
                vec![("hub.mode", "unsubscribe"), token, challenge],
                "sesame",
                Err(CheckRefused),
            ),
            (
                "no token is configured",
                vec![mode, ("hub.verify_token", ""), challenge],
                "",
                Err(CheckRefused),
            ),
            (
                "the longest challenge",
                vec![mode, token, ("hub.challenge", &longest)],
                "sesame",
                Ok(&longest),
            ),
            (
                "a longer challenge",
                vec![mode, token, ("hub.challenge", &longer)],
                "sesame",
                Err(CheckRefused),
            ),
            ("nothing", vec![], "sesame", Err(CheckRefused)),
        ] {
            assert_eq!(answer(&query, expected), answered, "{case}");
        }
    }
}

//! What the two secrets have in common: each is a JSON object with keys of its own.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::keys::Which;

/// The shortest secret that signs webhooks, in characters. Meta's app secrets have 32.
const SHORTEST: usize = 16;

/// Why a secret cannot be used. Show it to the operator as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// It is not a JSON object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// It has a key of the other secret: whoever reads this one must not know that value.
    #[error("it has {key}, which belongs in {belongs_in}; move it there")]
    Misplaced {
        key: &'static str,
        /// Where it belongs.
        belongs_in: Which,
    },
    /// A key is missing, empty, or not of its kind.
    #[error("{key} is missing or empty; it must be {kind}")]
    Missing {
        key: &'static str,
        /// What it must be.
        kind: &'static str,
    },
    /// A value contains a line break or another control character.
    #[error("{0} has a line end or another control character in it; set it anew without")]
    ControlCharacter(&'static str),
    /// A value that verifies signatures is short enough to guess.
    #[error(
        "{0} has a value of fewer than 16 characters, which could be guessed; make one with: \
         openssl rand -hex 32"
    )]
    Short(&'static str),
    /// No key names the account that we write with in Jira.
    #[error(
        "it has no Jira account; give jira_email and jira_api_token, or jira_api_token alone \
         (the token of a service account), or jira_oauth_client_id and jira_oauth_client_secret"
    )]
    NoJiraAccount,
    /// Two keys belong to different kinds of accounts.
    #[error("{0} and {1} are of two kinds of Jira accounts; remove one of them")]
    TwoJiraAccounts(&'static str, &'static str),
    /// The address of the token endpoint is not a URL.
    #[error("jira_oauth_token_url is not an https URL")]
    BadTokenUrl,
}

/// The contents of one of the secrets.
pub trait Document: Sized {
    /// Which one it is.
    const WHICH: Which;

    /// Reads the secret's JSON. Ignores unknown keys.
    ///
    /// # Errors
    /// A key is missing, empty, cannot be right, or belongs in the other secret. An empty value for
    /// verifying signatures would let everybody in, and a short one anybody who guesses it.
    fn parse(json: &str) -> Result<Self, NotUsable>;
}

/// Reads the JSON of a secret. A key of the other one is refused first: two that were exchanged
/// lack everything.
pub(super) fn object(which: Which, json: &str) -> Result<Map<String, Value>, NotUsable> {
    let Ok(Value::Object(secret)) = serde_json::from_str(json) else {
        return Err(NotUsable::NotAnObject);
    };
    let others = Which::ALL.into_iter().filter(|other| *other != which);
    let mut foreign = others.flat_map(|other| other.keys().iter().map(move |key| (*key, other)));
    match foreign.find(|(key, _)| secret.contains_key(*key)) {
        Some((key, belongs_in)) => Err(NotUsable::Misplaced { key, belongs_in }),
        None => Ok(secret),
    }
}

/// Reads a text.
pub(super) fn text(
    members: &Map<String, Value>,
    key: &'static str,
) -> Result<SecretString, NotUsable> {
    let value = members.get(key).and_then(not_empty);
    let value = value.ok_or(NotUsable::Missing {
        key,
        kind: "a text",
    })?;
    sendable(key, value)
}

/// Reads a list of secrets that sign webhooks.
pub(super) fn texts(
    members: &Map<String, Value>,
    key: &'static str,
) -> Result<Vec<SecretString>, NotUsable> {
    let values: Option<Vec<&str>> = members
        .get(key)
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
        .and_then(|list| list.iter().map(not_empty).collect());
    let values = values.ok_or(NotUsable::Missing {
        key,
        kind: "a list of texts",
    })?;
    if values.iter().any(|value| value.chars().count() < SHORTEST) {
        return Err(NotUsable::Short(key));
    }
    values
        .into_iter()
        .map(|value| sendable(key, value))
        .collect()
}

fn not_empty(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

fn sendable(key: &'static str, value: &str) -> Result<SecretString, NotUsable> {
    if value.chars().any(char::is_control) {
        return Err(NotUsable::ControlCharacter(key));
    }
    Ok(SecretString::from(value))
}

//! What to ask for, and what a document of new values changes. Pure.

#[cfg(test)]
mod tests;

use casement_aws::secrets::Which;
use casement_aws::secrets::keys::{API_TOKEN, CLIENT_ID, CLIENT_SECRET, EMAIL, TOKEN_URL};
use serde_json::Value;

use super::contents::{Contents, State};
use super::keys::{ACCOUNT, ACCOUNT_KEYS, Kind, is_list, usable};

/// Something to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// The value of a key.
    Value(&'static str),
    /// A list's values.
    List(&'static str),
    /// The kind of the Jira account, and then the values of its keys.
    Account,
}

/// Returns what to ask for: what is missing or not usable, or what `only` names.
pub(super) fn to_ask(contents: &Contents, only: Option<&str>) -> Vec<Ask> {
    let ask = |key: &'static str| {
        if is_list(key) {
            Ask::List(key)
        } else {
            Ask::Value(key)
        }
    };
    match only {
        Some(ACCOUNT) => vec![Ask::Account],
        Some(only) => {
            let mut all = Which::ALL.into_iter().flat_map(|which| which.keys());
            let Some(&key) = all.find(|key| **key == only) else {
                return Vec::new();
            };
            // A key of another kind of account needs its companions.
            let is_of_another = ACCOUNT_KEYS.contains(&key)
                && !contents.kind().is_some_and(|kind| kind.may_have(key));
            vec![if is_of_another {
                Ask::Account
            } else {
                ask(key)
            }]
        }
        None => {
            let mut asks = Vec::new();
            for (key, state) in contents.states() {
                if matches!(state, State::Set(_) | State::Without) {
                    continue;
                }
                let one = if key == ACCOUNT
                    || (ACCOUNT_KEYS.contains(&key) && contents.kind().is_none())
                {
                    Ask::Account
                } else {
                    ask(key)
                };
                if !asks.contains(&one) {
                    asks.push(one);
                }
            }
            asks
        }
    }
}

/// Takes over values from a document with keys of either secret. A key of one kind of Jira account
/// removes those of the other; `null` removes its key.
///
/// # Errors
/// It is no object, has an unknown key, or a value that cannot be used. Names keys alone.
pub(super) fn take_over(contents: &mut Contents, document: &str) -> Result<(), String> {
    let Ok(Value::Object(given)) = serde_json::from_str(document) else {
        return Err("it is not a JSON object with the keys of the secrets".to_owned());
    };
    let known: Vec<&'static str> = Which::ALL
        .into_iter()
        .flat_map(Which::keys)
        .copied()
        .collect();
    let mut taken = Vec::new();
    for (name, value) in given {
        let Some(key) = known.iter().copied().find(|key| *key == name) else {
            return Err(format!("it has a key that is none of {}", known.join(", ")));
        };
        if !value.is_null() {
            usable(key, &value).map_err(|why| why.to_string())?;
        }
        taken.push((key, value));
    }
    let gives = |keys: &[&str]| {
        let mut taken = taken.iter();
        taken.any(|(key, value)| keys.contains(key) && !value.is_null())
    };
    let (by_token, by_client) = (
        gives(&[EMAIL, API_TOKEN]),
        gives(&[CLIENT_ID, CLIENT_SECRET, TOKEN_URL]),
    );
    if by_token && by_client {
        return Err("it has keys of two kinds of Jira accounts; give those of one".to_owned());
    }
    if by_token {
        contents.become_kind(Kind::User);
    } else if by_client {
        contents.become_kind(Kind::Oauth);
    }
    for (key, value) in taken {
        contents.put(key, value);
    }
    Ok(())
}

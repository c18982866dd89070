//! What the secrets hold, and how a new value changes it. Pure.

use casement_aws::secrets::keys::{API_TOKEN, CLIENT_ID, CLIENT_SECRET, EMAIL, TOKEN_URL};
use casement_aws::secrets::{Credentials, Document, NotUsable, WebhookSecrets, Which};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::keys::{ACCOUNT, ACCOUNT_KEYS, Kind, is_optional, usable};

/// Whether a value is there, and of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// So many usable values: more than one only in a list.
    Set(usize),
    /// There is none, and one is needed.
    Missing,
    /// There is none, and none is needed.
    Without,
    /// There is one that cannot be used.
    NotUsable(NotUsable),
}

/// The contents of both secrets, with the keys that nobody knows. Its values are not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Contents {
    webhook: Map<String, Value>,
    credentials: Map<String, Value>,
}

// Keeps values out of whatever is printed.
impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents").finish_non_exhaustive()
    }
}

impl Contents {
    pub(super) fn new(webhook: Map<String, Value>, credentials: Map<String, Value>) -> Self {
        Self {
            webhook,
            credentials,
        }
    }

    pub(super) fn of(&self, which: Which) -> &Map<String, Value> {
        match which {
            Which::Webhook => &self.webhook,
            Which::Credentials => &self.credentials,
        }
    }

    fn of_mut(&mut self, which: Which) -> &mut Map<String, Value> {
        match which {
            Which::Webhook => &mut self.webhook,
            Which::Credentials => &mut self.credentials,
        }
    }

    /// Returns a value, unless it is empty.
    fn value(&self, key: &str) -> Option<&Value> {
        let value = self.of(Which::of(key)?).get(key)?;
        let is_empty = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        (!is_empty).then_some(value)
    }

    pub(super) fn text(&self, key: &str) -> Option<SecretString> {
        self.value(key)?.as_str().map(SecretString::from)
    }

    /// Returns the first of a list.
    pub(super) fn first(&self, key: &str) -> Option<SecretString> {
        let first = self.value(key)?.as_array()?.first()?;
        first.as_str().map(SecretString::from)
    }

    /// Puts a value in; `Null` removes it.
    pub(super) fn put(&mut self, key: &'static str, value: Value) {
        let Some(which) = Which::of(key) else { return };
        let members = self.of_mut(which);
        if value.is_null() {
            members.remove(key);
        } else {
            members.insert(key.to_owned(), value);
        }
    }

    /// Puts a new value into a list, in front of the present ones or in place of them.
    pub(super) fn put_in_list(&mut self, key: &'static str, new: &SecretString, beside: bool) {
        let mut list = vec![json!(new.expose_secret())];
        if let Some(Value::Array(present)) = self.value(key).filter(|_| beside) {
            list.extend(
                present
                    .iter()
                    .filter(|old| **old != list[0])
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        self.put(key, Value::Array(list));
    }

    /// Removes all values of a list but the first, which is the newest.
    pub(super) fn keep_first(&mut self, key: &'static str) {
        if let Some(first) = self.first(key) {
            self.put_in_list(key, &first, false);
        }
    }

    /// Takes back what a trial refused.
    pub(super) fn restore(&mut self, from: &Self, keys: &[&'static str]) {
        for key in keys {
            let former = Which::of(key).and_then(|which| from.of(which).get(*key));
            self.put(key, former.cloned().unwrap_or_default());
        }
    }

    /// Moves keys that stand in the wrong secret to where they belong, and returns their names.
    /// A value that is there already stays.
    pub(super) fn put_right(&mut self) -> Vec<&'static str> {
        let mut moved = Vec::new();
        for which in Which::ALL {
            for other in Which::ALL.into_iter().filter(|other| *other != which) {
                for &key in which.keys() {
                    let Some(value) = self.of_mut(other).remove(key) else {
                        continue;
                    };
                    if self.value(key).is_none() {
                        self.put(key, value);
                    }
                    moved.push(key);
                }
            }
        }
        moved
    }

    /// Returns whether a key stands in this secret that belongs in the other.
    pub(super) fn has_keys_of_the_other(&self, which: Which) -> bool {
        let mut keys = self.of(which).keys();
        keys.any(|key| Which::of(key).is_some_and(|right| right != which))
    }

    /// Returns the kind of the Jira account, or `None` if the keys are those of none or of two.
    pub(super) fn kind(&self) -> Option<Kind> {
        let given = |key: &str| self.value(key).is_some();
        let by_token = given(EMAIL) || given(API_TOKEN);
        let by_client = given(CLIENT_ID) || given(CLIENT_SECRET) || given(TOKEN_URL);
        match (by_token, by_client) {
            (true, false) if given(EMAIL) => Some(Kind::User),
            (true, false) => Some(Kind::Service),
            (false, true) => Some(Kind::Oauth),
            _ => None,
        }
    }

    /// Removes the keys that an account of this kind does not have.
    pub(super) fn become_kind(&mut self, kind: Kind) {
        for key in ACCOUNT_KEYS.into_iter().filter(|key| !kind.may_have(key)) {
            self.put(key, Value::Null);
        }
    }

    /// Returns the state of every key that matters, in the order in which they are asked for.
    pub(super) fn states(&self) -> Vec<(&'static str, State)> {
        let kind = self.kind();
        let all = Which::ALL.into_iter().flat_map(|which| which.keys());
        let shown = all.filter(|key| {
            let is_account = ACCOUNT_KEYS.contains(key);
            !is_account || kind.is_some_and(|kind| kind.keys().contains(key)) || self.has(key)
        });
        let mut states: Vec<_> = shown.map(|&key| (key, self.state(key, kind))).collect();
        if kind.is_none() && !ACCOUNT_KEYS.iter().any(|key| self.has(key)) {
            states.push((ACCOUNT, State::Missing));
        }
        states
    }

    fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn state(&self, key: &'static str, kind: Option<Kind>) -> State {
        let Some(value) = self.value(key) else {
            return if is_optional(key) {
                State::Without
            } else {
                State::Missing
            };
        };
        if kind.is_none() && ACCOUNT_KEYS.contains(&key) {
            let by_token = [EMAIL, API_TOKEN].into_iter().find(|key| self.has(key));
            let by_client = [CLIENT_ID, CLIENT_SECRET, TOKEN_URL];
            let by_client = by_client.into_iter().find(|key| self.has(key));
            if let (Some(one), Some(other)) = (by_token, by_client) {
                return State::NotUsable(NotUsable::TwoJiraAccounts(one, other));
            }
        }
        match usable(key, value) {
            Ok(()) => State::Set(value.as_array().map_or(1, Vec::len)),
            Err(why) => State::NotUsable(why),
        }
    }

    /// Whether the functions can use both secrets, or why not.
    pub(super) fn faults(&self) -> Vec<String> {
        let webhook = WebhookSecrets::parse(&text(&self.webhook)).map(drop);
        let credentials = Credentials::parse(&text(&self.credentials)).map(drop);
        let faults = [(Which::Webhook, webhook), (Which::Credentials, credentials)];
        let faults = faults.into_iter();
        faults
            .filter_map(|(which, fault)| Some(format!("{which}: {}", fault.err()?)))
            .collect()
    }

    /// Returns the keys whose values differ, by secret.
    pub(super) fn changed(&self, before: &Self, which: Which) -> Vec<String> {
        let (new, old) = (self.of(which), before.of(which));
        let mut keys: Vec<_> = new
            .iter()
            .filter(|(key, value)| old.get(*key) != Some(*value))
            .map(|(key, _)| key.clone())
            .collect();
        keys.extend(old.keys().filter(|key| !new.contains_key(*key)).cloned());
        keys.sort();
        keys
    }

    /// Whether a key of the Jira account differs.
    pub(super) fn has_other_account(&self, before: &Self) -> bool {
        let mut keys = ACCOUNT_KEYS.iter();
        keys.any(|key| self.value(key) != before.value(key))
    }
}

/// Returns a secret's JSON.
pub(super) fn text(members: &Map<String, Value>) -> String {
    Value::Object(members.clone()).to_string()
}

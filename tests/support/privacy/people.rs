//! The people of a story, and their words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::SECRETS;
use super::places::Kind;

/// Anything shorter may occur for another reason.
const SHORTEST_ID: usize = 9;
const SHORTEST_NAME: usize = 5;
const SHORTEST_WORDS: usize = 12;

/// The shortest part of a wamid that still contains the number.
const SHORTEST_WAMID: usize = 20;

/// The most of a text that is looked for, because it may be truncated where it is kept.
const SOUGHT_WORDS: usize = 24;

/// The most values of each kind that are looked for: a story of thousands says the same thousands
/// of times.
const SOUGHT: usize = 200;

/// The start of the ids of WhatsApp's messages, which contain the customer's number.
const WAMID: &str = "wamid.";

/// Values that are allowed in certain places only, by kind.
#[derive(Clone, Debug)]
pub struct People {
    sought: BTreeMap<Kind, BTreeSet<String>>,
    /// All names, in full.
    names: String,
}

/// Nobody: only the secrets and ids of every story.
impl Default for People {
    fn default() -> Self {
        let secrets = SECRETS.map(str::to_owned).into();
        let wamids = [WAMID.to_owned()].into();
        Self {
            sought: [(Kind::Secret, secrets), (Kind::Wamid, wamids)].into(),
            names: String::new(),
        }
    }
}

impl People {
    /// Adds a phone number or a BSUID, as written in the place of either.
    pub fn identifier(&mut self, identifier: &str) {
        let is_number = identifier.bytes().all(|byte| byte.is_ascii_digit());
        let kind = if is_number { Kind::Number } else { Kind::Bsuid };
        if identifier.len() >= SHORTEST_ID {
            self.add(kind, identifier);
        }
    }

    /// Adds a person's name.
    pub fn name(&mut self, name: &str) {
        self.names.push_str(name);
        self.names.push('\n');
        if name.chars().count() >= SHORTEST_NAME {
            // JSON would escape the rest.
            let plain = name.split(is_escaped).max_by_key(|part| part.len());
            self.add(Kind::Name, plain.unwrap_or_default().trim());
        }
    }

    /// Adds a person's words, in pieces that JSON leaves unchanged.
    pub fn words(&mut self, text: &str) {
        for piece in text.split(is_escaped).map(str::trim) {
            let begins: String = piece.chars().take(SOUGHT_WORDS).collect();
            if begins.chars().count() >= SHORTEST_WORDS {
                self.add(Kind::Words, begins.trim());
            }
        }
    }

    /// Stops looking for the owner's words, and for words that are a person's name, which may occur
    /// wherever a name may.
    pub(super) fn forget_words_of(&mut self, settings: &str) {
        if let Some(words) = self.sought.get_mut(&Kind::Words) {
            words.retain(|words| {
                ![settings, &self.names]
                    .iter()
                    .any(|text| text.contains(&**words))
            });
        }
    }

    fn add(&mut self, kind: Kind, what: &str) {
        let of_kind = self.sought.entry(kind).or_default();
        if of_kind.len() < SOUGHT && !what.is_empty() {
            of_kind.insert(what.to_owned());
        }
    }

    /// Returns all values of a kind.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let of_kind = self.sought.get(&kind).into_iter().flatten();
        of_kind.map(String::as_str)
    }

    /// Adds the people in a list of WhatsApp's customers, as the control API returns it.
    pub(super) fn customers(&mut self, customers: &Value) {
        for customer in list(customers) {
            let profile = &customer["profile"];
            let ids = [
                &customer["customer"],
                &profile["phone"],
                &profile["user_id"],
            ];
            for id in ids.into_iter().filter_map(Value::as_str) {
                self.identifier(id);
            }
            let names = [&profile["profile_name"], &profile["username"]];
            for name in names.into_iter().filter_map(Value::as_str) {
                self.name(name);
            }
        }
    }

    /// Adds the words of a chat, as the control API returns it.
    pub(super) fn chat(&mut self, chat: &Value) {
        for message in list(chat) {
            self.words(message["text"].as_str().unwrap_or_default());
        }
    }

    /// Adds the words of requests, as the control API returns them.
    pub(super) fn requests(&mut self, requests: &Value) {
        for request in list(requests) {
            self.words(request["description"].as_str().unwrap_or_default());
            for comment in list(&request["comments"]) {
                self.words(comment["text"].as_str().unwrap_or_default());
            }
        }
    }

    /// Adds WhatsApp's id of a message, without its prefix: the rest alone reveals the number.
    pub fn wamid(&mut self, wamid: &str) {
        let number = wamid.trim_start_matches(WAMID);
        if number.len() >= SHORTEST_WAMID {
            self.add(
                Kind::Wamid,
                number.get(..SHORTEST_WAMID).unwrap_or_default(),
            );
        }
    }

    /// Adds the writer and the words of a message of the inbound queue: not every webhook in a
    /// story is one of the simulator's.
    pub(super) fn queued(&mut self, body: &str) {
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return;
        };
        self.wamid(body["wamid"].as_str().unwrap_or_default());
        for ids in [&body["from"], &body["former"], &body["new"]] {
            for id in leaves(ids) {
                self.identifier(id);
            }
        }
        self.name(body["profile_name"].as_str().unwrap_or_default());
        for words in leaves(&body["content"])
            .into_iter()
            .filter(|text| text.contains(' '))
        {
            self.words(words);
        }
    }
}

/// Returns whether JSON escapes the character, or it ends a line.
fn is_escaped(char: char) -> bool {
    char.is_control() || ['"', '\\'].contains(&char)
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns the texts in a value.
fn leaves(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        Value::Object(members) => members.values().flat_map(leaves).collect(),
        _ => Vec::new(),
    }
}

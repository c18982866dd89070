//! Our comment property. It marks our own comments, and shows on agents' comments how far they have
//! come.

use casement_core::model::identity::AccountId;
use casement_service::ports::Marker;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::wire::{NumericId, User};

/// The key of the property.
pub(super) const PROPERTY: &str = "casement";

/// Makes the value of the property.
pub(super) fn value_of(marker: &Marker) -> Value {
    match marker {
        Marker::Message { wamid, part } => json!({"wamid": wamid, "part": part}),
        Marker::Note(about) => json!({"note": about}),
    }
}

/// Whether a value of the property marks a comment as ours. Every value does that is not plainly
/// the delivery state of an agent's comment: our own comments are never sent.
pub(super) fn is_marker(value: &Value) -> bool {
    let is_delivery_state = value["v"].is_u64()
        && value["state"].is_string()
        && value["parts"].is_array()
        && value.get("wamid").is_none()
        && value.get("note").is_none();
    !is_delivery_state
}

/// One property of a comment.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Property {
    key: String,
    #[serde(default)]
    value: Value,
}

/// Returns the value of our property.
pub(super) fn marker_among(properties: &[Property]) -> Option<&Value> {
    let ours = properties.iter().find(|property| property.key == PROPERTY);
    ours.map(|property| &property.value)
}

/// A listed comment with its marker.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) id: NumericId,
    author: User,
    /// `None` if the site does not list properties.
    pub(super) properties: Option<Vec<Property>>,
}

impl Listed {
    /// Returns the comments by `author`. A comment that cannot be read is not ours.
    pub(super) fn by(author: &AccountId, comments: &[Value]) -> impl Iterator<Item = Self> {
        comments
            .iter()
            .filter_map(|comment| Self::deserialize(comment).ok())
            .filter(|listed| listed.author.account_id == author.as_str())
    }
}

#[cfg(test)]
mod tests {
    use casement_core::model::delivery_state::DeliveryState;
    use casement_core::model::identity::{ConversationKey, IssueId, PhoneNumberId, Wamid};
    use casement_core::model::ledger::{LedgerEntry, SentMessage};
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_marker_is_small_and_says_what_it_is_about() {
        let message = Marker::Message {
            wamid: Wamid::new("wamid.A"),
            part: 1,
        };
        assert_eq!(value_of(&message), json!({"wamid": "wamid.A", "part": 1}));
        let note = Marker::Note("failed:comment:7".to_owned());
        assert_eq!(value_of(&note), json!({"note": "failed:comment:7"}));
    }

    #[test]
    fn the_delivery_state_of_an_agents_comment_is_no_marker() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        let message = SentMessage::new(&conversation, &IssueId::new("10042"));
        let sent = LedgerEntry::claimed(message, DateTime::UNIX_EPOCH).settled();
        let state = json!(DeliveryState::of(&[(0, sent)].into()));
        let both = json!({"v": 1, "state": "sent", "parts": [], "note": "a"});
        for (value, expected) in [
            (&state, false),
            (&json!({"v": 2, "state": "sent", "parts": []}), false),
            (&both, true),
            (&json!({"v": 1, "parts": "all"}), true),
            (&json!({}), true),
            (&json!(null), true),
            (&value_of(&Marker::Note("a".to_owned())), true),
        ] {
            assert_eq!(is_marker(value), expected, "{value}");
        }
    }

    #[test]
    fn only_our_own_comments_are_looked_at() {
        let other = json!({"key": "other", "value": 1});
        let ours = json!({"key": "casement", "value": {"note": "a"}});
        let comments = [
            json!({"id": "1", "author": {"accountId": "us"}, "properties": [other, ours]}),
            json!({"id": "2", "author": {"accountId": "them"}, "properties": [ours]}),
            json!({"id": "3", "author": {"accountId": "us"}, "properties": []}),
            json!({"id": "4", "author": {"accountId": "us"}}),
            json!({"id": "5"}),
            json!(null),
        ];
        let us = AccountId::new("us");
        let listed = Listed::by(&us, &comments);
        let seen: Vec<_> = listed
            .map(|listed| {
                let properties = listed.properties;
                (
                    listed.id.0,
                    properties.map(|all| marker_among(&all).cloned()),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("1".to_owned(), Some(Some(json!({"note": "a"})))),
                ("3".to_owned(), Some(None)),
                ("4".to_owned(), None),
            ]
        );
    }
}

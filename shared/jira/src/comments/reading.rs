//! Combines what both of Jira's APIs say about a comment.
//!
//! Keeps every doubt: a field that is missing or has an undocumented type becomes `None` or
//! "restricted", and the decision in `casement-core` fails closed.

use casement_core::model::comment::{AccountType, Comment};
use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{AccountId, CommentId};
use casement_core::text::Site;
use serde::Deserialize;
use serde_json::Value;

use super::marker::{PROPERTY, is_marker};
use crate::wire::{instant, lenient_id};

/// A comment in Jira Service Management's API.
#[derive(Default, Deserialize)]
pub(super) struct ServiceDeskComment {
    #[serde(default)]
    public: Value,
}

/// A comment in the platform's API.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlatformComment {
    #[serde(default)]
    author: Value,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    created: Value,
    #[serde(default)]
    updated: Value,
    #[serde(default)]
    jsd_public: Value,
    #[serde(default)]
    visibility: Value,
    #[serde(default)]
    properties: Value,
    /// Not in the reference, but present on comments in a thread.
    #[serde(default)]
    parent_id: Value,
}

impl PlatformComment {
    /// Whether the platform alone says that the comment is not for the customer.
    pub(super) fn is_inside(&self) -> bool {
        self.jsd_public == false || !self.visibility.is_null() || has_our_marker(&self.properties)
    }
}

/// Joins both.
///
/// # Errors
/// [`CallFailure::Unknown`] without an author or a time: nothing is decided about a comment that
/// may be our own.
pub(super) fn comment(
    id: &CommentId,
    service_desk: &ServiceDeskComment,
    platform: PlatformComment,
    site: Site,
) -> Result<Comment, CallFailure> {
    let unreadable = CallFailure::Unknown(Side::Jira);
    let author = platform.author["accountId"].as_str();
    let author = author.filter(|account| !account.is_empty());
    let created = platform.created.as_str().and_then(instant);
    let (Some(author), Some(created)) = (author, created) else {
        return Err(unreadable);
    };
    Ok(Comment {
        id: id.clone(),
        author: AccountId::new(author),
        account_type: AccountType::of(platform.author["accountType"].as_str()),
        author_name: name_of(&platform.author).map(Into::into),
        parent: id_of(&platform.parent_id),
        public: service_desk.public.as_bool(),
        jsd_public: platform.jsd_public.as_bool(),
        restricted: !platform.visibility.is_null(),
        written_by_us: has_our_marker(&platform.properties),
        site: Some(site),
        created,
        updated: platform
            .updated
            .as_str()
            .and_then(instant)
            .unwrap_or(created),
        body: platform.body.into(),
    })
}

/// Returns the author's display name. Apps, such as Automation, have none.
fn name_of(author: &Value) -> Option<String> {
    let is_app = author["accountType"] == "app";
    let name = author["displayName"].as_str().filter(|_| !is_app)?;
    Some(name.to_owned())
}

/// Reads an id from a number, or from a number in quotes.
fn id_of(value: &Value) -> Option<CommentId> {
    let id = lenient_id(value).ok().flatten()?;
    Some(CommentId::new(id.0))
}

/// Returns what a note of ours is about, by its properties.
pub(crate) fn note_of(properties: &Value) -> Option<String> {
    let properties = properties.as_array().into_iter().flatten();
    let mut ours = properties.filter(|property| property["key"] == PROPERTY);
    let about = ours.find_map(|property| property["value"]["note"].as_str())?;
    Some(about.to_owned())
}

/// Whether the properties carry the mark of our own comments.
pub(crate) fn has_our_marker(properties: &Value) -> bool {
    let properties = properties.as_array().into_iter().flatten();
    properties
        .filter(|property| property["key"] == PROPERTY)
        .any(|property| is_marker(&property["value"]))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn joined(service_desk: &Value, changes: &Value) -> Result<Comment, CallFailure> {
        let mut platform = json!({
            "author": {"accountId": "712020:a", "accountType": "atlassian"},
            "body": {"version": 1, "type": "doc", "content": []},
            "created": "2026-10-22T12:00:00.000+0200",
            "updated": "2026-10-22T12:05:00.000+0200",
            "jsdPublic": true,
        });
        for (name, value) in changes.as_object().unwrap() {
            platform[name] = value.clone();
        }
        comment(
            &CommentId::new("10501"),
            &ServiceDeskComment::deserialize(service_desk).unwrap(),
            PlatformComment::deserialize(platform).unwrap(),
            Site::at("help.example".into()),
        )
    }

    #[test]
    fn an_agents_public_comment_is_read_whole() {
        let read = joined(&json!({"id": "10501", "public": true}), &json!({})).unwrap();
        let noon = DateTime::parse_from_rfc3339("2026-10-22T10:00:00Z").unwrap();
        assert_eq!(
            read,
            Comment {
                id: CommentId::new("10501"),
                author: AccountId::new("712020:a"),
                account_type: AccountType::Person,
                author_name: None,
                parent: None,
                public: Some(true),
                jsd_public: Some(true),
                restricted: false,
                written_by_us: false,
                site: Some(Site::at("help.example".into())),
                created: noon.to_utc(),
                updated: noon.to_utc() + chrono::Duration::minutes(5),
                body: json!({"version": 1, "type": "doc", "content": []}).into(),
            }
        );
    }

    #[test]
    fn doubts_stay_doubts() {
        let public = json!({"public": true});
        let role = json!({"type": "role", "value": "Administrators"});
        for (case, service_desk, changes, expected) in [
            // Expected: public, jsd_public, restricted, written_by_us.
            (
                "internal",
                json!({"public": false}),
                json!({}),
                (Some(false), Some(true), false, false),
            ),
            (
                "no public",
                json!({}),
                json!({}),
                (None, Some(true), false, false),
            ),
            (
                "public as text",
                json!({"public": "true"}),
                json!({}),
                (None, Some(true), false, false),
            ),
            (
                "no jsdPublic",
                public.clone(),
                json!({"jsdPublic": null}),
                (Some(true), None, false, false),
            ),
            (
                "both differ",
                public.clone(),
                json!({"jsdPublic": false}),
                (Some(true), Some(false), false, false),
            ),
            (
                "a role",
                public.clone(),
                json!({"visibility": role}),
                (Some(true), Some(true), true, false),
            ),
            (
                "an odd restriction",
                public.clone(),
                json!({"visibility": {}}),
                (Some(true), Some(true), true, false),
            ),
            (
                "no restriction",
                public.clone(),
                json!({"visibility": null}),
                (Some(true), Some(true), false, false),
            ),
            (
                "ours",
                public.clone(),
                json!({"properties": [{"key": "casement", "value": {}}]}),
                (Some(true), Some(true), false, true),
            ),
            (
                "an agent's that was delivered",
                public.clone(),
                json!({"properties": [{"key": "casement", "value":
                    {"v": 1, "state": "delivered", "parts": [{"state": "delivered"}]}}]}),
                (Some(true), Some(true), false, false),
            ),
            (
                "others'",
                public.clone(),
                json!({"properties": [{"key": "sd.public.comment", "value": {}}, 7]}),
                (Some(true), Some(true), false, false),
            ),
            (
                "odd properties",
                public.clone(),
                json!({"properties": "casement"}),
                (Some(true), Some(true), false, false),
            ),
        ] {
            let read = joined(&service_desk, &changes).unwrap();
            let seen = (
                read.public,
                read.jsd_public,
                read.restricted,
                read.written_by_us,
            );
            assert_eq!(seen, expected, "{case}");
        }
    }

    #[test]
    fn people_have_names_and_threads_have_parents() {
        for (changes, name, parent) in [
            (json!({}), None, None),
            (
                json!({"author": {"accountId": "a", "displayName": "Ben", "accountType": "atlassian"}}),
                Some("Ben"),
                None,
            ),
            (
                json!({"author": {"accountId": "a", "displayName": "Automation", "accountType": "app"}}),
                None,
                None,
            ),
            (json!({"parentId": 10500}), None, Some("10500")),
            (json!({"parentId": "10500"}), None, Some("10500")),
            (json!({"parentId": "../1"}), None, None),
        ] {
            let read = joined(&json!({"public": true}), &changes).unwrap();
            assert_eq!(read.author_name.as_deref(), name, "{changes}");
            assert_eq!(read.parent.as_ref().map(CommentId::as_str), parent);
        }
    }

    #[test]
    fn an_account_is_of_the_kind_that_jira_says() {
        for (kind, expected) in [
            (json!("atlassian"), AccountType::Person),
            (json!(null), AccountType::Person),
            (json!("app"), AccountType::App),
            (json!("customer"), AccountType::Customer),
            (json!("unknown"), AccountType::Customer),
        ] {
            let author = json!({"author": {"accountId": "a", "accountType": kind}});
            let read = joined(&json!({"public": true}), &author).unwrap();
            assert_eq!(read.account_type, expected, "{kind}");
        }
    }

    #[test]
    fn without_author_or_time_there_is_no_comment() {
        for changes in [
            json!({"author": null}),
            json!({"author": {"displayName": "Ben"}}),
            json!({"author": {"accountId": ""}}),
            json!({"created": null}),
            json!({"created": "today"}),
        ] {
            let read = joined(&json!({"public": true}), &changes);
            assert_eq!(read, Err(CallFailure::Unknown(Side::Jira)), "{changes}");
        }
        // A malformed time of the last edit does no harm.
        let read = joined(&json!({"public": true}), &json!({"updated": 5})).unwrap();
        assert_eq!(read.updated, read.created);
    }
}

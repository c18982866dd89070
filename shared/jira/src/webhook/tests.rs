use serde_json::json;

use casement_core::model::queue::CommentEvent;

use super::*;
use crate::fixtures::{corpus, fixture, signed};
use crate::signature::verify_token;
use secrecy::SecretString;

/// A hint in one line.
fn line(hint: &Hint) -> String {
    match hint {
        Hint::Ignored(reason) => reason.as_str().to_owned(),
        Hint::Comment { message, dedup_id } => {
            let (happened, issue, comment, author) = match message {
                OutboundQueueMessage::CommentCreated(CommentEvent {
                    issue_id,
                    comment_id,
                    author,
                    door: Some(Door::Webhook),
                }) => ("created", issue_id, comment_id, author),
                OutboundQueueMessage::CommentEdited(CommentEvent {
                    issue_id,
                    comment_id,
                    author,
                    door: Some(Door::Webhook),
                }) => ("edited", issue_id, comment_id, author),
                OutboundQueueMessage::CommentDeleted(CommentEvent {
                    issue_id,
                    comment_id,
                    author,
                    door: Some(Door::Webhook),
                }) => ("deleted", issue_id, comment_id, author),
                other => panic!("{other:?}"),
            };
            let author = author.as_ref().map_or("-", AccountId::as_str);
            let (issue, comment) = (issue.as_str(), comment.as_str());
            format!("{dedup_id} {happened} {issue} {comment} {author}")
        }
    }
}

#[test]
fn only_what_happens_to_a_comment_is_a_hint() {
    let whole = "comment:10501 created 10042 10501 712020:ben";
    for (name, expected) in [
        ("comment_created.json", whole),
        ("comment_created_without_issue.json", whole),
        ("comment_created_issue_is_null.json", whole),
        ("comment_created_numbers_and_adf.json", whole),
        ("comment_created_half_emoji.json", whole),
        (
            "comment_created_ids_in_address_only.json",
            "comment:10501 created 10042 10501 -",
        ),
        ("comment_created_without_any_issue.json", "no_issue"),
        ("comment_created_without_comment.json", "no_comment"),
        ("comment_created_without_comment_id.json", "no_comment"),
        (
            "comment_updated.json",
            "comment-edited:10501:1795162500250 edited 10042 10501 712020:ben",
        ),
        (
            "comment_deleted.json",
            "comment-deleted:10501 deleted 10042 10501 712020:ben",
        ),
        ("issue_updated.json", "other_event"),
        ("no_event.json", "other_event"),
    ] {
        let hint = parse(signed(&fixture(name))).unwrap();
        assert_eq!(line(&hint), expected, "{name}");
    }
}

fn parsed(event: &Value) -> Hint {
    let body = event.to_string();
    parse(signed(body.as_bytes())).unwrap()
}

#[test]
fn what_a_webhook_claims_about_visibility_changes_nothing() {
    let role = json!({"type": "role", "value": "Service Desk Team"});
    let group = json!({"type": "group", "value": "jira-users", "identifier": "9f2c"});
    for name in ["comment_created", "comment_updated", "comment_deleted"] {
        for account_type in [
            json!("atlassian"),
            json!("app"),
            json!("customer"),
            json!(null),
        ] {
            let event = |jsd_public: &Value, visibility: &Value| {
                json!({"webhookEvent": name, "timestamp": 5, "issue": {"id": "10042"},
                    "comment": {"id": "10501", "body": "between us", "jsdPublic": jsd_public,
                        "author": {"accountId": "a", "accountType": account_type},
                        "visibility": visibility}})
            };
            let plain = parsed(&event(&json!(null), &json!(null)));
            assert!(matches!(plain, Hint::Comment { .. }), "{name}");
            for jsd_public in [json!(true), json!(false), json!("true"), json!(null)] {
                for visibility in [&role, &group, &json!({}), &json!(null)] {
                    let hint = parsed(&event(&jsd_public, visibility));
                    assert_eq!(hint, plain, "{name} {jsd_public} {visibility}");
                }
            }
        }
    }
}

#[test]
fn two_edits_are_two_and_one_reported_twice_is_one() {
    let edit = |updated: Value, timestamp: Value| {
        let event = json!({"webhookEvent": "comment_updated", "timestamp": timestamp,
            "issue": {"id": 1}, "comment": {"id": 2, "updated": updated}});
        match parsed(&event) {
            Hint::Comment { dedup_id, .. } => dedup_id,
            Hint::Ignored(reason) => panic!("{reason:?}"),
        }
    };
    let nine = || json!("2026-11-20T09:00:00.001+0100");
    let ten = || json!("2026-11-20T10:00:00.001+0100");
    assert_eq!(edit(nine(), json!(1)), edit(nine(), json!(2)));
    assert_ne!(edit(nine(), json!(1)), edit(ten(), json!(1)));
    assert_ne!(edit(json!(null), json!(1)), edit(json!(null), json!(2)));
    assert_eq!(edit(json!("?"), json!("?")), "comment-edited:2:0");
}

fn shown(event: &Value) -> Hint {
    let token = SecretString::from("token-of-16-chars");
    let body = event.to_string();
    let verified = verify_token(body.as_bytes(), Some("token-of-16-chars"), &[token]);
    parse(verified.unwrap()).unwrap()
}

#[test]
fn what_a_token_claims_takes_nothings_place() {
    let deleted = json!({"webhookEvent": "comment_deleted", "issue": {"id": "1"},
        "comment": {"id": 2}});
    assert_eq!(shown(&deleted), Hint::Ignored(IgnoredHint::OtherEvent));
    for name in ["comment_created", "comment_updated"] {
        let event = json!({"webhookEvent": name, "issue": {"id": "1"},
            "comment": {"id": 2, "author": {"accountId": "own"}}});
        let (
            Hint::Comment { message, dedup_id },
            Hint::Comment {
                dedup_id: signed, ..
            },
        ) = (shown(&event), parsed(&event))
        else {
            panic!("{name}")
        };
        assert_ne!(dedup_id, signed, "{name}");
        assert_eq!(message.author(), None, "{name}: nobody's word");
        let elsewhere = json!({"webhookEvent": name, "issue": {"id": "9"}, "comment": {"id": 2}});
        let Hint::Comment {
            dedup_id: other, ..
        } = shown(&elsewhere)
        else {
            panic!("{name}")
        };
        assert_ne!(dedup_id, other, "{name}");
    }
}

#[test]
fn issue_data_of_a_rule_is_about_its_newest_comment() {
    let comments =
        |comments: Value| json!({"id": 10_042, "key": "SP-53", "fields": {"comment": comments}});
    let newest = json!({"comments": [{"id": "9"}, {"id": 10_501}, {"id": "10000"}]});
    let Hint::Comment { message, dedup_id } = shown(&comments(newest.clone())) else {
        panic!("a comment")
    };
    assert_eq!(dedup_id, "automation:10042:comment:10501");
    assert_eq!(message.group().as_str(), "10042");
    for (event, expected) in [
        (comments(json!({"comments": []})), IgnoredHint::NoComment),
        (comments(json!(null)), IgnoredHint::NoComment),
        (
            comments(json!({"comments": [{"id": "x"}, {}, 7]})),
            IgnoredHint::NoComment,
        ),
        (json!({"id": "no number"}), IgnoredHint::OtherEvent),
        (json!({}), IgnoredHint::OtherEvent),
    ] {
        assert_eq!(shown(&event), Hint::Ignored(expected), "{event}");
    }
    // Jira's own webhooks have no such form.
    assert_eq!(
        parsed(&comments(newest)),
        Hint::Ignored(IgnoredHint::OtherEvent)
    );
}

#[test]
fn what_is_no_webhook_is_an_error_that_quotes_nothing() {
    let deep = "[".repeat(10_000);
    for body in ["", "not json", "7", r#"{"comment":"text"}"#, &*deep] {
        assert_eq!(parse(signed(body.as_bytes())), Err(NotUnderstood), "{body}");
    }
}

#[test]
fn payloads_from_elsewhere_are_read_without_panic() {
    for (name, body) in corpus() {
        // Some are answers to calls and not webhooks, and some of those are lists.
        match parse(signed(&body)) {
            Ok(Hint::Comment { .. }) => assert!(name.contains("comment"), "{name}"),
            Ok(Hint::Ignored(_)) | Err(NotUnderstood) => {}
        }
    }
}

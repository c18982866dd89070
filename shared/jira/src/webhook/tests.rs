use super::*;
use crate::fixtures::{corpus, fixture, signed};

/// A hint in one line.
fn line(hint: &Hint) -> String {
    match hint {
        Hint::Ignored(reason) => reason.as_str().to_owned(),
        Hint::CommentCreated { message, dedup_id } => {
            let OutboundQueueMessage::CommentCreated {
                issue_id,
                comment_id,
                author,
            } = message
            else {
                panic!("{message:?}");
            };
            let author = author.as_ref().map_or("-", AccountId::as_str);
            let (issue, comment) = (issue_id.as_str(), comment_id.as_str());
            format!("{dedup_id} {issue} {comment} {author}")
        }
    }
}

#[test]
fn only_a_new_comment_is_a_hint() {
    let whole = "comment:10501 10042 10501 712020:ben";
    for (name, expected) in [
        ("comment_created.json", whole),
        ("comment_created_without_issue.json", whole),
        ("comment_created_issue_is_null.json", whole),
        ("comment_created_numbers_and_adf.json", whole),
        ("comment_created_half_emoji.json", whole),
        (
            "comment_created_ids_in_address_only.json",
            "comment:10501 10042 10501 -",
        ),
        ("comment_created_without_any_issue.json", "no_issue"),
        ("comment_created_without_comment.json", "no_comment"),
        ("comment_created_without_comment_id.json", "no_comment"),
        ("comment_updated.json", "other_event"),
        ("comment_deleted.json", "other_event"),
        ("issue_updated.json", "other_event"),
        ("no_event.json", "other_event"),
    ] {
        let hint = parse(signed(&fixture(name))).unwrap();
        assert_eq!(line(&hint), expected, "{name}");
    }
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
            Ok(Hint::CommentCreated { .. }) => assert!(name.contains("comment"), "{name}"),
            Ok(Hint::Ignored(_)) | Err(NotUnderstood) => {}
        }
    }
}

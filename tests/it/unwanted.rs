//! Messages that are not for Casement, or not from Meta: refused or left alone, counted, and never
//! quoted.

use std::collections::BTreeMap;

use casement_tests::jira::wamids_of;
use casement_tests::meta::{self, change, message, text, webhook, webhook_of};
use casement_tests::signing::{APP_SECRET, signature};
use casement_tests::{Stack, Tally};
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// The longest body that is accepted: 3 MiB and a little.
const LONGEST_BODY: usize = 3 * 1024 * 1024 + 64 * 1024;

/// A word that must never be logged.
const SECRET: &str = "Rumpelstiltskin";

/// Counts the functions' log lines with this message.
fn lines_with(stack: &Stack, message: &str) -> usize {
    let message = format!("\"message\":\"{message}\"");
    let log = stack.logged();
    log.lines().filter(|line| line.contains(&message)).count()
}

fn assert_quotes_nothing(stack: &Stack) {
    let log = stack.logged();
    for word in [SECRET, ANA, "wamid"] {
        let line = log.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{word} is in the log: {line:?}");
    }
}

/// Builds JSON of exactly this many bytes, with one message in it.
fn json_of(bytes: usize, wamid: &str) -> Vec<u8> {
    let mut body = webhook_of(vec![text(ANA, wamid, SECRET)])
        .to_string()
        .into_bytes();
    body.resize(bytes, b' ');
    body
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_and_the_next_one_is_taken() {
    let stack = Stack::start().await;
    let not_json = format!("{SECRET} is not JSON").into_bytes();
    let cut = webhook_of(vec![text(ANA, "wamid.CUT", SECRET)]).to_string();
    let cut = cut.as_bytes()[..cut.len() - 1].to_vec();
    let binary = [SECRET.as_bytes(), &[0xff, 0x00, 0xfe]].concat();
    let forged = json_of(2_000, "wamid.FORGED");
    for (body, by, status) in [
        (not_json, APP_SECRET, 200),
        (cut, APP_SECRET, 200),
        (binary, APP_SECRET, 200),
        (forged, "somebody else's secret", 401),
        (json_of(LONGEST_BODY, "wamid.LONGEST"), APP_SECRET, 200),
        (json_of(LONGEST_BODY + 1, "wamid.LONGER"), APP_SECRET, 413),
        // The body exceeds Lambda's limit: the function never sees it.
        (json_of(7_000_000, "wamid.HUGE"), APP_SECRET, 413),
    ] {
        let size = body.len();
        let signature = signature(by, &body);
        let (answered, said) = stack.somebody_posts(body, &signature).await;
        assert_eq!(answered, status, "{size} bytes: {said}");
        assert!(!said.contains(SECRET), "{said}");
    }
    let query = format!("hub.mode=subscribe&hub.challenge={SECRET}&hub.verify_token={SECRET}");
    let url = stack.url(&format!("/whatsapp?{query}"));
    let response = stack.client().get(url).send().await.unwrap();
    assert_eq!(response.status(), 403);
    stack
        .meta_posted(&webhook_of(vec![text(ANA, "wamid.NEXT", "hello")]))
        .await;
    stack.settle().await;

    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(wamids_of(&requests[0]), ["wamid.LONGEST", "wamid.NEXT"]);
    let tally = stack.tally(8).await;
    let answers = BTreeMap::from([(200, 5), (401, 1), (403, 1), (413, 1)]);
    assert_eq!((tally.answers, tally.taken), (answers, [2, 0, 0, 0, 0]));
    for (line, count) in [
        ("a webhook that is not JSON was left alone", 3),
        ("a webhook with a wrong signature was refused", 1),
        ("a subscription with a wrong token was refused", 1),
        ("a request was refused unread", 1),
    ] {
        assert_eq!(lines_with(&stack, line), count, "{line}");
    }
    assert_quotes_nothing(&stack);
}

/// Builds everything around a customer's message that Casement ignores.
fn unwanted() -> Value {
    let words = json!({"body": SECRET});
    let in_group = json!({"type": "text", "text": words, "group_id": "group-1"});
    let field = |field: &str, value: Value| json!({"field": field, "value": value});
    webhook(vec![
        change(json!({"messages": [
            message(ANA, "wamid.G1", in_group.clone()),
            message(ANA, "wamid.W1", json!({"type": "request_welcome"})),
            text(ANA, "wamid.WANTED", "hello"),
            message(ANA, "wamid.G2", in_group),
        ]})),
        change(json!({"errors": [{"code": 130_429, "title": SECRET}]})),
        field(
            "smb_message_echoes",
            json!({"message_echoes": [
                text(ANA, "wamid.E1", SECRET), text(ANA, "wamid.E2", SECRET)]}),
        ),
        field(
            "message_echoes",
            json!({"message_echoes": [text(ANA, "wamid.E3", SECRET)]}),
        ),
        field(
            "calls",
            json!({"calls": [{"id": "wacid.1", "from": ANA, "event": "connect"}]}),
        ),
        field(
            "history",
            json!({"history": [{"threads": [{"messages": [text(ANA, "wamid.H", SECRET)]}]}]}),
        ),
        field("account_update", json!({"event": SECRET})),
        field(SECRET, json!({"messages": [text(ANA, "wamid.U", SECRET)]})),
        field(
            "group_lifecycle_update",
            json!({"groups": [{"subject": SECRET}]}),
        ),
    ])
}

#[tokio::test]
async fn what_is_not_for_us_is_counted_and_left_alone() {
    let stack = Stack::start().await;
    stack.meta_posted(&unwanted()).await;
    let page = json!({"object": "page", "entry": [{"messaging": [{"message": {"text": SECRET}}]}]});
    stack.meta_posted(&page).await;
    stack.settle().await;
    let skipped = [
        ("group", 2),
        ("no_number", 1),
        ("no_sender", 3),
        ("number_error", 1),
        ("other_field", 3),
        ("other_object", 1),
        ("welcome", 1),
    ];
    let expected = Tally {
        answers: BTreeMap::from([(200, 2)]),
        taken: [1, 0, 0, 0, 1],
        skipped: skipped
            .map(|(reason, count)| (reason.to_owned(), count))
            .into(),
        ended: BTreeMap::from([
            (("customer_message".to_owned(), "received".to_owned()), 1),
            (("account_event".to_owned(), "other_account".to_owned()), 1),
        ]),
    };
    assert_eq!(stack.tally(2).await, expected);
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(wamids_of(&requests[0]), ["wamid.WANTED"]);
    assert_quotes_nothing(&stack);
}

#[tokio::test]
async fn another_programs_data_in_a_status_stays_out_of_the_log() {
    let stack = Stack::start().await;
    let statuses = [SECRET.to_owned(), format!("comment:{SECRET} Smith/0")].map(|data| {
        json!({"id": "wamid.THEIRS", "status": "delivered", "timestamp": meta::now(),
            "biz_opaque_callback_data": data})
    });
    stack
        .meta_posted(&webhook(vec![change(json!({"statuses": statuses}))]))
        .await;
    stack.settle().await;
    assert_eq!(stack.tally(1).await.ended_as("status", "not_ours"), 2);
    assert_quotes_nothing(&stack);
}

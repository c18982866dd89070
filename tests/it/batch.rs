//! Webhooks as large as Meta may send.

use std::collections::BTreeMap;

use casement_tests::jira::wamids_of;
use casement_tests::meta::{self, escaped, message, text, webhook};
use casement_tests::{Stack, Tally};
use reqwest::Method;
use serde_json::{Value, json};

const CUSTOMERS: usize = 200;

/// Meta's limit, in bytes (Cloud API, "Webhooks": up to 3 MB).
const THREE_MEGABYTES: usize = 3_000_000;

fn phone(customer: usize) -> String {
    format!("4915110{customer:06}")
}

/// Builds the body's messages. Every hundred has a message in a group, one without an id, and a
/// repetition of an earlier one. Eight in a row are so long that one call to SQS takes only six.
fn messages() -> Vec<Value> {
    let ordinary = "My order has not come yet. Käse – naïve – 🚲 ".repeat(21);
    let long = "A long story. ".repeat(10_700);
    let mut messages: Vec<Value> = Vec::new();
    for n in 0..1_000 {
        let (phone, wamid) = (phone(n % CUSTOMERS), format!("wamid.N{n:04}"));
        messages.push(match n % 100 {
            7 => {
                let content =
                    json!({"type": "text", "text": {"body": "all"}, "group_id": "group-1"});
                message(&phone, &wamid, content)
            }
            8 => message(
                &phone,
                "",
                json!({"type": "text", "text": {"body": "lost"}}),
            ),
            9 => messages[n - 3].clone(),
            10 => {
                let photo = json!({"type": "image", "image": {"id": "77", "caption": ordinary}});
                message(&phone, &wamid, photo)
            }
            18..26 if n / 100 == 5 => text(&phone, &wamid, &long),
            _ => text(&phone, &wamid, &ordinary),
        });
    }
    messages
}

fn statuses(change: usize) -> Vec<Value> {
    let status = |n: usize| {
        json!({"id": format!("wamid.OURS{change}-{n}"), "status": "delivered",
            "timestamp": meta::now(), "recipient_id": phone(n)})
    };
    (0..10).map(status).collect()
}

/// Builds a body of ten changes, each with its share of the messages and with statuses.
fn body(messages: &[Value]) -> Value {
    let changes = messages.chunks(100).enumerate();
    let changes = changes.map(|(index, messages)| {
        meta::change(json!({"messages": messages, "statuses": statuses(index)}))
    });
    webhook(changes.collect())
}

/// Returns the ids that each customer's request must show, by phone number.
fn expected(messages: &[Value]) -> BTreeMap<String, Vec<&str>> {
    let mut expected: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (n, message) in messages.iter().enumerate() {
        if !(7..=9).contains(&(n % 100)) {
            let of_customer = expected.entry(phone(n % CUSTOMERS)).or_default();
            of_customer.push(message["id"].as_str().unwrap());
        }
    }
    expected
}

#[tokio::test]
async fn a_thousand_messages_in_one_post_are_all_in_jira() {
    let stack = Stack::start().await;
    let messages = messages();
    let body = escaped(&body(&messages)).into_bytes();
    let size = body.len();
    assert!(
        (THREE_MEGABYTES * 9 / 10..=THREE_MEGABYTES).contains(&size),
        "{size}"
    );
    // The workers hang meanwhile, so that the webhook function has enough time on a slow machine.
    stack
        .fault(json!({"target": "dynamodb", "kind": "hang"}))
        .await;
    assert_eq!(stack.meta_posts_bytes(body).await, (200, String::new()));
    stack.fair_weather().await;
    assert_eq!(calls_of_the_webhook(&stack).await, [200; 108]);
    stack.settle().await;

    let counted = Tally {
        answers: BTreeMap::from([(200, 1)]),
        taken: [970, 0, 100, 0, 0],
        skipped: [("group", 10), ("no_id", 10), ("repeated", 10)]
            .map(|(reason, count)| (reason.to_owned(), count))
            .into(),
        ended: [
            ("customer_message", "received", 970),
            ("status", "not_ours", 100),
        ]
        .map(|(kind, outcome, count)| ((kind.to_owned(), outcome.to_owned()), count))
        .into(),
    };
    let mut tally = stack.tally(1).await;
    // A worker that was cut off while hanging finds its own work on the second attempt.
    let outcome = |name: &str| ("customer_message".to_owned(), name.to_owned());
    if let Some(again) = tally.ended.remove(&outcome("duplicate")) {
        *tally.ended.entry(outcome("received")).or_default() += again;
    }
    assert_eq!(tally, counted);
    assert_eq!(stack.state().await["dead_letters"], json!([]));

    let expected = expected(&messages);
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), expected.len());
    for request in &requests {
        let summary = request["summary"].as_str().unwrap();
        let (_, phone) = summary.rsplit_once("(+").unwrap();
        let phone = phone.trim_end_matches(')');
        assert_eq!(wamids_of(request), expected[phone], "{summary}");
    }
}

/// Returns the statuses of the webhook's calls to SQS. Of 970 messages, 500 are in calls of ten,
/// six long ones in a call of their own, and the others in calls of ten again; 100 statuses are ten
/// calls.
async fn calls_of_the_webhook(stack: &Stack) -> Vec<u64> {
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap().iter();
    let sending = calls.filter(|call| {
        call["function"] == "whatsapp-webhook" && call["operation"] == "SendMessageBatch"
    });
    sending
        .map(|call| call["status"].as_u64().unwrap())
        .collect()
}

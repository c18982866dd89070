//! Every known webhook, through the whole pipeline.

use std::collections::BTreeSet;
use std::fmt::Write;

use casement_tests::corpus::{Sample, fixtures, from_elsewhere, items_of, numbers_of, personal};
use casement_tests::jira::wamids_of;
use casement_tests::{Stack, Tally};
use reqwest::Method;
use serde_json::json;

/// The reasons for skipping single messages and statuses in a webhook.
const REASONS: [&str; 11] = [
    "unknown_status",
    "no_id",
    "no_sender",
    "no_number",
    "group",
    "welcome",
    "repeated",
    "business_call",
    "unknown_call",
    "unknown_handover",
    "standby_status",
];

/// Starts a stack that serves `numbers` and leaves `others` to somebody else.
async fn stack_for(numbers: &BTreeSet<String>, others: &BTreeSet<String>) -> Stack {
    let mut settings = format!("other_numbers = {}\n", json!(others));
    for number in numbers {
        writeln!(
            settings,
            "[[number]]\nphone_number_id = {}\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n\
             reference_field = \"description\"\ndelay_after = \"30m\"",
            json!(number)
        )
        .unwrap();
    }
    let stack = Stack::start().await;
    let request = stack.client().put(stack.url("/api/settings"));
    let response = request.body(settings).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    // Our own messages about missing files would otherwise add to the counts.
    let silent = json!({"statuses": "none", "window_error": "off"});
    stack
        .api(Method::POST, "/api/whatsapp/options", silent)
        .await;
    stack
}

/// Posts all bodies, waits until everything has settled, and counts.
async fn tally_of(stack: &Stack, samples: &[Sample]) -> Tally {
    for sample in samples {
        let answer = stack.meta_posts(&sample.body).await;
        assert_eq!(answer, (200, String::new()), "{}", sample.name);
    }
    stack.settle().await;
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let tally = stack.tally(samples.len()).await;
    // Each item was taken, or left alone for a reason. Everything taken has ended.
    let received: Vec<_> = samples
        .iter()
        .flat_map(|sample| items_of(&sample.body))
        .collect();
    let left_alone: usize = REASONS
        .iter()
        .filter_map(|reason| tally.skipped.get(*reason))
        .sum();
    let unreadable = received.iter().filter(|item| !item.is_object()).count();
    let [messages, changes, statuses, templates, accounts] = tally.taken;
    assert_eq!(
        messages + changes + statuses + left_alone + unreadable,
        received.len(),
        "{tally:#?}"
    );
    assert_eq!(tally.ended_of("customer_message"), messages, "{tally:#?}");
    assert_eq!(tally.ended_of("identity_change"), changes, "{tally:#?}");
    assert_eq!(tally.ended_of("status"), statuses, "{tally:#?}");
    assert_eq!(tally.ended_of("template_change"), templates, "{tally:#?}");
    assert_eq!(tally.ended_of("account_event"), accounts, "{tally:#?}");
    assert_quotes_nobody(stack, samples);
    tally
}

/// Asserts that every message is in exactly one request, or has ended for a known reason.
async fn assert_all_in_jira(samples: &[Sample]) {
    let stack = stack_for(&numbers_of(samples), &BTreeSet::new()).await;
    let tally = tally_of(&stack, samples).await;
    let requests = stack.whole_requests().await;
    let shown: Vec<_> = requests.iter().flat_map(wamids_of).collect();
    let distinct: BTreeSet<_> = shown.iter().collect();
    assert_eq!(shown.len(), distinct.len(), "a message is in two places");
    let in_jira = tally.ended_as("customer_message", "received");
    let nowhere = ["no_request", "quiet"].map(|why| tally.ended_as("customer_message", why));
    assert_eq!(shown.len(), in_jira);
    assert_eq!(
        in_jira + nowhere.iter().sum::<usize>(),
        tally.taken[0],
        "{tally:#?}"
    );
}

fn assert_quotes_nobody(stack: &Stack, samples: &[Sample]) {
    let log = stack.logged();
    for sample in samples {
        for words in personal(&sample.body) {
            let line = log.lines().find(|line| line.contains(&words));
            assert!(
                line.is_none(),
                "{}: {words} is in the log: {line:?}",
                sample.name
            );
        }
    }
}

#[tokio::test]
async fn every_fixture_is_in_jira_or_counted() {
    assert_all_in_jira(&fixtures()).await;
}

#[tokio::test]
async fn every_payload_from_elsewhere_is_in_jira_or_counted() {
    let samples = from_elsewhere();
    if !samples.is_empty() {
        assert_all_in_jira(&samples).await;
    }
}

#[tokio::test]
async fn messages_to_numbers_of_others_are_counted_and_left_alone() {
    let mut samples = fixtures();
    samples.extend(from_elsewhere());
    let ours = BTreeSet::from(["1".to_owned()]);
    let others = numbers_of(&samples).difference(&ours).cloned().collect();
    let stack = stack_for(&ours, &others).await;
    let tally = tally_of(&stack, &samples).await;
    let [messages, changes, ..] = tally.taken;
    assert!(messages > 0 && changes > 0, "{tally:#?}");
    assert_eq!(tally.ended_as("customer_message", "other_number"), messages);
    assert_eq!(tally.ended_as("identity_change", "other_number"), changes);
    assert!(stack.requests().await.is_empty());
}

//! Fields far longer than WhatsApp's: neither their own message nor another one is lost.

use casement_tests::Stack;
use casement_tests::jira::{comments_of, literal_text, wamids_of};
use casement_tests::meta::{self, change, message, text, webhook};
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";
const CEM: &str = "4915100000001";

fn request_of<'a>(requests: &'a [Value], phone: &str) -> &'a Value {
    let theirs = |request: &&Value| request["summary"].as_str().unwrap().contains(phone);
    requests.iter().find(theirs).unwrap()
}

#[tokio::test]
async fn a_message_that_no_queue_takes_is_shown_as_a_placeholder() {
    let stack = Stack::start().await;
    let huge = "far too long ".repeat(100_000);
    let advertised = json!({"type": "text", "text": {"body": "from an ad"},
        "referral": {"headline": huge, "source_type": "ad"}});
    let messages = [
        text(ANA, "wamid.1", "before"),
        text(ANA, "wamid.2", &huge),
        text(ANA, "wamid.3", "after"),
        message(BEN, "wamid.4", advertised),
    ];
    let statuses = [json!({"id": "wamid.OURS", "status": "sent", "timestamp": meta::now()})];
    let body = webhook(vec![change(
        json!({"messages": messages, "statuses": statuses}),
    )]);
    stack.meta_posted(&body).await;
    stack.settle().await;
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 2);
    let [first, placeholder, last] = comments_of(request_of(&requests, ANA))[..] else {
        panic!("{requests:#?}");
    };
    assert_eq!(literal_text(&first["adf"]), "before");
    assert_eq!(
        literal_text(&placeholder["adf"]),
        "[The customer sent a message of type text, which is not shown here.]"
    );
    assert_eq!(literal_text(&last["adf"]), "after");
    assert_eq!(wamids_of(request_of(&requests, BEN)), ["wamid.4"]);
    let tally = stack.tally(1).await;
    assert_eq!(tally.taken, [4, 0, 1, 0, 0]);
    assert_eq!(tally.ended_as("customer_message", "received"), 4);
}

#[tokio::test]
async fn names_and_ids_beyond_all_measure_harm_nothing() {
    let stack = Stack::start().await;
    let long = |what: &str| format!("{what}{}", "x".repeat(500_000));
    let messages = [
        text(ANA, "wamid.1", "by somebody with a long name"),
        text(BEN, &long("wamid.2"), "with a long id"),
        text(BEN, &long("wamid.3"), "with another long id"),
        message(
            CEM,
            "wamid.4",
            json!({"type": "text", "text": {"body": "an answer"}, "context": {"id": long("wamid.5")}}),
        ),
    ];
    let renamed = json!({"from": CEM, "id": long("wamid.6"), "timestamp": meta::now(),
        "type": "system", "system": {"type": "user_changed_number", "wa_id": "4915100000002"}});
    let statuses = [
        json!({"id": long("wamid.7"), "status": "sent", "timestamp": meta::now()}),
        json!({"id": "wamid.8", "status": "sent", "timestamp": meta::now(),
            "biz_opaque_callback_data": format!("{}/0", long("comment:"))}),
    ];
    let contacts = json!([{"wa_id": ANA, "profile": {"name": long("Ana ")}}]);
    for lists in [
        json!({"messages": messages, "contacts": contacts}),
        json!({"messages": [renamed], "statuses": statuses}),
    ] {
        stack.meta_posted(&webhook(vec![change(lists)])).await;
        stack.settle().await;
    }
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let tally = stack.tally(2).await;
    assert_eq!(tally.taken, [4, 1, 2, 0, 0]);
    assert_eq!(tally.ended_as("customer_message", "received"), 4);
    assert_eq!(tally.ended_as("identity_change", "identity_changed"), 1);
    assert_eq!(tally.ended_as("status", "not_ours"), 2);

    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 3);
    let summary = request_of(&requests, ANA)["summary"].as_str().unwrap();
    assert!(
        summary.starts_with("by somebody with a long name (Ana xxx"),
        "{summary}"
    );
    assert_eq!(
        wamids_of(request_of(&requests, BEN)).len(),
        2,
        "two ids, two messages"
    );
}

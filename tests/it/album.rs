//! Albums and bursts: many messages of one customer at once.

use casement_tests::Stack;
use casement_tests::jira::{comments_of, wamids_of};
use casement_tests::meta::{message, text, webhook_of};
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";

fn wamid(phone: &str, n: usize) -> String {
    format!("wamid.{}-{n}", if phone == ANA { "ANA" } else { "BEN" })
}

/// Builds ten messages: every third one a text, the others photos and videos.
fn album(phone: &str) -> Vec<Value> {
    let item = |n: usize| {
        let wamid = wamid(phone, n);
        match n % 3 {
            0 => text(phone, &wamid, &format!("number {n}")),
            1 => message(
                phone,
                &wamid,
                json!({"type": "image", "image": {"id": n.to_string(), "caption": format!("number {n}")}}),
            ),
            _ => message(
                phone,
                &wamid,
                json!({"type": "video", "video": {"id": n.to_string(), "caption": format!("number {n}")}}),
            ),
        }
    };
    (0..10).map(item).collect()
}

/// Asserts that a request shows an album in order, with a comment for each message.
fn assert_in_order(request: &Value, phone: &str) {
    let expected: Vec<_> = (0..10).map(|n| wamid(phone, n)).collect();
    assert_eq!(wamids_of(request), expected);
    let comments = comments_of(request);
    assert_eq!(comments.len(), 10, "one comment for each");
    for (n, comment) in comments.into_iter().enumerate() {
        let text = comment["text"].as_str().unwrap();
        assert!(text.contains(&format!("number {n}")), "{text}");
    }
}

#[tokio::test]
async fn an_album_keeps_its_order_in_one_post_and_in_several() {
    let stack = Stack::start().await;
    stack.meta_posted(&webhook_of(album(ANA))).await;
    for part in album(BEN).chunks(4) {
        stack.meta_posted(&webhook_of(part.to_vec())).await;
    }
    stack.settle().await;
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 2);
    for phone in [ANA, BEN] {
        let theirs = |request: &&Value| request["summary"].as_str().unwrap().contains(phone);
        assert_in_order(requests.iter().find(theirs).unwrap(), phone);
    }
}

#[tokio::test]
async fn two_albums_in_one_post_do_not_mix() {
    let stack = Stack::start().await;
    let both = album(ANA).into_iter().zip(album(BEN));
    let mixed = both.flat_map(|(one, other)| [one, other]).collect();
    stack.meta_posted(&webhook_of(mixed)).await;
    stack.settle().await;
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 2);
    for phone in [ANA, BEN] {
        let theirs = |request: &&Value| request["summary"].as_str().unwrap().contains(phone);
        assert_in_order(requests.iter().find(theirs).unwrap(), phone);
    }
}

/// Sends more than Jira takes for one request in two seconds (Atlassian, "Rate limiting").
#[tokio::test]
async fn a_burst_that_jira_slows_down_keeps_its_order() {
    let stack = Stack::start().await;
    let wamids: Vec<_> = (0..50).map(|n| format!("wamid.{n}")).collect();
    let texts = wamids
        .iter()
        .map(|wamid| text(ANA, wamid, &format!("this is {wamid}")));
    stack.meta_posted(&webhook_of(texts.collect())).await;
    stack.settle().await;
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(wamids_of(&requests[0]), wamids);
    assert_eq!(comments_of(&requests[0]).len(), wamids.len());
}

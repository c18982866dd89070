//! Parts that a reply cannot carry leave a substitute, or one note lists what is missing.

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const SITE: &str = "https://casement-local.atlassian.net";

fn text(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

fn card(path: &str) -> Value {
    json!({"type": "inlineCard", "attrs": {"url": format!("{SITE}{path}")}})
}

fn paragraph(content: &[Value]) -> Value {
    json!({"type": "paragraph", "content": content})
}

/// Replies as an agent with these blocks. Returns the customer's new messages and the new notes.
async fn replied(stack: &Stack, key: &str, blocks: &[Value]) -> (Vec<String>, Vec<String>) {
    let got = stack.received(ANA).await.len();
    let told = stack.request().await.internal().len();
    let document = json!({"type": "doc", "version": 1, "content": blocks});
    let comment = json!({"adf": document, "public": true, "author": "agent"});
    let path = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &path, comment).await;
    stack.done().await;
    let request = stack.request().await;
    let notes = request.internal().split_off(told);
    let received = stack.received(ANA).await.split_off(got);
    (received, notes.into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn an_issue_that_an_editor_made_a_card_of_leaves_its_key() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let merged = [
        text("merged into "),
        card("/browse/SUP-1"),
        text(", please write there"),
    ];
    let new = [text("Your new request is "), card("/browse/SUP-2")];
    for (content, expected) in [
        (&merged[..], "merged into SUP-1, please write there"),
        (&new[..], "Your new request is SUP-2"),
    ] {
        let (received, notes) = replied(&stack, &key, &[paragraph(content)]).await;
        assert_eq!(received, [expected]);
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[tokio::test]
async fn one_note_says_which_links_to_the_inside_were_left_out() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let page = card("/wiki/spaces/OPS/pages/123/Runbook");
    let board = card("/jira/software/projects/SUP/boards/7");
    let one = paragraph(&[
        text("As written in "),
        page.clone(),
        text(", it takes a day."),
    ]);
    let several = [
        paragraph(&[text("See "), page, text(" and "), board.clone()]),
        paragraph(&[text("and "), card("/browse/SUP-3"), text(" too")]),
        json!({"type": "blockCard", "attrs": board["attrs"]}),
    ];
    for (blocks, words, count) in [
        (
            &[one][..],
            &["As written in", ", it takes a day."][..],
            "a link to the inside of Jira",
        ),
        (
            &several,
            &["See", "and SUP-3 too"],
            "3 links to the inside of Jira",
        ),
    ] {
        let (received, notes) = replied(&stack, &key, blocks).await;
        let [received] = &received[..] else {
            panic!("{received:?}")
        };
        assert!(!received.contains("atlassian.net"), "{received}");
        for part in words {
            assert!(received.contains(part), "{part}: {received}");
        }
        let [note] = &notes[..] else {
            panic!("one note: {notes:#?}")
        };
        let expected = format!("{count}: customers have no access there.");
        assert!(note.contains(&expected), "{note}");
    }
}

/// A reply that lacks several kinds still gets one note, which names each kind once.
#[tokio::test]
async fn one_note_says_all_that_was_left_out() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let file = json!({"type": "text", "text": "our drive",
        "marks": [{"type": "link", "attrs": {"href": "file:///share/plan.txt"}}]});
    let app = json!({"type": "extension", "attrs":
        {"extensionType": "com.example.app", "extensionKey": "chart"}});
    let blocks = [
        paragraph(&[text("See "), card("/wiki/spaces/OPS"), text(" and "), file]),
        app,
        paragraph(&[text("That is all.")]),
    ];
    let (received, notes) = replied(&stack, &key, &blocks).await;
    let [received] = &received[..] else {
        panic!("{received:?}")
    };
    for part in ["See", "our drive", "That is all."] {
        assert!(received.contains(part), "{part}: {received}");
    }
    let [note] = &notes[..] else {
        panic!("one note: {notes:#?}")
    };
    for part in [
        "a link to the inside of Jira: customers have no access there",
        "a link: a phone cannot follow it",
        "a part of the comment: it has no text that WhatsApp could carry",
    ] {
        assert!(note.contains(part), "{part}: {note}");
    }
}

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ANA: &str = "4915112345678";
const PHOTO: (&str, &str, &[u8]) = (
    "IMG 1.jpg",
    "image/jpeg",
    b"\xff\xd8\xff not much of a photo",
);
const OFFER: (&str, &str, &[u8]) = ("../Offer!|.pdf", "application/pdf", b"%PDF-1.7 our offer");

/// The largest file that WhatsApp delivers, in bytes.
const LARGEST: u64 = 100 * 1024 * 1024;

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// Returns the kind of the last block, and the name of the file in it.
fn file_shown(adf: &Value) -> (&str, &str) {
    let block = adf["content"].as_array().unwrap().last().unwrap();
    let name = block["content"][0]["attrs"]["alt"].as_str();
    (block["type"].as_str().unwrap(), name.unwrap_or_default())
}

async fn jira(stack: &Stack, options: Value) {
    stack.api(Method::POST, "/api/jira/options", options).await;
}

#[tokio::test]
async fn files_arrive_whole_and_are_shown_where_they_were_sent() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    stack
        .customer_sends_file(ANA, PHOTO, Some("the wheel"))
        .await;
    stack.customer_sends_file(ANA, OFFER, None).await;
    stack.done().await;
    let request = stack.request().await;
    let files = stack.attachments(&request.key).await;
    for (file, (_, mime_type, content)) in files.iter().zip([PHOTO, OFFER]) {
        assert_eq!(file.mime_type, mime_type);
        assert_eq!(file.sha256, sha256(content), "{}", file.name);
    }
    let [photo, offer] = &files[..] else {
        panic!("{files:?}")
    };
    assert!(photo.name.starts_with("photo-") && photo.name.ends_with(".jpg"));
    assert!(offer.name.starts_with("Offer__-") && offer.name.ends_with(".pdf"));
    let comments = stack.comments_as_adf(&request.key).await;
    assert_eq!(file_shown(&comments[1]), ("mediaSingle", &*photo.name));
    assert_eq!(file_shown(&comments[2]), ("mediaGroup", &*offer.name));
    assert!(request.public()[1].contains("the wheel"));
    assert!(request.internal().is_empty(), "{request:?}");
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_a_file_arrives_once() {
    let stack = Stack::start().await;
    for (index, fault) in [
        json!({"target": "whatsapp", "match": "GET media", "kind": "status", "status": 500}),
        json!({"target": "whatsapp", "match": "GET media-file", "kind": "status", "status": 404}),
        json!({"target": "whatsapp", "match": "GET media-file", "kind": "truncate"}),
        json!({"target": "jira", "match": "/attachments", "kind": "refuse"}),
        json!({"target": "jira", "match": "/attachments", "kind": "status_after", "status": 502}),
        json!({"target": "jira", "match": "/attachments", "kind": "cut_after"}),
        json!({"target": "jira", "match": "/attachments", "kind": "kill_after"}),
        json!({"target": "jira", "match": "/attachment/content", "kind": "status", "status": 503}),
        json!({"target": "jira", "match": "/comment", "kind": "cut_after"}),
    ]
    .into_iter()
    .enumerate()
    {
        let phone = format!("49151000000{index:02}");
        let mut once = fault.clone();
        once["count"] = json!(1);
        stack.fault(once).await;
        let name = format!("photo {index}.jpg");
        let photo = (&*name, "image/jpeg", name.as_bytes());
        stack.customer_sends_file(&phone, photo, None).await;
        stack.settle().await;
        let request = stack.requests().await.pop().unwrap();
        let files = stack.attachments(&request.key).await;
        assert_eq!(files.len(), 1, "{fault}: {files:?}");
        assert_eq!(files[0].sha256, sha256(name.as_bytes()), "{fault}");
        assert_eq!(request.public().len(), 1, "{fault}: {request:?}");
        let comments = stack.comments_as_adf(&request.key).await;
        assert_eq!(file_shown(&comments[0]), ("mediaSingle", &*files[0].name));
        stack.fair_weather().await;
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_stored_is_said_and_its_caption_arrives() {
    let stack = Stack::start().await;
    let elsewhere = json!({"url": "https://evil.example/x", "mime_type": "image/jpeg"});
    let no_such = json!({"error": {"message": "Unsupported get request.", "code": 100}});
    for (index, (options, fault, says)) in [
        (json!({"upload_limit": 10}), None, "larger than"),
        (json!({"attachments_enabled": false}), None, "switched off"),
        (
            json!({}),
            Some(json!({"match": "GET media", "status": 400, "body": no_such})),
            "no longer has it",
        ),
        (
            json!({}),
            Some(json!({"match": "GET media", "status": 200, "body": elsewhere})),
            "not one of WhatsApp's own",
        ),
        (
            json!({}),
            Some(json!({"match": "GET media-file", "status": 403})),
            "asked several times",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        // The limit is asked for once in the life of a function, so each case gets a fresh site.
        stack.api(Method::POST, "/api/reset", Value::Null).await;
        jira(&stack, options).await;
        if let Some(mut fault) = fault {
            fault["target"] = json!("whatsapp");
            fault["kind"] = json!("status");
            stack.fault(fault).await;
        }
        let phone = format!("4915100000{index:03}");
        stack
            .customer_sends_file(&phone, PHOTO, Some("the wheel"))
            .await;
        stack.settle().await;
        let request = stack.requests().await.pop().unwrap();
        assert!(stack.attachments(&request.key).await.is_empty(), "{says}");
        let [comment] = request.public()[..] else {
            panic!("{says}: {request:?}")
        };
        assert!(
            comment.contains("the wheel") && comment.contains(says),
            "{comment}"
        );
        let notes = request.internal();
        assert!(notes.iter().any(|note| note.contains(says)), "{notes:?}");
        assert!(!stack.logged().contains("evil.example"));
    }
}

#[tokio::test]
async fn customers_learn_that_a_file_is_too_large_for_whatsapp() {
    let stack = Stack::start().await;
    for _ in 0..2 {
        assert_eq!(stack.customer_sends_video(ANA, LARGEST + 1).await, 200);
    }
    stack.done().await;
    let request = stack.request().await;
    assert_eq!(request.public().len(), 2);
    assert!(request.public()[0].contains("larger than 100 MB"));
    let told = stack.received(ANA).await;
    assert_eq!(told.len(), 1, "once in a wait: {told:?}");
    assert!(told[0].contains("did not reach us"));
    let [note] = request.internal()[..] else {
        panic!("{request:?}")
    };
    assert!(note.contains(&told[0]), "{note}");
}

#[tokio::test]
async fn an_answer_quotes_what_it_answers() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    stack
        .agent_wrote(&key, "Is it the wheel?\nOr the brake?")
        .await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let ours = chat[1]["wamid"].clone();
    for message in [
        json!({"type": "text", "text": {"body": "Yes"}, "context": {"from": "1", "id": ours}}),
        json!({"type": "reaction", "reaction": {"message_id": ours, "emoji": "👍"}}),
    ] {
        stack.api(Method::POST, &path, message).await;
        stack.done().await;
    }
    let request = stack.request().await;
    let public = request.public();
    assert!(
        public[2].contains("Is it the wheel?") && public[2].contains("Yes"),
        "{public:?}"
    );
    assert!(
        public[3].contains("Reacted 👍 to: Is it the wheel?"),
        "{public:?}"
    );
}

/// Files are streamed: the function never holds a whole file in memory.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_largest_file_takes_little_memory() {
    let stack = Stack::start().await;
    assert_eq!(stack.customer_sends_video(ANA, LARGEST).await, 200);
    stack.done().await;
    let key = stack.request().await.key;
    let files = stack.attachments(&key).await;
    assert_eq!(files[0].size, LARGEST);
    let peak = stack.peak_memory("inbound-message");
    assert!(peak < 64 * 1024 * 1024, "{peak} bytes");
    println!("peak resident memory: {} MiB", peak / 1024 / 1024);
}

/// Replies as an agent with these files.
async fn agent_sends(stack: &Stack, key: &str, text: &str, files: &[(&str, &str, &[u8])]) {
    let files = files.iter().map(|(name, mime_type, content)| {
        let content = BASE64_STANDARD.encode(content);
        json!({"filename": name, "mime_type": mime_type, "base64": content})
    });
    let comment = json!({
        "text": text, "public": true, "author": "agent", "attachments": files.collect::<Vec<_>>(),
    });
    let path = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &path, comment).await;
}

/// Returns our messages on the phone: type, text and file content.
async fn on_the_phone(stack: &Stack) -> Vec<(String, String, Vec<u8>)> {
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let ours = chat
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["direction"] == "out");
    let mut shown = Vec::new();
    for message in ours {
        let content = match message["media"]["id"].as_str() {
            Some(id) => {
                let url = stack.url(&format!("/api/media/{id}"));
                let file = stack.client().get(url).send().await.unwrap();
                file.bytes().await.unwrap().to_vec()
            }
            None => Vec::new(),
        };
        let words = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        shown.push((words("type"), words("text"), content));
    }
    shown
}

#[tokio::test]
async fn agents_files_reach_the_phone_once_whatever_is_lost_on_the_way() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    for fault in [
        json!({"target": "jira", "match": "/attachment", "kind": "status", "status": 500}),
        json!({"target": "jira", "match": "/attachment/content", "kind": "refuse"}),
        json!({"target": "whatsapp", "match": "POST media", "kind": "status_after", "status": 500}),
        json!({"target": "whatsapp", "match": "POST media", "kind": "kill_after"}),
        json!({"target": "whatsapp", "match": "/messages", "kind": "cut_after"}),
    ] {
        let before = on_the_phone(&stack).await.len();
        let mut once = fault.clone();
        once["count"] = json!(1);
        stack.fault(once).await;
        agent_sends(&stack, &key, "The new wheel", &[PHOTO]).await;
        stack.settle().await;
        let shown = on_the_phone(&stack).await;
        let expected = (
            "image".to_owned(),
            "The new wheel".to_owned(),
            PHOTO.2.to_vec(),
        );
        assert_eq!(shown[before..], [expected], "{fault}");
        stack.fair_weather().await;
    }
}

#[tokio::test]
async fn a_file_that_whatsapp_does_not_take_is_said_to_the_agent() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    let zip: (&str, &str, &[u8]) = ("all.zip", "application/zip", b"PK");
    agent_sends(
        &stack,
        &key,
        "Here",
        &[zip, ("offer.pdf", OFFER.1, OFFER.2)],
    )
    .await;
    stack.done().await;
    let shown = on_the_phone(&stack).await;
    let expected = ("document".to_owned(), "Here".to_owned(), OFFER.2.to_vec());
    assert_eq!(shown, [expected]);
    let request = stack.request().await;
    let [note] = request.internal()[..] else {
        panic!("{request:?}")
    };
    assert!(note.contains("all.zip: WhatsApp does not take"), "{note}");
}

#[tokio::test]
async fn a_reply_waits_for_a_file_that_jira_lists_late() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    jira(&stack, json!({"attachment_delay_ms": 20_000})).await;
    agent_sends(&stack, &key, "Look", &[PHOTO]).await;
    stack.quiet().await;
    assert!(on_the_phone(&stack).await.is_empty());
    stack.settle().await;
    let shown = on_the_phone(&stack).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].1, "Look");
}

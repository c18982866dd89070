//! Files whose media type is missing, generic or wrong: their names decide the type.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// Replies as an agent with a file. Returns the last message on the phone, and the new notes.
async fn agent_sends(
    stack: &Stack,
    key: &str,
    name: &str,
    mime_type: &str,
) -> (Value, Vec<String>) {
    let told = stack.request().await.internal().len();
    let content = BASE64_STANDARD.encode(b"the content of a file");
    let file = json!({"filename": name, "mime_type": mime_type, "base64": content});
    let comment = json!({"text": name, "public": true, "author": "agent", "attachments": [file]});
    let path = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &path, comment).await;
    stack.done().await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let last = chat.as_array().unwrap().last().unwrap().clone();
    let request = stack.request().await;
    let notes = request.internal().split_off(told);
    (last, notes.into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn an_agents_file_goes_out_as_what_its_name_says() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    for (name, mime_type, kind, sent_as) in [
        (
            "contract.pdf",
            "application/octet-stream",
            "document",
            "application/pdf",
        ),
        ("scan.jpg", "multipart/form-data", "image", "image/jpeg"),
        ("photo.JPEG", "image/jpg", "image", "image/jpeg"),
        (
            "offer.docx",
            "",
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("voice.m4a", "audio/x-m4a", "audio", "audio/mp4"),
        (
            "prices.XLSX",
            "binary/octet-stream",
            "document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ] {
        let (last, notes) = agent_sends(&stack, &key, name, mime_type).await;
        assert_eq!(last["direction"], "out", "{name}: {last} {notes:?}");
        assert_eq!(last["type"], kind, "{name}: {last}");
        assert_eq!(last["media"]["mime_type"], sent_as, "{name}: {last}");
        assert!(notes.is_empty(), "{name}: {notes:?}");
    }
    // The type is unknown, or WhatsApp does not take it. The note says which.
    for (name, mime_type, why) in [
        (
            "contract",
            "application/octet-stream",
            "neither its type nor its name says what it is",
        ),
        (
            "all.zip",
            "application/octet-stream",
            "WhatsApp does not take",
        ),
    ] {
        let (_, notes) = agent_sends(&stack, &key, name, mime_type).await;
        let [note] = &notes[..] else {
            panic!("{name}: {notes:?}")
        };
        assert!(note.contains(name) && note.contains(why), "{note}");
    }
}

#[tokio::test]
async fn a_customers_file_keeps_its_name_and_content_whatever_its_type() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "It broke").await;
    let key = stack.request().await.key;
    let content: &[u8] = b"%PDF-1.7 a contract";
    let sent = [
        (
            "contract.pdf",
            "application/octet-stream",
            "contract-",
            ".pdf",
        ),
        (
            "Gro\u{308}\u{df}e.xlsx",
            "application/octet-stream",
            "Gr\u{f6}\u{df}e-",
            ".xlsx",
        ),
        ("scan.jpg", "multipart/form-data", "scan-", ".jpg"),
        ("no ending", "application/octet-stream", "no ending-", ""),
    ];
    for (name, mime_type, ..) in sent {
        stack
            .customer_sends_file(ANA, (name, mime_type, content), None)
            .await;
    }
    stack.done().await;
    let files = stack.attachments(&key).await;
    assert_eq!(files.len(), sent.len(), "{files:?}");
    for (file, (_, _, begin, end)) in files.iter().zip(sent) {
        assert!(
            file.name.starts_with(begin) && file.name.ends_with(end),
            "{}",
            file.name
        );
        assert_eq!(file.size, content.len() as u64);
    }
    let request = stack.request().await;
    assert!(request.internal().is_empty(), "{request:?}");
    assert_eq!(request.public().len(), 1 + sent.len());
    // An agent can send such a file back, attached to a reply.
    let (last, notes) = agent_sends(&stack, &key, &files[0].name, &files[0].mime_type).await;
    assert_eq!(last["type"], "document", "{last} {notes:?}");
}

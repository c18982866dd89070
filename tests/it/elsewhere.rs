//! Addresses that point elsewhere. Casement never calls them, whoever supplies them.

use std::io::ErrorKind;
use std::net::TcpListener;

use casement_tests::Stack;
use casement_tests::meta::{change, message, webhook};
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const PHOTO: (&str, &str, &[u8]) = (
    "photo.jpg",
    "image/jpeg",
    b"\xff\xd8\xff not much of a photo",
);

/// A listener on this machine that Casement has no reason to call.
struct Elsewhere(TcpListener);

impl Elsewhere {
    fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Returns addresses of the listener, and others that Casement must not call.
    fn addresses(&self) -> Vec<String> {
        let port = self.port();
        vec![
            format!("http://127.0.0.1:{port}/secrets"),
            format!("http://localhost:{port}/secrets"),
            format!("http://[::ffff:127.0.0.1]:{port}/secrets"),
            format!("https://lookaside.fbsbx.com@127.0.0.1:{port}/"),
            format!("http://api.media.atlassian.com@127.0.0.1:{port}/"),
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "http://metadata.google.internal/".to_owned(),
            "file:///etc/passwd".to_owned(),
        ]
    }

    fn assert_nobody_came(&self, why: &str) {
        let came = self.0.accept().map(|(_, caller)| caller);
        let error = came.err().unwrap_or_else(|| panic!("{why}"));
        assert_eq!(error.kind(), ErrorKind::WouldBlock, "{why}");
    }
}

#[tokio::test]
async fn files_of_customers_are_read_at_metas_alone() {
    let stack = Stack::start().await;
    let elsewhere = Elsewhere::open();
    stack.customer_wrote(ANA, "It broke").await;
    for url in elsewhere.addresses() {
        let located = json!({"url": url, "mime_type": "image/jpeg"});
        stack
            .fault(
                json!({"target": "whatsapp", "match": "GET media", "kind": "status",
                "status": 200, "body": located}),
            )
            .await;
        stack.customer_sends_file(ANA, PHOTO, None).await;
        stack.settle().await;
        stack.fair_weather().await;
        elsewhere.assert_nobody_came(&url);
    }
    let redirect = json!({"location": elsewhere.addresses()[0]});
    stack
        .fault(
            json!({"target": "whatsapp", "match": "GET media-file", "kind": "status",
            "status": 302, "headers": redirect, "count": 1}),
        )
        .await;
    stack.customer_sends_file(ANA, PHOTO, None).await;
    stack.settle().await;
    elsewhere.assert_nobody_came("a redirect of Meta's");
    let request = stack.request().await;
    // Only the last file came from Meta in the end. Notes say that the others are missing.
    assert_eq!(stack.attachments(&request.key).await.len(), 1);
    let notes = request.internal().into_iter();
    let missing = notes.filter(|note| note.contains("tell the operators"));
    assert_eq!(missing.count(), elsewhere.addresses().len());
}

#[tokio::test]
async fn files_of_agents_are_read_at_atlassians_alone() {
    let stack = Stack::start().await;
    let elsewhere = Elsewhere::open();
    stack.customer_wrote(ANA, "Where is my order?").await;
    let key = stack.request().await.key;
    let path = format!("/api/requests/{key}/comments");
    for url in elsewhere.addresses() {
        stack
            .fault(
                json!({"target": "jira", "match": "/attachment/content", "kind": "status",
                "status": 303, "headers": {"location": url}}),
            )
            .await;
        let comment = json!({"text": "the offer", "public": true, "author": "agent",
            "attachments": [{"filename": "offer.pdf", "mime_type": "application/pdf",
                "base64": "JVBERi0xLjc="}]});
        stack.api(Method::POST, &path, comment).await;
        stack.quiet().await;
        elsewhere.assert_nobody_came(&url);
        stack.fair_weather().await;
        stack.settle().await;
    }
    let files = stack.phone(ANA).await;
    let files = files.iter().filter(|message| message.from_us).count();
    assert_eq!(
        files,
        elsewhere.addresses().len(),
        "they arrive when Jira is itself again"
    );
}

#[tokio::test]
async fn addresses_in_webhooks_and_comments_are_never_asked() {
    let stack = Stack::start().await;
    let elsewhere = Elsewhere::open();
    stack.customer_wrote(ANA, "hello").await;
    let request = stack.request().await;
    let issue = stack.whole_requests().await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (n, url) in elsewhere.addresses().into_iter().enumerate() {
        let author = json!({"self": url, "accountId": "a", "avatarUrls": {"48x48": url}});
        let body = json!({"webhookEvent": "comment_created",
            "issue": {"id": issue, "self": url, "key": url},
            "comment": {"id": "999999", "self": url, "author": author, "body": format!("!{url}!")},
            "user": author, "baseUrl": url});
        stack.api(Method::POST, "/api/webhooks/jira", body).await;

        let picture = json!({"type": "doc", "version": 1, "content": [
            {"type": "mediaSingle", "content": [
                {"type": "media", "attrs": {"type": "external", "url": url}}]},
            {"type": "paragraph", "content": [
                {"type": "text", "text": "look"},
                {"type": "inlineCard", "attrs": {"url": url}}]}]});
        let comment = json!({"adf": picture, "public": true, "author": "agent"});
        let path = format!("/api/requests/{}/comments", request.key);
        stack.api(Method::POST, &path, comment).await;

        let contents = [
            json!({"type": "image", "image": {"link": url, "url": url, "mime_type": "image/jpeg"}}),
            json!({"type": "text", "text": {"body": url}, "referral": {"source_type": "ad",
                "source_url": url, "image_url": url, "thumbnail_url": url, "headline": "ad"}}),
            json!({"type": "contacts", "contacts": [{"urls": [{"url": url}]}]}),
            json!({"type": "location", "location": {"url": url, "name": "here"}}),
        ];
        let messages: Vec<_> = contents
            .into_iter()
            .enumerate()
            .map(|(index, content)| message(ANA, &format!("wamid.{n}-{index}"), content))
            .collect();
        let posted = webhook(vec![change(json!({"messages": messages}))]);
        stack.meta_posted(&posted).await;
        stack.settle().await;
        elsewhere.assert_nobody_came(&url);
    }
    assert_eq!(
        stack.state().await["dead_letters"],
        Value::Array(Vec::new())
    );
}

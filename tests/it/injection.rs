//! Customers who type characters with a meaning in Jira.

use casement_tests::Stack;
use casement_tests::jira::{comments_of, literal_text, visit};
use casement_tests::meta::{change, message, webhook};
use serde_json::{Value, json};

/// Wiki markup of Jira that would mention an agent, load a picture, hide or mislead; and file names
/// that would break out of the markup.
const DANGEROUS: [&str; 14] = [
    "[~accountid:5b10ac8d82e05b22cc7d4ef5]",
    "!http://evil.example/x.png!",
    "{color:white}nothing to see{color}",
    "{quote}said the boss{quote}",
    "[Reset password|https://evil.example]",
    "[https://evil.example]",
    "{panel:title=Urgent}pay now{panel}",
    "[^secret.pdf]",
    "||head||cell|",
    "h1. Pay now",
    "{noformat}{code}*bold* _it_ -s- \\\\",
    "../../a|b!c]d^e.pdf",
    "<script>alert(1)</script>&amp;",
    "{\"type\":\"mention\",\"attrs\":{\"id\":\"1\"}}",
];

/// Builds a message for every place where a customer's words can appear.
fn contents(words: &str) -> Vec<Value> {
    let form = json!({words: words}).to_string();
    vec![
        json!({"type": "text", "text": {"body": words}}),
        json!({"type": "text", "text": {"body": "to you"}, "context": {
            "referred_product": {"catalog_id": "1", "product_retailer_id": words}}}),
        json!({"type": "text", "text": {"body": "from an ad"}, "referral": {
            "headline": words, "body": words, "source_type": "ad"}}),
        json!({"type": "document", "document": {"id": "1", "filename": words, "caption": words}}),
        json!({"type": "image", "image": {"id": "2", "caption": words}}),
        json!({"type": "location", "location": {"name": words, "address": words}}),
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": words},
            "phones": [{"phone": words}], "emails": [{"email": words}],
            "org": {"company": words}}]}),
        json!({"type": "button", "button": {"payload": words, "text": words}}),
        json!({"type": "interactive", "interactive": {"type": "button_reply",
            "button_reply": {"id": words, "title": words}}}),
        json!({"type": "interactive", "interactive": {"type": "list_reply",
            "list_reply": {"id": words, "title": words, "description": words}}}),
        json!({"type": "interactive", "interactive": {"type": "nfm_reply",
            "nfm_reply": {"name": "flow", "body": words, "response_json": form}}}),
        json!({"type": "order", "order": {"catalog_id": "1", "text": words, "product_items": [
            {"product_retailer_id": words, "quantity": 1, "item_price": 2, "currency": "EUR"}]}}),
        json!({"type": "reaction", "reaction": {"message_id": "wamid.OURS", "emoji": words}}),
        json!({"type": "edit", "edit": {"original_message_id": "wamid.OLD",
            "message": {"type": "text", "text": {"body": words}}}}),
    ]
}

fn phone(customer: usize) -> String {
    format!("4915130{customer:06}")
}

/// Builds a body with all contents from one customer, who is named `words`. The order rotates with
/// the customer, so that messages of different kinds open requests. The system message opens none,
/// and comes last.
fn body(customer: usize, words: &str) -> Value {
    let phone = phone(customer);
    let mut contents = contents(words);
    contents.rotate_left(customer);
    contents.push(
        json!({"type": "system", "system": {"type": "customer_identity_changed", "body": words}}),
    );
    let messages: Vec<_> = contents
        .into_iter()
        .enumerate()
        .map(|(n, content)| message(&phone, &format!("wamid.{customer}-{n}"), content))
        .collect();
    let contacts = json!([{"wa_id": phone, "profile": {"name": words}}]);
    webhook(vec![change(
        json!({"messages": messages, "contacts": contacts}),
    )])
}

#[tokio::test]
async fn whatever_customers_type_is_text_in_jira() {
    let stack = Stack::start().await;
    for (customer, words) in DANGEROUS.into_iter().enumerate() {
        stack.meta_posted(&body(customer, words)).await;
    }
    stack.settle().await;
    let requests = stack.whole_requests().await;
    assert_eq!(requests.len(), DANGEROUS.len());
    for (customer, words) in DANGEROUS.into_iter().enumerate() {
        let phone = phone(customer);
        let theirs = |request: &&Value| request["summary"].as_str().unwrap().contains(&phone);
        let request = requests.iter().find(theirs).unwrap();
        assert!(
            request["summary"].as_str().unwrap().contains(words),
            "{request}"
        );
        let description = request["description"].as_str().unwrap();
        let ours = "The customer writes on WhatsApp; public comments are sent there. Reference: ";
        let reference = description.strip_prefix(ours).unwrap();
        assert!(
            reference.chars().all(|c| c.is_ascii_alphanumeric()),
            "{reference}"
        );
        let comments = comments_of(request);
        assert_eq!(comments.len(), contents(words).len() + 1);
        for comment in comments {
            assert_harmless(&comment["adf"]);
            let text = literal_text(&comment["adf"]);
            assert!(text.contains(words), "{words:?} is not in {text:?}");
        }
    }
}

/// Asserts that a document contains nothing but text and its frame.
fn assert_harmless(document: &Value) {
    let allowed = [
        "doc",
        "paragraph",
        "blockquote",
        "table",
        "tableRow",
        "tableHeader",
        "tableCell",
        "hardBreak",
        "text",
        "em",
        "strong",
    ];
    visit(document, &mut |part| {
        let kind = part["type"].as_str().unwrap();
        assert!(allowed.contains(&kind), "{kind} in {document}");
    });
}

//! Realistic webhooks of WhatsApp and Jira, signed, and the API Gateway events made of them.

use axum::body::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::surroundings::{APP_SECRET, JIRA_SECRET};

/// The business number of the local stack's settings.
pub(crate) const NUMBER: &str = "106540352242922";

/// The number of messages in a webhook, and the length of their texts in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) messages: usize,
    pub(crate) text: usize,
}

/// A usual webhook, a busy one, and the largest that Meta sends.
pub(crate) const SHAPES: [Shape; 3] = [
    Shape {
        name: "one text of 1 KB",
        messages: 1,
        text: 1_000,
    },
    Shape {
        name: "batch of 100 texts",
        messages: 100,
        text: 100,
    },
    Shape {
        name: "batch of 3 MB, 1,000 texts",
        messages: 1_000,
        text: 2_650,
    },
];

/// Builds a webhook's body. `series` makes its message ids unique.
pub(crate) fn whatsapp(shape: Shape, series: usize) -> String {
    let indices = 0..shape.messages;
    let phone = |index: usize| format!("4915{index:09}");
    let contacts = indices.clone().map(|index| {
        json!({"profile": {"name": "Ana Lima"}, "wa_id": phone(index), "user_id": format!("DE.{index:016}")})
    });
    let text: String = "My order no. 4711 is late, where is it? "
        .chars()
        .cycle()
        .take(shape.text)
        .collect();
    let now = chrono::Utc::now().timestamp().to_string();
    let messages = indices.map(|index| {
        json!({"from": phone(index), "id": format!("wamid.{series:08}{index:08}"), "timestamp": now,
            "type": "text", "text": {"body": text}})
    });
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{
    "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
        "contacts": contacts.collect::<Vec<_>>(),
        "messages": messages.collect::<Vec<_>>(),
    }}]}]});
    body.to_string()
}

/// Builds the event of a WhatsApp webhook.
pub(crate) fn whatsapp_event(body: &str) -> Bytes {
    event("/whatsapp", "x-hub-signature-256", APP_SECRET, body)
}

/// Builds the event of a Jira webhook about a new comment.
pub(crate) fn jira_event(series: usize) -> Bytes {
    let body = json!({
        "timestamp": chrono::Utc::now().timestamp_millis(),
        "webhookEvent": "comment_created",
        "comment": {"id": series.to_string(), "body": "It comes tomorrow", "jsdPublic": true,
            "author": {"accountId": "agent", "displayName": "Sam Reed", "accountType": "atlassian"}},
        "issue": {"id": "10001", "key": "SUP-1", "fields": {"summary": "My order is late"}},
    });
    event("/jira", "x-hub-signature", JIRA_SECRET, &body.to_string())
}

fn event(path: &str, header: &str, secret: &str, body: &str) -> Bytes {
    let event = json!({
        "version": "2.0", "routeKey": format!("POST {path}"), "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json", "content-length": body.len().to_string(),
            "host": "example.execute-api.eu-central-1.amazonaws.com", "user-agent": "facebookexternalua",
            header: format!("sha256={}", signature(secret, body.as_bytes()))},
        "requestContext": {"accountId": "000000000000", "apiId": "bench", "domainName": "example",
            "domainPrefix": "example", "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1", "userAgent": "facebookexternalua"}, "requestId": "bench",
            "routeKey": format!("POST {path}"), "stage": "$default",
            "time": "25/Nov/2026:09:46:00 +0000", "timeEpoch": 1_795_600_000_000_u64},
        "body": body, "isBase64Encoded": false,
    });
    Bytes::from(event.to_string())
}

/// Returns the HMAC-SHA256 in hexadecimal.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

/// Returns whether a function accepted a webhook.
pub(crate) fn is_taken(answer: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    answer["statusCode"] == 200
}

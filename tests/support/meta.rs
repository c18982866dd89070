//! Webhooks as Meta posts them: any number of changes, escaped and signed.

use std::fmt::Write;

use chrono::Utc;
use serde_json::{Value, json};

use crate::signing::{APP_SECRET, signature};
use crate::stack::Stack;

/// The business number that the local stack serves from the start.
pub const NUMBER: &str = "106540352242922";

/// Returns the present time, as Meta writes it.
#[must_use]
pub fn now() -> String {
    Utc::now().timestamp().to_string()
}

/// Returns a customer's message, as in `messages[]`. `content` has its type and the members that
/// belong to the type.
#[must_use]
pub fn message(phone: &str, wamid: &str, content: Value) -> Value {
    let mut message = json!({"from": phone, "id": wamid, "timestamp": now()});
    extend(&mut message, content);
    message
}

/// Returns a text, like [`message`].
#[must_use]
pub fn text(phone: &str, wamid: &str, body: &str) -> Value {
    message(
        phone,
        wamid,
        json!({"type": "text", "text": {"body": body}}),
    )
}

/// Returns a change of the field `messages` for the business number [`NUMBER`].
#[must_use]
pub fn change(lists: Value) -> Value {
    let mut value = json!({"messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER}});
    extend(&mut value, lists);
    json!({"field": "messages", "value": value})
}

/// Returns a body with these changes in one entry.
#[must_use]
pub fn webhook(changes: Vec<Value>) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]})
}

/// Returns a body with these messages in one change.
#[must_use]
pub fn webhook_of(messages: Vec<Value>) -> Value {
    webhook(vec![change(json!({"messages": messages}))])
}

/// Writes JSON as Meta does: ASCII only, with `/` escaped (Graph API, "Webhooks").
#[must_use]
pub fn escaped(body: &Value) -> String {
    let mut written = String::new();
    for c in body.to_string().chars() {
        match c {
            '/' => written.push_str(r"\/"),
            c if c.is_ascii() => written.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(written, r"\u{unit:04x}").expect("a String takes everything");
                }
            }
        }
    }
    written
}

impl Stack {
    /// Posts a body as Meta does. Returns the status and the product's answer.
    pub async fn meta_posts(&self, body: &Value) -> (u16, String) {
        self.meta_posts_bytes(escaped(body).into_bytes()).await
    }

    /// Does the same as [`Stack::meta_posts`], with the bytes unchanged.
    pub async fn meta_posts_bytes(&self, body: Vec<u8>) -> (u16, String) {
        let signature = signature(APP_SECRET, &body);
        self.somebody_posts(body, &signature).await
    }

    /// Posts a body to Meta's route with this signature.
    pub async fn somebody_posts(&self, body: Vec<u8>, signature: &str) -> (u16, String) {
        let request = self.client().post(self.url("/whatsapp"));
        let request = request.header("content-type", "application/json");
        let request = request.header("x-hub-signature-256", signature);
        let response = request.body(body).send().await.expect("the stack answers");
        let status = response.status().as_u16();
        (status, response.text().await.expect("the answer is text"))
    }

    /// Posts a body that must be accepted.
    pub async fn meta_posted(&self, body: &Value) {
        assert_eq!(self.meta_posts(body).await, (200, String::new()));
    }
}

fn extend(object: &mut Value, members: Value) {
    let Value::Object(members) = members else {
        panic!("an object is expected, not {members}");
    };
    object
        .as_object_mut()
        .expect("written as an object")
        .extend(members);
}

//! The first event of each function, with real work behind it.

use axum::body::Bytes;
use casement_core::model::identity::{CommentId, ConversationKey, IssueId, PhoneNumberId, Wamid};
use casement_core::model::queue::{
    CommentEvent, DelayQueueMessage, InboundQueueMessage, OutboundQueueMessage, StatusQueueMessage,
    encode,
};
use casement_core::model::status::{Delivery, StatusReport};
use casement_core::model::timer::Timer;
use casement_whatsapp::signature::verify;
use casement_whatsapp::webhook::parse;
use chrono::Utc;
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};

use crate::bodies::{self, NUMBER, SHAPES};
use crate::stack::Stack;
use crate::surroundings::{APP_SECRET, REGION};

/// A stack with a known customer, in which only the benchmark delivers agents' replies.
pub(crate) struct Scene {
    pub(crate) stack: Stack,
    key: String,
    issue: String,
    phone: String,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let stack = Stack::start(None);
        let message = message(0);
        let phone = message["from"].as_str().unwrap().to_owned();
        stack.customer_writes(&phone, "My order is late").await;
        stack.done().await;
        let key = stack.key_of(&phone).await;
        let requests = stack.get("/api/requests").await;
        let issue = requests[0]["id"].as_str().unwrap().to_owned();
        stack
            .api(
                Method::POST,
                "/api/jira/options",
                json!({"webhooks_lost": true}),
            )
            .await;
        stack
            .api(
                Method::POST,
                "/api/whatsapp/options",
                json!({"statuses": "none"}),
            )
            .await;
        Self {
            stack,
            key,
            issue,
            phone,
        }
    }

    /// Builds the next event for a worker.
    pub(crate) async fn event(&self, function: &str, series: usize) -> Bytes {
        match function {
            "inbound-message" => {
                let body = bodies::whatsapp(SHAPES[0], series);
                let signature =
                    format!("sha256={}", bodies::signature(APP_SECRET, body.as_bytes()));
                let secrets = [SecretString::from(APP_SECRET)];
                let verified = verify(body.as_bytes(), Some(&signature), &secrets).unwrap();
                let message = parse(verified, Utc::now()).unwrap().messages.remove(0);
                record(
                    "inbound.fifo",
                    &InboundQueueMessage::CustomerMessage(Box::new(message)),
                )
            }
            "outbound-message" => {
                let comment = self
                    .stack
                    .agent_writes_unheard(&self.key, "It comes tomorrow")
                    .await;
                let created = OutboundQueueMessage::CommentCreated(CommentEvent {
                    issue_id: IssueId::new(&self.issue),
                    comment_id: CommentId::new(comment),
                    author: None,
                    door: None,
                });
                record("outbound.fifo", &created)
            }
            "message-status" => {
                let chat = self
                    .stack
                    .get(&format!("/api/customers/{}/messages", self.phone))
                    .await;
                let mut chat = chat.as_array().unwrap().iter().rev();
                let sent = chat.find(|message| message["direction"] == "out").unwrap();
                let report = StatusReport {
                    phone_number_id: Some(PhoneNumberId::new(NUMBER)),
                    wamid: Wamid::new(sent["wamid"].as_str().unwrap()),
                    recipient: None,
                    callback: None,
                    price: None,
                    delivery: Delivery::Delivered,
                    at: Utc::now(),
                };
                record("status", &StatusQueueMessage::Status(report))
            }
            "due-timer" => {
                let due = DelayQueueMessage::TimerDue {
                    conversation: ConversationKey::new(&PhoneNumberId::new(NUMBER), &self.phone),
                    timer: Timer::DelayNotice,
                    due_at: Utc::now(),
                };
                record("delay", &due)
            }
            _ => Bytes::from(tick().to_string()),
        }
    }
}

fn message(series: usize) -> Value {
    let body: Value = serde_json::from_str(&bodies::whatsapp(SHAPES[0], series)).unwrap();
    body["entry"][0]["changes"][0]["value"]["messages"][0].clone()
}

/// Builds an event source mapping event with one record (Lambda developer guide, "Using Lambda with
/// Amazon SQS").
fn record(queue: &str, message: &impl Serialize) -> Bytes {
    let record = json!({
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "AQEB",
        "body": encode(message).unwrap(),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": Utc::now().timestamp_millis().to_string(),
            "SenderId": "AROA",
            "ApproximateFirstReceiveTimestamp": Utc::now().timestamp_millis().to_string(),
            "MessageGroupId": "bench",
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:{REGION}:000000000000:{queue}"),
        "awsRegion": REGION,
    });
    Bytes::from(json!({"Records": [record]}).to_string())
}

/// Builds the event of a schedule (`EventBridge` user guide, "Events from AWS services").
fn tick() -> Value {
    json!({
        "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event", "source": "aws.events", "account": "000000000000",
        "time": Utc::now().to_rfc3339(), "region": REGION, "resources": [], "detail": {},
    })
}

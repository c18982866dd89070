//! The words of a story: a customer writes, an agent answers, a day passes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::Stack;

/// A request in Jira, as an agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub key: String,
    /// The title.
    pub summary: String,
    /// The comments, oldest first.
    pub comments: Vec<Comment>,
}

/// A comment on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Whether the customer may see the comment.
    pub public: bool,
    /// As plain text.
    pub text: String,
}

/// A message on the customer's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneMessage {
    /// Whether the message came from the business.
    pub from_us: bool,
    pub text: String,
    /// The delivery status.
    pub status: String,
}

impl Request {
    /// Returns the public comments.
    #[must_use]
    pub fn public(&self) -> Vec<&str> {
        self.texts(true)
    }

    /// Returns the internal notes.
    #[must_use]
    pub fn internal(&self) -> Vec<&str> {
        self.texts(false)
    }

    fn texts(&self, public: bool) -> Vec<&str> {
        let chosen = self
            .comments
            .iter()
            .filter(|comment| comment.public == public);
        chosen.map(|comment| comment.text.as_str()).collect()
    }
}

impl Stack {
    /// Sends a text as a customer. Returns the status of the webhook.
    pub async fn customer_writes(&self, phone: &str, text: &str) -> u64 {
        let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima"});
        let path = format!("/api/customers/{phone}/messages");
        let answer = self.api(Method::POST, &path, message).await;
        answer["webhook_status"].as_u64().unwrap()
    }

    /// Does the same as [`Stack::customer_writes`], and waits for everything that follows.
    pub async fn customer_wrote(&self, phone: &str, text: &str) {
        assert_eq!(self.customer_writes(phone, text).await, 200);
        self.done().await;
    }

    /// Comments as an agent. Returns the comment's id.
    pub async fn agent_writes(&self, key: &str, text: &str, public: bool) -> String {
        let comment = json!({"text": text, "public": public, "author": "agent"});
        let path = format!("/api/requests/{key}/comments");
        let answer = self.api(Method::POST, &path, comment).await;
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Does the same as [`Stack::agent_writes`] in public, and waits for everything that follows.
    pub async fn agent_wrote(&self, key: &str, text: &str) {
        self.agent_writes(key, text, true).await;
        self.done().await;
    }

    /// Returns all requests, oldest first.
    pub async fn requests(&self) -> Vec<Request> {
        let answer = self.api(Method::GET, "/api/requests", Value::Null).await;
        let mut requests: Vec<(u64, Request)> = answer
            .as_array()
            .unwrap()
            .iter()
            .map(|request| {
                (
                    request["id"].as_str().unwrap().parse().unwrap(),
                    read_request(request),
                )
            })
            .collect();
        requests.sort_by_key(|(id, _)| *id);
        requests.into_iter().map(|(_, request)| request).collect()
    }

    /// Returns the only request.
    pub async fn request(&self) -> Request {
        let requests = self.requests().await;
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.into_iter().next().unwrap()
    }

    /// Returns the chat as the customer's phone shows it.
    pub async fn phone(&self, phone: &str) -> Vec<PhoneMessage> {
        let path = format!("/api/customers/{phone}/messages");
        let answer = self.api(Method::GET, &path, Value::Null).await;
        let messages = answer.as_array().unwrap().iter();
        messages
            .map(|message| PhoneMessage {
                from_us: message["direction"] == "out",
                text: string(&message["text"]),
                status: string(&message["status"]),
            })
            .collect()
    }

    /// Returns the business's messages that reached the phone, without those that Meta accepted and
    /// then refused.
    pub async fn received(&self, phone: &str) -> Vec<String> {
        let messages = self.phone(phone).await.into_iter();
        messages
            .filter(|message| message.from_us && message.status != "failed")
            .map(|message| message.text)
            .collect()
    }
}

fn read_request(request: &Value) -> Request {
    let comments = request["comments"].as_array().unwrap().iter();
    Request {
        key: string(&request["key"]),
        summary: string(&request["summary"]),
        comments: comments
            .map(|comment| Comment {
                public: comment["public"].as_bool().unwrap(),
                text: string(&comment["text"]),
            })
            .collect(),
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

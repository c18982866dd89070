//! The final state of Jira, the phones and the queues, without ids and times: two runs that went
//! alike are equal.

mod plain;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::{Done, World};
use plain::plain;

/// The field with the customer's phone number.
const PHONE_FIELD: &str = "customfield_10050";

/// The state seen when everything has come to rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Observation {
    /// The requests, oldest first.
    pub requests: Vec<Request>,
    /// The messages on each phone, in order.
    pub phones: BTreeMap<String, Vec<String>>,
    /// The states of the conversations.
    pub conversations: Vec<String>,
    /// The number of messages still in a queue, by queue.
    pub queued: BTreeMap<String, u64>,
    /// The dead letters, by queue and type.
    pub dead: Vec<String>,
    /// The webhooks that the simulators have given up.
    pub dropped: Vec<String>,
}

/// A request in Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The title.
    pub summary: String,
    pub description: String,
    /// The customer's phone number, as the request shows it.
    pub phone: String,
    /// The status category: open or done.
    pub category: String,
    /// The public comments, in order: author, text, files, and Casement's marks.
    pub public: Vec<String>,
    /// The internal comments, sorted, because when each is written depends on the weather.
    pub internal: Vec<String>,
}

impl Observation {
    /// Observes everything.
    pub(crate) async fn of(world: &World) -> Done<Self> {
        let state = world.get("/api/state").await?;
        let requests = world.get("/api/requests").await?;
        let mut requests: Vec<_> = list(&requests).collect();
        requests.sort_by_key(|request| number(&request["id"]));
        let keys: Vec<_> = requests
            .iter()
            .map(|request| text(&request["key"]))
            .collect();
        let plain = |value: &str| plain(value, &keys);
        let requests = requests.iter().map(|request| request_of(request, &plain));

        let customers = world.get("/api/customers").await?;
        let mut phones = BTreeMap::new();
        for customer in list(&customers) {
            let phone = text(&customer["customer"]);
            let chat = world.chat(&phone).await?;
            let shown = chat.iter().map(|message| message_of(message, &plain));
            phones.insert(phone, shown.collect());
        }
        let mut dropped = Vec::new();
        for from in ["/api/webhooks/whatsapp", "/api/webhooks/jira"] {
            let deliveries = world.get(from).await?;
            let lost = list(&deliveries).filter(|one| one["state"] == "dropped");
            dropped.extend(lost.map(|one| {
                let subject = text(&one["subject"]);
                subject.split(' ').next().unwrap_or_default().to_owned()
            }));
        }
        Ok(Self {
            requests: requests.collect(),
            phones,
            conversations: list(&state["conversations"]).map(standing).collect(),
            queued: queued(&state["queues"]),
            dead: list(&state["dead_letters"])
                .map(|letter| format!("{}: {}", text(&letter["queue"]), text(&letter["type"])))
                .collect(),
            dropped,
        })
    }
}

fn request_of(request: &Value, plain: &impl Fn(&str) -> String) -> Request {
    let mut comments: Vec<_> = list(&request["comments"]).collect();
    comments.sort_by_key(|comment| number(&comment["id"]));
    let shown = |public: bool| {
        let chosen = comments.iter().filter(move |one| one["public"] == public);
        chosen
            .map(|comment| comment_of(comment, plain))
            .collect::<Vec<_>>()
    };
    let mut internal = shown(false);
    internal.sort();
    Request {
        summary: plain(&text(&request["summary"])),
        description: plain(&text(&request["description"])),
        phone: text(&request["fields"][PHONE_FIELD]),
        category: text(&request["status_category"]),
        public: shown(true),
        internal,
    }
}

fn comment_of(comment: &Value, plain: &impl Fn(&str) -> String) -> String {
    let author = text(&comment["author"]["displayName"]);
    let mut shown = format!("{author}: {}", plain(&text(&comment["text"])));
    for file in list(&comment["attachments"]) {
        let name = plain(&text(&file["filename"]));
        shown += &format!(" [{name} {} {}]", file["size"], text(&file["sha256"]));
    }
    // The progress of a reply, and the state of each of its parts.
    let property = &comment["properties"]["casement"];
    if let Some(state) = property["state"].as_str() {
        let parts = list(&property["parts"]).map(|part| text(&part["state"]));
        shown += &format!(" ({state}: {})", parts.collect::<Vec<_>>().join(", "));
    }
    shown
}

fn message_of(message: &Value, plain: &impl Fn(&str) -> String) -> String {
    let mut shown = format!(
        "{} {}: {}",
        text(&message["direction"]),
        text(&message["type"]),
        plain(&text(&message["text"]))
    );
    if message["status"] == "failed" {
        shown += &format!(" (failed: {})", message["error"]["code"]);
    }
    for button in list(&message["buttons"]) {
        shown += &format!(" [{}]", text(&button["title"]));
    }
    if let Some(name) = message["template"]["name"].as_str() {
        shown += &format!(" (template {name})");
    }
    if let Value::Object(media) = &message["media"] {
        let name = media.get("filename").map(text).unwrap_or_default();
        let size = media.get("size").cloned().unwrap_or_default();
        shown += &format!(" [{} {size}]", plain(&name));
    }
    shown
}

fn standing(conversation: &Value) -> String {
    let standing = json!({
        "customer": conversation["phone"],
        "window": conversation["window"],
        "waits": !conversation["awaiting_since"].is_null(),
        "held": conversation["held"],
    });
    standing.to_string()
}

fn queued(queues: &Value) -> BTreeMap<String, u64> {
    let mut queued = BTreeMap::new();
    for (name, queue) in queues.as_object().into_iter().flatten() {
        let mut count = 0;
        for kind in ["visible", "in_flight", "delayed"] {
            // A delayed message in that queue is a timer.
            if kind != "delayed" || name != "delay" {
                count += queue[kind].as_u64().unwrap_or_default();
            }
        }
        if count > 0 {
            queued.insert(name.clone(), count);
        }
    }
    queued
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(id: &Value) -> u64 {
    id.as_str()
        .and_then(|id| id.parse().ok())
        .unwrap_or_default()
}

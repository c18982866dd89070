//! When a text arrives at the far end, as the stack tells of each call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;
use tokio::task::JoinHandle;

use crate::stack::Stack;

/// Listens to the stack.
pub(crate) struct Arrivals {
    seen: Arc<Mutex<HashMap<String, Instant>>>,
    listening: JoinHandle<()>,
}

/// A text that occurs once. Its mark is found in the call that delivers it.
pub(crate) fn marked(mark: &str) -> String {
    format!("My order is late, please look at number [{mark}]")
}

impl Arrivals {
    /// Begins to listen.
    pub(crate) async fn at(stack: &Stack) -> Self {
        let seen = Arc::<Mutex<HashMap<String, Instant>>>::default();
        let mut stream = stack.stream("/api/events").await;
        let noted = Arc::clone(&seen);
        let listening = tokio::spawn(async move {
            let mut text = Vec::new();
            while let Ok(Some(chunk)) = stream.chunk().await {
                let now = Instant::now();
                text.extend_from_slice(&chunk);
                while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = text.drain(..=end).collect();
                    if let Some(mark) = mark_of(&line) {
                        noted.lock().unwrap().entry(mark).or_insert(now);
                    }
                }
            }
        });
        Self { seen, listening }
    }

    /// When the text with this mark arrived.
    pub(crate) fn of(&self, mark: &str) -> Option<Instant> {
        self.seen.lock().unwrap().get(mark).copied()
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// The mark in the body of a call to Jira or WhatsApp.
fn mark_of(line: &[u8]) -> Option<String> {
    let call: Value = serde_json::from_slice(line.strip_prefix(b"data: ")?).ok()?;
    let to_the_far_end = ["jira", "whatsapp"]
        .iter()
        .any(|service| call["service"] == *service);
    if !to_the_far_end || call["status"].as_u64()? >= 300 {
        return None;
    }
    let body = call.get("request")?.to_string();
    let (_, rest) = body.split_once("number [")?;
    let (mark, _) = rest.split_once(']')?;
    Some(mark.to_owned())
}

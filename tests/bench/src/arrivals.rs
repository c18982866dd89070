//! Notes when a text arrives at the far end, from the stack's event for each call.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::stack::Stack;

/// How long to wait for the event of a call.
const PATIENCE: Duration = Duration::from_secs(20);

/// A listener to the stack's events.
pub(crate) struct Arrivals {
    seen: watch::Receiver<HashMap<String, Instant>>,
    listening: JoinHandle<()>,
}

/// The text before a mark.
const MARK: &str = "number [";

/// Returns a text with a unique mark, by which its delivering call is found.
pub(crate) fn marked(mark: &str) -> String {
    format!("My order is late, please look at {MARK}{mark}]")
}

impl Arrivals {
    /// Starts listening.
    pub(crate) async fn at(stack: &Stack) -> Self {
        let (noted, seen) = watch::channel(HashMap::new());
        let mut stream = stack.stream("/api/events").await;
        let listening = tokio::spawn(async move {
            let mut text = Vec::new();
            while let Ok(Some(chunk)) = stream.chunk().await {
                let now = Instant::now();
                text.extend_from_slice(&chunk);
                while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = text.drain(..=end).collect();
                    if let Some(mark) = mark_of(&line) {
                        noted.send_modify(|noted| {
                            noted.entry(mark).or_insert(now);
                        });
                    }
                }
            }
        });
        Self { seen, listening }
    }

    /// Returns the arrival time of the text with this mark, waiting for it if needed.
    pub(crate) async fn of(&self, mark: &str) -> Instant {
        let mut seen = self.seen.clone();
        let arrived = seen.wait_for(|seen| seen.contains_key(mark));
        let told = tokio::time::timeout(PATIENCE, arrived).await;
        told.unwrap_or_else(|_| panic!("{mark} has not arrived"))
            .unwrap()[mark]
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Returns the mark in the body of a call to Jira or WhatsApp.
fn mark_of(line: &[u8]) -> Option<String> {
    // Most lines have no mark, so they are not parsed.
    if !line.windows(MARK.len()).any(|part| part == MARK.as_bytes()) {
        return None;
    }
    let call: Value = serde_json::from_slice(line.strip_prefix(b"data: ")?).ok()?;
    let to_the_far_end = ["jira", "whatsapp"]
        .iter()
        .any(|service| call["service"] == *service);
    if !to_the_far_end || call["status"].as_u64()? >= 300 {
        return None;
    }
    let body = call.get("request")?.to_string();
    let (_, rest) = body.split_once(MARK)?;
    let (mark, _) = rest.split_once(']')?;
    Some(mark.to_owned())
}

//! Server-sent events for everything that happens.

use std::convert::Infallible;
use std::future::Future;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::stack::Stack;

pub(super) async fn stream(
    State(stack): State<Stack>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(stack.events.listen(), |mut events| async move {
        let event = match events.recv().await {
            Ok(event) => Event::default()
                .event(event.kind)
                .data(event.data.to_string()),
            // The listener is too slow and should reload everything.
            Err(RecvError::Lagged(missed)) => Event::default()
                .event("changed")
                .data(json!({"what": "all", "missed": missed}).to_string()),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), events))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

impl Stack {
    /// Tells listeners of changes in queues and simulators, until the future is dropped.
    pub(crate) fn announce_changes(&self) -> impl Future<Output = ()> + use<> {
        let stack = self.clone();
        async move {
            tokio::join!(
                announce(&stack, "queues", stack.sqs.changes()),
                announce(&stack, "whatsapp", stack.whatsapp.changes()),
                announce(&stack, "jira", stack.jira.changes()),
            );
        }
    }
}

async fn announce(stack: &Stack, what: &'static str, mut changes: watch::Receiver<u64>) {
    while changes.changed().await.is_ok() {
        stack.events.publish_change(what);
    }
}

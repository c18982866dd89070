//! Webhooks that come once more, long after they were taken: somebody has kept them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::journal::Entry;
use super::outbox::{Outbox, Parcel};

/// How the subject of a replay begins.
const REPLAY: &str = "replay of ";

impl Outbox {
    /// Sends every webhook so far once more, in the order in which they came first, with `headers`
    /// for its body. Answers how many these are; they are repeated as any other until they are taken.
    pub(crate) async fn replay(
        self: &Arc<Self>,
        headers: impl Fn(&[u8]) -> Vec<(&'static str, String)>,
    ) -> usize {
        let mut known = BTreeSet::new();
        let mut count = 0;
        for entry in self.journal().entries() {
            let Entry::Delivery {
                delivery,
                subject,
                body,
                ..
            } = entry
            else {
                continue;
            };
            if subject.starts_with(REPLAY) || !known.insert(delivery) {
                continue;
            }
            let body = body.into_bytes();
            self.send_now(Parcel {
                subject: format!("{REPLAY}{subject}"),
                headers: headers(&body),
                body,
                retry_header: None,
                copies: 0,
                lost: false,
            })
            .await;
            count += 1;
        }
        count
    }
}

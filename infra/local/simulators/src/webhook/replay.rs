//! Replays of webhooks long after they were accepted, as if somebody had kept them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::delivery::Parcel;
use super::journal::Entry;
use super::outbox::Outbox;

/// The start of a replay's subject.
const REPLAY: &str = "replay of ";

impl Outbox {
    /// Sends every webhook so far once more, in the original order, with `headers` for its body.
    /// Returns how many. Like any other, each is repeated until it is accepted.
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

//! The functions' counts, read from their log lines.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::stack::Stack;

/// How many times the log is read again while lines may still be on their way.
const READINGS: u32 = 500;

/// The pause between two readings.
const BETWEEN_READINGS: Duration = Duration::from_millis(20);

/// The outcomes of everything that Meta has posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The answers of `whatsapp-webhook`, by status.
    pub answers: BTreeMap<u64, usize>,
    /// The entries that the function has put into the queues: messages, identity changes, statuses,
    /// template changes and account events.
    pub taken: [usize; 5],
    /// The skipped items, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// The messages that the workers have finished, by kind of message and outcome.
    pub ended: BTreeMap<(String, String), usize>,
}

impl Tally {
    /// Reads the log of a stack.
    fn of(log: &str) -> Self {
        let mut tally = Self::default();
        for line in log.lines() {
            let Some((function, line)) = line.split_once("] ") else {
                continue;
            };
            let line: Value = serde_json::from_str(line).unwrap_or_default();
            let count = |name: &str| {
                let count = line[name].as_u64().unwrap_or_default();
                usize::try_from(count).expect("a count")
            };
            match (function, line["message"].as_str().unwrap_or_default()) {
                ("[whatsapp-webhook", "answered") => {
                    let status = line["status"].as_u64().expect("a status");
                    *tally.answers.entry(status).or_default() += 1;
                }
                ("[whatsapp-webhook", "taken") => {
                    let names = [
                        "messages",
                        "identity_changes",
                        "statuses",
                        "template_changes",
                        "account_events",
                    ];
                    for (sum, name) in tally.taken.iter_mut().zip(names) {
                        *sum += count(name);
                    }
                }
                ("[whatsapp-webhook", "items of a webhook were left alone") => {
                    let reason = line["reason"].as_str().expect("a reason").to_owned();
                    *tally.skipped.entry(reason).or_default() += count("count");
                }
                ("[inbound-message" | "[message-status", "done" | "left alone") => {
                    let [kind, outcome] = ["kind", "outcome"]
                        .map(|name| line[name].as_str().expect("a word").to_owned());
                    *tally.ended.entry((kind, outcome)).or_default() += 1;
                }
                _ => {}
            }
        }
        tally
    }

    /// Counts the finished messages of this kind.
    #[must_use]
    pub fn ended_of(&self, kind: &str) -> usize {
        let of_kind = self.ended.iter().filter(|((of, _), _)| of == kind);
        of_kind.map(|(_, count)| count).sum()
    }

    /// Counts the messages of this kind that finished with this outcome.
    #[must_use]
    pub fn ended_as(&self, kind: &str, outcome: &str) -> usize {
        let key = (kind.to_owned(), outcome.to_owned());
        self.ended.get(&key).copied().unwrap_or_default()
    }

    /// Returns whether this many posts are answered, and everything taken from them is finished.
    fn is_whole(&self, posts: usize) -> bool {
        let ended = [
            "customer_message",
            "identity_change",
            "status",
            "template_change",
            "account_event",
        ];
        self.answers.values().sum::<usize>() >= posts
            && ended.map(|kind| self.ended_of(kind)) == self.taken
    }
}

impl Stack {
    /// Returns the tally after this many of Meta's posts that a function has answered. Everything
    /// must be done before; only the last lines may still be on their way from the functions to the
    /// log.
    pub async fn tally(&self, posts: usize) -> Tally {
        let mut tally = Tally::of(&self.logged());
        for _ in 0..READINGS {
            if tally.is_whole(posts) {
                break;
            }
            tokio::time::sleep(BETWEEN_READINGS).await;
            tally = Tally::of(&self.logged());
        }
        tally
    }
}

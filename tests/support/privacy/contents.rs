//! The contents of a stack, by place.

use std::collections::BTreeMap;

use casement_aws::keys::{ItemKind, PK, SK};
use serde_json::Value;

use super::people::{People, list};
use super::places::{self, PLACES, Place};

/// The most chats that are read for their words.
const CHATS: usize = 50;

/// Lines, items and messages by place.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    places: BTreeMap<&'static str, Vec<String>>,
}

impl Contents {
    /// Returns every place that has something.
    pub(super) fn by_place(&self) -> impl Iterator<Item = (&'static Place, &[String])> {
        self.places.iter().map(|(name, lines)| {
            let mut places = PLACES.iter();
            let place = places.find(|place| place.name == *name);
            (place.expect("a place of the table"), lines.as_slice())
        })
    }

    fn add(&mut self, place: &'static str, line: String) {
        self.places.entry(place).or_default().push(line);
    }

    /// Adds a line that a function or the stack has printed.
    pub fn log(&mut self, line: &str) {
        let is_metric = line.contains("\"_aws\"");
        let place = if is_metric {
            places::METRICS
        } else {
            places::LOGS
        };
        self.add(place, line.to_owned());
    }

    /// Adds an item of the table.
    ///
    /// # Panics
    /// The item is of a kind that the table does not have.
    pub fn item(&mut self, item: &Value) {
        let [pk, sk] = [PK, SK].map(|key| item[key].as_str().unwrap_or_default());
        let (kind, _) = ItemKind::of(pk, sk).expect("an item of a known kind");
        let place = match kind {
            ItemKind::Conversation => places::CONVERSATIONS,
            ItemKind::HeldReply => places::HELD,
            ItemKind::Alias | ItemKind::IssueLink => places::LINKS,
            ItemKind::Message | ItemKind::Sent | ItemKind::Note => places::LEDGER,
            ItemKind::Settings => places::SETTINGS,
            ItemKind::TemplateChange | ItemKind::Reconciliation | ItemKind::Sighting => {
                places::MARKS
            }
        };
        let mut item = item.clone();
        if place == places::LEDGER
            && let Some(members) = item.as_object_mut()
        {
            self.add(places::LEDGER_KEYS, format!("{pk} {sk}"));
            members.remove(PK);
            members.remove(SK);
        }
        self.add(place, item.to_string());
    }

    /// Adds a message of a queue, as the control API shows it.
    ///
    /// # Panics
    /// There is no such queue.
    pub fn message(&mut self, queue: &str, message: &Value) {
        let place = match queue {
            "inbound" => places::INBOUND,
            "outbound" => places::OUTBOUND,
            "status" => places::STATUS,
            "delay" => places::DELAY,
            _ => panic!("no place for the queue {queue}"),
        };
        for (place, what) in [
            (place, &message["body"]),
            (places::GROUPS, &message["group_id"]),
            (places::REPEATS, &message["deduplication_id"]),
            (places::ATTRIBUTES, &message["trace_header"]),
        ] {
            if let Some(text) = what.as_str() {
                self.add(place, text.to_owned());
            }
        }
        self.add(places::ATTRIBUTES, message["attributes"].to_string());
    }

    /// Adds the contents of the stack at `base`, and returns the people that it deals with. Returns
    /// `None` if the stack has ended.
    pub(super) async fn read(&mut self, base: &str) -> Option<People> {
        let client = crate::client();
        let ask = async |path: &str| -> Option<Value> {
            let answer = client.get(format!("{base}{path}")).send().await.ok()?;
            answer.json().await.ok()
        };
        let customers = ask("/api/customers").await?;
        let mut people = People::default();
        people.customers(&customers);
        people.requests(&ask("/api/requests").await?);
        for customer in list(&customers).take(CHATS) {
            let customer = customer["customer"].as_str()?;
            people.chat(&ask(&format!("/api/customers/{customer}/messages?last=20")).await?);
        }
        for line in list(&ask("/api/logs").await?) {
            self.log(line["text"].as_str().unwrap_or_default());
        }
        let table = ask("/api/table?limit=2000").await?;
        list(&table["items"]).for_each(|item| self.item(item));
        for (queue, messages) in ask("/api/queues").await?.as_object()? {
            for message in messages.as_object()?.values().flat_map(list) {
                self.message(queue, message);
                if queue == "inbound" {
                    people.queued(message["body"].as_str().unwrap_or_default());
                }
            }
        }
        // The owner's words are not a person's, although customers receive them.
        let settings = list(&table["items"]).find_map(|item| item["document"].as_str());
        people.forget_words_of(settings.unwrap_or_default());
        Some(people)
    }
}

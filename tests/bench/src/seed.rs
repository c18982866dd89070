//! A table with many conversations, written directly to the engine's file: through the functions it
//! would take days.

use std::path::{Path, PathBuf};

use local_emulators::dynamodb::DynamoDb;

use crate::contestants::root;
use crate::stack::Stack;
use crate::surroundings;

const PHONE: &str = "4915112345678";
const KEY: &str = "SUP-1";

/// A data directory of the local stack. Dropping it removes the directory.
pub(crate) struct Table {
    directory: PathBuf,
    pub(crate) conversations: usize,
}

impl Table {
    /// Makes a table with this many quiet conversations, each with its request.
    pub(crate) async fn with(conversations: usize) -> Self {
        let name = format!("target/bench/table-{}-{conversations}", std::process::id());
        let directory = root().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        let table = Self {
            directory,
            conversations,
        };
        {
            let stack = Stack::start(Some(&table.directory));
            stack.customer_writes(PHONE, "My order is late").await;
            stack.done().await;
        }
        table.fill().await;
        table
    }

    async fn fill(&self) {
        let template = surroundings::template("http://127.0.0.1", "http://127.0.0.1");
        let engine = DynamoDb::start(&template.table, Some(&self.directory))
            .await
            .unwrap();
        let items = engine.all_items().unwrap();
        let find = |prefix: &str| {
            let mut items = items.iter();
            let found = items.find(|item| {
                item["pk"]["S"]
                    .as_str()
                    .is_some_and(|pk| pk.starts_with(prefix))
            });
            found.cloned().unwrap()
        };
        let (mut conversation, link) = (find("CONV#"), find("ISSUE#"));
        // No timer is armed, since nobody writes in these conversations.
        for due in ["due_shard", "due_at", "timers"] {
            conversation.as_object_mut().unwrap().remove(due);
        }
        let issue = link["pk"]["S"]
            .as_str()
            .unwrap()
            .trim_start_matches("ISSUE#")
            .to_owned();
        let models = [conversation.to_string(), link.to_string()];
        let mut items = Vec::new();
        for number in 0..self.conversations {
            let (phone, key, id) = (
                format!("1646{number:08}"),
                format!("\"SUP-{}\"", number + 1_000_000),
                (number + 50_000_000).to_string(),
            );
            for model in &models {
                let item = model
                    .replace(PHONE, &phone)
                    .replace(&format!("\"{KEY}\""), &key)
                    .replace(&format!("\"{issue}\""), &format!("\"{id}\""))
                    .replace(&format!("ISSUE#{issue}"), &format!("ISSUE#{id}"));
                items.push(serde_json::from_str(&item).unwrap());
            }
            if items.len() >= 20_000 || number + 1 == self.conversations {
                engine.import(std::mem::take(&mut items)).unwrap();
            }
        }
        engine.stop().await.unwrap();
    }

    /// Returns the size of the files, in bytes.
    pub(crate) fn size(&self) -> u64 {
        let files = std::fs::read_dir(&self.directory)
            .unwrap()
            .filter_map(Result::ok);
        files
            .filter_map(|file| file.metadata().ok())
            .map(|file| file.len())
            .sum()
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.directory) {
            eprintln!("{}: {error}", self.directory.display());
        }
    }
}

//! Bodies of webhooks: our own fixtures, and payloads from elsewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A body and its source.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file, and the place in the file.
    pub name: String,
    pub body: Value,
}

/// Returns the bodies in `tests/fixtures/whatsapp`.
#[must_use]
pub fn fixtures() -> Vec<Sample> {
    let folder = repository().join("tests/fixtures/whatsapp");
    let mut samples = files(&folder);
    samples.extend(files(&folder.join("kinds")));
    numbered(samples)
}

/// Returns bodies that are not part of the repository. Empty, with a line on stdout, if there are
/// none.
///
/// They are looked for in the folder that `CASEMENT_SHARED` names, or in `shared` beside the
/// repository: `payloads/whatsapp`, and the examples of `contracts/whatsapp-v23.json`.
#[must_use]
pub fn from_elsewhere() -> Vec<Sample> {
    let shared = std::env::var_os("CASEMENT_SHARED");
    let shared = shared.map_or_else(|| repository().join("../shared"), PathBuf::from);
    let folder = shared.join("payloads/whatsapp");
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return Vec::new();
    }
    let mut samples = files(&folder);
    samples.extend(examples(&shared.join("contracts/whatsapp-v23.json")));
    numbered(samples)
}

/// Returns the messages, statuses and calls of a body, valid or not: the entries of the lists in a
/// change of a field that has such lists, or in one that does not name its field.
#[must_use]
pub fn items_of(body: &Value) -> Vec<&Value> {
    if body["object"]
        .as_str()
        .is_some_and(|object| object != "whatsapp_business_account")
    {
        return Vec::new();
    }
    let changes = list(&body["entry"])
        .iter()
        .flat_map(|entry| list(&entry["changes"]));
    changes
        .flat_map(|change| {
            let value = &change["value"];
            match change["field"].as_str() {
                Some("messages") | None => vec![&value["messages"], &value["statuses"]],
                Some("smb_message_echoes" | "message_echoes") => vec![&value["message_echoes"]],
                Some("calls") => vec![&value["calls"], &value["statuses"], &value["errors"]],
                Some("standby") => ["messages", "message_echoes", "statuses"]
                    .map(|name| &value["standby"][name])
                    .to_vec(),
                _ => Vec::new(),
            }
        })
        .flat_map(list)
        .collect()
}

/// Returns the ids of all business numbers that the bodies name.
#[must_use]
pub fn numbers_of(samples: &[Sample]) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    for sample in samples {
        find(&sample.body, &mut |name, value| {
            if name == "phone_number_id" {
                let id = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                numbers.insert(id);
            }
        });
    }
    numbers.retain(|id| !id.trim().is_empty());
    numbers
}

/// Returns names, numbers and words of people in a body, which must not get into a log. Leaves out
/// short ones, because they may be in a log for another reason.
#[must_use]
pub fn personal(body: &Value) -> BTreeSet<String> {
    let fields = [
        "from",
        "wa_id",
        "body",
        "name",
        "caption",
        "formatted_name",
        "title",
        "from_user_id",
        "user_id",
        "recipient_id",
        "address",
        "filename",
    ];
    let mut words = BTreeSet::new();
    find(body, &mut |name, value| {
        if let (true, Some(text)) = (fields.contains(&name), value.as_str()) {
            words.extend(
                text.lines()
                    .map(str::trim)
                    .filter(|line| line.len() >= 9)
                    .map(str::to_owned),
            );
        }
    });
    words
}

/// Calls `see` for every member of every object.
fn find(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                see(name, member);
                find(member, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find(item, see)),
        _ => {}
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the JSON files of a folder, sorted by name.
fn files(folder: &Path) -> Vec<Sample> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    let read = |path: &PathBuf| Sample {
        name: path.display().to_string(),
        body: json_in(path),
    };
    paths.iter().map(read).collect()
}

/// Returns the examples of a webhook in a description of the API.
fn examples(path: &Path) -> Vec<Sample> {
    let contract = json_in(path);
    let post = &contract["paths"]["/whatsapp/webhooks"]["post"];
    let examples = post["requestBody"]["content"]["application/json"]["examples"].as_object();
    let examples = examples.expect("the contract has examples");
    let read = |(name, example): (&String, &Value)| Sample {
        name: format!("{}: {name}", path.display()),
        body: example["value"].clone(),
    };
    examples.iter().map(read).collect()
}

/// Reads JSON. Half an emoji at the end of a text, which Rust cannot hold, becomes a question mark.
fn json_in(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("the file is text");
    let text = text.replace("\\ud83d\"", "?\"");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Gives the messages of each body ids of their own: the documentation repeats a few, and a
/// repetition could otherwise not be told from a loss. Sets all times to the present: the
/// documentation's are years old, and old messages are ignored.
fn numbered(mut samples: Vec<Sample>) -> Vec<Sample> {
    for (index, sample) in samples.iter_mut().enumerate() {
        for entry in items(&mut sample.body, "entry") {
            for change in items(entry, "changes") {
                let Some(value) = change.get_mut("value") else {
                    continue;
                };
                for list in ["messages", "statuses", "message_echoes", "calls"] {
                    for item in items(value, list) {
                        make_current(item, "timestamp");
                        make_current(item, "start_time");
                        let id = item.get("id").and_then(Value::as_str);
                        let id = id.filter(|id| !id.is_empty() && list != "statuses");
                        if let Some(id) = id {
                            item["id"] = json!(format!("{id}-{index}"));
                        }
                    }
                }
            }
        }
    }
    samples
}

/// Sets a time to the present. Keeps its spelling: seconds or milliseconds, a string or a number.
fn make_current(item: &mut Value, name: &str) {
    let Some(time) = item.get_mut(name) else {
        return;
    };
    let (written, is_text) = match &*time {
        Value::String(text) => (text.trim().parse::<i64>().ok(), true),
        other => (other.as_i64(), false),
    };
    let now = chrono::Utc::now();
    let current = match written {
        Some(seconds) if (1_000_000_000..100_000_000_000).contains(&seconds) => now.timestamp(),
        Some(millis) if millis >= 1_000_000_000_000 => now.timestamp_millis(),
        _ => return,
    };
    *time = if is_text {
        json!(current.to_string())
    } else {
        json!(current)
    };
}

fn items<'a>(value: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    let items = value.get_mut(list).and_then(Value::as_array_mut);
    items.into_iter().flatten()
}

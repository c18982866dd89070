//! Comments and what their customers read.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::model::adf::schema::shared;

/// A comment.
pub(crate) struct Fixture {
    /// The name of its file.
    pub(crate) name: String,
    /// What Jira gives.
    pub(crate) body: Value,
    /// What WhatsApp is given.
    pub(crate) expected: String,
}

/// All fixtures of a folder in `tests/fixtures/jira`.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    let jira = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/jira");
    let files = fs::read_dir(jira.join(folder)).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths.map(|path| fixture(&path)).collect()
}

fn fixture(path: &Path) -> Fixture {
    let content: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    Fixture {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        body: content["body"].clone(),
        expected: content["expected"].as_str().unwrap().to_owned(),
    }
}

/// The comments' documents in a corpus of public webhooks and answers of Jira: `payloads/jira` in
/// [`shared`]. Bodies that are strings are left out: they are wiki markup, which webhooks carry and
/// the platform's v3 API never answers with. Empty, with a line on stdout, when it is not there.
pub(crate) fn corpus() -> Vec<Value> {
    let folder = shared().join("payloads/jira");
    let Ok(files) = fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return Vec::new();
    };
    let mut bodies = Vec::new();
    for file in files {
        let content = fs::read(file.unwrap().path()).unwrap();
        collect_bodies(&serde_json::from_slice(&content).unwrap(), &mut bodies);
    }
    bodies
}

fn collect_bodies(value: &Value, bodies: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            bodies.extend(members.get("body").filter(|body| body.is_object()).cloned());
            members
                .values()
                .for_each(|value| collect_bodies(value, bodies));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_bodies(value, bodies)),
        _ => {}
    }
}

/// The documents in what Atlassian publishes of its APIs: the examples in the `contracts` of
/// [`shared`]. Empty, with a line on stdout, when they are not there.
pub(crate) fn published_documents() -> Vec<Value> {
    let mut documents = Vec::new();
    for name in ["jira-platform.v3.json", "jsm.v3.json"] {
        let path = shared().join("contracts").join(name);
        match fs::read(&path) {
            Ok(content) => {
                let contract = serde_json::from_slice(&content).unwrap();
                collect_documents(&contract, &mut documents);
            }
            Err(_) => println!("skipped: there is no {}", path.display()),
        }
    }
    documents
}

/// Examples are written out, or stand in a string.
fn collect_documents(value: &Value, documents: &mut Vec<Value>) {
    match value {
        Value::Object(members) if value["type"] == "doc" && members.contains_key("content") => {
            documents.push(value.clone());
        }
        Value::Object(members) => members
            .values()
            .for_each(|value| collect_documents(value, documents)),
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_documents(value, documents)),
        Value::String(text) if text.trim_start().starts_with('{') => {
            if let Ok(value) = serde_json::from_str(text) {
                collect_documents(&value, documents);
            }
        }
        _ => {}
    }
}

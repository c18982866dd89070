//! Comments and what their customers read.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::adf::schema::shared;

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

/// The comments' bodies in a corpus of public webhooks and answers of Jira: `payloads/jira` in
/// [`shared`]. Empty, with a line on stdout, when it is not there.
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
            bodies.extend(members.get("body").cloned());
            members
                .values()
                .for_each(|value| collect_bodies(value, bodies));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_bodies(value, bodies)),
        _ => {}
    }
}

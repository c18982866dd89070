//! Comments and what their customers read.

use std::fs;
use std::path::Path;

use serde_json::Value;

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

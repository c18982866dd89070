//! The published documents.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::dialect;
use super::operation::Operation;
use super::schemas::Sources;

/// The member of a path that is not a method.
const SHARED_PARAMETERS: &str = "parameters";

/// The source of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Meta's `OpenAPI` document of the Cloud API.
    Whatsapp,
    /// Atlassian's `OpenAPI` document of Jira.
    JiraPlatform,
    /// Atlassian's `OpenAPI` document of Jira Service Management.
    ServiceManagement,
    /// Atlassian's JSON schema of the Atlassian Document Format.
    Adf,
}

impl Source {
    fn file(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp-v23.json",
            Self::JiraPlatform => "jira-platform.v3.json",
            Self::ServiceManagement => "jsm.v3.json",
            Self::Adf => "adf.v1.full.json",
        }
    }

    /// Returns the document's name for references from other documents. Nothing exists at that
    /// address.
    pub(super) fn url(self) -> String {
        format!("http://contracts.invalid/{}", self.file())
    }

    /// Returns the document as published. Returns `None`, with a line on stdout, if it is missing.
    #[must_use]
    pub fn published(self) -> Option<Value> {
        let path = shared().join("contracts").join(self.file());
        let Ok(text) = std::fs::read(&path) else {
            println!("skipped: there is no {}", path.display());
            return None;
        };
        Some(serde_json::from_slice(&text).unwrap())
    }
}

fn shared() -> PathBuf {
    std::env::var_os("CASEMENT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    )
}

/// An `OpenAPI` document whose schemas are JSON Schema 2020-12.
pub(super) struct Document {
    source: Source,
    json: Value,
}

impl Document {
    pub(super) fn new(source: Source, mut json: Value) -> Self {
        // Since 3.1 they already are (OpenAPI Specification 3.1.0, "Schema Object").
        if json["openapi"].as_str().unwrap().starts_with("3.0") {
            dialect::convert(&mut json);
        }
        Self { source, json }
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    /// Returns all operations. Notes their schemas in `sources`.
    pub(super) fn operations(&self, sources: &mut Sources) -> Vec<Operation> {
        let paths = self.json["paths"].as_object().unwrap();
        let mut operations = Vec::new();
        for (template, methods) in paths {
            let methods = methods.as_object().unwrap();
            for method in methods.keys().filter(|name| *name != SHARED_PARAMETERS) {
                operations.push(self.operation(template, method, sources));
            }
        }
        operations
    }

    fn operation(&self, template: &str, method: &str, sources: &mut Sources) -> Operation {
        let escaped = template.replace('~', "~0").replace('/', "~1");
        let path = format!("/paths/{escaped}");
        let at = format!("{path}/{method}");
        let mut operation = Operation::new(self.source, method, template);
        for list in [&path, &at].map(|owner| format!("{owner}/{SHARED_PARAMETERS}")) {
            let parameters = self.json.pointer(&list).and_then(Value::as_array);
            for index in 0..parameters.map_or(0, Vec::len) {
                let pointer = self.resolved(format!("{list}/{index}"));
                let schema = sources.want(self.source, &format!("{pointer}/schema"));
                operation.add_parameter(self.json.pointer(&pointer).unwrap(), schema);
            }
        }
        let content = format!("{at}/requestBody/content");
        if let Some(kinds) = self.json.pointer(&content).and_then(Value::as_object) {
            for kind in kinds.keys() {
                let pointer = format!("{content}/{}/schema", kind.replace('/', "~1"));
                operation.add_body(kind, sources.want(self.source, &pointer));
            }
        }
        let required = self.json.pointer(&format!("{at}/requestBody/required"));
        if required == Some(&Value::Bool(true)) {
            operation.require_body();
        }
        operation
    }

    /// Returns where a reference leads, or the place itself if there is no reference.
    fn resolved(&self, pointer: String) -> String {
        let there = self.json.pointer(&pointer).unwrap();
        let reference = there.get("$ref").and_then(Value::as_str);
        reference.map_or(pointer, |to| to.strip_prefix('#').unwrap().to_owned())
    }
}

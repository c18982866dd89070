//! The compiled schemas of the documents.

use std::collections::BTreeSet;

use boon::{Compiler, Draft, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

use super::document::Source;

/// How many of the deepest mistakes in a value are reported. In a document, every node that might
/// have been meant has some.
const TOLD: usize = 8;

/// The sources that schemas are compiled from.
pub(super) struct Sources {
    compiler: Compiler,
    schemas: Schemas,
}

/// A schema in [`Compiled`].
#[derive(Clone, Copy)]
pub(super) struct Schema(SchemaIndex);

/// Schemas for judging values.
pub(super) struct Compiled(Schemas);

impl Sources {
    pub(super) fn new() -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        Self {
            compiler,
            schemas: Schemas::new(),
        }
    }

    /// Adds a document, which other documents may refer to by `url`.
    pub(super) fn add(&mut self, url: String, document: Value) {
        self.compiler.add_resource(&url, document).unwrap();
    }

    /// Returns the schema at `pointer` in a document that was added.
    pub(super) fn want(&mut self, source: Source, pointer: &str) -> Schema {
        // A URL cannot contain the braces of a template.
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let url = format!("{}#{fragment}", source.url());
        let compiled = self.compiler.compile(&url, &mut self.schemas);
        Schema(compiled.unwrap_or_else(|error| panic!("{url}: {error:#}")))
    }

    pub(super) fn compiled(self) -> Compiled {
        Compiled(self.schemas)
    }
}

impl Compiled {
    /// Returns the mistakes in a value, with their places; empty if there are none.
    pub(super) fn mistakes(&self, schema: Schema, value: &Value) -> Vec<String> {
        let Err(error) = self.0.validate(value, schema.0) else {
            return Vec::new();
        };
        let mut leaves = Vec::new();
        collect_leaves(&error, &mut leaves);
        if !leaves.iter().all(is_consequence) {
            leaves.retain(|leaf| !is_consequence(leaf));
        }
        let depth = |leaf: &ValidationError<'_, '_>| leaf.instance_location.tokens.len();
        let deepest = leaves.iter().map(|leaf| depth(leaf)).max();
        let told: BTreeSet<_> = leaves
            .iter()
            .filter(|leaf| Some(depth(leaf)) == deepest)
            .map(|leaf| format!("at '{}': {}", leaf.instance_location, leaf.kind))
            .collect();
        told.into_iter().take(TOLD).collect()
    }
}

/// Returns whether a mistake only follows from another: members count as unexpected even where the
/// schema that expects them has failed.
fn is_consequence(leaf: &&ValidationError<'_, '_>) -> bool {
    leaf.schema_url.ends_with("/unevaluatedProperties")
}

fn collect_leaves<'e, 's, 'v>(
    error: &'e ValidationError<'s, 'v>,
    leaves: &mut Vec<&'e ValidationError<'s, 'v>>,
) {
    if error.causes.is_empty() {
        leaves.push(error);
    }
    for cause in &error.causes {
        collect_leaves(cause, leaves);
    }
}

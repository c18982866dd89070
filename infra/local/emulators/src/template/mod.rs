//! The SAM template as the local stack sees it.
//!
//! One file, `template.yaml`, describes both the deployment and the stack on a developer's machine.
//! [`Stack::from_yaml`] reads the functions with their events, the queues and the table. It ignores
//! the rest (IAM, logs, alarms), except the actions that roles allow.

mod document;
mod error;
mod functions;
mod queues;
mod roles;
mod scope;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use error::TemplateError;
use scope::Scope;

/// The contents of a template, with every reference resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// The Lambda functions, by logical id.
    pub functions: Vec<Function>,
    /// The queues, dead-letter queues before the queues that use them.
    pub queues: Vec<Queue>,
    pub table: Table,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The function's name in the template.
    pub logical_id: String,
    /// The last part of the function's `CodeUri`, and the name of its package and its binary.
    pub name: String,
    /// In MiB.
    pub memory_mb: u32,
    /// The longest that one invocation may take.
    pub timeout: Duration,
    pub environment: BTreeMap<String, String>,
    /// How many invocations may run at once, if the template limits them.
    pub reserved_concurrency: Option<usize>,
    /// The IAM actions that the function's role allows; `None` if the template gives it no role of
    /// its own.
    pub allowed: Option<BTreeSet<String>>,
    /// The events that invoke the function.
    pub events: Vec<Event>,
}

/// Something that invokes a function.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A route of the HTTP API.
    Http {
        /// The method in upper case, or `ANY`.
        method: String,
        /// The path as the template writes it.
        path: String,
    },
    /// An event source mapping on a queue.
    Queue {
        /// The queue's physical name.
        queue: String,
        /// The most messages in one invocation.
        batch_size: usize,
        /// How many batches may be processed at once, if the template limits them.
        maximum_concurrency: Option<usize>,
        /// Whether the function names the messages that failed (`ReportBatchItemFailures`).
        report_item_failures: bool,
        /// How long to gather messages for a batch.
        batching_window: Duration,
    },
    /// A tick at a fixed rate.
    Schedule {
        /// The time between two ticks.
        every: Duration,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// The queue's name in the template.
    pub logical_id: String,
    /// The queue's physical name: `inbound.fifo` for `InboundQueue`.
    pub name: String,
    /// The queue's attributes as `CreateQueue` takes them.
    pub attributes: BTreeMap<String, String>,
    /// The physical name of the dead-letter queue.
    pub dead_letter_queue: Option<String>,
    pub fifo: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's physical name.
    pub name: String,
    /// The types of the attributes that keys use.
    pub attribute_definitions: Vec<AttributeDefinition>,
    /// The primary key.
    pub key_schema: Vec<KeyElement>,
    /// The global secondary indexes.
    pub indexes: Vec<Index>,
    /// The attribute that holds an item's expiry, in seconds since the epoch.
    pub ttl_attribute: Option<String>,
}

/// The type of one attribute that a key uses.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    pub attribute_name: String,
    /// `S`, `N` or `B`.
    pub attribute_type: String,
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyElement {
    pub attribute_name: String,
    /// `HASH` or `RANGE`.
    pub key_type: String,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Index {
    pub index_name: String,
    pub key_schema: Vec<KeyElement>,
    /// The attributes that the index copies from the table.
    pub projection: Projection,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection_type: String,
    /// With `INCLUDE`: the attributes besides the keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_key_attributes: Option<Vec<String>>,
}

/// The surroundings of a template: what `CloudFormation` would know from the account and the
/// deployment.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The region, for ARNs and `AWS::Region`.
    pub region: String,
    /// The account, for ARNs and `AWS::AccountId`.
    pub account: String,
    /// The values of parameters, which take precedence over the defaults.
    pub parameters: BTreeMap<String, String>,
    /// The start of every queue's URL; the account and the queue's name follow.
    pub queue_url_base: String,
}

impl Stack {
    /// Reads a SAM template.
    ///
    /// # Errors
    /// The text is not YAML, a parameter has no value, or a property that the local stack needs
    /// cannot be understood. The message names the resource and the property. The caller shows the
    /// message and stops.
    pub fn from_yaml(text: &str, surroundings: &Surroundings) -> Result<Self, TemplateError> {
        let template = document::parse(text)?;
        let mut scope = Scope::new(&template, surroundings)?;
        queues::register(&template, &mut scope)?;
        table::register(&template, &mut scope)?;
        let queues = queues::read(&template, &scope)?;
        Ok(Self {
            functions: functions::read(&template, &scope, &queues)?,
            table: table::read(&template, &scope)?,
            queues,
        })
    }
}

//! `AWS::SQS::Queue`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Queue;
use super::document::{Document, Resource};
use super::error::{Fault, TemplateError};
use super::scope::{Known, Scope, text_of};

const KIND: &str = "AWS::SQS::Queue";

/// Properties that `CreateQueue` takes as attributes of the same name.
const ATTRIBUTES: &[&str] = &[
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
];

/// Gives each queue its physical name, so that other resources can refer to it.
pub(super) fn register(template: &Document, scope: &mut Scope<'_>) -> Result<(), TemplateError> {
    for resource in template.resources(KIND) {
        let name = name(&resource, scope).map_err(|f| f.of(resource.logical_id))?;
        let at = scope.surroundings;
        let known = Known {
            reference: format!("{}/{}/{name}", at.queue_url_base, at.account),
            attributes: BTreeMap::from([
                (
                    "Arn",
                    format!("arn:aws:sqs:{}:{}:{name}", at.region, at.account),
                ),
                ("QueueName", name),
            ]),
        };
        scope.register(resource.logical_id, known);
    }
    Ok(())
}

/// Reads the queues, dead-letter queues first.
pub(super) fn read(template: &Document, scope: &Scope<'_>) -> Result<Vec<Queue>, TemplateError> {
    let mut queues = Vec::new();
    for resource in template.resources(KIND) {
        let queue = read_one(&resource, scope).map_err(|f| f.of(resource.logical_id))?;
        queues.extend(queue);
    }
    queues.sort_by_key(|queue| queue.dead_letter_queue.is_some());
    Ok(queues)
}

fn name(resource: &Resource<'_>, scope: &Scope<'_>) -> Result<String, Fault> {
    let properties = scope.resolve_named(&resource.properties()?, &["QueueName", "FifoQueue"])?;
    if let Some(name) = properties.get("QueueName") {
        return text_of(name).map_err(|f| f.within("QueueName"));
    }
    let logical_id = resource.logical_id;
    let mut name = kebab_case(logical_id.strip_suffix("Queue").unwrap_or(logical_id));
    if is_true(properties.get("FifoQueue")) {
        name.push_str(".fifo");
    }
    Ok(name)
}

fn read_one(resource: &Resource<'_>, scope: &Scope<'_>) -> Result<Option<Queue>, Fault> {
    if !scope.exists(resource)? {
        return Ok(None);
    }
    let name = name(resource, scope)?;
    let resolved = scope.resolve_named(&resource.properties()?, ATTRIBUTES)?;
    let fifo = is_true(resolved.get("FifoQueue"));
    let mut attributes = BTreeMap::new();
    for (key, value) in resolved.as_object().into_iter().flatten() {
        // CreateQueue knows this attribute only as "true".
        if key == "FifoQueue" && !fifo {
            continue;
        }
        let text = match value {
            Value::Object(policy) => policy_text(policy).map_err(|f| f.within(key))?,
            scalar => text_of(scalar).map_err(|f| f.within(key))?,
        };
        attributes.insert(key.clone(), text);
    }
    let dead_letter_queue =
        dead_letter_queue(resolved.get("RedrivePolicy")).map_err(|f| f.within("RedrivePolicy"))?;
    Ok(Some(Queue {
        logical_id: resource.logical_id.to_owned(),
        name,
        attributes,
        dead_letter_queue,
        fifo,
    }))
}

fn policy_text(policy: &Map<String, Value>) -> Result<String, Fault> {
    serde_json::to_string(policy).map_err(|e| Fault::new(e.to_string()))
}

fn dead_letter_queue(policy: Option<&Value>) -> Result<Option<String>, Fault> {
    let Some(policy) = policy else {
        return Ok(None);
    };
    let target = policy
        .get("deadLetterTargetArn")
        .and_then(Value::as_str)
        .ok_or_else(|| Fault::new("an ARN is expected").within("deadLetterTargetArn"))?;
    Ok(target.rsplit(':').next().map(str::to_owned))
}

fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| text_of(value).is_ok_and(|text| text == "true"))
}

/// Converts a name such as `InboundDeadLetters` to `inbound-dead-letters`.
pub(super) fn kebab_case(name: &str) -> String {
    let mut out = String::new();
    for (n, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && n > 0 {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

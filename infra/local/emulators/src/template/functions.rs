//! `AWS::Serverless::Function` and its events.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::document::{Document, Resource};
use super::error::{Fault, TemplateError};
use super::roles;
use super::scope::{Scope, text_of};
use super::{Event, Function, Queue};

const KIND: &str = "AWS::Serverless::Function";

/// The properties of a function that the local stack needs.
const PROPERTIES: &[&str] = &[
    "CodeUri",
    "Environment",
    "Events",
    "MemorySize",
    "ReservedConcurrentExecutions",
    "Timeout",
];

// Defaults: SAM developer guide, AWS::Serverless::Function.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    code_uri: String,
    #[serde(default = "default_memory", deserialize_with = "number")]
    memory_size: u32,
    #[serde(default = "default_timeout", deserialize_with = "number")]
    timeout: u32,
    #[serde(default, deserialize_with = "optional_number")]
    reserved_concurrent_executions: Option<u32>,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    events: BTreeMap<String, EventSource>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    #[serde(default)]
    variables: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EventSource {
    r#type: String,
    #[serde(default)]
    properties: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HttpProperties {
    method: String,
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueProperties {
    queue: String,
    #[serde(default = "default_batch_size", deserialize_with = "number")]
    batch_size: u32,
    #[serde(default)]
    scaling_config: Option<ScalingConfig>,
    #[serde(default)]
    function_response_types: Vec<String>,
    #[serde(default, deserialize_with = "optional_number")]
    maximum_batching_window_in_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ScalingConfig {
    #[serde(default, deserialize_with = "optional_number")]
    maximum_concurrency: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ScheduleProperties {
    schedule: String,
}

fn default_memory() -> u32 {
    128
}

fn default_timeout() -> u32 {
    3
}

fn default_batch_size() -> u32 {
    10
}

/// Reads the functions, with `Globals` merged in.
pub(super) fn read(
    template: &Document,
    scope: &Scope<'_>,
    queues: &[Queue],
) -> Result<Vec<Function>, TemplateError> {
    let globals = template.function_globals();
    let mut functions = Vec::new();
    for resource in template.resources(KIND) {
        let function = read_one(template, &resource, globals, scope, queues)
            .map_err(|f| f.of(resource.logical_id))?;
        functions.extend(function);
    }
    functions.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    Ok(functions)
}

fn read_one(
    template: &Document,
    resource: &Resource<'_>,
    globals: Option<&Map<String, Value>>,
    scope: &Scope<'_>,
    queues: &[Queue],
) -> Result<Option<Function>, Fault> {
    if !scope.exists(resource)? {
        return Ok(None);
    }
    let mut properties = globals.cloned().unwrap_or_default();
    merge(&mut properties, resource.properties()?);
    let allowed = match properties.get("Role") {
        Some(role) => Some(roles::allowed(template, role).map_err(|f| f.within("Role"))?),
        None => None,
    };
    let resolved = scope.resolve_named(&properties, PROPERTIES)?;
    let properties: Properties = serde_path_to_error::deserialize(resolved)?;

    let mut environment = BTreeMap::new();
    for (variable, value) in &properties.environment.variables {
        let text = text_of(value)
            .map_err(|f| f.within(variable).within("Variables").within("Environment"))?;
        environment.insert(variable.clone(), text);
    }
    let timeout = Duration::from_secs(properties.timeout.into());
    let mut events = Vec::new();
    for (name, source) in properties.events {
        let event = read_event(source, timeout, queues)
            .map_err(|f| f.within("Properties").within(name).within("Events"))?;
        events.push(event);
    }
    Ok(Some(Function {
        logical_id: resource.logical_id.to_owned(),
        name: last_component(&properties.code_uri)?,
        memory_mb: properties.memory_size,
        timeout,
        environment,
        reserved_concurrency: properties.reserved_concurrent_executions.map(count),
        allowed,
        events,
    }))
}

fn read_event(source: EventSource, timeout: Duration, queues: &[Queue]) -> Result<Event, Fault> {
    match source.r#type.as_str() {
        "HttpApi" => {
            let http: HttpProperties = serde_path_to_error::deserialize(source.properties)?;
            Ok(Event::Http {
                method: http.method.to_ascii_uppercase(),
                path: http.path,
            })
        }
        "SQS" => {
            let mapping = serde_path_to_error::deserialize(source.properties)?;
            read_mapping(&mapping, timeout, queues)
        }
        "Schedule" | "ScheduleV2" => {
            let schedule: ScheduleProperties = serde_path_to_error::deserialize(source.properties)?;
            let every = rate(&schedule.schedule).map_err(|f| f.within("Schedule"))?;
            Ok(Event::Schedule { every })
        }
        other => Err(Fault::new(format!(
            "the local stack has no event source of type {other}"
        ))),
    }
}

// Lambda developer guide, "Using Lambda with Amazon SQS": a FIFO queue gives at most ten messages a
// batch and has no batching window. A visibility timeout below the function's timeout is refused
// when the mapping is created.
fn read_mapping(
    mapping: &QueueProperties,
    timeout: Duration,
    queues: &[Queue],
) -> Result<Event, Fault> {
    let name = mapping.queue.rsplit(':').next().unwrap_or_default();
    let queue = queues
        .iter()
        .find(|queue| queue.name == name)
        .ok_or_else(|| {
            Fault::new(format!("{} is no queue of this template", mapping.queue)).within("Queue")
        })?;
    if queue.fifo && mapping.batch_size > 10 {
        return Err(Fault::new("at most 10 on a FIFO queue").within("BatchSize"));
    }
    if queue.fifo && mapping.maximum_batching_window_in_seconds.is_some() {
        return Err(Fault::new("not on a FIFO queue").within("MaximumBatchingWindowInSeconds"));
    }
    let visibility = queue
        .attributes
        .get("VisibilityTimeout")
        .map_or(Ok(30), |text| text.parse())
        .map_err(|_| Fault::new(format!("{name} has no number as VisibilityTimeout")))?;
    if Duration::from_secs(visibility) < timeout {
        return Err(Fault::new(format!(
            "the visibility timeout of {name}, {visibility} s, is below the function's timeout"
        ))
        .within("Queue"));
    }
    Ok(Event::Queue {
        queue: name.to_owned(),
        batch_size: count(mapping.batch_size),
        maximum_concurrency: mapping
            .scaling_config
            .as_ref()
            .and_then(|scaling| scaling.maximum_concurrency)
            .map(count),
        report_item_failures: mapping
            .function_response_types
            .iter()
            .any(|kind| kind == "ReportBatchItemFailures"),
        batching_window: Duration::from_secs(
            mapping
                .maximum_batching_window_in_seconds
                .unwrap_or(0)
                .into(),
        ),
    })
}

/// Parses a rate such as `rate(5 minutes)`.
fn rate(expression: &str) -> Result<Duration, Fault> {
    let unclear = || {
        Fault::new(format!(
            "{expression} is no rate(...) the local stack can run"
        ))
    };
    let (amount, unit) = expression
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|rate| rate.split_once(' '))
        .ok_or_else(unclear)?;
    let amount: u64 = amount.parse().map_err(|_| unclear())?;
    let seconds = match unit {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return Err(unclear()),
    };
    Ok(Duration::from_secs(amount * seconds))
}

/// Merges by SAM's rule for `Globals`: mappings are merged, anything else is replaced (SAM
/// developer guide, "Globals section").
fn merge(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => merge(below, above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn last_component(code_uri: &str) -> Result<String, Fault> {
    code_uri
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty() && *name != ".")
        .map(str::to_owned)
        .ok_or_else(|| Fault::new("names no package").within("CodeUri"))
}

fn count(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Reads a number or its text, because parameters arrive as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let value = Value::deserialize(deserializer)?;
    match &value {
        Value::Number(n) => n.as_u64().and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| de::Error::custom(format!("{value} is not a whole number")))
}

fn optional_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    number(deserializer).map(Some)
}

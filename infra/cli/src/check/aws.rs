//! AWS: the table, the queues and their dead letters.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::TimeToLiveStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use casement_aws::error_code::error_code;
use casement_aws::keys::{DUE_AT, DUE_INDEX, DUE_SHARD, EXPIRES_AT, PK, SK};

use super::{Row, Verdict};
use crate::Problem;
use crate::place::Place;
use crate::stored::Table;

/// The queues: the output with the URL, the short name, and whether it is FIFO.
pub(crate) const QUEUES: [(&str, &str, bool); 4] = [
    ("InboundQueueUrl", "inbound", true),
    ("OutboundQueueUrl", "outbound", true),
    ("StatusQueueUrl", "status", false),
    ("DelayQueueUrl", "delay", false),
];

const DEPLOY: &str = "deploy the stack anew (sam deploy), and give this deployment's --outputs";

pub(super) async fn rows(place: &Place) -> Result<Vec<Row>, Problem> {
    let table = Table::of(place)?;
    let mut queues = Vec::new();
    for (output, name, fifo) in QUEUES {
        let url = place.name(output)?;
        queues.push((name, fifo, queue(place, &url).await));
    }
    Ok(vec![
        Row::new("table", judge_table(&table_facts(&table).await)),
        Row::new("queues", judge_queues(&queues)),
        Row::new("dead letters", judge_dead_letters(&queues)),
    ])
}

/// Facts about the table.
#[derive(Clone, Debug, Default)]
pub(super) struct TableFacts {
    /// The key attributes of the table and of each index.
    pub keys: HashMap<String, Vec<String>>,
    /// The TTL attribute.
    pub expires_by: Option<String>,
}

async fn table_facts(table: &Table) -> Result<TableFacts, String> {
    let described = table.client.describe_table().table_name(&table.name);
    let described = described.send().await.map_err(|error| error_code(&error))?;
    let described = described
        .table
        .unwrap_or_else(|| aws_sdk_dynamodb::types::TableDescription::builder().build());
    let names = |schema: &[aws_sdk_dynamodb::types::KeySchemaElement]| {
        schema
            .iter()
            .map(|key| key.attribute_name.clone())
            .collect()
    };
    let mut keys = HashMap::from([(String::new(), names(described.key_schema()))]);
    for index in described.global_secondary_indexes() {
        let name = index.index_name().unwrap_or_default().to_owned();
        keys.insert(name, names(index.key_schema()));
    }
    let ttl = table.client.describe_time_to_live().table_name(&table.name);
    let ttl = ttl.send().await.map_err(|error| error_code(&error))?;
    let ttl = ttl.time_to_live_description;
    let is_on = |status: Option<&TimeToLiveStatus>| {
        matches!(
            status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        )
    };
    Ok(TableFacts {
        keys,
        expires_by: ttl
            .filter(|ttl| is_on(ttl.time_to_live_status.as_ref()))
            .and_then(|ttl| ttl.attribute_name),
    })
}

pub(super) fn judge_table(facts: &Result<TableFacts, String>) -> Verdict {
    let facts = match facts {
        Ok(facts) => facts,
        Err(code) => return refused("the table", code),
    };
    let has = |index: &str, expected: [&str; 2]| {
        facts
            .keys
            .get(index)
            .is_some_and(|names| *names == expected)
    };
    if !has("", [PK, SK]) || !has(DUE_INDEX, [DUE_SHARD, DUE_AT]) {
        return Verdict::wrong("its keys or its index are not Casement's", DEPLOY);
    }
    if facts.expires_by.as_deref() != Some(EXPIRES_AT) {
        return Verdict::wrong("old items do not expire", DEPLOY);
    }
    Verdict::ok("answers, with its keys, its index and the expiry of old items")
}

fn refused(what: &str, code: &str) -> Verdict {
    let detail = format!("{what} cannot be looked at ({code})");
    Verdict::wrong(detail, Problem::advice_for(code))
}

/// Facts about a queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueueFacts {
    pub arn: String,
    pub fifo: bool,
    /// Its dead-letter queue, if it has one.
    pub dead_letters: Option<DeadLetterQueue>,
}

/// A dead-letter queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeadLetterQueue {
    pub url: String,
    pub arn: String,
    /// The number of messages in the queue.
    pub waiting: u64,
}

/// Reads a queue's attributes. Errors are AWS error codes.
pub(crate) async fn queue(place: &Place, url: &str) -> Result<QueueFacts, String> {
    let sqs = place.aws.sqs();
    let attributes = attributes(&sqs, url).await?;
    let text = |name: &QueueAttributeName| attributes.get(name).map(String::as_str);
    let policy = text(&QueueAttributeName::RedrivePolicy).unwrap_or("{}");
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap_or_default();
    let dead_letters = match policy["deadLetterTargetArn"].as_str() {
        None => None,
        Some(arn) => {
            let name = arn.rsplit(':').next().unwrap_or_default();
            let url = sqs.get_queue_url().queue_name(name).send().await;
            let url = url.map_err(|error| error_code(&error))?.queue_url;
            let url = url.unwrap_or_default();
            let waiting = self::attributes(&sqs, &url).await?;
            let waiting = waiting.get(&QueueAttributeName::ApproximateNumberOfMessages);
            Some(DeadLetterQueue {
                waiting: waiting.and_then(|number| number.parse().ok()).unwrap_or(0),
                arn: arn.to_owned(),
                url,
            })
        }
    };
    Ok(QueueFacts {
        arn: text(&QueueAttributeName::QueueArn)
            .unwrap_or_default()
            .to_owned(),
        fifo: text(&QueueAttributeName::FifoQueue) == Some("true"),
        dead_letters,
    })
}

async fn attributes(
    sqs: &aws_sdk_sqs::Client,
    url: &str,
) -> Result<HashMap<QueueAttributeName, String>, String> {
    let asked = sqs.get_queue_attributes().queue_url(url);
    let answer = asked.attribute_names(QueueAttributeName::All).send().await;
    let answer = answer.map_err(|error| error_code(&error))?;
    Ok(answer.attributes.unwrap_or_default())
}

/// Queues with their short names, whether each must be FIFO, and the facts.
pub(super) type Queues<'a> = [(&'a str, bool, Result<QueueFacts, String>)];

pub(super) fn judge_queues(queues: &Queues<'_>) -> Verdict {
    for (name, fifo, facts) in queues {
        match facts {
            Err(code) => return refused(&format!("the queue {name}"), code),
            Ok(facts) if facts.fifo != *fifo => {
                let kind = if *fifo { "FIFO" } else { "standard" };
                return Verdict::wrong(format!("{name} is not a {kind} queue"), DEPLOY);
            }
            Ok(facts) if facts.dead_letters.is_none() => {
                return Verdict::wrong(format!("{name} has no dead-letter queue"), DEPLOY);
            }
            Ok(_) => {}
        }
    }
    Verdict::ok("all four answer, of the right kinds, with dead-letter queues")
}

pub(super) fn judge_dead_letters(queues: &Queues<'_>) -> Verdict {
    let mut waiting = Vec::new();
    for (name, _, facts) in queues {
        let Ok(facts) = facts else {
            return Verdict::waits_for("queues");
        };
        let count = facts.dead_letters.as_ref().map_or(0, |queue| queue.waiting);
        if count > 0 {
            waiting.push((*name, count));
        }
    }
    let Some((first, _)) = waiting.first() else {
        return Verdict::ok("none");
    };
    let told: Vec<_> = waiting
        .iter()
        .map(|(name, count)| format!("{count} of {name}"))
        .collect();
    Verdict::wrong(
        told.join(", "),
        format!("see why, and put them back to work: casement redrive {first}"),
    )
}

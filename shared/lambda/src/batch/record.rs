//! The records of an event, by group.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use casement_core::trail::{CORRELATION_ID, Trail};
use chrono::{DateTime, Utc};

/// One message of a batch. Its body is for the handler to read: a body that cannot be read
/// harms nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// SQS's id of the message.
    pub message_id: String,
    /// What stands for this receipt of it.
    pub receipt_handle: String,
    /// What the sender wrote.
    pub body: String,
    /// The group, if it has one.
    pub group: Option<String>,
    /// How often it was received, this time included.
    pub receives: u32,
    /// When it was received first.
    pub first_received: Option<DateTime<Utc>>,
    /// Where it comes from; without a correlation id of its own the message's id is taken.
    pub trail: Trail,
    /// Whether it goes to the dead letters if it fails now.
    pub last: bool,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({}, {}x)", self.message_id, self.receives)
    }
}

/// The records that must run one after the other, in order. In a standard queue a group says
/// only whose share of the consumers a message counts to, so each record stands alone there.
pub(super) fn groups(event: SqsEvent, max_receive_count: u32) -> Vec<Vec<Record>> {
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for message in event.records {
        let in_order = is_fifo(&message);
        let record = record(message, max_receive_count);
        let same_group = |group: &&mut Vec<Record>| {
            in_order
                && group
                    .first()
                    .is_some_and(|first| first.group == record.group)
        };
        match groups.iter_mut().find(same_group) {
            Some(group) => group.push(record),
            None => groups.push(vec![record]),
        }
    }
    groups
}

fn is_fifo(message: &SqsMessage) -> bool {
    let arn = message.event_source_arn.as_deref();
    arn.is_some_and(|arn| arn.ends_with(".fifo"))
}

fn record(message: SqsMessage, max_receive_count: u32) -> Record {
    let attribute = |name: &str| message.attributes.get(name);
    let receives = attribute("ApproximateReceiveCount");
    let receives = receives.and_then(|count| count.parse().ok()).unwrap_or(1);
    let first_received = attribute("ApproximateFirstReceiveTimestamp");
    let first_received = first_received.and_then(|milliseconds| milliseconds.parse().ok());
    let message_id = message.message_id.unwrap_or_default();
    let correlation = message.message_attributes.get(CORRELATION_ID);
    let correlation = correlation.and_then(|attribute| attribute.string_value.clone());
    let trace_header = attribute("AWSTraceHeader").cloned();
    Record {
        group: attribute("MessageGroupId").cloned(),
        first_received: first_received.and_then(DateTime::from_timestamp_millis),
        trail: Trail::of(correlation.unwrap_or_else(|| message_id.clone())).traced(trace_header),
        message_id,
        receipt_handle: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receives,
        last: receives >= max_receive_count,
    }
}

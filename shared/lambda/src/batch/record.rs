//! The records of an event, by group.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use casement_core::model::trace_context::{CORRELATION_ID, TraceContext};
use casement_service::Attempt;
use chrono::{DateTime, Utc};

/// One message of a batch. The handler reads its body, so an unreadable body harms no other
/// message.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// SQS's id of the message.
    pub message_id: String,
    /// The handle of this receipt.
    pub receipt_handle: String,
    /// The message's content.
    pub body: String,
    /// The group, if it has one.
    pub group: Option<String>,
    /// The number of receives, this one included.
    pub receives: u32,
    /// The time of the first receive.
    pub first_received: Option<DateTime<Utc>>,
    /// The trace context of the work that sent it. Without a correlation id, it gets the message's id.
    pub trace_context: TraceContext,
    /// Whether the message comes back if it fails now.
    pub attempt: Attempt,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({}, {}x)", self.message_id, self.receives)
    }
}

/// Returns the records in groups that must run in order. In a standard queue a group only assigns a
/// share of the consumers, so each record stands alone there.
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
        trace_context: TraceContext::of(correlation.unwrap_or_else(|| message_id.clone()))
            .traced(trace_header),
        message_id,
        receipt_handle: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receives,
        attempt: if receives >= max_receive_count {
            Attempt::Last
        } else {
            Attempt::Another
        },
    }
}

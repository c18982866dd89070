//! Turns a webhook from WhatsApp into messages for the queues.

use std::collections::BTreeMap;

use casement_core::model::account::AccountEvent;
use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::identity::IdentityChange;
use casement_core::model::queue::{InboundQueueMessage, StatusQueueMessage, encode};
use casement_core::model::status::{StatusReport, TemplateChange};
use casement_core::model::trace_context::TraceContext;

use crate::event::Event;
use crate::failure::{BackendFailure, QueueFailure};
use crate::ports::{BatchQueue, QueueEntry};

/// The contents of a webhook from WhatsApp: the use case of `whatsapp-webhook`.
#[derive(Default)]
pub struct Intake {
    /// Customers' messages, in order.
    pub messages: Vec<InboundMessage>,
    /// Customers whose identifiers have changed.
    pub identity_changes: Vec<IdentityChange>,
    /// Reports about our messages.
    pub statuses: Vec<StatusReport>,
    /// Changed templates.
    pub template_changes: Vec<TemplateChange>,
    /// Reports about business accounts and their numbers.
    pub account_events: Vec<AccountEvent>,
    /// Webhook fields that are not handled, by name, and how often each came. They are counted.
    pub unknown_fields: BTreeMap<String, usize>,
}

impl Intake {
    /// Hands everything to the queues. `Ok` means that nothing is lost if the webhook never comes
    /// again.
    ///
    /// # Errors
    /// A queue did not confirm. The webhook has to come again, which repeats nothing.
    pub async fn run<Q: BatchQueue>(self, inbound: &Q, status: &Q) -> Result<(), QueueFailure> {
        let (messages, identity_changes) = (self.messages.len(), self.identity_changes.len());
        let (statuses, template_changes) = (self.statuses.len(), self.template_changes.len());
        let account_events = self.account_events.len();
        for (field, count) in &self.unknown_fields {
            (0..*count).for_each(|_| Event::UnknownField(field.clone()).count());
            tracing::info!(field, count, "a field of webhooks is not known");
        }
        let [changes, written, reports] = self.entries(Q::LONGEST_BODY / 2).map_err(|_| {
            let problem = "a queue message cannot be written";
            QueueFailure(BackendFailure::Unreadable(problem))
        })?;
        let correlation_ids = ids_of([&changes, &written, &reports]);
        // New identifiers lead to the conversation before any message arrives under them.
        inbound.send_all(changes).await?;
        inbound.send_all(written).await?;
        status.send_all(reports).await?;
        (0..messages).for_each(|_| Event::Received.count());
        tracing::info!(
            messages,
            identity_changes,
            statuses,
            template_changes,
            account_events,
            correlation_ids,
            "taken"
        );
        Ok(())
    }

    /// Makes the entries for changes, messages and reports. Messages longer than `longest`, in
    /// bytes of JSON, become placeholders. `longest` is half of the queue's limit, because some
    /// characters take up to twice the room there. The longest text that a customer can type
    /// (65,536 characters) fits however it is escaped.
    fn entries(self, longest: usize) -> serde_json::Result<[Vec<QueueEntry>; 3]> {
        let changes = self.identity_changes.into_iter();
        let changes =
            changes.map(|change| inbound(&InboundQueueMessage::IdentityChange(change.into())));
        let messages = self.messages.into_iter();
        let messages = messages.map(|message| customer_message(message, longest));
        let reports = self.statuses.into_iter().map(|report| {
            let id = TraceContext::of_report(&report).correlation_id;
            status(&StatusQueueMessage::Status(report), id)
        });
        let of_templates = self.template_changes.into_iter();
        let of_templates =
            of_templates.map(|change| status(&StatusQueueMessage::TemplateChanged(change), None));
        let of_accounts = self.account_events.into_iter();
        let of_accounts =
            of_accounts.map(|event| status(&StatusQueueMessage::Account(event), None));
        let reports = reports.chain(of_templates).chain(of_accounts);
        Ok([
            changes.collect::<Result<_, _>>()?,
            messages.collect::<Result<_, _>>()?,
            reports.collect::<Result<_, _>>()?,
        ])
    }
}

/// Makes the entry of a message, or of a placeholder if the queue would refuse the message:
/// everything else in the webhook would wait behind it for days.
fn customer_message(message: InboundMessage, longest: usize) -> serde_json::Result<QueueEntry> {
    let mut queued = InboundQueueMessage::CustomerMessage(Box::new(message));
    let entry = inbound(&queued)?;
    let bytes = entry.body.len();
    let InboundQueueMessage::CustomerMessage(message) = &mut queued else {
        return Ok(entry);
    };
    if bytes <= longest {
        return Ok(entry);
    }
    tracing::warn!(
        bytes,
        "a message too long for the queue becomes a placeholder"
    );
    message.content = InboundContent::Other {
        kind: message.content.kind().to_owned(),
    };
    message.context = Context::default();
    inbound(&queued)
}

fn inbound(message: &InboundQueueMessage) -> serde_json::Result<QueueEntry> {
    let (group, wamid) = (message.group(), message.wamid());
    let number = group.phone_number_id.as_str();
    Ok(QueueEntry {
        group: Some(format!("{number}:{}", group.customer)),
        deduplication_id: Some(wamid.fingerprint()),
        correlation_id: TraceContext::of_message(wamid).correlation_id,
        ..QueueEntry::new(encode(message)?)
    })
}

fn status(
    message: &StatusQueueMessage,
    correlation_id: Option<String>,
) -> serde_json::Result<QueueEntry> {
    Ok(QueueEntry {
        group: message.group().map(str::to_owned),
        correlation_id,
        ..QueueEntry::new(encode(message)?)
    })
}

/// Joins the ids for one log line: a webhook from WhatsApp has up to a thousand items.
fn ids_of(lists: [&[QueueEntry]; 3]) -> String {
    let entries = lists.into_iter().flatten();
    let ids = entries.filter_map(|entry| entry.correlation_id.as_deref());
    ids.collect::<Vec<_>>().join(" ")
}

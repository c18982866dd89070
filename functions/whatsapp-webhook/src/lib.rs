//! Meta's webhook: verify, split, enqueue, answer.
//!
//! It answers 200 only after SQS has accepted every message and every report of the body;
//! otherwise Meta sends the body again.

use std::convert::Infallible;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use casement_aws::queues::{BatchSender, Entry, LONGEST_BODY, follow};
use casement_aws::secrets::SecretValues;
use casement_core::decide::identity_change::former_key;
use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::identity::{ConversationKey, IdentityChange};
use casement_core::model::queue::{InboundQueueMessage, StatusQueueMessage, encode};
use casement_core::model::status::{StatusReport, TemplateChange};
use casement_core::model::trail::Trail;
use casement_lambda::clock::LambdaClock;
use casement_lambda::function::CloudSecrets;
use casement_lambda::http::{Answer, Request};
use casement_service::{BackendFailure, Event, QueueFailure};
use casement_whatsapp::signature::{SIGNATURE_HEADER, verify};
use casement_whatsapp::subscription::SubscriptionCheck;
use casement_whatsapp::webhook::{Parsed, parse};
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct WhatsappWebhook {
    /// The secret with the app secrets and the verify token.
    pub secrets: CloudSecrets,
    /// The queue of customers' messages.
    pub inbound: BatchSender,
    /// The queue of delivery reports.
    pub status: BatchSender,
    /// The clock.
    pub clock: LambdaClock,
}

impl WhatsappWebhook {
    /// Answers a request of the HTTP API.
    ///
    /// # Errors
    /// None: the answer says what is wrong.
    pub async fn handle(
        &self,
        event: LambdaEvent<ApiGatewayV2httpRequest>,
    ) -> Result<ApiGatewayV2httpResponse, Infallible> {
        // All items of the body are part of the invocation's trace.
        let trail = Trail::default().traced(event.context.xray_trace_id);
        let answer = match Request::from_event(event.payload) {
            Ok(request) => follow(trail, self.answer(&request)).await,
            Err(bad) => {
                Event::NotUnderstood("whatsapp_request").count();
                tracing::warn!(reason = %bad, "a request was refused unread");
                bad.into()
            }
        };
        tracing::info!(status = answer.status(), "answered");
        Ok(answer.into())
    }

    async fn answer(&self, request: &Request) -> Answer {
        let secrets = match self.secrets.current().await {
            Ok(secrets) => secrets,
            Err(failure) => {
                Event::WebhookNotTaken("whatsapp").count();
                tracing::error!(%failure, "no webhook can be verified");
                return Answer::unavailable();
            }
        };
        if request.method() == "GET" {
            return subscribe(request, &secrets);
        }
        let signature = request.header(SIGNATURE_HEADER);
        let Ok(webhook) = verify(request.body(), signature, &secrets.whatsapp_app_secrets) else {
            Event::SignatureRefused("whatsapp").count();
            tracing::warn!("a webhook with a wrong signature was refused");
            return Answer::wrong_signature();
        };
        let Ok(mut parsed) = parse(webhook, self.clock.now()) else {
            Event::NotUnderstood("whatsapp_webhook").count();
            tracing::warn!("a webhook that is not JSON was left alone");
            // Meta would repeat the body for days after anything but 200, and it would be no
            // better.
            return Answer::text(200, "the body is not JSON and is left alone");
        };
        for skipped in &parsed.skipped {
            let reason = skipped.reason.as_str();
            (0..skipped.count).for_each(|_| Event::Ignored(reason).count());
            tracing::info!(
                reason,
                count = skipped.count,
                "items of a webhook were left alone"
            );
        }
        parsed.believe_callbacks_of(&secrets.jira_webhook_secrets);
        match self.enqueue(parsed).await {
            Ok(()) => Answer::text(200, ""),
            Err(failure) => {
                Event::WebhookNotTaken("whatsapp").count();
                tracing::error!(%failure, "a webhook was not taken; Meta sends it again");
                Answer::unavailable()
            }
        }
    }

    async fn enqueue(&self, parsed: Parsed) -> Result<(), QueueFailure> {
        let Parsed {
            messages,
            identity_changes,
            statuses,
            template_changes,
            ..
        } = parsed;
        let changes: Result<Vec<_>, _> = identity_changes.into_iter().map(change_entry).collect();
        let messages: Result<Vec<_>, _> = messages.into_iter().map(inbound_entry).collect();
        let of_templates = template_changes.len();
        let template_changes = template_changes.into_iter().map(template_entry);
        let statuses = statuses
            .into_iter()
            .map(status_entry)
            .chain(template_changes);
        let statuses: Result<Vec<_>, _> = statuses.collect();
        // New identifiers lead to the conversation before any message arrives under them.
        let (changes, messages, statuses) = (changes?, messages?, statuses?);
        let counts = [
            messages.len(),
            changes.len(),
            statuses.len() - of_templates,
            of_templates,
        ];
        let correlation_ids = ids_of([&changes, &messages, &statuses]);
        self.inbound.send_all(changes).await?;
        self.inbound.send_all(messages).await?;
        self.status.send_all(statuses).await?;
        let [messages, identity_changes, statuses, template_changes] = counts;
        (0..messages).for_each(|_| Event::Received.count());
        tracing::info!(
            messages,
            identity_changes,
            statuses,
            template_changes,
            correlation_ids,
            "taken"
        );
        Ok(())
    }
}

/// Answers Meta's check of the URL when the webhook is set up (Cloud API, "Create a webhook
/// endpoint").
fn subscribe(request: &Request, secrets: &SecretValues) -> Answer {
    let [mode, token, challenge] =
        ["hub.mode", "hub.verify_token", "hub.challenge"].map(|name| request.query(name));
    let check = SubscriptionCheck::from_query(|name| match name {
        "hub.mode" => mode.as_deref(),
        "hub.verify_token" => token.as_deref(),
        _ => challenge.as_deref(),
    });
    match check.challenge(&secrets.whatsapp_verify_token) {
        Ok(challenge) => Answer::text(200, challenge),
        Err(_) => {
            tracing::warn!("a subscription with a wrong token was refused");
            Answer::problem(
                403,
                "Forbidden",
                "the verify token does not match the one in Casement's secret",
            )
        }
    }
}

/// The longest message for the queue, in bytes of JSON. Half of SQS's limit, because some
/// characters take up to twice the room there. The longest text that a customer can type (65,536
/// characters) fits however it is escaped.
const LONGEST_MESSAGE: usize = LONGEST_BODY / 2;

/// Makes the entry of a message. One customer of one business number is one group, so messages keep
/// their order.
fn inbound_entry(message: InboundMessage) -> Result<Entry, QueueFailure> {
    let customer = message.from.identifiers().next().unwrap_or_default();
    let group = group(&ConversationKey::new(&message.phone_number_id, customer));
    let occasion = message.wamid.fingerprint();
    let id = Trail::of_message(&message.wamid).correlation_id;
    let body = sized(message).map_err(not_encoded)?;
    Ok(Entry::new(body)
        .in_group(group)
        .deduplicated_by(occasion)
        .followed_by(id))
}

/// Writes the message as JSON, or a placeholder if SQS would refuse it: everything else in the
/// webhook would wait behind it for days.
fn sized(message: InboundMessage) -> Result<String, serde_json::Error> {
    let mut queued = InboundQueueMessage::CustomerMessage(Box::new(message));
    let body = encode(&queued)?;
    let bytes = body.len();
    if let InboundQueueMessage::CustomerMessage(message) = &mut queued
        && bytes > LONGEST_MESSAGE
    {
        tracing::warn!(
            bytes,
            "a message too long for the queue becomes a placeholder"
        );
        message.content = InboundContent::Other {
            kind: message.content.kind().to_owned(),
        };
        message.context = Context::default();
        return encode(&queued);
    }
    Ok(body)
}

/// Makes the entry of a change, in the group of the former identity, after the messages that came
/// from it.
fn change_entry(change: IdentityChange) -> Result<Entry, QueueFailure> {
    let group = group(&former_key(&change));
    let occasion = change.wamid.fingerprint();
    let id = Trail::of_message(&change.wamid).correlation_id;
    let body = encode(&InboundQueueMessage::IdentityChange(change)).map_err(not_encoded)?;
    Ok(Entry::new(body)
        .in_group(group)
        .deduplicated_by(occasion)
        .followed_by(id))
}

/// Joins the ids for one log line: a webhook of Meta's has up to a thousand items.
fn ids_of(lists: [&[Entry]; 3]) -> String {
    let entries = lists.into_iter().flatten();
    let ids = entries.filter_map(|entry| entry.trail.correlation_id.as_deref());
    ids.collect::<Vec<_>>().join(" ")
}

fn group(customer: &ConversationKey) -> String {
    let number = customer.phone_number_id.as_str();
    format!("{number}:{}", customer.customer)
}

/// Makes the entry of a report. The group keeps a busy number from crowding out the others, and
/// implies no order.
fn status_entry(report: StatusReport) -> Result<Entry, QueueFailure> {
    let group = report.phone_number_id.clone();
    let id = Trail::of_report(&report).correlation_id;
    let body = encode(&StatusQueueMessage::Status(report)).map_err(not_encoded)?;
    let entry = Entry::new(body).followed_by(id);
    Ok(match group {
        Some(number) => entry.in_group(number.as_str()),
        None => entry,
    })
}

fn template_entry(change: TemplateChange) -> Result<Entry, QueueFailure> {
    let group = change.business_account_id.clone();
    let body = encode(&StatusQueueMessage::TemplateChanged(change)).map_err(not_encoded)?;
    Ok(Entry::new(body).in_group(group.as_str()))
}

fn not_encoded(_: serde_json::Error) -> QueueFailure {
    QueueFailure(BackendFailure::Unreadable(
        "a queue message cannot be written",
    ))
}

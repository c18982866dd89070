//! Jira's webhook: verify, enqueue, answer.
//!
//! A webhook is a hint and never evidence: the function takes only the ids of issue and comment.
//! Jira repeats a webhook after 503 and gives up after 400, 401 or 404, so our own failures are
//! always a 503.

use std::convert::Infallible;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use casement_aws::queues::{SqsOutbound, follow};
use casement_aws::secrets::WebhookSecrets;
use casement_core::model::queue::OutboundQueueMessage;
use casement_core::model::trace_context::TraceContext;
use casement_jira::signature::{SIGNATURE_HEADER, TOKEN_HEADER, verify, verify_token};
use casement_jira::webhook::{Hint, parse};
use casement_lambda::function::CloudWebhookSecrets;
use casement_lambda::http::{Answer, Request};
use casement_service::Event;
use casement_service::ports::OutboundQueue;
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct JiraWebhook {
    /// The webhook secret, with the secrets of Jira's webhook.
    pub secrets: CloudWebhookSecrets,
    /// The queue to the only function that sends.
    pub outbound: SqsOutbound,
}

impl JiraWebhook {
    /// Answers a request of the HTTP API.
    ///
    /// # Errors
    /// None: the answer says what is wrong.
    pub async fn handle(
        &self,
        event: LambdaEvent<ApiGatewayV2httpRequest>,
    ) -> Result<ApiGatewayV2httpResponse, Infallible> {
        let trace_header = event.context.xray_trace_id;
        let answer = match Request::from_event(event.payload) {
            Ok(request) => self.answer(&request, trace_header).await,
            Err(bad) => bad.into(),
        };
        tracing::info!(status = answer.status(), "answered");
        Ok(answer.into())
    }

    async fn answer(&self, request: &Request, trace_header: Option<String>) -> Answer {
        let secrets = match self.secrets.current().await {
            Ok(secrets) => secrets,
            Err(failure) => {
                Event::WebhookNotTaken("jira").count();
                tracing::error!(%failure, "no webhook can be verified");
                return Answer::unavailable();
            }
        };
        let (signature, token) = (
            request.header(SIGNATURE_HEADER),
            request.header(TOKEN_HEADER),
        );
        let signed = verify(request.body(), signature, &secrets.jira_webhook_secrets);
        let Ok(webhook) = signed
            .or_else(|_| verify_token(request.body(), token, &secrets.jira_automation_tokens))
        else {
            Event::SignatureRefused("jira").count();
            tracing::warn!("a webhook with a wrong signature was refused");
            return Answer::wrong_signature();
        };
        match parse(webhook) {
            Ok(Hint::Comment { message, .. }) if is_echo(&message, &secrets) => {
                Event::Ignored("own").count();
                tracing::info!(reason = "own", "a webhook was left alone");
            }
            Ok(Hint::Comment { message, dedup_id }) => {
                let trace_context = trace_context(&message).traced(trace_header);
                let correlation_id = trace_context.correlation_id.clone();
                let enqueued =
                    follow(trace_context, self.outbound.enqueue(&message, &dedup_id)).await;
                if let Err(failure) = enqueued {
                    Event::WebhookNotTaken("jira").count();
                    tracing::error!(
                        %failure,
                        correlation_id,
                        "a webhook was not taken; Jira sends it again"
                    );
                    return Answer::unavailable();
                }
                tracing::info!(correlation_id, "taken");
            }
            Ok(Hint::Ignored(reason)) => {
                Event::Ignored(reason.as_str()).count();
                tracing::info!(reason = reason.as_str(), "a webhook was left alone");
            }
            Err(_) => {
                Event::NotUnderstood("jira_webhook").count();
                tracing::warn!("a webhook that is not understood was left alone");
                return Answer::text(200, "the body is not a webhook of Jira's and is left alone");
            }
        }
        Answer::text(200, "")
    }
}

/// Returns the trace context of a message: that of its comment, or of its issue if the webhook is about
/// more.
fn trace_context(message: &OutboundQueueMessage) -> TraceContext {
    match message {
        OutboundQueueMessage::CommentCreated(event)
        | OutboundQueueMessage::CommentEdited(event)
        | OutboundQueueMessage::CommentDeleted(event) => {
            TraceContext::of_comment(&event.comment_id)
        }
        other => TraceContext::of(format!("issue:{}", other.group().as_str())),
    }
}

/// Whether Jira reports a comment of our own. The sender would find out as well; here it costs
/// nothing.
fn is_echo(message: &OutboundQueueMessage, secrets: &WebhookSecrets) -> bool {
    let author = message.author();
    author.is_some() && author == secrets.jira_account_id.as_ref()
}

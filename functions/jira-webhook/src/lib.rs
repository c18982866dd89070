//! Jira's webhook: verify, enqueue, answer.
//!
//! A webhook is a hint and never evidence: only the ids of issue and comment are taken from it.
//! Jira repeats a webhook after 503 and gives up after 400, 401 or 404, so trouble of ours is
//! always a 503.

use std::convert::Infallible;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use casement_aws::secrets::{SecretValues, Secrets};
use casement_core::queue::OutboundQueueMessage;
use casement_jira::signature::{SIGNATURE_HEADER, verify};
use casement_jira::webhook::{Hint, parse};
use casement_lambda::http::{Answer, Request};
use casement_service::ports::{Clock, OutboundQueue};
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct JiraWebhook<C, Q> {
    /// Has the webhook's secrets.
    pub secrets: Secrets<C>,
    /// The queue to the only sender.
    pub outbound: Q,
}

impl<C: Clock, Q: OutboundQueue> JiraWebhook<C, Q> {
    /// Answers a request of the HTTP API.
    ///
    /// # Errors
    /// None: whatever is wrong is said in the answer.
    pub async fn handle(
        &self,
        event: LambdaEvent<ApiGatewayV2httpRequest>,
    ) -> Result<ApiGatewayV2httpResponse, Infallible> {
        let answer = match Request::from_event(event.payload) {
            Ok(request) => self.answer(&request).await,
            Err(bad) => bad.into(),
        };
        tracing::info!(status = answer.status(), "answered");
        Ok(answer.into())
    }

    async fn answer(&self, request: &Request) -> Answer {
        let secrets = match self.secrets.current().await {
            Ok(secrets) => secrets,
            Err(failure) => {
                tracing::error!(%failure, "no webhook can be verified");
                return Answer::unavailable();
            }
        };
        let signature = request.header(SIGNATURE_HEADER);
        let Ok(webhook) = verify(request.body(), signature, &secrets.jira_webhook_secrets) else {
            tracing::warn!("a webhook with a wrong signature was refused");
            return Answer::wrong_signature();
        };
        match parse(webhook) {
            Ok(Hint::Comment { message, .. }) if is_echo(&message, &secrets) => {
                tracing::info!(reason = "own", "a webhook was left alone");
            }
            Ok(Hint::Comment { message, dedup_id }) => {
                if let Err(failure) = self.outbound.enqueue(&message, &dedup_id).await {
                    tracing::error!(%failure, "a webhook was not taken; Jira sends it again");
                    return Answer::unavailable();
                }
            }
            Ok(Hint::Ignored(reason)) => {
                tracing::info!(reason = reason.as_str(), "a webhook was left alone");
            }
            Err(_) => {
                tracing::warn!("a webhook that is not understood was left alone");
                return Answer::text(200, "the body is not a webhook of Jira's and is left alone");
            }
        }
        Answer::text(200, "")
    }
}

/// Whether Jira reports what we wrote ourselves. The sender would find that out as well; here it
/// costs nothing.
fn is_echo(message: &OutboundQueueMessage, secrets: &SecretValues) -> bool {
    let author = message.author();
    author.is_some() && author == secrets.jira_account_id.as_ref()
}

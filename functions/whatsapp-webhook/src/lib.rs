//! Meta's webhook: verify, split, enqueue, answer.
//!
//! It answers 200 only after SQS has accepted every message and every report of the body;
//! otherwise Meta sends the body again.

use std::convert::Infallible;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use casement_aws::queues::{BatchSender, follow};
use casement_aws::secrets::WebhookSecrets;
use casement_core::model::trace_context::TraceContext;
use casement_lambda::clock::LambdaClock;
use casement_lambda::function::CloudWebhookSecrets;
use casement_lambda::http::{Answer, Request};
use casement_service::{Event, Intake};
use casement_whatsapp::signature::{SIGNATURE_HEADER, verify};
use casement_whatsapp::subscription::SubscriptionCheck;
use casement_whatsapp::webhook::parse;
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct WhatsappWebhook {
    /// The webhook secret, with the app secrets and the verify token.
    pub secrets: CloudWebhookSecrets,
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
        let trace_context = TraceContext::default().traced(event.context.xray_trace_id);
        let answer = match Request::from_event(event.payload) {
            Ok(request) => follow(trace_context, self.answer(&request)).await,
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
            let (reason, count) = (skipped.reason.as_str(), skipped.count);
            (0..count).for_each(|_| Event::Ignored(reason).count());
            tracing::info!(reason, count, "items of a webhook were left alone");
        }
        parsed.believe_own_callbacks();
        match Intake::from(parsed).run(&self.inbound, &self.status).await {
            Ok(()) => Answer::text(200, ""),
            Err(failure) => {
                Event::WebhookNotTaken("whatsapp").count();
                tracing::error!(%failure, "a webhook was not taken; Meta sends it again");
                Answer::unavailable()
            }
        }
    }
}

/// Answers Meta's check of the URL when the webhook is set up (Cloud API, "Create a webhook
/// endpoint").
fn subscribe(request: &Request, secrets: &WebhookSecrets) -> Answer {
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

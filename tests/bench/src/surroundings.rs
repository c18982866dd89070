//! The surroundings of a webhook function: SQS, Secrets Manager, and the environment from the
//! template.

use std::collections::BTreeMap;

use axum::Router;
use local_clock::Clock;
use local_emulators::secrets::Secrets;
use local_emulators::sqs::Sqs;
use local_emulators::template::{Stack, Surroundings};
use serde_json::json;

const TEMPLATE: &str = include_str!("../../../template.yaml");
pub(crate) const REGION: &str = "eu-central-1";
const ACCOUNT: &str = "000000000000";
const WEBHOOK_SECRET: &str = "casement-local-webhook";
const CREDENTIALS_SECRET: &str = "casement-local-credentials";
const FINGERPRINT_KEY: &str = "casement-local-fingerprint-key";

/// The secrets that sign the webhooks of WhatsApp and Jira.
pub(crate) const APP_SECRET: &str = "local-app-secret";
pub(crate) const JIRA_SECRET: &str = "local-jira-secret";

/// Reads the template with this machine's values.
///
/// `base` is the address of everything. Functions reach the simulated services through `via`.
pub(crate) fn template(base: &str, via: &str) -> Stack {
    let parameters = [
        ("Stage", "dev".to_owned()),
        ("WebhookSecretArn", WEBHOOK_SECRET.to_owned()),
        ("CredentialsSecretArn", CREDENTIALS_SECRET.to_owned()),
        ("FingerprintKeyArn", FINGERPRINT_KEY.to_owned()),
        ("WhatsappBaseUrl", format!("{via}/graph")),
        ("JiraBaseUrl", format!("{via}/atlassian")),
    ];
    let surroundings = Surroundings {
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        parameters: BTreeMap::from(parameters.map(|(name, value)| (name.to_owned(), value))),
        queue_url_base: format!("{base}/queues"),
    };
    Stack::from_yaml(TEMPLATE, &surroundings).unwrap()
}

/// Serves SQS under `/sqs` and under the queues' own URLs, and Secrets Manager under
/// `/secretsmanager`. Every process has its own, so that no queue grows over the runs.
pub(crate) fn aws(base: &str) -> Router {
    let clock = Clock::default();
    let sqs = Sqs::new(clock.clone(), &format!("{base}/queues"), REGION, ACCOUNT);
    sqs.create(&template(base, base).queues).unwrap();
    let secrets = Secrets::new(clock, REGION, ACCOUNT);
    let webhook = json!({
        "whatsapp_app_secrets": [APP_SECRET],
        "whatsapp_verify_token": "local-verify-token",
        "jira_webhook_secrets": [JIRA_SECRET],
        "jira_account_id": "bridge",
    });
    let credentials = json!({
        "whatsapp_access_token": "local-access-token",
        "jira_email": "bridge@example.com",
        "jira_api_token": "local-api-token",
    });
    secrets.set(WEBHOOK_SECRET, &webhook.to_string());
    secrets.set(CREDENTIALS_SECRET, &credentials.to_string());
    secrets.set(FINGERPRINT_KEY, &"fingerprint-key-of-the-bench".repeat(2));
    Router::new()
        .nest_service("/sqs", sqs.router())
        .nest_service("/queues", sqs.router())
        .nest_service("/secretsmanager", secrets.router())
}

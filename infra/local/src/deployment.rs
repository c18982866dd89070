//! What is deployed: the template with this machine's values, its secrets and its outputs.

use std::collections::BTreeMap;

use local_clock::Clock;
use local_emulators::template;
use local_simulators::jira::{self, Account};
use serde::Serialize;
use serde_json::{Value, json};

use crate::command::StartError;

/// The region that everything belongs to.
pub(crate) const REGION: &str = "eu-central-1";
/// The account that everything belongs to.
pub(crate) const ACCOUNT: &str = "000000000000";
/// The name of the secret that the webhooks read.
pub(crate) const WEBHOOK_SECRET: &str = "casement-local-webhook";
/// The name of the secret that the other functions read.
pub(crate) const CREDENTIALS_SECRET: &str = "casement-local-credentials";
/// The name of the secret key for fingerprints. It is the same on every machine and not
/// confidential, so that data kept with `--data` is found again.
pub(crate) const FINGERPRINT_KEY: &str = "casement-local-fingerprint-key";

pub(crate) fn queue_url_base(base_url: &str) -> String {
    format!("{base_url}/queues")
}

/// Reads the template with this machine's values. Functions reach the simulators at addresses of
/// their own, which [`Lambda`](crate::lambda::Lambda) completes for each environment.
pub(crate) fn read_template(
    text: &str,
    base_url: &str,
    atlassian: &str,
) -> Result<template::Stack, StartError> {
    let via = format!("{base_url}/_via/{{function}}/{{environment}}");
    let parameters = [
        ("Stage", "dev".to_owned()),
        ("WebhookSecretArn", WEBHOOK_SECRET.to_owned()),
        ("CredentialsSecretArn", CREDENTIALS_SECRET.to_owned()),
        ("FingerprintKeyArn", FINGERPRINT_KEY.to_owned()),
        ("WhatsappBaseUrl", format!("{via}/graph")),
        ("JiraBaseUrl", format!("{via}{atlassian}")),
        // As many processes as a machine carries.
        ("WhatsappWebhookConcurrency", "50".to_owned()),
        ("JiraWebhookConcurrency", "20".to_owned()),
    ];
    let surroundings = template::Surroundings {
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        parameters: BTreeMap::from(parameters.map(|(name, value)| (name.to_owned(), value))),
        queue_url_base: queue_url_base(base_url),
    };
    template::Stack::from_yaml(text, &surroundings)
        .map_err(|error| StartError::Template(error.to_string()))
}

/// Returns the path of the simulated Jira: the site itself, or the cloud API.
pub(crate) fn atlassian_path(cloud_api: bool) -> String {
    let config = jira::Config::new(Clock::default());
    if cloud_api {
        format!("/atlassian{}", config.cloud_path())
    } else {
        "/atlassian".to_owned()
    }
}

/// Returns the secrets that the functions read, by name: the values that the simulators sign with
/// and accept.
pub(crate) fn secrets(base_url: &str, cloud_api: bool) -> [(&'static str, Value); 2] {
    let config = jira::Config::new(Clock::default());
    let webhook = json!({
        "whatsapp_app_secrets": ["local-app-secret"],
        "whatsapp_verify_token": "local-verify-token",
        "jira_webhook_secrets": [config.webhook_secret],
        "jira_account_id": Account::Bridge.account_id(),
    });
    let mut credentials = json!({"whatsapp_access_token": "local-access-token"});
    if cloud_api {
        credentials["jira_oauth_client_id"] = config.client_id.into();
        credentials["jira_oauth_client_secret"] = config.client_secret.into();
        credentials["jira_oauth_token_url"] = format!("{base_url}/atlassian/oauth/token").into();
    } else {
        credentials["jira_email"] = config.email.into();
        credentials["jira_api_token"] = config.api_token.into();
    }
    [(WEBHOOK_SECRET, webhook), (CREDENTIALS_SECRET, credentials)]
}

/// One output, in the form of `sam list stack-outputs --output json`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StackOutput {
    output_key: String,
    output_value: String,
}

/// Returns the outputs of a stack that answers at `base_url`. Callers are outside the functions,
/// and reach everything as a function named `casement` would.
pub(crate) fn outputs(
    template: &template::Stack,
    base_url: &str,
    atlassian: &str,
) -> Vec<StackOutput> {
    let via = format!("{base_url}/_via/casement/0");
    let queue = |variable: &str| {
        let mut functions = template.functions.iter();
        let url = functions.find_map(|function| function.environment.get(variable));
        url.cloned().unwrap_or_default()
    };
    let version = template
        .functions
        .iter()
        .find_map(|function| function.environment.get("GRAPH_API_VERSION"));
    [
        ("WhatsappWebhookUrl", format!("{base_url}/whatsapp")),
        ("JiraWebhookUrl", format!("{base_url}/jira")),
        ("TableName", template.table.name.clone()),
        ("WebhookSecretArn", WEBHOOK_SECRET.to_owned()),
        ("CredentialsSecretArn", CREDENTIALS_SECRET.to_owned()),
        ("FingerprintKeyArn", FINGERPRINT_KEY.to_owned()),
        ("LogGroups", "/aws/lambda/casement-local".to_owned()),
        ("LogRetentionDays", "30".to_owned()),
        ("JiraBaseUrl", format!("{via}{atlassian}")),
        ("WhatsappBaseUrl", format!("{via}/graph")),
        ("GraphApiVersion", version.cloned().unwrap_or_default()),
        ("InboundQueueUrl", queue("INBOUND_QUEUE_URL")),
        ("OutboundQueueUrl", queue("OUTBOUND_QUEUE_URL")),
        ("StatusQueueUrl", queue("STATUS_QUEUE_URL")),
        ("DelayQueueUrl", queue("DELAY_QUEUE_URL")),
    ]
    .map(|(key, value)| StackOutput {
        output_key: key.to_owned(),
        output_value: value,
    })
    .into()
}

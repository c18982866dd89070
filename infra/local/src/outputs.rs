//! The outputs of a deployment: those of the template, with this machine's values.

use local_emulators::template;
use serde::Serialize;

use crate::start::{FINGERPRINT_KEY, SECRET};

/// One output, in the form of `sam list stack-outputs --output json`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StackOutput {
    output_key: String,
    output_value: String,
}

/// Returns the outputs of a stack that answers at `base_url`. Callers are outside the functions,
/// and reach everything as a function named `casement` would.
pub(crate) fn of(template: &template::Stack, base_url: &str, atlassian: &str) -> Vec<StackOutput> {
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
        ("SecretArn", SECRET.to_owned()),
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

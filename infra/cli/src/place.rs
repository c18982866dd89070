//! A deployment: its names, AWS clients and clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use casement_aws::client::{AwsClients, AwsEnvironment, MissingVariable};
use casement_aws::fingerprint_key::{self, NoFingerprintKey};
use casement_aws::{Credentials, Secrets, WebhookSecrets};
use casement_lambda::outbound_http;
use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;

use crate::Problem;
use crate::args::PlaceOptions;
use crate::file::text_of;

/// A deployment.
#[derive(Clone, Debug)]
pub struct Place {
    names: BTreeMap<String, String>,
    /// The clients of AWS, or of the local stack's emulators.
    pub aws: AwsClients,
    /// The client for Meta, Atlassian and the deployment's own addresses.
    pub http: Client,
    /// The local stack's address, if the deployment is the local stack.
    pub local: Option<String>,
    clock: PlaceClock,
}

/// The deployment's clock: this machine's, or the local stack's.
#[derive(Clone, Copy, Debug)]
pub struct PlaceClock {
    ahead: Duration,
}

impl Clock for PlaceClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.ahead
    }
}

/// An output of the stack, as SAM and `CloudFormation` write it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

impl Place {
    /// Locates the deployment that the options describe.
    ///
    /// # Errors
    /// A file cannot be read, credentials are missing, or the local stack does not answer.
    pub async fn find(options: &PlaceOptions) -> Result<Self, Problem> {
        let http = outbound_http::client()
            .map_err(|error| Problem::Failed(format!("no HTTP client: {error}")))?;
        let mut names = match &options.outputs {
            Some(file) => outputs_of(file)?,
            None => BTreeMap::new(),
        };
        let (aws, ahead) = match &options.local {
            Some(url) => {
                names.extend(outputs_of_stack(&http, url).await?);
                (local_environment(url)?, local_clock(&http, url).await?)
            }
            None => (environment(options).await?, Duration::zero()),
        };
        names.extend(options.names.iter().cloned());
        Ok(Self {
            names,
            aws: AwsClients::new(aws),
            http,
            local: options.local.clone(),
            clock: PlaceClock { ahead },
        })
    }

    /// Returns the name with this key in the template's outputs.
    ///
    /// # Errors
    /// The name was not given.
    pub fn name(&self, key: &str) -> Result<String, Problem> {
        let variable = variable(key);
        let known = self.names.get(key).cloned();
        known
            .or_else(|| std::env::var(&variable).ok())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| {
                Problem::Usage(format!(
                    "{key} of the deployment is not known: give --outputs FILE (sam list \
                     stack-outputs --stack-name NAME --output json > FILE), --name {key}=VALUE, or \
                     set {variable}"
                ))
            })
    }

    #[must_use]
    pub fn clock(&self) -> PlaceClock {
        self.clock
    }

    /// Returns the deployment's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Reads the deployment's webhook secret.
    ///
    /// # Errors
    /// The secret cannot be read or used.
    pub async fn webhook_secrets(&self) -> Result<Arc<WebhookSecrets>, Problem> {
        let id = self.name("WebhookSecretArn")?;
        let secrets = Secrets::new(self.aws.secrets_manager(), id, self.clock);
        let values = secrets.current().await;
        values.map_err(|failure| Problem::Failed(failure.to_string()))
    }

    /// Reads the deployment's credentials.
    ///
    /// # Errors
    /// The secret cannot be read or used.
    pub async fn credentials(&self) -> Result<Arc<Credentials>, Problem> {
        let id = self.name("CredentialsSecretArn")?;
        let secrets = Secrets::new(self.aws.secrets_manager(), id, self.clock);
        let values = secrets.current().await;
        values.map_err(|failure| Problem::Failed(failure.to_string()))
    }

    /// Installs the deployment's fingerprint key, so that this process makes the same fingerprints
    /// as the functions.
    ///
    /// # Errors
    /// The key cannot be read or used.
    pub async fn take_fingerprint_key(&self) -> Result<(), Problem> {
        let id = self.name("FingerprintKeyArn")?;
        let installed = fingerprint_key::install(self.aws.secrets_manager(), &id).await;
        installed.map_err(|failure| match failure {
            NoFingerprintKey::Unreadable(failure) => {
                Problem::aws("the fingerprint key cannot be read", failure.code())
            }
            other => Problem::Failed(other.to_string()),
        })
    }
}

/// Returns the environment variable for a key: `CASEMENT_TABLE_NAME` for `TableName`.
fn variable(key: &str) -> String {
    let mut name = "CASEMENT".to_owned();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn outputs_of(file: &Path) -> Result<BTreeMap<String, String>, Problem> {
    let shown = file.display();
    let text = text_of(file).map_err(|why| Problem::Usage(format!("--outputs {shown}: {why}")))?;
    parse_outputs(&text).ok_or_else(|| {
        Problem::Usage(format!(
            "--outputs {shown}: it is not what `sam list stack-outputs --stack-name NAME --output \
             json` writes"
        ))
    })
}

fn parse_outputs(text: &str) -> Option<BTreeMap<String, String>> {
    let outputs: Vec<Output> = serde_json::from_str(text).ok()?;
    let pairs = outputs.into_iter();
    Some(
        pairs
            .map(|output| (output.output_key, output.output_value))
            .collect(),
    )
}

async fn ask_stack(http: &Client, url: &str, path: &str) -> Result<String, Problem> {
    let unanswered = || {
        Problem::Failed(format!(
            "no local stack answers at {url}: start one with `cargo run`, or give its address: \
             --local=URL"
        ))
    };
    let answer = http.get(format!("{url}{path}")).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    answer
        .map_err(|_| unanswered())?
        .text()
        .await
        .map_err(|_| unanswered())
}

async fn outputs_of_stack(http: &Client, url: &str) -> Result<BTreeMap<String, String>, Problem> {
    let text = ask_stack(http, url, "/api/outputs").await?;
    parse_outputs(&text)
        .ok_or_else(|| Problem::Failed(format!("{url} is no local stack of this version")))
}

async fn local_clock(http: &Client, url: &str) -> Result<Duration, Problem> {
    let text = ask_stack(http, url, "/api/clock").await?;
    let shown: Value = serde_json::from_str(&text).unwrap_or_default();
    let now = shown["now"].as_str();
    let now = now.and_then(|now| DateTime::parse_from_rfc3339(now).ok());
    now.map(|now| now.to_utc() - Utc::now())
        .ok_or_else(|| Problem::Failed(format!("{url} is no local stack of this version")))
}

/// Makes the environment of the local stack, which accepts any credentials.
fn local_environment(url: &str) -> Result<AwsEnvironment, Problem> {
    let via = |service| Some(format!("{url}/_via/casement/0/{service}"));
    AwsEnvironment::read(|name| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" => via("dynamodb"),
        "AWS_ENDPOINT_URL_SQS" => via("sqs"),
        "AWS_ENDPOINT_URL_SECRETS_MANAGER" => via("secretsmanager"),
        _ => None,
    })
    .map_err(missing)
}

/// Reads Region and credentials from the profile, if one is given, and from the process.
///
/// # Errors
/// One of them is missing, or the AWS CLI does not give them.
pub(crate) async fn environment(options: &PlaceOptions) -> Result<AwsEnvironment, Problem> {
    let exported = match &options.profile {
        Some(profile) => Some(exported(profile).await?),
        None => None,
    };
    AwsEnvironment::read(|name| chosen(exported.as_ref(), name, |name| std::env::var(name).ok()))
        .map_err(missing)
}

/// Chooses a variable from the profile, if there is one, or from the process. Credentials of the two
/// are never mixed: AWS refuses the keys of one with the session token of the other.
fn chosen(
    exported: Option<&BTreeMap<&'static str, String>>,
    name: &str,
    process: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let is_credential = matches!(
        name,
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN"
    );
    match exported {
        Some(exported) if is_credential => exported.get(name).cloned(),
        Some(exported) => exported.get(name).cloned().or_else(|| process(name)),
        None => process(name),
    }
}

/// The last words of what is said where credentials are missing.
pub(crate) const OR_LOCAL: &str = " For the local stack: --local";

fn missing(variable: MissingVariable) -> Problem {
    Problem::Usage(format!(
        "{} is not set. Give --profile NAME, or export the credentials of a profile yourself: eval \
         \"$(aws configure export-credentials --profile NAME --format env)\"; export \
         AWS_REGION=$(aws configure get region --profile NAME).{OR_LOCAL}",
        variable.0
    ))
}

/// Reads a profile's credentials, SSO included, from the AWS CLI ("AWS CLI Command Reference",
/// `configure export-credentials`).
async fn exported(profile: &str) -> Result<BTreeMap<&'static str, String>, Problem> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Credentials {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    }
    let command = ["configure", "export-credentials", "--format", "process"];
    let text = aws_cli(&command, profile).await?;
    let credentials: Credentials = serde_json::from_str(&text).map_err(|_| {
        Problem::Failed("aws configure export-credentials wrote no credentials".to_owned())
    })?;
    let mut found = BTreeMap::from([
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key),
    ]);
    found.extend(
        credentials
            .session_token
            .map(|token| ("AWS_SESSION_TOKEN", token)),
    );
    // If the profile has no region, the environment's applies.
    if let Ok(region) = aws_cli(&["configure", "get", "region"], profile).await {
        found.insert("AWS_REGION", region.trim().to_owned());
    }
    Ok(found)
}

async fn aws_cli(arguments: &[&str], profile: &str) -> Result<String, Problem> {
    let output = tokio::process::Command::new("aws")
        .args(arguments)
        .args(["--profile", profile])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .map_err(|error| {
            Problem::Usage(format!(
                "--profile needs the AWS CLI, and `aws` cannot be started ({error}): install it, or \
                 set AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ))
        })?;
    if !output.status.success() {
        return Err(Problem::Failed(format!(
            "aws {} failed for the profile {profile}: log in first (aws sso login --profile \
             {profile})",
            arguments.join(" ")
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_a_profile_and_of_the_process_are_never_mixed() {
        let process = |name: &str| Some(format!("{name} of the process"));
        let keys = BTreeMap::from([
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ]);
        let chosen = |name: &str| chosen(Some(&keys), name, process);
        assert_eq!(chosen("AWS_ACCESS_KEY_ID").as_deref(), Some("key"));
        assert_eq!(chosen("AWS_SESSION_TOKEN"), None);
        assert_eq!(chosen("AWS_REGION"), process("AWS_REGION"));
        let alone = super::chosen(None, "AWS_SESSION_TOKEN", process);
        assert_eq!(alone, process("AWS_SESSION_TOKEN"));
    }

    #[test]
    fn names_have_variables() {
        for (key, expected) in [
            ("TableName", "CASEMENT_TABLE_NAME"),
            ("WebhookSecretArn", "CASEMENT_WEBHOOK_SECRET_ARN"),
            ("InboundQueueUrl", "CASEMENT_INBOUND_QUEUE_URL"),
        ] {
            assert_eq!(variable(key), expected);
        }
    }

    #[test]
    fn outputs_are_read_as_sam_writes_them() {
        let text = r#"[{"OutputKey": "TableName", "OutputValue": "t", "Description": "x"}]"#;
        let names = parse_outputs(text).unwrap();
        assert_eq!(names["TableName"], "t");
        assert_eq!(parse_outputs("{}"), None);
    }

    #[test]
    fn the_template_says_every_name_that_the_command_asks_for() {
        let template = include_str!("../../../template.yaml");
        let (_, outputs) = template.split_once("\nOutputs:\n").unwrap();
        for key in [
            "WhatsappWebhookUrl",
            "JiraWebhookUrl",
            "TableName",
            "WebhookSecretArn",
            "CredentialsSecretArn",
            "FingerprintKeyArn",
            "LogGroups",
            "LogRetentionDays",
            "JiraBaseUrl",
            "WhatsappBaseUrl",
            "GraphApiVersion",
            "InboundQueueUrl",
            "OutboundQueueUrl",
            "StatusQueueUrl",
            "DelayQueueUrl",
        ] {
            assert!(outputs.contains(&format!("  {key}:\n")), "{key}");
        }
    }
}

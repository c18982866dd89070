//! A deployment: its names, AWS clients and clock.

mod profile;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::error_code::NO_VALUE;
use casement_aws::fingerprint_key::{self, NoFingerprintKey};
use casement_aws::secrets::SecretsFailure;
use casement_aws::{Credentials, Secrets, WebhookSecrets};
use casement_lambda::outbound_http;
use casement_service::BackendFailure;
use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;

use crate::Problem;
use crate::args::PlaceOptions;
use crate::file::text_of;
pub(crate) use profile::{OR_LOCAL, environment};

/// The command that writes the file with a deployment's names.
const WRITE: &str = "sam list stack-outputs --stack-name NAME --output json > FILE";

/// A deployment.
#[derive(Clone, Debug)]
pub struct Place {
    names: BTreeMap<String, String>,
    /// The file with names, if one was given.
    outputs: Option<PathBuf>,
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
            outputs: options.outputs.clone(),
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
        let known = self.names.get(key).cloned();
        known
            .or_else(|| std::env::var(variable(key)).ok())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| unknown(key, self.outputs.as_deref()))
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
        secrets.current().await.map_err(unusable)
    }

    /// Reads the deployment's credentials.
    ///
    /// # Errors
    /// The secret cannot be read or used.
    pub async fn credentials(&self) -> Result<Arc<Credentials>, Problem> {
        let id = self.name("CredentialsSecretArn")?;
        let secrets = Secrets::new(self.aws.secrets_manager(), id, self.clock);
        secrets.current().await.map_err(unusable)
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

fn unknown(key: &str, outputs: Option<&Path>) -> Problem {
    Problem::Usage(match outputs {
        Some(file) => format!(
            "--outputs {}: it has no {key}, so it is of another stack than Casement's, or of an \
             older version. {WRITE} writes it",
            file.display()
        ),
        None => format!(
            "{key} of the deployment is not known: give --outputs FILE ({WRITE} writes it), \
             --name {key}=VALUE, or set {}",
            variable(key)
        ),
    })
}

fn unusable(failure: SecretsFailure) -> Problem {
    const SET: &str = "casement secret set asks for what is missing, and stores it";
    match failure {
        SecretsFailure::Unreadable(which, BackendFailure::Refused(code)) if code == NO_VALUE => {
            Problem::advised(format!("{which} has no value yet"), SET)
        }
        SecretsFailure::Unreadable(which, failure) => {
            Problem::aws(&format!("{which} cannot be read"), failure.code())
        }
        failure @ SecretsFailure::NotUsable(..) => Problem::advised(failure.to_string(), SET),
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
    let wrong = |why: &str| Problem::Usage(format!("--outputs {shown}: {why}. {WRITE} writes it"));
    let text = text_of(file).map_err(|why| wrong(&why))?;
    if text.trim().is_empty() {
        return Err(wrong("it is empty; what was to write it may have failed"));
    }
    parse_outputs(&text).ok_or_else(|| wrong("these are no outputs of a stack in JSON"))
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
    .map_err(profile::missing)
}

#[cfg(test)]
mod tests {
    use casement_aws::secrets::{NotUsable, Which};

    use super::*;

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
    fn whatever_is_wrong_with_the_outputs_how_to_write_them_is_said() {
        let folder = std::env::temp_dir().join(format!("casement-outputs-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (empty, other) = (folder.join("empty.json"), folder.join("other.json"));
        std::fs::write(&empty, "\n").unwrap();
        std::fs::write(&other, "Error: no such stack").unwrap();
        for (file, why) in [
            (folder.join("none.json"), "no such file"),
            (empty, "is empty"),
            (other, "no outputs of a stack"),
        ] {
            let said = outputs_of(&file).unwrap_err().to_string();
            assert!(said.contains(why) && said.contains(WRITE), "{said}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
        for outputs in [Some(Path::new("o.json")), None] {
            let said = unknown("TableName", outputs).to_string();
            assert!(said.contains("TableName") && said.contains(WRITE), "{said}");
            assert_eq!(said.contains("another stack"), outputs.is_some(), "{said}");
        }
    }

    #[test]
    fn a_secret_that_cannot_be_used_has_its_own_advice() {
        let unreadable = |code: &str| {
            let failure = BackendFailure::Refused(code.to_owned());
            SecretsFailure::Unreadable(Which::Webhook, failure)
        };
        for (failure, says, advises) in [
            (
                unreadable(NO_VALUE),
                "has no value yet",
                "casement secret set",
            ),
            (
                unreadable("ResourceNotFoundException"),
                "cannot be read: ResourceNotFoundException",
                "check AWS_REGION and --outputs",
            ),
            (
                SecretsFailure::NotUsable(Which::Webhook, NotUsable::NotAnObject),
                "cannot be used",
                "casement secret set",
            ),
        ] {
            let Problem::Advised { what, advice } = unusable(failure) else {
                panic!("no advice: {says}");
            };
            assert!(what.contains(says), "{what}");
            assert!(advice.contains(advises), "{advice}");
        }
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

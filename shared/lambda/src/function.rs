//! A function from its start to its last invocation, with the services that it calls.

use std::cell::OnceCell;

use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::{BatchSender, SqsDelay, SqsOutbound};
use casement_aws::{
    Credentials, DynamoStore, Secrets, StoredSettings, WebhookSecrets, fingerprint_key,
};
use casement_jira::client::JiraCloud;
use casement_service::{App, Ports};
use casement_whatsapp::client::CloudApi;
use lambda_runtime::{Diagnostic, Error, LambdaEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::{CLOCK_FILE, LambdaClock};
use crate::config::{ConfigError, ProcessEnvironment};
use crate::outbound_http;
use crate::self_test::Readables;
use crate::telemetry::{self, Telemetry};

/// The ports of a deployment.
#[derive(Debug)]
pub enum Cloud {}

/// The deployment's webhook secret, read at first use.
pub type CloudWebhookSecrets = Secrets<WebhookSecrets, LambdaClock>;

/// The deployment's credentials secret, read at first use.
pub type CloudCredentials = Secrets<Credentials, LambdaClock>;

impl Ports for Cloud {
    type Store = DynamoStore<LambdaClock>;
    type Jira = JiraCloud<CloudCredentials>;
    type Whatsapp = CloudApi<CloudCredentials>;
    type Outbound = SqsOutbound;
    type Delays = SqsDelay;
    type Settings = StoredSettings<LambdaClock>;
    type Clock = LambdaClock;
}

/// A starting function. Configures and makes only what the function asks for.
#[derive(Debug)]
pub struct Function {
    /// The function's configuration.
    pub environment: ProcessEnvironment,
    clock: LambdaClock,
    pub(crate) aws: AwsClients,
    telemetry: Telemetry,
    credentials: OnceCell<CloudCredentials>,
    http: OnceCell<reqwest::Client>,
    readables: Readables,
}

impl Function {
    /// Begins to write log lines and metrics under the name of the function's crate
    /// (`env!("CARGO_CRATE_NAME")`).
    ///
    /// # Errors
    /// A variable that Lambda sets is missing.
    pub fn start(name: &str) -> Result<Self, Error> {
        let environment = ProcessEnvironment::of_process();
        let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
        let telemetry = telemetry::init(name, &environment, &clock);
        let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
        Ok(Self {
            environment,
            clock,
            aws,
            telemetry,
            credentials: OnceCell::new(),
            http: OnceCell::new(),
            readables: Readables::default(),
        })
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> LambdaClock {
        self.clock.clone()
    }

    /// The table.
    ///
    /// # Errors
    /// No table is configured.
    pub fn store(&self) -> Result<DynamoStore<LambdaClock>, ConfigError> {
        let table = self.environment.table()?;
        let store = || DynamoStore::new(self.aws.dynamodb(), &table, self.clock());
        self.readables.add(store());
        Ok(store())
    }

    /// The owner's settings.
    ///
    /// # Errors
    /// No table is configured.
    pub fn settings(&self) -> Result<StoredSettings<LambdaClock>, ConfigError> {
        let table = self.environment.table()?;
        let settings = || StoredSettings::new(self.aws.dynamodb(), &table, self.clock());
        self.readables.add(settings());
        Ok(settings())
    }

    /// Returns what webhooks are verified with.
    ///
    /// # Errors
    /// No webhook secret is configured.
    pub fn webhook_secrets(&self) -> Result<CloudWebhookSecrets, ConfigError> {
        let id = self.environment.webhook_secret()?;
        let made = Secrets::new(self.aws.secrets_manager(), id, self.clock());
        self.readables.add(made.clone());
        Ok(made)
    }

    /// Returns the credentials. All their users in a function share one copy.
    ///
    /// # Errors
    /// No credentials secret is configured.
    pub fn credentials(&self) -> Result<CloudCredentials, ConfigError> {
        if let Some(credentials) = self.credentials.get() {
            return Ok(credentials.clone());
        }
        let id = self.environment.credentials_secret()?;
        let made = Secrets::new(self.aws.secrets_manager(), id, self.clock());
        self.readables.add(made.clone());
        Ok(self.credentials.get_or_init(|| made).clone())
    }

    /// Jira.
    ///
    /// # Errors
    /// The site or the credentials secret is not configured, or the address is invalid.
    pub fn jira(&self) -> Result<JiraCloud<CloudCredentials>, Error> {
        let base = self.environment.jira_base_url()?;
        Ok(JiraCloud::new(self.http()?, &base, self.credentials()?)?)
    }

    /// WhatsApp.
    ///
    /// # Errors
    /// The Graph API or the credentials secret is not configured, or the address is invalid.
    pub fn whatsapp(&self) -> Result<CloudApi<CloudCredentials>, Error> {
        let root = self.environment.graph_api()?;
        Ok(CloudApi::new(self.http()?, &root, self.credentials()?)?)
    }

    /// Returns the queue to the only function that sends.
    ///
    /// # Errors
    /// No such queue is configured.
    pub fn outbound_queue(&self) -> Result<SqsOutbound, ConfigError> {
        let url = self.environment.outbound_queue()?;
        Ok(SqsOutbound::new(self.aws.sqs(), url))
    }

    /// Returns the queue whose messages arrive later.
    ///
    /// # Errors
    /// No such queue is configured.
    pub fn delay_queue(&self) -> Result<SqsDelay, ConfigError> {
        let url = self.environment.delay_queue()?;
        Ok(SqsDelay::new(self.aws.sqs(), url))
    }

    /// Makes a sender of many messages at once to the queue at `url`.
    #[must_use]
    pub fn batch_sender(&self, url: String) -> BatchSender {
        BatchSender::new(self.aws.sqs(), url)
    }

    /// Returns the ports that every use case with Jira needs.
    ///
    /// # Errors
    /// One of them is not configured.
    pub fn app(&self) -> Result<App<Cloud>, Error> {
        Ok(App {
            store: self.store()?,
            jira: self.jira()?,
            settings: self.settings()?,
            clock: self.clock(),
        })
    }

    /// Reads the deployment's fingerprint key, and hands every invocation to `handler` until
    /// Lambda ends the function. Answers a self-test itself.
    ///
    /// # Errors
    /// The key cannot be read, or the runtime API does not answer.
    pub async fn serve<A, R, E>(
        self,
        handler: impl AsyncFn(LambdaEvent<A>) -> Result<R, E>,
    ) -> Result<(), Error>
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<Diagnostic> + std::fmt::Debug,
    {
        let key = self.environment.fingerprint_key()?;
        fingerprint_key::install(self.aws.secrets_manager(), &key).await?;
        self.telemetry.run(self.readables, handler).await
    }

    /// Returns the one client for Meta and Atlassian.
    fn http(&self) -> Result<reqwest::Client, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http.clone());
        }
        let made = outbound_http::client()?;
        Ok(self.http.get_or_init(|| made).clone())
    }
}

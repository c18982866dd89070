//! SDK clients, built by hand.
//!
//! The SDK's default configuration chain and the system's root certificates take most of a small
//! function's start time. Lambda's environment has all that is needed, and AWS's endpoints chain to
//! Amazon's own roots.

use std::cell::OnceCell;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};

/// Amazon Root CA 1 to 4 and Starfield Services Root CA G2, which every AWS endpoint chains to
/// (Amazon Trust Services repository).
const AMAZON_ROOTS: &str = include_str!("../certs/amazon-roots.pem");

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
const CALL_TIMEOUT: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 3;

/// Drops idle connections before the far end does: a frozen function would not notice.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// A variable that Lambda always sets is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {0} is not set; Lambda sets it, elsewhere set it yourself")]
pub struct MissingVariable(pub &'static str);

/// The AWS configuration in the environment.
///
/// The variables are those of the AWS SDKs ("AWS SDKs and Tools Reference Guide", settings
/// reference) and of Lambda ("Defined runtime environment variables").
#[derive(Clone, Debug)]
pub struct AwsEnvironment {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if set, `AWS_SESSION_TOKEN`. They last as
    /// long as the execution environment.
    pub credentials: Credentials,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`. `None`: the region's own.
    pub dynamodb_url: Option<String>,
    /// `AWS_ENDPOINT_URL_SQS`, else `AWS_ENDPOINT_URL`. `None`: the region's own.
    pub sqs_url: Option<String>,
    /// `AWS_ENDPOINT_URL_SECRETS_MANAGER`, else `AWS_ENDPOINT_URL`. `None`: the region's own.
    pub secrets_manager_url: Option<String>,
}

impl AwsEnvironment {
    /// Reads the environment through `lookup`. An empty variable counts as not set.
    ///
    /// # Errors
    /// The region or the credentials are missing. The function cannot start.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, MissingVariable> {
        let optional = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(MissingVariable(name));
        let url = |name: &str| optional(name).or_else(|| optional("AWS_ENDPOINT_URL"));
        Ok(Self {
            region: required("AWS_REGION")?,
            credentials: Credentials::new(
                required("AWS_ACCESS_KEY_ID")?,
                required("AWS_SECRET_ACCESS_KEY")?,
                optional("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            dynamodb_url: url("AWS_ENDPOINT_URL_DYNAMODB"),
            sqs_url: url("AWS_ENDPOINT_URL_SQS"),
            secrets_manager_url: url("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        })
    }
}

/// Makes the clients of all services, which share one pool of connections. Makes each client once,
/// at its first use: making one takes a good part of a small function's start time.
#[derive(Clone, Debug)]
pub struct AwsClients {
    environment: AwsEnvironment,
    http: SharedHttpClient,
    dynamodb: OnceCell<aws_sdk_dynamodb::Client>,
    sqs: OnceCell<aws_sdk_sqs::Client>,
    secrets_manager: OnceCell<aws_sdk_secretsmanager::Client>,
}

// The services' builders have the same methods and no trait. The SDK's way to share a
// configuration, `SdkConfig`, makes a webhook's binary 38 KB larger.
macro_rules! client {
    ($sdk:ident, $clients:ident, $url:ident) => {{
        let environment = &$clients.environment;
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(environment.region.clone()))
            .credentials_provider(environment.credentials.clone())
            .http_client($clients.http.clone())
            .timeout_config(timeouts())
            .retry_config(retries());
        config.set_endpoint_url(environment.$url.clone());
        $sdk::Client::from_conf(config.build())
    }};
}

impl AwsClients {
    /// Prepares the clients. Sends nothing yet.
    #[must_use]
    pub fn new(environment: AwsEnvironment) -> Self {
        Self {
            environment,
            http: http_client(),
            dynamodb: OnceCell::new(),
            sqs: OnceCell::new(),
            secrets_manager: OnceCell::new(),
        }
    }

    /// The client of DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let made = || client!(aws_sdk_dynamodb, self, dynamodb_url);
        self.dynamodb.get_or_init(made).clone()
    }

    /// The client of SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let made = || client!(aws_sdk_sqs, self, sqs_url);
        self.sqs.get_or_init(made).clone()
    }

    /// The client of Secrets Manager.
    #[must_use]
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        let made = || client!(aws_sdk_secretsmanager, self, secrets_manager_url);
        self.secrets_manager.get_or_init(made).clone()
    }
}

/// Makes one connector for all clients. The SDK's own HTTP client would make another for each of
/// them as a test, and read the certificates each time.
fn http_client() -> SharedHttpClient {
    let connector = SharedHttpConnector::new(connector());
    http_client_fn(move |_, _| connector.clone())
}

/// Makes a TLS connector with rustls and ring, which starts at once; with aws-lc the first call
/// takes tens of milliseconds more.
fn connector() -> Connector {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build();
    let builder = Connector::builder()
        .connector_settings(settings)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tls_provider(Provider::Rustls(CryptoMode::Ring));
    let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS.as_bytes());
    match TlsContext::builder().with_trust_store(roots).build() {
        Ok(context) => builder.tls_context(context).build(),
        // Cannot happen today. The system's roots would do as well, but load more slowly.
        Err(_) => builder.build(),
    }
}

// The connector limits the time to connect.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(CALL_TIMEOUT)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<AwsEnvironment, MissingVariable> {
        AwsEnvironment::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    const LAMBDA: [(&str, &str); 4] = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
    ];

    #[test]
    fn what_lambda_sets_is_enough() {
        let read = environment(&LAMBDA).unwrap();
        assert_eq!(read.region, "eu-central-1");
        assert_eq!(read.credentials.access_key_id(), "AKID");
        assert_eq!(read.credentials.session_token(), Some("token"));
        assert_eq!(read.dynamodb_url, None);
    }

    #[test]
    fn an_endpoint_of_a_service_wins_over_the_common_one() {
        let mut variables = LAMBDA.to_vec();
        variables.push(("AWS_ENDPOINT_URL", "http://127.0.0.1:1"));
        variables.push(("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2"));
        variables.push(("AWS_ENDPOINT_URL_DYNAMODB", ""));
        let read = environment(&variables).unwrap();
        assert_eq!(read.dynamodb_url.as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(read.sqs_url.as_deref(), Some("http://127.0.0.1:2"));
        assert_eq!(
            read.secrets_manager_url.as_deref(),
            Some("http://127.0.0.1:1")
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        for missing in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let rest: Vec<_> = LAMBDA
                .into_iter()
                .filter(|(name, _)| *name != missing)
                .collect();
            assert_eq!(environment(&rest).unwrap_err(), MissingVariable(missing));
        }
    }

    #[test]
    fn a_client_is_made_once() {
        let clients = AwsClients::new(environment(&LAMBDA).unwrap());
        assert!(std::ptr::eq(clients.sqs().config(), clients.sqs().config()));
        assert!(std::ptr::eq(
            clients.dynamodb().config(),
            clients.dynamodb().config()
        ));
        assert!(std::ptr::eq(
            clients.secrets_manager().config(),
            clients.secrets_manager().config()
        ));
    }

    #[test]
    fn credentials_are_not_printed() {
        let text = format!("{:?}", environment(&LAMBDA).unwrap());
        assert!(
            !text.contains("secret\"") && !text.contains("token\""),
            "{text}"
        );
    }

    /// The same certificates are among the anchors that browsers trust.
    #[test]
    fn the_roots_are_amazons() {
        use rustls::pki_types::CertificateDer;
        use rustls::pki_types::pem::PemObject;

        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(AMAZON_ROOTS.as_bytes()) {
            roots.add(certificate.unwrap()).unwrap();
        }
        assert_eq!(roots.roots.len(), 5);
        for root in &roots.roots {
            assert!(webpki_roots::TLS_SERVER_ROOTS.contains(root), "{root:?}");
        }
        drop(connector());
    }
}

//! Where the checks run, and how time passes there.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use local_clock::Clock;
use local_emulators::dynamodb::DynamoDb;
use local_emulators::sqs::Sqs;
use local_emulators::template::{Stack, Surroundings};
use tokio::net::TcpListener;

const REGION: &str = "eu-central-1";
const ACCOUNT: &str = "000000000000";

/// The longest that a check may wait where time really passes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A name that no other test and no other run uses.
pub(crate) fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!(
        "conformance-{}-{}-{}",
        chrono::Utc::now().timestamp_millis(),
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

/// An SQS with its clock.
pub(crate) struct SqsWorld {
    pub(crate) client: aws_sdk_sqs::Client,
    /// None where time really passes.
    clock: Option<Clock>,
}

impl SqsWorld {
    pub(crate) async fn start() -> Self {
        let (endpoint, clock) = match std::env::var("AWS_ENDPOINT_URL_SQS") {
            Ok(endpoint) => (endpoint, None),
            Err(_) => {
                let clock = Clock::default();
                (start_sqs(&clock).await, Some(clock))
            }
        };
        let http_client = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(aws_sdk_sqs::config::BehaviorVersion::latest())
            .region(aws_sdk_sqs::config::Region::new(region()))
            .credentials_provider(credentials())
            .endpoint_url(endpoint)
            .http_client(http_client)
            .build();
        Self {
            client: aws_sdk_sqs::Client::from_conf(config),
            clock,
        }
    }

    /// Lets time pass: moves the emulator's clock, or waits.
    pub(crate) async fn pass(&self, time: Duration) {
        match &self.clock {
            Some(clock) => {
                let time = i64::try_from(time.as_millis()).unwrap();
                clock.set_offset_ms(clock.offset_ms() + time).unwrap();
            }
            // A little more, for a service's own view of the time.
            None => tokio::time::sleep(time + Duration::from_millis(300)).await,
        }
    }

    /// Whether a check that needs this much time has to be skipped here. Says so.
    pub(crate) fn skips(&self, needed: Duration) -> bool {
        let skips = self.clock.is_none() && needed > PATIENCE;
        if skips {
            skipped(&format!("needs {} s", needed.as_secs()));
        }
        skips
    }
}

/// Starts a DynamoDB, unless there is one to use. It lives as long as the second part.
pub(crate) async fn start_dynamodb() -> (aws_sdk_dynamodb::Client, Option<DynamoDb>) {
    let (endpoint, emulator) = match std::env::var("AWS_ENDPOINT_URL_DYNAMODB") {
        Ok(endpoint) => (endpoint, None),
        Err(_) => {
            let emulator = DynamoDb::start(&template().table, None).await.unwrap();
            (format!("http://{}", emulator.address()), Some(emulator))
        }
    };
    let http_client = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new(region()))
        .credentials_provider(credentials())
        .endpoint_url(endpoint)
        .http_client(http_client)
        .build();
    (aws_sdk_dynamodb::Client::from_conf(config), emulator)
}

async fn start_sqs(clock: &Clock) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let sqs = Sqs::new(clock.clone(), &endpoint, REGION, ACCOUNT);
    tokio::spawn(async move { axum::serve(listener, sqs.router()).await });
    endpoint
}

/// The product's template.
fn template() -> Stack {
    let surroundings = Surroundings {
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        parameters: [
            "WebhookSecretArn",
            "CredentialsSecretArn",
            "FingerprintKeyArn",
            "JiraBaseUrl",
        ]
        .map(|name| (name.to_owned(), "unused".to_owned()))
        .into(),
        queue_url_base: String::new(),
    };
    Stack::from_yaml(include_str!("../../template.yaml"), &surroundings).unwrap()
}

/// Says that the running test is skipped. What `eprintln!` prints is hidden by the test
/// harness unless the test fails, so this writes to stderr itself.
fn skipped(reason: &str) {
    use std::io::Write;
    let test = std::thread::current();
    let line = format!("skipped {}: {reason}\n", test.name().unwrap_or_default());
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn region() -> String {
    std::env::var("AWS_REGION").unwrap_or_else(|_| REGION.to_owned())
}

fn credentials() -> aws_sdk_sqs::config::Credentials {
    let variable = |name| std::env::var(name).ok();
    aws_sdk_sqs::config::Credentials::new(
        variable("AWS_ACCESS_KEY_ID").unwrap_or_else(|| "conformance".to_owned()),
        variable("AWS_SECRET_ACCESS_KEY").unwrap_or_else(|| "conformance".to_owned()),
        variable("AWS_SESSION_TOKEN"),
        None,
        "conformance",
    )
}

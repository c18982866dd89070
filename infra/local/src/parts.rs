//! The emulators and simulators that the stack is made of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use local_clock::Clock;
use local_emulators::dynamodb::DynamoDb;
use local_emulators::secrets::Secrets;
use local_emulators::sqs::Sqs;
use local_emulators::template;
use local_simulators::jira::{self, JiraSimulator};
use local_simulators::whatsapp::{self, WhatsappSimulator};
use reqwest::Client;
use uuid::Uuid;

use crate::command::StartError;
use crate::deployment::{ACCOUNT, REGION};
use crate::proxy::Services;

// DynamoDB API reference, BatchWriteItem and BatchGetItem: 16 MB.
const DYNAMODB_REQUEST_LIMIT: usize = 16 * 1024 * 1024;
const CLOCK_FILE: &str = "clock-offset-ms";

/// The emulated AWS, and where it keeps its data.
pub(crate) struct Storage {
    pub(crate) sqs: Sqs,
    pub(crate) table: Arc<DynamoDb>,
    pub(crate) secrets: Secrets,
    pub(crate) clock_file: PathBuf,
    /// A directory to remove at the end.
    pub(crate) temporary: Option<PathBuf>,
    client: Client,
}

impl Storage {
    /// Opens the data directory, or keeps everything in memory without one. Creates the template's
    /// queues and table.
    ///
    /// # Errors
    /// The directory cannot be used, or the template asks for something that is not supported.
    pub(crate) async fn open(
        data: Option<&Path>,
        clock: &Clock,
        template: &template::Stack,
        queue_url_base: &str,
    ) -> Result<Self, StartError> {
        let (directory, temporary) = match data {
            Some(directory) => (directory.to_owned(), None),
            None => {
                let name = format!("casement-local-{}", Uuid::new_v4());
                let directory = std::env::temp_dir().join(name);
                (directory.clone(), Some(directory))
            }
        };
        let unusable = |problem: String| StartError::Data {
            directory: directory.clone(),
            problem,
        };
        let clock_file = publish_clock(clock, &directory).map_err(|e| unusable(e.to_string()))?;
        let sqs = Sqs::new(clock.clone(), queue_url_base, REGION, ACCOUNT);
        if let Some(directory) = data {
            sqs.keep_in(directory)
                .map_err(|error| unusable(error.to_string()))?;
        }
        sqs.create(&template.queues)
            .map_err(|error| StartError::Template(error.to_string()))?;
        let table = DynamoDb::start(&template.table, data)
            .await
            .map_err(|error| unusable(error.to_string()))?;
        let secrets = Secrets::new(clock.clone(), REGION, ACCOUNT);
        Ok(Self {
            sqs,
            table: Arc::new(table),
            secrets,
            clock_file,
            temporary,
            client: http_client()?,
        })
    }

    /// Returns everything that functions may call.
    pub(crate) fn services(&self, simulators: &Simulators) -> Services {
        Services {
            whatsapp: simulators.whatsapp.graph_router(),
            jira: simulators.jira.atlassian_router(),
            sqs: self.sqs.router(),
            dynamodb: Router::new()
                .route("/", post(forward))
                .layer(DefaultBodyLimit::max(DYNAMODB_REQUEST_LIMIT))
                .with_state(Upstream {
                    client: self.client.clone(),
                    url: format!("http://{}/", self.table.address()),
                }),
            secrets: self.secrets.router(),
        }
    }
}

/// Restores the offset that an earlier run left in the directory, because time must not run
/// backwards for the data stored there.
fn publish_clock(clock: &Clock, directory: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(directory)?;
    let file = directory.join(CLOCK_FILE);
    if let Ok(offset_ms) = std::fs::read_to_string(&file) {
        let offset_ms = offset_ms.trim().parse().map_err(std::io::Error::other)?;
        clock.set_offset_ms(offset_ms)?;
    }
    clock.publish_to(&file)?;
    Ok(file)
}

/// Both ends of the bridge.
#[derive(Clone)]
pub(crate) struct Simulators {
    pub(crate) whatsapp: WhatsappSimulator,
    pub(crate) jira: JiraSimulator,
}

impl Simulators {
    /// Creates the simulators, which send their webhooks to Casement's routes at `base_url`.
    pub(crate) fn new(clock: &Clock, seed: u64, base_url: &str) -> Result<Self, StartError> {
        let client = http_client()?;
        let config = whatsapp::Config {
            seed,
            ..whatsapp::Config::new(clock.clone())
        };
        let whatsapp = WhatsappSimulator::new(config, client.clone());
        whatsapp.set_webhook_url(format!("{base_url}/whatsapp"));
        let config = jira::Config {
            seed,
            ..jira::Config::new(clock.clone())
        };
        let jira = JiraSimulator::new(config, client);
        jira.set_webhook_url(format!("{base_url}/jira"));
        Ok(Self { whatsapp, jira })
    }
}

/// Asks the stack at `base_url` whether it answers.
///
/// # Errors
/// The stack does not answer, which is a fault of the stack.
pub(crate) async fn check_health(base_url: &str) -> Result<(), StartError> {
    let answer = http_client()?
        .get(format!("{base_url}/api/health"))
        .send()
        .await
        .and_then(reqwest::Response::error_for_status);
    match answer {
        Ok(_) => Ok(()),
        Err(error) => Err(StartError::Part {
            part: "the stack's own server",
            problem: error.to_string(),
        }),
    }
}

/// Creates a client for addresses on this machine.
fn http_client() -> Result<Client, StartError> {
    // Already installed if several stacks run in one process.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    Client::builder()
        .no_proxy()
        .build()
        .map_err(|error| StartError::Part {
            part: "HTTP client",
            problem: error.to_string(),
        })
}

#[derive(Clone)]
struct Upstream {
    client: Client,
    url: String,
}

/// Hands a request to the embedded DynamoDB, which has a server of its own.
async fn forward(State(upstream): State<Upstream>, headers: HeaderMap, body: Bytes) -> Response {
    let mut forwarded = headers;
    for own in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
        forwarded.remove(own);
    }
    let request = upstream
        .client
        .post(&upstream.url)
        .headers(forwarded)
        .body(body);
    let answer = async {
        let answer = request.send().await?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        // The server frames the body itself.
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        Ok::<_, reqwest::Error>((status, headers, answer.bytes().await?))
    };
    match answer.await {
        Ok(answer) => answer.into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

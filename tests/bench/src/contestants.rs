//! The measured programs: our functions, the bare function and the peers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::surroundings::{self, APP_SECRET, REGION};

/// Our functions, webhooks first.
pub(crate) const FUNCTIONS: [&str; 7] = [
    "whatsapp-webhook",
    "jira-webhook",
    "inbound-message",
    "outbound-message",
    "message-status",
    "due-timer",
    "timer-sweep",
];

/// A startable function.
#[derive(Clone)]
pub(crate) struct Contestant {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) directory: PathBuf,
    around: Around,
}

/// The place where a function finds AWS.
#[derive(Clone)]
enum Around {
    /// The address of its runtime API.
    Beside,
    /// The local stack at this address.
    Stack(String),
}

impl Contestant {
    /// Makes one of our functions, or the bare one, with AWS beside its runtime API.
    pub(crate) fn of_workspace(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            program: binary(name),
            arguments: Vec::new(),
            directory: std::env::temp_dir(),
            around: Around::Beside,
        }
    }

    /// Makes one of our functions with AWS in a running local stack.
    pub(crate) fn in_stack(name: &str, stack: &str) -> Self {
        Self {
            around: Around::Stack(stack.to_owned()),
            ..Self::of_workspace(name)
        }
    }

    /// Makes the same function of another build.
    pub(crate) fn of_build(self, program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            ..self
        }
    }

    /// Makes the same webhook in another language.
    pub(crate) fn peer(name: &str, program: PathBuf, arguments: &[&str], directory: &Path) -> Self {
        Self {
            name: name.to_owned(),
            program,
            arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
            directory: directory.to_owned(),
            around: Around::Beside,
        }
    }

    /// Returns the environment of a process whose runtime API is at `address`.
    pub(crate) fn environment(&self, address: &str) -> BTreeMap<String, String> {
        let (base, aws, via) = match &self.around {
            Around::Beside => {
                let base = format!("http://{address}");
                (base.clone(), base.clone(), base)
            }
            // The stack's own environments have small numbers.
            Around::Stack(stack) => {
                let via = format!("{stack}/_via/{}/1000000", self.name);
                (stack.clone(), via.clone(), via)
            }
        };
        let template = surroundings::template(&base, &via);
        let function = template.functions.iter().find(|one| one.name == self.name);
        let webhook = || {
            template
                .functions
                .iter()
                .find(|one| one.name == FUNCTIONS[0])
        };
        let function = function.or_else(webhook).unwrap();
        let mut environment = function.environment.clone();
        let lambda = [
            ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
            ("AWS_LAMBDA_FUNCTION_NAME", self.name.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            (
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                function.memory_mb.to_string(),
            ),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "bench".to_owned()),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "bench".to_owned()),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
            ("AWS_LAMBDA_LOG_LEVEL", "INFO".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("AWS_SESSION_TOKEN", "local".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("{aws}/dynamodb")),
            ("AWS_ENDPOINT_URL_SQS", format!("{aws}/sqs")),
            (
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                format!("{aws}/secretsmanager"),
            ),
            // Peers need no call to Secrets Manager.
            ("APP_SECRET", APP_SECRET.to_owned()),
            ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
        ];
        environment.extend(lambda.map(|(name, value)| (name.to_owned(), value)));
        environment
    }
}

/// Returns the path of a workspace binary, which is beside our own.
pub(crate) fn binary(name: &str) -> PathBuf {
    std::env::current_exe().unwrap().with_file_name(name)
}

/// Returns the root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

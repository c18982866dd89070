//! A function's process: how it is started, and its output.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::output::Output;

/// A function as the template describes it.
#[derive(Clone, Debug)]
pub struct FunctionConfig {
    /// The function's name, which is also that of its package and binary.
    pub name: String,
    /// The executable.
    pub binary: PathBuf,
    /// The memory that the function is told it has, in MB. It is not enforced here.
    pub memory_mb: u32,
    /// The longest that one invocation may take.
    pub timeout: Duration,
    /// The most environments, if the template reserves some.
    pub reserved_concurrency: Option<usize>,
    /// The template's environment. `{function}` and `{environment}` in a value become this
    /// function's name and the environment's number.
    pub environment: BTreeMap<String, String>,
}

/// The surroundings of the functions.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The stack's address, such as `http://127.0.0.1:8080`.
    pub base_url: String,
    /// The file with the offset of the stack's clock, in milliseconds.
    pub clock_file: PathBuf,
    /// The AWS region.
    pub region: String,
}

impl Surroundings {
    /// Returns the whole environment of a function's process, except for inherited variables.
    fn variables(&self, config: &FunctionConfig, environment: u64) -> BTreeMap<String, String> {
        let Self { base_url, .. } = self;
        let name = &config.name;
        let via = format!("{base_url}/_via/{name}/{environment}");
        let own = [
            (
                "AWS_LAMBDA_RUNTIME_API",
                format!("{base_url}/_runtime/{name}/{environment}"),
            ),
            ("AWS_LAMBDA_FUNCTION_NAME", name.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            (
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                config.memory_mb.to_string(),
            ),
            (
                "AWS_LAMBDA_LOG_GROUP_NAME",
                format!("/aws/lambda/casement-local/{name}"),
            ),
            ("AWS_LAMBDA_LOG_STREAM_NAME", environment.to_string()),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
            ("AWS_LAMBDA_LOG_LEVEL", "INFO".to_owned()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("{via}/dynamodb")),
            ("AWS_ENDPOINT_URL_SQS", format!("{via}/sqs")),
            (
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                format!("{via}/secretsmanager"),
            ),
            ("CASEMENT_CLOCK_FILE", self.clock_file.display().to_string()),
        ];
        let from_template = config.environment.iter().map(|(key, value)| {
            let value = value
                .replace("{function}", name)
                .replace("{environment}", &environment.to_string());
            (key.clone(), value)
        });
        from_template
            .chain(own.map(|(key, value)| (key.to_owned(), value)))
            .collect()
    }
}

/// Starts the process of environment number `environment` and sends its output to `output`.
///
/// # Errors
/// The executable cannot be started.
pub(super) fn start(
    config: &FunctionConfig,
    surroundings: &Surroundings,
    environment: u64,
    output: &Output,
) -> std::io::Result<Child> {
    let inherited = std::env::vars_os()
        .filter(|(key, _)| key == "PATH" || key.to_string_lossy().starts_with("RUST_"));
    let mut command = Command::new(&config.binary);
    command
        .env_clear()
        .envs(inherited)
        .envs(surroundings.variables(config, environment))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Ctrl-C at a terminal reaches only the stack, which then ends its functions.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn()?;
    if let Some(stdout) = child.stdout.take() {
        forward_lines(stdout, config.name.clone(), output.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward_lines(stderr, config.name.clone(), output.clone());
    }
    Ok(child)
}

// Reads bytes, not strings: a line that is not UTF-8 must not stop the reading, or else the pipe
// fills up and the function hangs.
fn forward_lines(pipe: impl AsyncRead + Send + Unpin + 'static, function: String, output: Output) {
    tokio::spawn(async move {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while let Ok(1..) = pipe.read_until(b'\n', &mut line).await {
            output.line(&function, String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_its_own_addresses() {
        let surroundings = Surroundings {
            base_url: "http://127.0.0.1:8080".to_owned(),
            clock_file: PathBuf::from("/tmp/clock"),
            region: "eu-central-1".to_owned(),
        };
        let config = FunctionConfig {
            name: "worker".to_owned(),
            binary: PathBuf::from("worker"),
            memory_mb: 256,
            timeout: Duration::from_secs(3),
            reserved_concurrency: None,
            environment: BTreeMap::from([
                ("TABLE_NAME".to_owned(), "table".to_owned()),
                (
                    "JIRA_BASE_URL".to_owned(),
                    "http://127.0.0.1:8080/_via/{function}/{environment}/atlassian".to_owned(),
                ),
            ]),
        };
        let variables = surroundings.variables(&config, 7);
        for (key, expected) in [
            ("TABLE_NAME", "table"),
            (
                "JIRA_BASE_URL",
                "http://127.0.0.1:8080/_via/worker/7/atlassian",
            ),
            (
                "AWS_LAMBDA_RUNTIME_API",
                "http://127.0.0.1:8080/_runtime/worker/7",
            ),
            (
                "AWS_ENDPOINT_URL_SQS",
                "http://127.0.0.1:8080/_via/worker/7/sqs",
            ),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("CASEMENT_CLOCK_FILE", "/tmp/clock"),
        ] {
            assert_eq!(variables[key], expected, "{key}");
        }
    }
}

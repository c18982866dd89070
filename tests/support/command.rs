//! The `casement` command, run as from a shell.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::privacy::SECRETS;
use crate::stack::{Stack, binary};

/// The outcome of a command.
#[derive(Clone, Debug)]
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// The text on stdout.
    pub text: String,
    /// The text on stderr.
    pub errors: String,
}

impl Said {
    /// Parses the answer of a command that was given `--json`.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Stack {
    /// Runs `casement ARGUMENTS --local=URL` without a terminal.
    pub async fn casement(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(binary("casement"));
        let local = format!("--local={}", self.url(""));
        command.args(arguments).arg(local);
        said(command).await
    }

    /// Runs `casement ARGUMENTS --local=URL` with these variables too.
    pub async fn casement_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
        let mut command = Command::new(binary("casement"));
        let local = format!("--local={}", self.url(""));
        command.args(arguments).arg(local);
        command.envs(variables.iter().copied());
        said(command).await
    }

    /// Runs `casement ARGUMENTS --local=URL` with this on standard input.
    pub async fn casement_reading(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = Command::new(binary("casement"));
        let local = format!("--local={}", self.url(""));
        command.args(arguments).arg(local);
        fed(command, input).await
    }
}

/// Runs `casement ARGUMENTS` in an empty environment.
pub async fn casement_alone(arguments: &[&str]) -> Said {
    let mut command = Command::new(binary("casement"));
    command.args(arguments).env_clear();
    said(command).await
}

async fn said(command: Command) -> Said {
    fed(command, "").await
}

async fn fed(mut command: Command, input: &str) -> Said {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("casement starts");
    if let Some(mut stdin) = child.stdin.take() {
        // A command that reads nothing may have ended already.
        stdin.write_all(input.as_bytes()).await.ok();
    }
    let output = child.wait_with_output().await.expect("casement ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = Said {
        code: output.status.code().unwrap_or(-1),
        text: text(&output.stdout),
        errors: text(&output.stderr),
    };
    for secret in SECRETS {
        assert!(
            !said.text.contains(secret) && !said.errors.contains(secret),
            "{said:?}"
        );
    }
    said
}

//! A local stack in its own process, driven over its control API.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::contestants::binary;
use crate::process::{cpu_of, peak_of};

/// A running stack of release binaries. Dropping it ends the stack.
pub(crate) struct Stack {
    process: Child,
    base: String,
    client: Client,
}

impl Stack {
    /// Starts a stack, with its data in `directory` or in memory, and waits until it answers.
    pub(crate) fn start(directory: Option<&Path>) -> Self {
        let mut command = Command::new(binary("casement-local"));
        command.args(["--port", "0", "--no-build", "--quiet"]);
        if let Some(directory) = directory {
            command.arg("--data").arg(directory);
        }
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let base = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(base.starts_with("http"), "no stack: {line:?}");
        Self {
            process,
            base,
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Returns the base URL.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Calls the control API.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let answer = request.json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap_or_default()
    }

    /// Reads from the control API.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await;
        answer.unwrap().json().await.unwrap()
    }

    /// Opens a stream from the control API.
    pub(crate) async fn stream(&self, path: &str) -> reqwest::Response {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
    }

    /// Sends a customer's text.
    pub(crate) async fn customer_writes(&self, phone: &str, text: &str) {
        let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima"});
        let path = format!("/api/customers/{phone}/messages");
        let answer = self.api(Method::POST, &path, message).await;
        assert_eq!(answer["webhook_status"], 200, "{answer}");
    }

    /// Writes an agent's public comment.
    pub(crate) async fn agent_writes(&self, key: &str, text: &str) {
        let answer = self.comment(key, text).await;
        assert_eq!(answer["webhook_status"], 200, "{answer}");
    }

    /// Writes an agent's public comment while Jira's webhooks are lost. Returns the comment's id.
    pub(crate) async fn agent_writes_unheard(&self, key: &str, text: &str) -> String {
        let answer = self.comment(key, text).await;
        assert_eq!(answer["webhook_status"], Value::Null, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    async fn comment(&self, key: &str, text: &str) -> Value {
        let comment = json!({"text": text, "public": true, "author": "agent"});
        let path = format!("/api/requests/{key}/comments");
        self.api(Method::POST, &path, comment).await
    }

    /// Waits until the stack is idle.
    pub(crate) async fn done(&self) {
        let busy = self
            .api(Method::POST, "/api/idle", json!({"timeout_s": 300}))
            .await;
        assert_eq!(busy["idle"], true, "{busy}");
    }

    /// Advances the clock and waits until the stack is idle.
    pub(crate) async fn advance(&self, time: Duration) {
        let ahead = json!({"advance_s": time.as_secs()});
        self.api(Method::POST, "/api/clock", ahead).await;
        self.done().await;
    }

    /// Returns the key of the request of the customer with this phone number.
    pub(crate) async fn key_of(&self, phone: &str) -> String {
        let conversations = self.get("/api/state").await["conversations"].take();
        let mut conversations = conversations.as_array().unwrap().iter();
        let found = conversations.find(|one| one["phone"] == phone).unwrap();
        found["issue_key"].as_str().unwrap().to_owned()
    }

    /// Lists the functions' processes, each with its name.
    fn functions(&self) -> Vec<(PathBuf, String)> {
        let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let ours = processes.filter_map(|process| {
            let path = process.path();
            // Processes may end while they are listed.
            let status = std::fs::read_to_string(path.join("status")).ok()?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
            let name = std::fs::read_link(path.join("exe"))
                .ok()?
                .file_name()?
                .to_str()?
                .to_owned();
            (parent.trim().parse() == Ok(self.process.id())).then_some((path, name))
        });
        ours.collect()
    }

    /// Returns the peak resident memory of a function's processes in bytes, or `None` when the
    /// function does not run.
    pub(crate) fn peak(&self, function: &str) -> Option<u64> {
        let of_it = self
            .functions()
            .into_iter()
            .filter(|(_, name)| name == function);
        of_it.filter_map(|(process, _)| peak_of(&process)).max()
    }

    /// Returns the user and system time so far, of the functions and of the stack itself.
    pub(crate) fn cpu(&self) -> (Duration, Duration) {
        let functions = self.functions().into_iter();
        let itself = Path::new("/proc").join(self.process.id().to_string());
        let functions = functions.filter_map(|(process, _)| cpu_of(&process)).sum();
        (functions, cpu_of(&itself).unwrap())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // The functions end with the stack.
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            eprintln!("the stack did not end: {error}");
        }
    }
}

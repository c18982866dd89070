//! A local stack in a separate process, on a free port.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::contracts::breaches_of;
use crate::privacy::leaks_of;

/// How long a slow machine may take for one call of a function, in seconds.
const PATIENCE_S: u32 = 120;

/// How many times that long it may take until all is quiet, as long as calls are made.
const TIMES: u32 = 15;

/// A running local stack.
///
/// It ends with the test. The test fails if a request of the functions broke the contracts that
/// WhatsApp and Atlassian publish, or if personal data or a secret is where it should not be
/// (SECURITY.md, "What is kept").
pub struct Stack {
    process: Child,
    base: String,
    client: reqwest::Client,
    log: PathBuf,
    /// Whether all calls must still be recorded to be judged.
    whole: bool,
}

impl Stack {
    /// Starts a stack and waits until it answers.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Does the same as [`Stack::start`], with further options on the command line.
    pub async fn start_with(options: &[&str]) -> Self {
        build();
        Self::start_built(options).await
    }

    /// Does the same as [`Stack::start_with`], with binaries that are already built.
    pub async fn start_built(options: &[&str]) -> Self {
        let log = log_file();
        let stderr = std::fs::File::create(&log).unwrap();
        let mut process = Command::new(binary("casement-local"))
            .args(["--port", "0", "--no-build"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("casement-local starts");
        let stdout = process.stdout.take().unwrap();
        let first_line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).map(|_| line)
        })
        .await
        .unwrap()
        .unwrap();
        let base = first_line
            .trim_end()
            .strip_prefix("casement-local listening on ")
            .unwrap_or_else(|| panic!("no stack: {first_line:?}, see {}", log.display()))
            .to_owned();
        Self {
            process,
            base,
            client: client(),
            log,
            whole: true,
        }
    }

    /// Returns the stack, for a run with more calls than are recorded: only the last ones are
    /// judged.
    #[must_use]
    pub fn for_long(mut self) -> Self {
        self.whole = false;
        self
    }

    /// Returns the URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the test's HTTP client.
    #[must_use]
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Returns everything that the functions and the stack have logged so far.
    #[must_use]
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Calls the control API and expects success.
    pub async fn api(&self, method: Method, path: &str, body: Value) -> Value {
        let response = self.try_api(method.clone(), path, body).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Calls the control API.
    pub async fn try_api(&self, method: Method, path: &str, body: Value) -> Response {
        if path == "/api/reset" {
            // A reset forgets the requests so far.
            let judged = Judged::now(&self.base, self.whole, &self.logged()).await;
            judged.assert_good();
        }
        let request = self.client.request(method, self.url(path));
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        request.send().await.expect("the stack answers")
    }

    /// Waits until nothing moves any more, except for what waits for a later time.
    pub async fn quiet(&self) {
        self.rest(true).await;
    }

    /// Waits until everything that can be done is done. Messages that were set aside for a few
    /// seconds, perhaps because a slow machine did not answer, are delivered again first.
    pub async fn done(&self) {
        self.rest(false).await;
    }

    /// Waits as long as there is progress: a thousand messages take long on a busy machine.
    async fn rest(&self, ignore_backoff: bool) {
        let wait = json!({"timeout_s": PATIENCE_S, "ignore_backoff": ignore_backoff});
        let mut calls = Value::Null;
        for _ in 0..TIMES {
            let response = self.try_api(Method::POST, "/api/idle", wait.clone()).await;
            if response.status() == StatusCode::OK {
                return;
            }
            let made = self.state().await["calls"].take();
            if made == calls {
                break;
            }
            calls = made;
        }
        panic!("still busy: {}\n{}", self.state().await, self.logged());
    }

    /// Moves the clock ahead, and waits until everything that follows has happened.
    pub async fn advance(&self, time: Duration) {
        self.api(
            Method::POST,
            "/api/clock",
            json!({"advance_s": time.as_secs()}),
        )
        .await;
        self.quiet().await;
    }

    /// Waits until the queues are empty, moving the clock past every backoff on the way.
    pub async fn settle(&self) {
        for _ in 0..100 {
            self.quiet().await;
            let state = self.state().await;
            let queues = state["queues"].as_object().unwrap();
            let backing_off = queues
                .values()
                .any(|queue| queue["in_flight"].as_u64().unwrap() > 0);
            if !backing_off {
                return;
            }
            self.advance(Duration::from_secs(901)).await;
        }
        panic!("the queues do not empty: {}", self.state().await["queues"]);
    }

    /// Returns the state of queues, conversations and timers.
    pub async fn state(&self) -> Value {
        self.api(Method::GET, "/api/state", Value::Null).await
    }

    /// Returns the highest resident memory of any live process of a function, in bytes.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn peak_memory(&self, function: &str) -> u64 {
        let entries = std::fs::read_dir("/proc").unwrap().map(Result::unwrap);
        let statuses = entries.filter_map(|entry| {
            // Processes come and go during the search.
            let status = std::fs::read_to_string(entry.path().join("status")).ok()?;
            let program = std::fs::read_link(entry.path().join("exe")).ok()?;
            program.ends_with(function).then_some(status)
        });
        let of_ours = statuses.filter(|status| {
            let parent = field(status, "PPid:");
            parent == Some(u64::from(self.process.id()))
        });
        let peaks = of_ours.filter_map(|status| field(&status, "VmHWM:"));
        peaks.max().expect("the function runs") * 1024
    }

    /// Injects a fault. It lasts until it is used up or until [`Stack::fair_weather`].
    pub async fn fault(&self, fault: Value) {
        self.api(Method::POST, "/api/faults", fault).await;
    }

    /// Removes all faults.
    pub async fn fair_weather(&self) {
        self.api(Method::DELETE, "/api/faults", Value::Null).await;
    }
}

/// Returns a number from `/proc/PID/status` (proc(5)).
#[cfg(target_os = "linux")]
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

impl Drop for Stack {
    fn drop(&mut self) {
        // A failed test needs no second reason.
        let judged = if std::thread::panicking() {
            Judged::default()
        } else {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            Judged::at_the_end(self.base.clone(), self.whole, log)
        };
        // The process may have ended already. Its children end with it.
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            eprintln!("the stack did not end: {error}");
        }
        if std::thread::panicking() || !judged.is_good() {
            eprintln!("the stack's log is in {}", self.log.display());
        } else if let Err(error) = std::fs::remove_file(&self.log) {
            eprintln!("{}: {error}", self.log.display());
        }
        if !std::thread::panicking() {
            judged.assert_good();
        }
    }
}

/// The faults of a stack so far.
#[derive(Default)]
struct Judged {
    breaches: Vec<String>,
    leaks: Vec<String>,
}

impl Judged {
    async fn now(base: &str, whole: bool, log: &str) -> Self {
        Self {
            breaches: breaches_of(base, whole).await,
            leaks: leaks_of(base, log).await,
        }
    }

    /// Does the same as [`Self::now`], where nothing can be awaited.
    fn at_the_end(base: String, whole: bool, log: String) -> Self {
        let judge = move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(Self::now(&base, whole, &log))
        };
        let judged = std::thread::spawn(judge).join();
        judged.unwrap_or_else(|_| Self {
            breaches: vec!["the requests could not be judged".to_owned()],
            leaks: Vec::new(),
        })
    }

    fn is_good(&self) -> bool {
        self.breaches.is_empty() && self.leaks.is_empty()
    }

    fn assert_good(&self) {
        let (breaches, leaks) = (self.breaches.join("\n"), self.leaks.join("\n"));
        assert!(
            self.breaches.is_empty(),
            "requests break the contracts:\n{breaches}"
        );
        assert!(
            self.leaks.is_empty(),
            "kept where it should not be (SECURITY.md, \"What is kept\"):\n{leaks}"
        );
    }
}

/// Returns a client for plain HTTP on this machine.
#[must_use]
pub fn client() -> reqwest::Client {
    static PROVIDER: OnceLock<()> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        // Other code may have installed it, but it is ring in any case.
        if rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
        {
            eprintln!("a TLS provider was installed before");
        }
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Returns the path of a binary of the workspace.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    // Tests are in target/debug/deps, programs in target/debug.
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    let folder = if folder.ends_with("deps") {
        folder.parent().unwrap()
    } else {
        folder
    };
    folder.join(name)
}

/// Builds the stack and the functions, once in a run, because `cargo test` alone does not build the
/// binaries of other packages.
pub fn build() {
    static BUILT: Mutex<bool> = Mutex::new(false);
    let mut built = BUILT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if *built {
        return;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The functions are taken from this program's own directory.
    let profile = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let status = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--workspace",
            "--bins",
            "--profile",
            profile,
        ])
        .current_dir(root)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the workspace does not build");
    *built = true;
}

fn log_file() -> PathBuf {
    static COUNT: Mutex<u32> = Mutex::new(0);
    let mut count = COUNT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    *count += 1;
    std::env::temp_dir().join(format!("casement-it-{}-{count}.log", std::process::id()))
}

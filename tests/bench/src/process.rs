//! A function's process, and its use of time, CPU and memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::contestants::Contestant;
use crate::peers::run;
use crate::quota::Quota;
use crate::runtime_api::{RuntimeApi, Said};

/// A running function.
pub(crate) struct Process {
    child: Child,
    place: PathBuf,
    started: Instant,
    api: RuntimeApi,
    server: JoinHandle<()>,
    name: String,
}

impl Process {
    /// Starts the function. `around` answers beside the runtime API at the same address, from which
    /// the function's environment is made.
    pub(crate) async fn start(
        contestant: &Contestant,
        around: impl FnOnce(&str) -> Router,
        quota: Option<&Quota>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (api, runtime) = RuntimeApi::new();
        let router = runtime.merge(around(&format!("http://{address}")));
        let server =
            tokio::spawn(async move { match local::serve::serve(listener, router).await {} });
        let mut command = Command::new(&contestant.program);
        command
            .args(&contestant.arguments)
            .current_dir(&contestant.directory)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(contestant.environment(&address))
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::inherit())
            .kill_on_drop(true);
        let started = Instant::now();
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", contestant.name));
        let pid = child.id().unwrap();
        if let Some(quota) = quota {
            quota.hold(pid);
        }
        Self {
            child,
            place: Path::new("/proc").join(pid.to_string()),
            started,
            api,
            server,
            name: contestant.name.clone(),
        }
    }

    /// Waits until the function asks for work, and returns the time since its start.
    pub(crate) async fn ready(&mut self) -> Duration {
        match self.said().await {
            Said::Next(at) => at - self.started,
            other => panic!("{} does not begin with a question: {other:?}", self.name),
        }
    }

    /// Sends an event and waits until the function asks for the next one. Returns the answer, and
    /// its time since the start.
    pub(crate) async fn invoke(&mut self, event: Bytes) -> (Bytes, Duration) {
        self.api.events.send(event).unwrap();
        let answered = match self.said().await {
            Said::Answer(at, body) => (body, at - self.started),
            other => panic!("{} does not answer: {other:?}", self.name),
        };
        match self.said().await {
            Said::Next(_) => answered,
            other => panic!("{} does not go on: {other:?}", self.name),
        }
    }

    async fn said(&mut self) -> Said {
        let said = tokio::select! {
            said = self.api.said.recv() => said.unwrap(),
            ended = self.child.wait() => panic!("{} has ended: {ended:?}", self.name),
        };
        if let Said::Failure(error) = &said {
            panic!("{} fails: {}", self.name, String::from_utf8_lossy(error));
        }
        said
    }

    /// Returns the user and system time of all threads, once they are idle.
    pub(crate) async fn cpu(&self) -> Duration {
        let mut spent = cpu_of(&self.place).unwrap();
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let now = cpu_of(&self.place).unwrap();
            if now == spent {
                return spent;
            }
            spent = now;
        }
    }

    /// Returns the peak resident memory, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        peak_of(&self.place).unwrap()
    }

    /// Asks the process to end, which it does at once, and waits until it has.
    pub(crate) async fn ask_to_end(mut self) {
        let pid = self.place.file_name().unwrap();
        run(std::process::Command::new("kill").arg(pid)).unwrap();
        self.child.wait().await.unwrap();
        self.server.abort();
    }

    /// Kills the process and waits until it has ended.
    pub(crate) async fn end(mut self) {
        self.child.kill().await.unwrap();
        self.server.abort();
    }
}

/// Returns the user and system time of a process's living threads, or `None` when the process is
/// gone. The source has nanoseconds, while `stat` has hundredths of a second (proc(5), Linux's
/// `sched-stats.rst`).
pub(crate) fn cpu_of(process: &Path) -> Option<Duration> {
    let threads = fs::read_dir(process.join("task"))
        .ok()?
        .filter_map(Result::ok);
    Some(threads.filter_map(|thread| on_cpu(&thread.path())).sum())
}

/// Returns the user and system time of one thread. If the thread is running, the latest moments may
/// be missing.
pub(crate) fn on_cpu(thread: &Path) -> Option<Duration> {
    let text = fs::read_to_string(thread.join("schedstat")).ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Returns `VmHWM` of a process in bytes (proc(5)), or `None` when the process is gone.
pub(crate) fn peak_of(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

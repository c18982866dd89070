//! One execution environment: a process, its current invocation, and its deadline. A task owns all
//! of it and learns of everything by channel.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use tokio::process::Child;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

use super::error::FunctionError;
use super::memory;

// Lambda developer guide, "Lambda execution environment lifecycle": the init phase.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
// Lambda ends idle environments after an undocumented time. This only saves memory.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// Work for an environment.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) reply: oneshot::Sender<Outcome>,
}

/// The outcome of a job.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The function ran, or could not be run.
    Finished(Report),
    /// A warm environment ended before it took the job. Another environment may take the job.
    NotTaken,
}

/// The report of an invocation.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) result: Result<Bytes, FunctionError>,
    /// How long the process took to ask for its first job, if this was the first.
    pub(super) init: Option<Duration>,
    pub(super) duration: Duration,
    /// The process's peak memory so far, in bytes, if the system reports it.
    pub(super) peak_memory: Option<u64>,
}

/// A call of a process to the runtime API.
#[derive(Debug)]
pub(super) enum RuntimeCall {
    /// The process waits for work.
    Next(oneshot::Sender<Delivery>),
    /// The process has finished this work. The answer says whether it was working on it.
    Finish {
        request_id: String,
        result: Result<Bytes, FunctionError>,
        accepted: oneshot::Sender<bool>,
    },
    /// The process cannot start.
    InitError(FunctionError),
}

/// Work, as handed to the process.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) deadline_ms: u128,
}

/// The environment's task.
pub(super) struct Environment {
    pub(super) child: Child,
    pub(super) timeout: Duration,
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) calls: mpsc::Receiver<RuntimeCall>,
    pub(super) kill: Arc<Notify>,
}

#[derive(Default)]
struct State {
    pid: Option<u32>,
    init: Option<Duration>,
    init_reported: bool,
    init_error: Option<FunctionError>,
    waiting: Option<oneshot::Sender<Delivery>>,
    pending: Option<Job>,
    running: Option<Started>,
}

struct Started {
    request_id: String,
    reply: oneshot::Sender<Outcome>,
    at: Instant,
}

impl Environment {
    /// Runs until the process has ended, for whatever reason.
    pub(super) async fn run(mut self) {
        let started = Instant::now();
        let mut state = State {
            pid: self.child.id(),
            ..State::default()
        };
        let mut idle_since = started;
        let last_words = loop {
            let deadline = match (&state.running, state.init) {
                (Some(running), _) => running.at + self.timeout,
                (None, None) => started + INIT_TIMEOUT,
                (None, Some(_)) => idle_since + IDLE_TIMEOUT,
            };
            let may_take = state.pending.is_none() && state.running.is_none();
            tokio::select! {
                biased;
                Some(call) = self.calls.recv() => {
                    state.hear(call, started);
                    idle_since = Instant::now();
                }
                status = self.child.wait() => break exit_error(status),
                () = self.kill.notified() => break killed(),
                job = self.jobs.recv(), if may_take => match job {
                    Some(job) => state.pending = Some(job),
                    None => break killed(),
                },
                () = tokio::time::sleep_until(deadline) => break match state.init {
                    None => init_timeout(),
                    Some(_) => timed_out(self.timeout),
                },
            }
            state.deliver(self.timeout);
        };
        // Fails if the process has already ended by itself.
        self.child.start_kill().ok();
        if let Err(error) = self.child.wait().await {
            tracing::warn!(%error, "a function's process could not be waited for");
        }
        self.jobs.close();
        if state.pending.is_none() {
            state.pending = self.jobs.try_recv().ok();
        }
        state.end(last_words, started);
    }
}

impl State {
    fn hear(&mut self, call: RuntimeCall, started: Instant) {
        match call {
            RuntimeCall::Next(waiting) => {
                self.init.get_or_insert_with(|| started.elapsed());
                self.waiting = Some(waiting);
            }
            RuntimeCall::Finish {
                request_id,
                result,
                accepted,
            } => {
                let known = self
                    .running
                    .take_if(|running| running.request_id == request_id);
                // The process may not wait for the answer, which is fine.
                accepted.send(known.is_some()).ok();
                if let Some(running) = known {
                    self.report(running, result);
                }
            }
            RuntimeCall::InitError(error) => self.init_error = Some(error),
        }
    }

    /// Hands the job over once the process waits for one.
    fn deliver(&mut self, timeout: Duration) {
        if self.pending.is_none() {
            return;
        }
        let Some(waiting) = self.waiting.take() else {
            return;
        };
        // The process may have hung up. Then it is ending, and the job stays pending.
        if waiting.is_closed() {
            return;
        }
        if let Some(job) = self.pending.take() {
            let delivery = Delivery {
                request_id: job.request_id.clone(),
                payload: job.payload,
                deadline_ms: unix_ms_in(timeout),
            };
            self.running = Some(Started {
                request_id: job.request_id,
                reply: job.reply,
                at: Instant::now(),
            });
            // If the process hangs up at this moment, the invocation fails when the process has
            // ended.
            waiting.send(delivery).ok();
        }
    }

    fn report(&mut self, running: Started, result: Result<Bytes, FunctionError>) {
        let first = !std::mem::replace(&mut self.init_reported, true);
        let report = Report {
            result,
            init: self.init.filter(|_| first),
            duration: running.at.elapsed(),
            peak_memory: self.pid.and_then(memory::peak),
        };
        // The invoker may be gone. The work is done anyway.
        running.reply.send(Outcome::Finished(report)).ok();
    }

    fn end(mut self, last_words: FunctionError, started: Instant) {
        if let Some(running) = self.running.take() {
            let error = with_request_id(last_words, &running.request_id);
            self.report(running, Err(error));
        } else if let Some(job) = self.pending.take() {
            let outcome = match self.init {
                Some(_) => Outcome::NotTaken,
                None => Outcome::Finished(Report {
                    result: Err(self.init_error.unwrap_or(last_words)),
                    init: Some(started.elapsed()),
                    duration: Duration::ZERO,
                    peak_memory: None,
                }),
            };
            // The invoker may be gone.
            job.reply.send(outcome).ok();
        }
    }
}

fn exit_error(status: std::io::Result<ExitStatus>) -> FunctionError {
    let how = match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    FunctionError::new("Runtime.ExitError", format!("Runtime exited: {how}"))
}

fn killed() -> FunctionError {
    FunctionError::new("Runtime.ExitError", "Runtime exited: signal: killed")
}

fn init_timeout() -> FunctionError {
    FunctionError::new(
        "Sandbox.Timedout",
        format!(
            "Init timed out after {:.2} seconds",
            INIT_TIMEOUT.as_secs_f64()
        ),
    )
}

fn timed_out(timeout: Duration) -> FunctionError {
    FunctionError::new(
        "Sandbox.Timedout",
        format!("Task timed out after {:.2} seconds", timeout.as_secs_f64()),
    )
}

fn with_request_id(error: FunctionError, request_id: &str) -> FunctionError {
    FunctionError {
        error_message: format!("RequestId: {request_id} Error: {}", error.error_message),
        ..error
    }
}

// Real time, because the runtime compares it with the machine's clock.
fn unix_ms_in(timeout: Duration) -> u128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .saturating_add(timeout)
        .as_millis()
}

//! A Lambda service for one machine: the functions' binaries in separate processes, kept warm,
//! limited in number and in time.

mod environment;
mod error;
mod living;
mod memory;
mod metrics;
mod output;
mod process;
mod record;
mod runtime_api;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use local_clock::Clock;
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use self::environment::{Environment, Job, Outcome, Report, RuntimeCall};
pub use self::error::{FunctionError, InvokeError};
pub use self::living::Stopped;
use self::living::{Living, LivingEnvironments};
pub use self::metrics::MetricSum;
pub use self::output::{LogLine, Output};
pub use self::process::{FunctionConfig, Surroundings};
pub use self::record::Invocation;
use self::record::Invocations;
use crate::activity::Activity;
use crate::events::Events;
use crate::locks::lock;

/// The most bytes of an event or a result (Lambda quotas: 6 MB).
pub const MAX_PAYLOAD: usize = 6 * 1024 * 1024;

// An account has 1,000. A developer's machine would not survive that many processes.
const UNRESERVED_CONCURRENCY: usize = 100;

/// The functions. Clones share them.
#[derive(Clone)]
pub struct Lambda {
    shared: Arc<Shared>,
}

struct Shared {
    functions: BTreeMap<String, Function>,
    surroundings: Surroundings,
    environments: LivingEnvironments,
    next_environment: AtomicU64,
    activity: Activity,
    invocations: Invocations,
    output: Output,
}

struct Function {
    config: FunctionConfig,
    permits: Semaphore,
    warm: Mutex<Vec<Warm>>,
}

// Hands work to an idle environment.
struct Warm {
    id: u64,
    jobs: mpsc::Sender<Job>,
}

impl Lambda {
    /// Registers the functions. None is started before its first invocation.
    #[must_use]
    pub fn new(
        functions: Vec<FunctionConfig>,
        surroundings: Surroundings,
        clock: Clock,
        events: Events,
        output: Output,
    ) -> Self {
        let functions = functions.into_iter().map(|config| {
            let concurrency = config.reserved_concurrency;
            let function = Function {
                permits: Semaphore::new(concurrency.unwrap_or(UNRESERVED_CONCURRENCY)),
                warm: Mutex::default(),
                config,
            };
            (function.config.name.clone(), function)
        });
        Self {
            shared: Arc::new(Shared {
                functions: functions.collect(),
                surroundings,
                environments: LivingEnvironments::default(),
                next_environment: AtomicU64::new(1),
                activity: Activity::default(),
                invocations: Invocations::new(clock, events),
                output,
            }),
        }
    }

    /// Returns the runtime API of all environments, to be nested under `/_runtime`.
    pub fn runtime_api(&self) -> Router {
        runtime_api::router(self.clone())
    }

    /// Runs a function on an event and waits for its result. As at AWS, the run continues even if
    /// the caller stops waiting.
    ///
    /// # Errors
    /// See [`InvokeError`]. Nothing is retried here; that is the caller's decision.
    pub async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let running = self.shared.activity.begin();
        let lambda = self.clone();
        let function = function.to_owned();
        let run = tokio::spawn(async move {
            let result = lambda.run(&function, event).await;
            drop(running);
            result
        });
        run.await.unwrap_or_else(|error| {
            Err(InvokeError::Function(FunctionError::new(
                "Runtime.Unknown",
                error.to_string(),
            )))
        })
    }

    async fn run(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let function = self
            .shared
            .functions
            .get(function)
            .ok_or_else(|| InvokeError::UnknownFunction(function.to_owned()))?;
        if event.len() > MAX_PAYLOAD {
            return Err(InvokeError::EventTooLarge(event.len()));
        }
        let Ok(_permit) = function.permits.try_acquire() else {
            return Err(InvokeError::Throttled);
        };
        let request_id = Uuid::new_v4().to_string();
        // Terminates: a cold environment always finishes, and warm ones run out.
        loop {
            let environment = match function.take_warm() {
                Some(environment) => environment,
                None => self.start(function)?,
            };
            let Some(report) = environment.work(&request_id, event.clone()).await else {
                continue;
            };
            self.shared.invocations.add(
                &function.config.name,
                environment.id,
                &request_id,
                &report,
            );
            if !environment.jobs.is_closed() {
                lock(&function.warm).push(environment);
            }
            return Ok(report.result?);
        }
    }

    fn start(&self, function: &Function) -> Result<Warm, InvokeError> {
        let shared = &self.shared;
        let config = &function.config;
        let id = shared.next_environment.fetch_add(1, Ordering::Relaxed);
        let (jobs, taken_jobs) = mpsc::channel(1);
        let (calls, heard_calls) = mpsc::channel(4);
        let kill = Arc::new(Notify::new());
        let living = Living {
            function: config.name.clone(),
            calls,
            kill: Arc::clone(&kill),
        };
        // Added before the process exists, which may ask for work before this thread runs again.
        if !shared.environments.add(id, living) {
            return Err(InvokeError::Throttled);
        }
        let started = process::start(config, &shared.surroundings, id, &shared.output);
        let child = started.map_err(|error| {
            shared.environments.remove(id);
            FunctionError::new(
                "Runtime.InvalidEntrypoint",
                format!("{}: {error}", config.binary.display()),
            )
        })?;
        let environment = Environment {
            child,
            timeout: config.timeout,
            jobs: taken_jobs,
            calls: heard_calls,
            kill,
        };
        let lambda = self.clone();
        tokio::spawn(async move {
            environment.run().await;
            lambda.shared.environments.remove(id);
        });
        Ok(Warm { id, jobs })
    }

    /// Passes a process's call to its environment. Returns false if the environment has ended.
    async fn tell(&self, environment: u64, call: RuntimeCall) -> bool {
        match self.shared.environments.calls_of(environment) {
            Some(calls) => calls.send(call).await.is_ok(),
            None => false,
        }
    }

    /// Kills an environment's process at once. Does nothing if it has ended.
    pub fn kill(&self, environment: u64) {
        self.shared.environments.kill(environment);
    }

    /// Kills every process and waits until all have ended. Until the returned guard is dropped, no
    /// process is started and invocations are throttled.
    pub async fn stop_all(&self) -> Stopped {
        self.shared.environments.stop_all().await
    }

    /// Returns how many processes each function has.
    #[must_use]
    pub fn living(&self) -> BTreeMap<String, usize> {
        let names = self.shared.functions.keys().cloned();
        let mut counts: BTreeMap<_, _> = names.map(|name| (name, 0)).collect();
        for function in self.shared.environments.functions() {
            *counts.entry(function).or_default() += 1;
        }
        counts
    }

    /// Returns the counter of running invocations.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.shared.activity
    }

    /// Returns the record of finished invocations with a number above `number`.
    #[must_use]
    pub fn invocations_since(&self, number: u64) -> Vec<(u64, Invocation)> {
        self.shared.invocations.since(number)
    }

    pub fn forget_invocations(&self) {
        self.shared.invocations.clear();
    }

    fn function_arn(&self, function: &str) -> String {
        let region = &self.shared.surroundings.region;
        format!("arn:aws:lambda:{region}:000000000000:function:{function}")
    }
}

impl Function {
    fn take_warm(&self) -> Option<Warm> {
        let mut warm = lock(&self.warm);
        while let Some(environment) = warm.pop() {
            if !environment.jobs.is_closed() {
                return Some(environment);
            }
        }
        None
    }
}

impl Warm {
    /// Has the environment process an event. Returns `None` if the environment ended before it took
    /// the event.
    async fn work(&self, request_id: &str, payload: Bytes) -> Option<Report> {
        let (reply, outcome) = oneshot::channel();
        let job = Job {
            request_id: request_id.to_owned(),
            payload,
            reply,
        };
        self.jobs.send(job).await.ok()?;
        match outcome.await {
            Ok(Outcome::Finished(report)) => Some(report),
            Ok(Outcome::NotTaken) | Err(_) => None,
        }
    }
}

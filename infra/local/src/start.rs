//! Puts the stack together and takes it apart again.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use local_clock::Clock;
use local_emulators::template::{self, Event};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::command::{Options, StartError};
use crate::deployment::{
    FINGERPRINT_KEY, REGION, atlassian_path, outputs, queue_url_base, read_template, secrets,
};
use crate::events::Events;
use crate::front::{Front, Route};
use crate::lambda::{FunctionConfig, Lambda, Output, Surroundings};
use crate::mapping::{Delivered, Mapping, MappingConfig, Returned};
use crate::parts::{Simulators, Storage, check_health};
use crate::proxy::{Calls, Faults, Permissions, Proxy};
use crate::schedule::Schedule;
use crate::stack::{QueuePair, Stack};
use crate::{compile, control, page, serve, settings, strangers};

const TEMPLATE: &str = include_str!("../../../template.yaml");
// Children that have not ended by then are left to their own monitoring of the stack.
const STOP_WITHIN: Duration = Duration::from_millis(1500);

/// The description of a stack to be started.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The command line.
    pub options: Options,
    /// The SAM template.
    pub template: String,
    /// The path of an executable. The functions' binaries are next to it.
    pub executable: PathBuf,
}

/// A stack that answers.
pub struct Running {
    address: SocketAddr,
    lambda: Lambda,
    tasks: JoinSet<()>,
    temporary: Option<PathBuf>,
}

impl Setup {
    /// Describes the stack that this program starts: Casement's template, and the binaries next to
    /// the program.
    ///
    /// # Errors
    /// The system does not report the program's path.
    pub fn of_this_program(options: Options) -> Result<Self, StartError> {
        let executable = std::env::current_exe().map_err(|error| StartError::Part {
            part: "the program's own path",
            problem: error.to_string(),
        })?;
        Ok(Self {
            options,
            template: TEMPLATE.to_owned(),
            executable,
        })
    }

    /// Builds the functions unless told not to, and starts everything. Checks whatever can be
    /// checked before the build.
    ///
    /// # Errors
    /// See [`StartError`]. Nothing is left running.
    pub async fn start(self) -> Result<Running, StartError> {
        let document = settings_document(self.options.settings.as_deref())?;
        let listener = listen(self.options.port).await?;
        let address = listener.local_addr().map_err(|source| StartError::Port {
            port: self.options.port,
            source,
        })?;
        let base_url = format!("http://{address}");
        let initial_secrets = secrets(&base_url, self.options.cloud_api);
        let atlassian = atlassian_path(self.options.cloud_api);
        let template = read_template(&self.template, &base_url, &atlassian)?;
        let names: Vec<&str> = template.functions.iter().map(|f| f.name.as_str()).collect();
        if !self.options.no_build {
            compile::build(&self.executable, &names).await?;
        }
        let binaries = compile::binaries(&self.executable, &names)?;

        let clock = Clock::default();
        let events = Events::default();
        let storage = Storage::open(
            self.options.data.as_deref(),
            &clock,
            &template,
            &queue_url_base(&base_url),
        )
        .await?;
        for (name, value) in &initial_secrets {
            storage.secrets.set(name, &value.to_string());
        }
        let fingerprint_key = "local-fingerprint-key-for-development-only";
        storage.secrets.set(FINGERPRINT_KEY, fingerprint_key);
        let simulators = Simulators::new(&clock, self.options.seed, &base_url)?;
        let output = Output::new(clock.clone(), events.clone(), self.options.quiet);
        let lambda = Lambda::new(
            function_configs(&template, binaries),
            Surroundings {
                base_url: base_url.clone(),
                clock_file: storage.clock_file.clone(),
                region: REGION.to_owned(),
            },
            clock.clone(),
            events.clone(),
            output.clone(),
        );
        let stack = Stack {
            queues: QueuePair::of(&template.queues).into(),
            sqs: storage.sqs.clone(),
            table: storage.table.clone(),
            calls: Calls::new(events.clone()),
            faults: Arc::new(Faults::new(clock.clone())),
            returned: Returned::default(),
            delivered: Delivered::default(),
            schedules: schedules(&template, &lambda, &clock).into(),
            whatsapp: simulators.whatsapp.clone(),
            jira: simulators.jira.clone(),
            settings: document.into(),
            secrets: storage.secrets.clone(),
            initial_secrets: initial_secrets.into(),
            outputs: outputs(&template, &base_url, &atlassian).into(),
            clock,
            events,
            lambda: lambda.clone(),
            output,
        };
        prepare_settings(&stack, self.options.settings.is_some())?;

        let page = page::router(self.options.page.clone());
        let router = router(&stack, &storage, &simulators, &template, page);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { match serve::serve(listener, router).await {} });
        for mapping in mappings(&template, &stack) {
            tasks.spawn(mapping.run());
        }
        for schedule in stack.schedules.iter() {
            tasks.spawn(schedule.clone().run());
        }
        tasks.spawn(stack.announce_changes());
        check_health(&base_url).await?;
        Ok(Running {
            address,
            lambda,
            tasks,
            temporary: storage.temporary,
        })
    }
}

impl Running {
    /// Returns the stack's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends everything, including the functions' processes.
    pub async fn stop(mut self) {
        self.tasks.abort_all();
        let stopped = tokio::time::timeout(STOP_WITHIN, self.lambda.stop_all()).await;
        if stopped.is_err() {
            tracing::warn!("some functions have not ended yet");
        }
        if let Some(directory) = &self.temporary
            && let Err(error) = std::fs::remove_dir_all(directory)
        {
            tracing::debug!(%error, "the temporary directory stays");
        }
    }
}

// A document from the command line replaces a stored one, but the default does not.
fn prepare_settings(stack: &Stack, given: bool) -> Result<(), StartError> {
    let failed = |problem: String| StartError::Part {
        part: "settings",
        problem,
    };
    let stored = stack.stored_settings().map_err(failed)?;
    if stored.is_some() && !given {
        return Ok(());
    }
    let version = stored.map_or(0, |(_, version)| version);
    stack
        .store_settings(&stack.settings, version + 1)
        .map_err(failed)
}

fn settings_document(file: Option<&Path>) -> Result<String, StartError> {
    let Some(file) = file else {
        return Ok(settings::DEVELOPMENT.to_owned());
    };
    let broken = |problem| StartError::Settings {
        file: file.to_owned(),
        problem,
    };
    let document = std::fs::read_to_string(file).map_err(|error| broken(error.to_string()))?;
    settings::check(&document).map_err(broken)?;
    Ok(document)
}

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Port { port, source })
}

fn function_configs(template: &template::Stack, binaries: Vec<PathBuf>) -> Vec<FunctionConfig> {
    let with_binary = template.functions.iter().zip(binaries);
    with_binary
        .map(|(function, binary)| FunctionConfig {
            name: function.name.clone(),
            binary,
            memory_mb: function.memory_mb,
            timeout: function.timeout,
            reserved_concurrency: function.reserved_concurrency,
            environment: function.environment.clone(),
        })
        .collect()
}

fn events_of(template: &template::Stack) -> impl Iterator<Item = (&str, &Event)> {
    template.functions.iter().flat_map(|function| {
        function
            .events
            .iter()
            .map(|event| (function.name.as_str(), event))
    })
}

fn schedules(template: &template::Stack, lambda: &Lambda, clock: &Clock) -> Vec<Schedule> {
    events_of(template)
        .filter_map(|(function, event)| match event {
            Event::Schedule { every } => Some(Schedule::new(
                function.to_owned(),
                *every,
                REGION.to_owned(),
                lambda.clone(),
                clock.clone(),
            )),
            Event::Http { .. } | Event::Queue { .. } => None,
        })
        .collect()
}

fn mappings(template: &template::Stack, stack: &Stack) -> Vec<Mapping> {
    events_of(template)
        .filter_map(|(function, event)| match event {
            Event::Queue {
                queue,
                batch_size,
                maximum_concurrency,
                report_item_failures,
                batching_window,
            } => Some(Mapping {
                config: MappingConfig {
                    queue: queue.clone(),
                    function: function.to_owned(),
                    batch_size: *batch_size,
                    maximum_concurrency: *maximum_concurrency,
                    report_item_failures: *report_item_failures,
                    batching_window: *batching_window,
                },
                sqs: stack.sqs.clone(),
                lambda: stack.lambda.clone(),
                returned: stack.returned.clone(),
                delivered: stack.delivered.clone(),
            }),
            Event::Http { .. } | Event::Schedule { .. } => None,
        })
        .collect()
}

fn router(
    stack: &Stack,
    storage: &Storage,
    simulators: &Simulators,
    template: &template::Stack,
    page: Router,
) -> Router {
    let proxy = Proxy {
        services: storage.services(simulators),
        calls: stack.calls.clone(),
        faults: Arc::clone(&stack.faults),
        permissions: Permissions::new(
            template
                .functions
                .iter()
                .filter_map(|function| Some((function.name.clone(), function.allowed.clone()?))),
        )
        .into(),
        lambda: stack.lambda.clone(),
    };
    let routes = events_of(template).filter_map(|(function, event)| match event {
        Event::Http { method, path } => Some(Route {
            method: method.clone(),
            path: path.clone(),
            function: function.to_owned(),
        }),
        Event::Queue { .. } | Event::Schedule { .. } => None,
    });
    let front = Front {
        routes: routes.collect(),
        lambda: stack.lambda.clone(),
        clock: stack.clock.clone(),
    };
    control::router(stack)
        .merge(page)
        .nest("/_runtime", stack.lambda.runtime_api())
        .nest("/_via", proxy.router())
        .nest("/graph", simulators.whatsapp.graph_router())
        .nest("/atlassian", simulators.jira.atlassian_router())
        .fallback_service(front.router())
        .layer(axum::middleware::from_fn(strangers::refuse))
}

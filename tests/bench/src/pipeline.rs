//! Sends messages through the whole local stack, both ways, with simulators that answer at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use report::{Goal, Section, short, thousands};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::arrivals::{Arrivals, marked};
use crate::plot::{Bar, bars};
use crate::seed::Table;
use crate::stack::Stack;
use crate::statistics::{median, megabytes, ms, quantile};

/// The title of the section.
pub(crate) const TITLE: &str = "The whole way";

/// The numbers of customers who write at once and of messages from each. Jira takes 20 writes to an
/// issue in two seconds, and WhatsApp 45 messages at once for one customer; more would only wait
/// for these limits.
const LOADS: [(usize, usize); 3] = [(1, 15), (10, 15), (100, 4)];

/// The numbers of customers and of messages from each in a turn, for comparing tables.
const TURN: (usize, usize) = (20, 2);

/// The number of turns for each table, and the size of the small one.
const TURNS: usize = 15;
const SMALL: usize = 1_000;

/// The measurements of a load.
struct Flow {
    messages: usize,
    took: Duration,
    latencies_ms: Vec<f64>,
    functions_ms: f64,
    stack_ms: f64,
}

impl Flow {
    fn a_second(&self) -> f64 {
        self.messages as f64 / self.took.as_secs_f64()
    }

    fn row(&self, name: String) -> Vec<String> {
        vec![
            name,
            short(self.a_second()),
            short(median(&self.latencies_ms)),
            short(quantile(&self.latencies_ms, 0.99)),
            short(self.functions_ms / self.messages as f64),
            short(self.stack_ms / self.messages as f64),
        ]
    }
}

/// The direction of messages.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    ToJira,
    ToWhatsapp,
}

/// Runs the loads, and compares the tables.
pub(crate) async fn section(conversations: usize) -> Section {
    let mut section = Section::new(TITLE);
    section.say(
        "Stack, functions, emulated AWS and simulators share the machine, so that the throughput is that of all of them \
         together, and not a limit of the functions: the CPU of the functions for each message is. Latency is from the \
         customer's message to the call that writes it into Jira, and from the comment to the call that sends it, \
         webhooks and queues on the way; with many at once it is mostly waiting. The simulators answer at once, but keep to \
         the limits of the real ones: WhatsApp takes 80 messages a second from a number, Jira 20 writes to an issue in two \
         seconds.",
    );
    let head = [
        "",
        "messages/s",
        "p50, ms",
        "p99, ms",
        "CPU of functions, ms",
        "CPU of the stack, ms",
    ];
    let mut rows = Vec::new();
    let mut plotted = Vec::new();
    for (customers, each) in LOADS {
        let load = Load::new(Stack::start(None), customers).await;
        for (way, name) in [(Way::ToJira, "to Jira"), (Way::ToWhatsapp, "to WhatsApp")] {
            let flow = load.run(way, each, 0).await;
            let label = format!("{name}, {customers} busy");
            plotted.push(Bar {
                label: label.clone(),
                value: flow.a_second(),
                ours: true,
            });
            rows.push(flow.row(label));
        }
        eprint!(".");
    }
    let load = Load::new(Stack::start(None), 1).await;
    for (way, name) in [(Way::ToJira, "to Jira"), (Way::ToWhatsapp, "to WhatsApp")] {
        let flow = load.one_by_one(way, 15).await;
        rows.push(flow.row(format!("{name}, one after the other")));
    }
    section.table(&head, &rows);
    section.plot(
        "pipeline.svg",
        "Throughput",
        bars("Messages through the whole stack", "/s", &plotted),
    );
    tables(&mut section, conversations).await;
    section
}

/// Puts the same load on a small and on a large table, in turns.
async fn tables(section: &mut Section, conversations: usize) {
    let seeding = Instant::now();
    let tables = [Table::with(SMALL).await, Table::with(conversations).await];
    let seeded = seeding.elapsed();
    let mut loads = Vec::new();
    for table in &tables {
        loads.push(Load::new(Stack::start(Some(table.directory())), TURN.0).await);
    }
    let mut flows: [Vec<Flow>; 2] = [Vec::new(), Vec::new()];
    // The first turn warms up.
    for turn in 0..=TURNS {
        for (load, flows) in loads.iter().zip(&mut flows) {
            let flow = load.run(Way::ToJira, TURN.1, turn).await;
            if turn > 0 {
                flows.push(flow);
            }
        }
        eprint!(".");
    }
    eprintln!();
    let of = |flows: &[Flow], value: fn(&Flow) -> f64| {
        median(&flows.iter().map(value).collect::<Vec<_>>())
    };
    let each: fn(&Flow) -> f64 = |flow| ms(flow.took) / flow.messages as f64;
    let functions: fn(&Flow) -> f64 = |flow| flow.functions_ms / flow.messages as f64;
    let stack: fn(&Flow) -> f64 = |flow| flow.stack_ms / flow.messages as f64;
    section.say(&format!(
        "Texts on known requests of twenty customers, 40 in a turn, medians of {TURNS} turns that alternate between two \
         stacks whose tables are kept on disk and have so many quiet conversations (laid into the embedded engine in {} s):",
        thousands(seeded.as_secs_f64()),
    ));
    let rows: Vec<_> = tables
        .iter()
        .zip(&flows)
        .map(|(table, flows)| {
            vec![
                format!("{} conversations", thousands(table.conversations as f64)),
                short(megabytes(table.size())),
                short(of(flows, each)),
                short(of(flows, functions)),
                short(of(flows, stack)),
            ]
        })
        .collect();
    let head = [
        "",
        "file, MB",
        "ms for a message",
        "CPU of functions, ms",
        "CPU of the stack, ms",
    ];
    section.table(&head, &rows);
    let [small, large] = flows;
    let what = format!(
        "time for a message with {}, of that with {SMALL}",
        thousands(conversations as f64)
    );
    section.goals(&[Goal::at_most(
        what,
        1.1,
        of(&large, each) / of(&small, each),
    )]);
}

/// A stack with known customers and warm functions.
struct Load {
    stack: Arc<Stack>,
    arrivals: Arrivals,
    phones: Vec<String>,
    keys: BTreeMap<String, String>,
}

impl Load {
    async fn new(stack: Stack, customers: usize) -> Self {
        let phones: Vec<_> = (0..customers)
            .map(|number| format!("4915{number:09}"))
            .collect();
        for phone in &phones {
            stack.customer_writes(phone, "Hello").await;
        }
        stack.done().await;
        let requests = stack.get("/api/requests").await;
        let keys = requests.as_array().unwrap().iter().filter_map(|request| {
            let summary = request["summary"].as_str()?;
            let phone = phones
                .iter()
                .find(|phone| summary.contains(phone.as_str()))?;
            Some((phone.clone(), request["key"].as_str()?.to_owned()))
        });
        let keys = keys.collect();
        let arrivals = Arrivals::at(&stack).await;
        Self {
            stack: Arc::new(stack),
            arrivals,
            phones,
            keys,
        }
    }

    /// Sends `each` messages of every customer, with all customers at once.
    async fn run(&self, way: Way, each: usize, turn: usize) -> Flow {
        let before = self.stack.cpu();
        let begun = Instant::now();
        let mut writers = JoinSet::new();
        let places = Arc::new(Semaphore::new(way.at_once()));
        for phone in &self.phones {
            let places = Arc::clone(&places);
            let (stack, phone, key) = (
                Arc::clone(&self.stack),
                phone.clone(),
                self.keys[phone].clone(),
            );
            writers.spawn(async move {
                let mut sent = Vec::new();
                for number in 0..each {
                    let _place = places.acquire().await.unwrap();
                    let mark = format!("{}-{phone}-{turn}-{number}", way.word());
                    sent.push((mark.clone(), Instant::now()));
                    write(&stack, way, &phone, &key, &mark).await;
                }
                sent
            });
        }
        let sent = writers.join_all().await.concat();
        self.stack.done().await;
        self.flow(&sent, begun.elapsed(), before).await
    }

    /// Sends each message after everything about the previous one is done.
    async fn one_by_one(&self, way: Way, count: usize) -> Flow {
        let before = self.stack.cpu();
        let begun = Instant::now();
        let mut sent = Vec::new();
        let phone = &self.phones[0];
        for number in 0..count {
            let mark = format!("{}-single-{number}", way.word());
            sent.push((mark.clone(), Instant::now()));
            write(&self.stack, way, phone, &self.keys[phone], &mark).await;
            self.stack.done().await;
        }
        self.flow(&sent, begun.elapsed(), before).await
    }

    async fn flow(
        &self,
        sent: &[(String, Instant)],
        took: Duration,
        before: (Duration, Duration),
    ) -> Flow {
        let after = self.stack.cpu();
        let mut latencies_ms = Vec::new();
        for (mark, at) in sent {
            latencies_ms.push(ms(self.arrivals.of(mark).await - *at));
        }
        Flow {
            messages: sent.len(),
            took,
            latencies_ms,
            functions_ms: ms(after.0.saturating_sub(before.0)),
            stack_ms: ms(after.1 - before.1),
        }
    }
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::ToJira => "in",
            Self::ToWhatsapp => "out",
        }
    }

    /// Returns the most webhooks under way at a time. There are fewer than the concurrency that the
    /// template reserves, since a rejected webhook is repeated only after a while.
    fn at_once(self) -> usize {
        match self {
            Self::ToJira => 40,
            Self::ToWhatsapp => 15,
        }
    }
}

async fn write(stack: &Stack, way: Way, phone: &str, key: &str, mark: &str) {
    match way {
        Way::ToJira => stack.customer_writes(phone, &marked(mark)).await,
        Way::ToWhatsapp => {
            stack.agent_writes(key, &marked(mark)).await;
        }
    }
}

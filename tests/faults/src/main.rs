//! Turns Casement's invariants into evidence: nothing lost, nothing twice, no leak, never outside
//! the window, whatever fails.
//!
//! - `matrix`: every call that functions make, hit by every kind of fault.
//! - `soak`: a long run with random faults, judged by an independent auditor.
//! - `outage`: Jira is down for an hour while customers continue to write.
//! - `reduced`: a little of all three.

mod audit;
mod compare;
mod matrix;
mod observe;
mod outage;
mod scenario;
mod soak;
mod weather;
mod world;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use report::{Report, Section};

use crate::matrix::Choice;
use crate::outage::Load;
use crate::scenario::Scenario;
use crate::soak::Size;
use crate::weather::Weather;
use crate::world::Done;

/// The parts that are run here, and those that are written by hand.
const REPORT: Report = Report {
    folder: env!("CARGO_MANIFEST_DIR"),
    introduction: "# What was measured\n\n\
        Written by `cargo run --release -p faults -- <part> --write`; every section says when and on what machine.",
    order: &[
        MATRIX,
        SOAK,
        OUTAGE,
        "Fuzzing",
        "What was found, and mended",
    ],
};

const MATRIX: &str = "Every call, every fault";
const SOAK: &str = "A long run in bad weather";
const OUTAGE: &str = "Without Jira";

const A_CELL: &str = "A cell is one call of a scenario, hit by one fault: refused, refused three times in a row, 429 with \
    and without `Retry-After`, 500 before and after the effect, cut after the effect, a truncated answer, killed after the \
    effect, silent until the caller gives up. Of Jira's platform, reading or writing is answered with 404 once, for five \
    minutes and for six hours; the answer to an opening is lost, and the search knows the request 5, 60 or 600 seconds \
    later. It is right if all ends as it did without faults, but for what \
    `src/compare.rs` names.";

const BAD_WEATHER: &str = "Customers and agents write at random, the clock moves on by minutes, hours and past the end of \
    windows, webhooks come twice and reports in any order, calls are hit by the faults of the matrix, and functions are \
    killed. What the simulated phones and requests hold at the end is compared by an auditor that shares no code with \
    Casement.";

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// Put what comes out into tests/faults/RESULTS.md
    #[arg(long, global = true)]
    write: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Hits every call that functions make with every kind of fault, and compares the end.
    Matrix(Matrix),
    /// Lets many customers and agents write in bad weather, and audits what has come of it.
    Soak(Soak),
    /// Takes Jira away, by default for an hour of the stack's clock, while customers go on writing.
    Outage(Outage),
    /// A little of everything, in a few minutes.
    Reduced,
}

#[derive(Args)]
struct Soak {
    /// What happens follows from it; may be repeated.
    #[arg(long, default_values_t = [1])]
    seed: Vec<u64>,
    #[arg(long, default_value_t = 300)]
    customers: usize,
    /// How many messages are written, by customers and agents together.
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// The share of all calls that a fault hits.
    #[arg(long, default_value_t = 0.05)]
    fault_rate: f64,
    /// 20 customers and 200 messages.
    #[arg(long)]
    reduced: bool,
}

impl Soak {
    fn sizes(&self) -> impl Iterator<Item = Size> {
        let (customers, messages) = if self.reduced {
            (20, 200)
        } else {
            (self.customers.max(1), self.messages)
        };
        self.seed.iter().map(move |seed| Size {
            seed: *seed,
            customers,
            messages,
            at_once: 50,
        })
    }
}

#[derive(Args)]
struct Outage {
    /// For how long, by the stack's clock.
    #[arg(long, default_value_t = 60)]
    minutes: usize,
    #[arg(long, default_value_t = 200)]
    customers: usize,
    /// They come as fast as they are taken.
    #[arg(long, default_value_t = 60)]
    messages_per_minute: usize,
    /// How many calls Jira takes in a second when it is back.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    jira_calls_per_second: u32,
    /// 20 customers and 5 messages in a minute.
    #[arg(long)]
    reduced: bool,
}

impl Outage {
    fn load(&self) -> Load {
        if self.reduced {
            return Load {
                minutes: 60,
                customers: 20,
                messages_per_minute: 5,
                jira_calls_per_second: 10,
            };
        }
        Load {
            minutes: self.minutes,
            customers: self.customers.max(1),
            messages_per_minute: self.messages_per_minute,
            jira_calls_per_second: self.jira_calls_per_second,
        }
    }
}

#[derive(Args)]
struct Matrix {
    /// Only this scenario; may be repeated.
    #[arg(long)]
    scenario: Vec<Scenario>,
    /// Only this fault; may be repeated.
    #[arg(long)]
    fault: Vec<Weather>,
    /// Every call is hit once, by one fault after the other.
    #[arg(long)]
    reduced: bool,
    /// How many stacks run at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

impl Matrix {
    fn choice(&self) -> Choice {
        Choice {
            scenarios: given_or(&self.scenario, &Scenario::ALL),
            weather: given_or(&self.fault, &Weather::ALL),
            rotating: self.reduced,
            jobs: self.jobs.max(1),
        }
    }
}

fn given_or<T: Clone>(given: &[T], all: &[T]) -> Vec<T> {
    if given.is_empty() { all } else { given }.to_vec()
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Under `cargo run` this program exists before the functions do. On its own it uses the
    // binaries next to it.
    if std::env::var_os("CARGO").is_some() {
        casement_tests::build();
    }
    let result = match arguments.command {
        Command::Matrix(matrix) => run_matrix(&matrix.choice()).await,
        Command::Soak(soak) => run_soak(&soak).await,
        Command::Outage(outage) => run_outage(outage.load()).await,
        Command::Reduced => run_reduced().await,
    };
    let (right, sections) = match result {
        Ok(parts) => parts.into_iter().unzip::<bool, Section, Vec<_>, Vec<_>>(),
        Err(trouble) => {
            eprintln!("{trouble}");
            return ExitCode::from(2);
        }
    };
    if arguments.write
        && let Err(error) = REPORT.write(sections)
    {
        eprintln!("{}: {error}", REPORT.folder);
        return ExitCode::from(2);
    }
    if right.iter().all(|right| *right) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether a part succeeded, and its text.
type Part = (bool, Section);

fn part(title: &'static str, right: bool, text: &str) -> Part {
    let mut section = Section::new(title);
    section.say(text);
    println!("{section}");
    (right, section)
}

async fn run_matrix(choice: &Choice) -> Done<Vec<Part>> {
    let table = matrix::run(choice).await?;
    let text = format!("{A_CELL}\n\n{table}");
    Ok(vec![part(MATRIX, table.is_right(), &text)])
}

async fn run_soak(soak: &Soak) -> Done<Vec<Part>> {
    let mut right = true;
    let mut texts = vec![format!(
        "{BAD_WEATHER} The faults are set to hit {} % of the calls, silence less often.\n",
        soak.fault_rate * 100.0
    )];
    for size in soak.sizes() {
        let report = soak::run(size, soak.fault_rate).await?;
        right &= report.is_right();
        texts.push(report.to_string());
    }
    Ok(vec![part(SOAK, right, &texts.join("\n"))])
}

async fn run_outage(load: Load) -> Done<Vec<Part>> {
    let report = outage::run(load).await?;
    Ok(vec![part(OUTAGE, report.is_right(), &report.to_string())])
}

/// Runs as much as fits into a few minutes: every call of most scenarios hit once, a short run, a
/// short outage.
async fn run_reduced() -> Done<Vec<Part>> {
    let scenarios = Scenario::ALL.to_vec();
    let matrix = Choice {
        scenarios: scenarios
            .into_iter()
            .filter(|one| *one != Scenario::Document)
            .collect(),
        weather: Weather::ALL
            .into_iter()
            .filter(|one| *one != Weather::Silent)
            .collect(),
        rotating: true,
        jobs: 2,
    };
    let mut parts = run_matrix(&matrix).await?;
    let soak = Soak {
        seed: vec![1],
        customers: 0,
        messages: 0,
        fault_rate: 0.05,
        reduced: true,
    };
    parts.extend(run_soak(&soak).await?);
    let outage = Outage {
        minutes: 0,
        customers: 0,
        messages_per_minute: 0,
        jira_calls_per_second: 0,
        reduced: true,
    };
    parts.extend(run_outage(outage.load()).await?);
    Ok(parts)
}

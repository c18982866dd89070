//! Simulates a week of many customers and prints the outcome.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use casement_core::model::fingerprint::{self, FingerprintKey};
use clap::{Parser, ValueEnum};
use scale::{Outcome, Quotas, Scenario, comparison, report, run, week};

/// A week of many customers: queues, functions, limits and money.
#[derive(Parser)]
struct Arguments {
    /// Customers.
    #[arg(long, default_value_t = 1_000_000)]
    customers: u32,
    /// Messages that they write on an average day, all together.
    #[arg(long, default_value_t = 5_000_000)]
    messages_per_day: u32,
    /// Of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days, from a Monday on.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=40))]
    days: u32,
    /// What is let through.
    #[arg(long, value_enum, default_value_t = Let::Raised)]
    quotas: Let,
    /// Compare: a hundredth and a tenth as deployed, and the whole with what can be raised.
    #[arg(long)]
    compare: bool,
    /// Draw each run into this folder, as SVG.
    #[arg(long)]
    plots: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Let {
    /// The template's defaults, a WhatsApp number of 80 messages per second, Jira as published.
    AsDeployed,
    /// The parameters raised, a number of 1,000 per second, Jira as published.
    Raised,
    /// The same, and five times Jira's limits.
    FiveJiras,
}

impl Let {
    fn quotas(self) -> Quotas {
        match self {
            Self::AsDeployed => Quotas::as_deployed(),
            Self::Raised => Quotas::raised(),
            Self::FiveJiras => Quotas::raised().with_jira(5.0),
        }
    }
}

impl Arguments {
    fn run(&self, quotas: Let, part: u32) -> Result<Outcome, Box<dyn std::error::Error>> {
        let begun = Instant::now();
        let outcome = run(Scenario {
            customers: (self.customers / part).max(1),
            messages_per_day: f64::from(self.messages_per_day) / f64::from(part),
            seed: self.seed,
            days: self.days,
            quotas: quotas.quotas(),
        })?;
        let took = begun.elapsed().as_secs_f64();
        eprintln!("{} messages in {took:.1} s", outcome.written());
        Ok(outcome)
    }

    /// Runs the scenarios in parallel and compares them.
    fn compare(&self) -> Result<String, Box<dyn std::error::Error>> {
        let runs = [
            ("1x as deployed", Let::AsDeployed, 100),
            ("10x as deployed", Let::AsDeployed, 10),
            ("100x raised", Let::Raised, 1),
            ("100x five Jiras", Let::FiveJiras, 1),
        ];
        let outcomes: Result<Vec<_>, String> = std::thread::scope(|scope| {
            let runs = runs.map(|(name, quotas, part)| {
                scope.spawn(move || {
                    let outcome = self.run(quotas, part).map_err(|error| error.to_string());
                    outcome.map(|outcome| (name.to_owned(), outcome))
                })
            });
            let ended = |run: std::thread::ScopedJoinHandle<'_, _>| {
                run.join()
                    .unwrap_or_else(|_| Err("a run ended early".to_owned()))
            };
            runs.into_iter().map(ended).collect()
        });
        let outcomes = outcomes?;
        let mut text = comparison(&outcomes);
        for (name, outcome) in &outcomes {
            text += &format!("\n## {name}\n\n{}", report(outcome));
            self.draw(name, outcome)?;
        }
        Ok(text)
    }

    fn draw(&self, name: &str, outcome: &Outcome) -> std::io::Result<()> {
        let Some(folder) = &self.plots else {
            return Ok(());
        };
        let file = format!("{}.svg", name.to_lowercase().replace(' ', "-"));
        std::fs::write(folder.join(file), week(outcome))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match told(&arguments) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn told(arguments: &Arguments) -> Result<String, Box<dyn std::error::Error>> {
    fingerprint::install(FingerprintKey::new(&"simulated".repeat(4))?)?;
    if arguments.compare {
        return arguments.compare();
    }
    let outcome = arguments.run(arguments.quotas, 1)?;
    arguments.draw("week", &outcome)?;
    Ok(report(&outcome))
}

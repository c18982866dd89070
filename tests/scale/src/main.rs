//! Simulates a week of many customers and prints the outcome.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use casement_core::model::fingerprint::{self, FingerprintKey};
use clap::{Parser, ValueEnum};
use scale::{Quotas, Scenario, report, run, week};

/// A week of many customers: queues, functions, limits and money.
#[derive(Parser)]
struct Arguments {
    /// Customers.
    #[arg(long, default_value_t = 100_000)]
    customers: u32,
    /// Messages that they write on an average day, all together.
    #[arg(long, default_value_t = 500_000)]
    messages_per_day: u32,
    /// Of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days, from a Monday on.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=40))]
    days: u32,
    /// What is let through.
    #[arg(long, value_enum, default_value_t = Let::AsDeployed)]
    quotas: Let,
    /// Draw the run into this file, as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
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
    let begun = Instant::now();
    let outcome = run(Scenario {
        customers: arguments.customers.max(1),
        messages_per_day: arguments.messages_per_day.into(),
        seed: arguments.seed,
        days: arguments.days,
        quotas: arguments.quotas.quotas(),
    })?;
    let took = begun.elapsed().as_secs_f64();
    eprintln!("{} messages in {took:.1} s", outcome.written());
    if let Some(file) = &arguments.plot {
        std::fs::write(file, week(&outcome))?;
    }
    Ok(report(&outcome))
}

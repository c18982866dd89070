//! The command line: which parts run.

use std::path::PathBuf;
use std::process::Command;

use clap::{Parser, ValueEnum};
use report::{Report, Section};

use crate::contestants::{binary, root};
use crate::peers::Peers;
use crate::{calls, cold, compare, memory, peers, pipeline, size, webhook};

/// Measures Casement and writes tests/bench/RESULTS.md.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Options {
    /// What to measure
    #[arg(value_enum, default_value_t = Part::All)]
    part: Part,

    /// How often each contestant takes its turn
    #[arg(long, default_value_t = 15)]
    runs: usize,

    /// How many conversations the large table has
    #[arg(long, default_value_t = 1_000_000)]
    conversations: usize,

    /// Compare the functions in this folder, of another build, with ours, and nothing else
    #[arg(long, value_name = "FOLDER", conflicts_with = "part")]
    against: Option<PathBuf>,

    /// Take the binaries beside this one as they are
    #[arg(long)]
    no_build: bool,

    /// Only see whether it can be measured: one turn each, few conversations, no peers, no report
    #[arg(long)]
    reduced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Part {
    All,
    Cold,
    Webhook,
    Pipeline,
    Calls,
    Memory,
    Size,
}

const REPORT: Report = Report {
    folder: env!("CARGO_MANIFEST_DIR"),
    introduction: "# Speed and cost\n\n\
        Written by `cargo run --release -p bench -- all`; each part can be run alone. Every section says when and on \
        what machine it was measured. Contestants take turns within one run, medians are given, and ratios compare what \
        ran side by side: only ratios carry over to another machine. CPU time is user and system time of the whole \
        process by its own clock.",
    order: &ORDER,
};

/// The order of the sections in the report. The last one is written by hand.
const ORDER: [&str; 8] = [
    cold::TITLE,
    cold::TITLE_SLOW,
    webhook::TITLE,
    pipeline::TITLE,
    calls::TITLE,
    memory::TITLE,
    size::TITLE,
    "What stands in the way",
];

/// Runs the parts that the command line asks for.
pub(crate) fn run() {
    let mut options = Options::parse();
    if options.reduced {
        options.runs = 1;
        options.conversations = 2_000;
    }
    if !options.no_build {
        build();
    }
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("a TLS provider was installed before");
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(&options));
}

async fn measure(options: &Options) {
    if let Some(other) = &options.against {
        println!("{}", compare::section(options.runs, other).await);
        return;
    }
    let wanted = |part| options.part == Part::All || options.part == part;
    let runs = options.runs;
    let publish = |sections| publish(sections, !options.reduced);
    if wanted(Part::Size) {
        publish(vec![size::section()]);
    }
    if wanted(Part::Calls) {
        publish(vec![calls::section().await]);
    }
    if wanted(Part::Memory) {
        publish(vec![memory::section().await]);
    }
    if wanted(Part::Cold) || wanted(Part::Webhook) {
        let peers = if options.reduced {
            Peers::default()
        } else {
            peers::install()
        };
        if wanted(Part::Cold) {
            publish(cold::run(runs, &peers).await);
        }
        if wanted(Part::Webhook) {
            publish(vec![webhook::run(runs, &peers).await]);
        }
    }
    if wanted(Part::Pipeline) {
        let section = pipeline::section(options.conversations).await;
        publish(vec![section]);
    }
}

fn publish(sections: Vec<Section>, to_report: bool) {
    sections.iter().for_each(|section| println!("{section}"));
    if to_report {
        REPORT.write(sections).unwrap();
    }
}

/// Builds all measured programs as they are deployed.
fn build() {
    assert!(
        binary("bench")
            .parent()
            .is_some_and(|folder| folder.ends_with("release")),
        "measure release builds: cargo run --release -p bench"
    );
    let build = ["build", "--quiet", "--release", "--workspace", "--bins"];
    let built = Command::new("cargo")
        .args(build)
        .current_dir(root())
        .status();
    assert!(built.unwrap().success(), "the workspace does not build");
}

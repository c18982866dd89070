//! Compares two builds of the functions, ours and another, side by side.

use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use report::{Section, short, thousands};

use crate::callgrind;
use crate::cold::{first_event, judge};
use crate::contestants::{Contestant, FUNCTIONS, binary};
use crate::events::Scene;
use crate::process::Process;
use crate::size::packed;
use crate::statistics::{median, megabytes, ms, quantile};
use crate::surroundings;

/// The number of events of which the cost of a warm one is the mean.
const WARM: usize = 10;

/// The number of counts of instructions, which hardly differ.
const COUNTS: usize = 3;

/// What is measured in a start. Each has one pair of values for each turn: ours and the other's.
const TIMES: [&str; 6] = [
    "to first `/next`, ms",
    "CPU till then, ms",
    "to first answer, ms",
    "CPU till then, ms",
    "CPU of an event, warm, ms",
    "peak memory, MB",
];

/// What is counted.
const INSTRUCTIONS: [&str; 3] = [
    "instructions until the first `/next`",
    "instructions of the first event",
    "instructions of an event, warm",
];

type Pairs = Vec<[f64; 2]>;

/// Compares the functions that `other` has with ours, in turns.
pub(crate) async fn section(runs: usize, other: &Path) -> Section {
    let mut section = Section::new("Two builds");
    section.say(&format!(
        "Ours, and that of {}: medians of {runs} starts each and {COUNTS} counts, in turns, and of their ratios, with the \
         quartiles. An event is real, in a local stack.",
        other.display()
    ));
    // Functions run in another directory.
    let other = other.canonicalize().unwrap();
    let counted = callgrind::installed();
    if let Err(problem) = &counted {
        section.say(&format!("Instructions were not counted: {problem}."));
    }
    for name in FUNCTIONS {
        let ours = binary(name);
        let theirs = other.join(name);
        if !theirs.is_file() {
            continue;
        }
        let both = [ours, theirs];
        let mut rows = sizes(&both);
        if counted.is_ok() {
            let counts = turns(COUNTS, &both, async |one| instructions(one).await).await;
            rows.extend(lines(INSTRUCTIONS, counts, thousands));
        }
        let times = turns(runs, &both, async |one| times(one).await).await;
        rows.extend(lines(TIMES, times, short));
        section.table(
            &[name, "ours", "other", "other, of ours", "quartiles"],
            &rows,
        );
    }
    section
}

/// Makes a function of a build, and events for it. Each measurement has a stack of its own, since
/// the simulators keep to the limits for one customer and one request.
async fn ready(program: &Path, count: usize) -> (Scene, Contestant, Vec<Bytes>) {
    let name = program.file_name().unwrap().to_str().unwrap();
    let scene = Scene::new().await;
    let contestant = if name.ends_with("-webhook") {
        Contestant::of_workspace(name)
    } else {
        Contestant::in_stack(name, scene.stack.base())
    };
    let contestant = contestant.of_build(program);
    let mut events = Vec::new();
    for series in 1..=count {
        events.push(first_event(&contestant, &scene, series).await);
    }
    (scene, contestant, events)
}

async fn times(program: &Path) -> [f64; TIMES.len()] {
    let (_scene, contestant, events) = ready(program, 1 + WARM).await;
    let mut events = events.into_iter();
    let mut process = Process::start(&contestant, surroundings::aws, None).await;
    let next = process.ready().await;
    let next_cpu = process.cpu().await;
    let (answer, answered) = process.invoke(events.next().unwrap()).await;
    judge(&contestant.name, &answer);
    let first_cpu = process.cpu().await;
    for event in events {
        let (answer, _) = process.invoke(event).await;
        judge(&contestant.name, &answer);
    }
    let warm = ms(process.cpu().await - first_cpu) / WARM as f64;
    let peak = megabytes(process.peak());
    process.end().await;
    let times = [next, next_cpu, answered, first_cpu].map(ms);
    [times[0], times[1], times[2], times[3], warm, peak]
}

async fn instructions(program: &Path) -> [f64; INSTRUCTIONS.len()] {
    let mut totals = [0.0; INSTRUCTIONS.len()];
    for (total, count) in totals.iter_mut().zip([0, 1, 1 + WARM]) {
        let (_scene, contestant, events) = ready(program, count).await;
        *total = callgrind::instructions(&contestant, events).await;
    }
    let [start, first, warm] = totals;
    [start, first - start, (warm - first) / WARM as f64]
}

/// Measures both `count` times, and who begins changes. A turn before the first warms the caches.
async fn turns<const N: usize>(
    count: usize,
    both: &[PathBuf; 2],
    measure: impl AsyncFn(&Path) -> [f64; N],
) -> [Pairs; N] {
    let mut all = [const { Vec::new() }; N];
    for turn in 0..=count {
        let mut pair = [[0.0; N]; 2];
        for place in [turn % 2, 1 - turn % 2] {
            pair[place] = measure(&both[place]).await;
        }
        if turn > 0 {
            for (measure, values) in all.iter_mut().enumerate() {
                values.push(pair.map(|one| one[measure]));
            }
        }
        eprint!(".");
    }
    eprintln!();
    all
}

fn sizes(both: &[PathBuf; 2]) -> Vec<Vec<String>> {
    let bytes = both.each_ref().map(|one| fs::metadata(one).unwrap().len());
    let packed = both.each_ref().map(|one| packed(one));
    let line = |name: &str, [ours, other]: [u64; 2]| {
        let pair = [ours as f64, other as f64];
        line(name, &vec![pair], thousands)
    };
    vec![
        line("binary, bytes", bytes),
        line("compressed, bytes", packed),
    ]
}

fn lines<const N: usize>(
    names: [&str; N],
    measured: [Pairs; N],
    number: fn(f64) -> String,
) -> Vec<Vec<String>> {
    let named = names.iter().zip(&measured);
    named
        .map(|(name, pairs)| line(name, pairs, number))
        .collect()
}

fn line(name: &str, pairs: &Pairs, number: fn(f64) -> String) -> Vec<String> {
    let of = |place: usize| median(&pairs.iter().map(|pair| pair[place]).collect::<Vec<_>>());
    let ratios: Vec<_> = pairs.iter().map(|[ours, other]| other / ours).collect();
    let [low, high] = [0.25, 0.75].map(|q| quantile(&ratios, q));
    vec![
        name.to_owned(),
        number(of(0)),
        number(of(1)),
        format!("{:.3}", median(&ratios)),
        format!("{low:.3} to {high:.3}"),
    ]
}

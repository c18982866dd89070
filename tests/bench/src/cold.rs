//! Measures the start of a process: until it asks for work, and until it has answered.

use axum::Router;
use axum::body::Bytes;
use report::{Goal, Section, short};

use crate::bodies::{self, SHAPES};
use crate::contestants::{Contestant, FUNCTIONS};
use crate::events::Scene;
use crate::peers::Peers;
use crate::plot::{Bar, bars};
use crate::process::Process;
use crate::quota::Quota;
use crate::statistics::{median, megabytes, ms};
use crate::surroundings;

/// The titles of the sections.
pub(crate) const TITLE: &str = "Cold start";
pub(crate) const TITLE_SLOW: &str = "Cold start with one twelfth of a core";

/// The function that does nothing.
pub(crate) const BARE: &str = "bare-function";

/// The measurements of one start.
struct Start {
    next_ms: f64,
    next_cpu_ms: f64,
    answer_ms: f64,
    cpu_ms: f64,
    peak: u64,
}

/// The measurements of all starts of one function.
struct Starts {
    name: String,
    starts: Vec<Start>,
}

impl Starts {
    fn median(&self, of: impl Fn(&Start) -> f64) -> f64 {
        median(&self.starts.iter().map(of).collect::<Vec<_>>())
    }

    fn next_ms(&self) -> f64 {
        self.median(|start| start.next_ms)
    }

    fn next_cpu_ms(&self) -> f64 {
        self.median(|start| start.next_cpu_ms)
    }

    fn cpu_ms(&self) -> f64 {
        self.median(|start| start.cpu_ms)
    }

    fn is_ours(&self) -> bool {
        FUNCTIONS.contains(&self.name.as_str())
    }
}

/// Starts every contestant `runs` times, in turns.
pub(crate) async fn run(runs: usize, peers: &Peers) -> Vec<Section> {
    let fast = measured(runs, peers, None).await;
    let mut section = Section::new(TITLE);
    section.say(&format!(
        "Medians of {runs} starts each, in turns, page cache warm. *Bare* answers without looking at the event. The \
         webhooks get one text of 1 KB or one comment, read their secret from Secrets Manager and put one message on the \
         queue; the peers have the secret in their environment. The workers carry out a real event in a local stack: the \
         text becomes a comment, the comment a message. Times depend on what else the machine does, CPU hardly."
    ));
    table(&mut section, &fast);
    plots(&mut section, &fast);
    section.goals(&goals(&fast));
    missing(&mut section, peers);
    let mut slow_section = Section::new(TITLE_SLOW);
    match Quota::new() {
        Ok(quota) => {
            let slow = measured(runs, peers, Some(&quota)).await;
            slow_section.say(&format!(
                "As above, medians of {runs} starts, held to 1.67 ms of CPU in every 20 ms by a control group, as a \
                 function of some 150 MB is (Lambda gives more while a function initializes). The process is put into the \
                 group when it has begun."
            ));
            table(&mut slow_section, &slow);
        }
        Err(problem) => slow_section.say(&format!("Not measured: {problem}.")),
    }
    vec![section, slow_section]
}

async fn measured(runs: usize, peers: &Peers, quota: Option<&Quota>) -> Vec<Starts> {
    let scene = Scene::new().await;
    let mut names = vec![BARE.to_owned()];
    names.extend(FUNCTIONS.map(str::to_owned));
    let ours = names.iter().map(|name| match name.as_str() {
        BARE | "whatsapp-webhook" | "jira-webhook" => Contestant::of_workspace(name),
        _ => Contestant::in_stack(name, scene.stack.base()),
    });
    let contestants: Vec<_> = ours.chain(peers.peers.iter().cloned()).collect();
    let mut all: Vec<_> = contestants
        .iter()
        .map(|one| Starts {
            name: one.name.clone(),
            starts: Vec::new(),
        })
        .collect();
    // The first round only warms the page cache.
    for round in 0..=runs {
        for (contestant, starts) in contestants.iter().zip(&mut all) {
            let event = first_event(contestant, &scene, round + 1).await;
            let start = start(contestant, event, quota).await;
            if round > 0 {
                starts.starts.push(start);
            }
        }
        eprint!(".");
    }
    eprintln!();
    all
}

/// Builds the next event of a function.
pub(crate) async fn first_event(contestant: &Contestant, scene: &Scene, series: usize) -> Bytes {
    match contestant.name.as_str() {
        "jira-webhook" => bodies::jira_event(series),
        name if FUNCTIONS[2..].contains(&name) => scene.event(name, series).await,
        _ => bodies::whatsapp_event(&bodies::whatsapp(SHAPES[0], series)),
    }
}

async fn start(contestant: &Contestant, event: Bytes, quota: Option<&Quota>) -> Start {
    let around = |base: &str| -> Router { surroundings::aws(base) };
    let mut process = Process::start(contestant, around, quota).await;
    let next = process.ready().await;
    let next_cpu = process.cpu().await;
    let (answer, answered) = process.invoke(event).await;
    judge(&contestant.name, &answer);
    let start = Start {
        next_ms: ms(next),
        next_cpu_ms: ms(next_cpu),
        answer_ms: ms(answered),
        cpu_ms: ms(process.cpu().await),
        peak: process.peak(),
    };
    process.end().await;
    start
}

/// Asserts that the work was really done: a failing function would seem fast.
pub(crate) fn judge(name: &str, answer: &[u8]) {
    let says = String::from_utf8_lossy(answer);
    let is_worker = FUNCTIONS[2..].contains(&name);
    let right = if is_worker {
        !says.contains("itemIdentifier")
    } else {
        bodies::is_taken(answer)
    };
    assert!(right, "{name} answers {says}");
}

fn table(section: &mut Section, all: &[Starts]) {
    let floor = &all[0];
    let rows: Vec<_> = all
        .iter()
        .map(|one| {
            vec![
                one.name.clone(),
                short(one.next_ms()),
                short(one.next_ms() / floor.next_ms()),
                short(one.next_cpu_ms()),
                short(one.next_cpu_ms() / floor.next_cpu_ms()),
                short(one.median(|start| start.answer_ms)),
                short(one.cpu_ms()),
                short(one.median(|start| megabytes(start.peak))),
            ]
        })
        .collect();
    let head = [
        "",
        "to first `/next`, ms",
        "of bare",
        "CPU till then, ms",
        "of bare",
        "to first answer, ms",
        "CPU till then, ms",
        "peak memory, MB",
    ];
    section.table(&head, &rows);
}

fn plots(section: &mut Section, all: &[Starts]) {
    let of = |value: fn(&Starts) -> f64| {
        let bar = |one: &Starts| Bar {
            label: one.name.clone(),
            value: value(one),
            ours: one.is_ours(),
        };
        all.iter().map(bar).collect::<Vec<_>>()
    };
    let next = bars(
        "From the start of the process to the first /next",
        "ms",
        &of(Starts::next_ms),
    );
    section.plot("cold-next.svg", "Time to the first /next", next);
    let cpu = bars(
        "CPU until the first answer is given",
        "ms",
        &of(Starts::cpu_ms),
    );
    section.plot("cold-cpu.svg", "CPU until the first answer", cpu);
}

fn goals(all: &[Starts]) -> Vec<Goal> {
    let floor = &all[0];
    let mut goals: Vec<_> = FUNCTIONS
        .iter()
        .zip(&all[1..])
        .enumerate()
        .map(|(place, (name, one))| {
            let limit = if place < 2 { 1.3 } else { 1.6 };
            let measured = one.next_cpu_ms() / floor.next_cpu_ms();
            Goal::at_most(
                format!("{name}: CPU to the first `/next`, of the bare function's"),
                limit,
                measured,
            )
        })
        .collect();
    let webhook = all[1].cpu_ms();
    for peer in &all[1 + FUNCTIONS.len()..] {
        let what = format!(
            "CPU of a cold first answer: {} over whatsapp-webhook",
            peer.name
        );
        goals.push(Goal::at_least(what, 40.0, peer.cpu_ms() / webhook));
    }
    goals
}

/// Reports the missing peers.
pub(crate) fn missing(section: &mut Section, peers: &Peers) {
    for problem in &peers.missing {
        section.say(&format!("Not measured: {problem}."));
    }
}

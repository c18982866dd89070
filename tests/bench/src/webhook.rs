//! Measures a warm webhook, small and large.

use report::{Goal, Section, short, thousands};

use crate::bodies::{self, SHAPES, Shape};
use crate::callgrind;
use crate::cold::{BARE, missing};
use crate::contestants::Contestant;
use crate::floor::{self, MEGABYTE, Parts};
use crate::peers::Peers;
use crate::plot::{Bar, bars};
use crate::process::Process;
use crate::statistics::median;
use crate::surroundings;

/// The title of the section.
pub(crate) const TITLE: &str = "A warm webhook";

/// The number of webhooks of each shape in a turn.
const INVOCATIONS: [usize; 3] = [100, 20, 3];

/// The CPU of one webhook in microseconds, with one value for each run.
struct Costs {
    name: String,
    by_shape: Vec<Vec<f64>>,
}

impl Costs {
    fn median(&self, shape: usize) -> f64 {
        median(&self.by_shape[shape])
    }
}

/// Measures every contestant `runs` times, in turns.
pub(crate) async fn run(runs: usize, peers: &Peers) -> Section {
    let ours = ["whatsapp-webhook", BARE].map(Contestant::of_workspace);
    let contestants: Vec<_> = ours
        .into_iter()
        .chain(peers.peers.iter().cloned())
        .collect();
    let mut all: Vec<_> = contestants
        .iter()
        .map(|one| Costs {
            name: one.name.clone(),
            by_shape: vec![Vec::new(); SHAPES.len()],
        })
        .collect();
    for _ in 0..runs {
        for (contestant, costs) in contestants.iter().zip(&mut all) {
            let values = measured(contestant).await;
            for (values, value) in costs.by_shape.iter_mut().zip(values) {
                values.push(value);
            }
        }
        eprint!(".");
    }
    eprintln!();
    report(runs, &all, peers).await
}

/// Starts and warms up a process, and returns the CPU of one webhook of each shape.
async fn measured(contestant: &Contestant) -> Vec<f64> {
    let mut process = Process::start(contestant, surroundings::aws, None).await;
    process.ready().await;
    let mut series = 0;
    let mut values = Vec::new();
    for (shape, count) in SHAPES.into_iter().zip(INVOCATIONS) {
        // Compilation and allocation at first use are not counted.
        let warm_up = count / 2;
        let mut before = process.cpu().await;
        for turn in 0..warm_up + count {
            if turn == warm_up {
                before = process.cpu().await;
            }
            series += 1;
            let event = bodies::whatsapp_event(&bodies::whatsapp(shape, series));
            let (answer, _) = process.invoke(event).await;
            assert!(
                bodies::is_taken(&answer),
                "{}: {}",
                contestant.name,
                String::from_utf8_lossy(&answer)
            );
        }
        let spent = process.cpu().await - before;
        values.push(spent.as_secs_f64() * 1e6 / count as f64);
    }
    process.end().await;
    values
}

async fn report(runs: usize, all: &[Costs], peers: &Peers) -> Section {
    let mut section = Section::new(TITLE);
    section.say(&format!(
        "CPU of one webhook in microseconds: take the event, verify the signature, parse, put every message on SQS, \
         answer. Medians of {runs} processes each, in turns, with {} webhooks of each shape after a warm-up. *Floor* is \
         HMAC-SHA256 over the same bytes and one pass of the JSON parser that keeps nothing; it takes no event and sends \
         nothing.",
        INVOCATIONS.map(|count| count.to_string()).join(", ")
    ));
    let floors = SHAPES.map(|shape| floor::measured(runs, shape));
    let ours = &all[0];
    let mut rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            row(
                &one.name,
                |shape| one.median(shape),
                |shape| ours.median(shape),
            )
        })
        .collect();
    rows.push(row(
        "floor: HMAC and parse",
        |shape| floors[shape].floor_us,
        |shape| ours.median(shape),
    ));
    let mut head = vec![String::new()];
    for Shape { name, .. } in SHAPES {
        head.extend([format!("{name}, us"), "of ours".to_owned()]);
    }
    section.table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
    let sustained = SHAPES.iter().enumerate().map(|(place, shape)| {
        let a_second = 1e6 / ours.median(place);
        let each = thousands(a_second * shape.messages as f64);
        vec![shape.name.to_owned(), short(a_second), each]
    });
    section.say("Ours, for one second of CPU:");
    section.table(
        &["", "webhooks", "messages"],
        &sustained.collect::<Vec<_>>(),
    );
    for (place, shape) in SHAPES.iter().enumerate() {
        let bar = |one: &Costs| Bar {
            label: one.name.clone(),
            value: one.median(place),
            ours: one.name == ours.name,
        };
        let picture = bars(
            &format!("CPU of one webhook: {}", shape.name),
            "us",
            &all.iter().map(bar).collect::<Vec<_>>(),
        );
        section.plot(
            &format!("webhook-{place}.svg"),
            &format!("CPU of a {}", shape.name),
            picture,
        );
    }
    let megabyte = floor::measured(runs, MEGABYTE);
    let [one, hundred, large] = &floors;
    floor::report(&mut section, runs, [one, hundred, &megabyte, large]);
    callgrind::report(&mut section).await;
    section.goals(&goals(all, &megabyte));
    missing(&mut section, peers);
    section
}

fn row(name: &str, value: impl Fn(usize) -> f64, ours: impl Fn(usize) -> f64) -> Vec<String> {
    let mut row = vec![name.to_owned()];
    for shape in 0..SHAPES.len() {
        row.extend([short(value(shape)), short(value(shape) / ours(shape))]);
    }
    row
}

fn goals(all: &[Costs], megabyte: &Parts) -> Vec<Goal> {
    let ours = &all[0];
    let mut goals = Vec::new();
    for peer in &all[2..] {
        for (shape, limit) in [(0, 5.0), (1, 8.0)] {
            let what = format!(
                "{}: {} over whatsapp-webhook",
                SHAPES[shape].name, peer.name
            );
            goals.push(Goal::at_least(
                what,
                limit,
                peer.median(shape) / ours.median(shape),
            ));
        }
    }
    let what = "signature, parse and split of a 1 MB batch, of HMAC-SHA256 over the same bytes";
    goals.push(Goal::at_most(what, 4.0, megabyte.of_hmac()));
    goals
}

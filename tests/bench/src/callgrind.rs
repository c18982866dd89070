//! Counts instructions, which do not depend on the machine's load.

use std::fs;
use std::process::Command;

use axum::body::Bytes;
use report::{Section, thousands};

use crate::bodies::{self, SHAPES, Shape};
use crate::cold::judge;
use crate::contestants::Contestant;
use crate::peers::run;
use crate::process::Process;
use crate::surroundings;

/// The number of webhooks in each difference.
const INVOCATIONS: [usize; 3] = [20, 5, 1];

/// Adds the counts of a webhook, or the reason why they are missing.
pub(crate) async fn report(section: &mut Section) {
    if let Err(problem) = installed() {
        section.say(&format!("Instructions were not counted: {problem}."));
        return;
    }
    let start = of_webhooks(SHAPES[0], 0).await;
    let mut rows = vec![vec![
        "start, until the first `/next`".to_owned(),
        thousands(start),
        String::new(),
    ]];
    for (shape, count) in SHAPES.into_iter().zip(INVOCATIONS) {
        let once = of_webhooks(shape, 1).await;
        let more = of_webhooks(shape, 1 + count).await;
        let each = (more - once) / count as f64;
        rows.push(vec![
            shape.name.to_owned(),
            thousands(each),
            thousands(each / shape.messages as f64),
        ]);
    }
    section.say("Instructions of whatsapp-webhook by callgrind, once warm:");
    section.table(&["", "instructions", "for each message"], &rows);
}

/// Checks that valgrind can be run.
///
/// # Errors
/// It cannot, for the reason given.
pub(crate) fn installed() -> Result<(), String> {
    run(Command::new("valgrind").arg("--version")).map(drop)
}

async fn of_webhooks(shape: Shape, count: usize) -> f64 {
    let event = |series| bodies::whatsapp_event(&bodies::whatsapp(shape, series));
    let webhook = Contestant::of_workspace("whatsapp-webhook");
    instructions(&webhook, (0..count).map(event).collect()).await
}

/// Counts the instructions in the whole life of a process that takes these events. Valgrind has no
/// SHA instructions, so signatures are computed in software.
pub(crate) async fn instructions(contestant: &Contestant, events: Vec<Bytes>) -> f64 {
    let out = std::env::temp_dir().join(format!("casement-bench-callgrind-{}", std::process::id()));
    let mut contestant = contestant.clone();
    contestant.arguments = vec![
        "--tool=callgrind".to_owned(),
        "--quiet".to_owned(),
        format!("--callgrind-out-file={}", out.display()),
        contestant.program.display().to_string(),
    ];
    contestant.program = "valgrind".into();
    let mut process = Process::start(&contestant, surroundings::aws, None).await;
    process.ready().await;
    for event in events {
        let (answer, _) = process.invoke(event).await;
        judge(&contestant.name, &answer);
    }
    process.ask_to_end().await;
    let text = fs::read_to_string(&out).unwrap();
    fs::remove_file(&out).unwrap();
    let totals = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .unwrap();
    totals.trim().parse().unwrap()
}

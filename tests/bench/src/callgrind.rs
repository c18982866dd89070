//! Counts the instructions of a webhook, which do not depend on the machine's load.

use std::fs;
use std::process::Command;

use report::{Section, thousands};

use crate::bodies::{self, SHAPES, Shape};
use crate::contestants::{Contestant, binary};
use crate::peers::run;
use crate::process::Process;

use crate::surroundings;

/// The number of webhooks in each difference.
const INVOCATIONS: [usize; 3] = [20, 5, 1];

/// Adds the counts, or the reason why they are missing.
pub(crate) async fn report(section: &mut Section) {
    if let Err(problem) = run(Command::new("valgrind").arg("--version")) {
        section.say(&format!("Instructions were not counted: {problem}."));
        return;
    }
    let start = instructions(SHAPES[0], 0).await;
    let mut rows = vec![vec![
        "start, until the first `/next`".to_owned(),
        thousands(start),
        String::new(),
    ]];
    for (shape, count) in SHAPES.into_iter().zip(INVOCATIONS) {
        let once = instructions(shape, 1).await;
        let more = instructions(shape, 1 + count).await;
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

/// Counts the instructions in the whole life of a process that takes `count` webhooks. Valgrind has
/// no SHA instructions, so the signature is computed in software.
async fn instructions(shape: Shape, count: usize) -> f64 {
    let out = std::env::temp_dir().join(format!("casement-bench-callgrind-{}", std::process::id()));
    let mut contestant = Contestant::of_workspace("whatsapp-webhook");
    contestant.program = "valgrind".into();
    contestant.arguments = vec![
        "--tool=callgrind".to_owned(),
        "--quiet".to_owned(),
        format!("--callgrind-out-file={}", out.display()),
        binary("whatsapp-webhook").display().to_string(),
    ];
    let mut process = Process::start(&contestant, surroundings::aws, None).await;
    process.ready().await;
    for series in 0..count {
        let body = bodies::whatsapp(shape, series);
        process.invoke(bodies::whatsapp_event(&body)).await;
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

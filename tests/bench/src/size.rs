//! What is uploaded.

use std::fs;
use std::process::Command;

use report::{Goal, Section, thousands};

use crate::contestants::{FUNCTIONS, binary, root};
use crate::peers::run;
use crate::statistics::megabytes;

/// What the section is called.
pub(crate) const TITLE: &str = "Size";

/// The limit for a function's artifact, in bytes: 4 MiB, and 2.5 MiB for the webhooks.
fn limit(function: &str) -> u64 {
    if function.ends_with("-webhook") {
        5 << 19
    } else {
        4 << 20
    }
}

/// Compresses the release binaries, and `sam build`'s artifacts if they are there.
pub(crate) fn section() -> Section {
    let mut section = Section::new(TITLE);
    let artifacts = root().join(".aws-sam/build");
    let given = artifacts.is_dir();
    section.say(&format!(
        "Binaries of this machine ({}), and what `gzip -9` makes of them, in bytes{}",
        std::env::consts::ARCH,
        if given { ":" } else { ". There are no artifacts of `sam build` in `.aws-sam/build`; `tests/deploy/artifacts` measures those." },
    ));
    let mut goals = Vec::new();
    let rows: Vec<_> = FUNCTIONS
        .iter()
        .map(|function| {
            let file = binary(function);
            let packed = run(Command::new("sh")
                .args(["-c", "gzip -9 -c \"$0\" | wc -c"])
                .arg(&file));
            let packed: u64 = packed.unwrap().parse().unwrap();
            let what = format!("{function}, compressed, MB");
            goals.push(Goal::at_most(
                what,
                megabytes(limit(function)),
                megabytes(packed),
            ));
            let size = fs::metadata(&file).unwrap().len();
            vec![
                (*function).to_owned(),
                thousands(size as f64),
                thousands(packed as f64),
            ]
        })
        .collect();
    section.table(&["", "binary", "compressed"], &rows);
    if given {
        let measured = run(Command::new(root().join("tests/deploy/artifacts")).arg(&artifacts));
        let said = measured.unwrap_or_else(|problem| problem);
        section.say(&format!(
            "Artifacts of `sam build` for 64-bit ARM:\n\n```text\n{said}\n```"
        ));
    }
    section.goals(&goals);
    section
}

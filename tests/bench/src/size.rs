//! Measures the uploaded code.

use std::fs;
use std::path::Path;
use std::process::Command;

use report::{Goal, Section, thousands};

use crate::contestants::{FUNCTIONS, binary, root};
use crate::peers::run;

/// The title of the section.
pub(crate) const TITLE: &str = "Size";

/// Returns the limit for a function's artifact, in bytes: 2.5 MiB for webhooks, otherwise 4 MiB.
fn limit(function: &str) -> u64 {
    if function.ends_with("WebhookFunction") {
        5 << 19
    } else {
        4 << 20
    }
}

/// Measures the compressed release binaries, and the artifacts of `sam build` if they exist.
pub(crate) fn section() -> Section {
    let mut section = Section::new(TITLE);
    section.say(&format!(
        "Binaries of this machine ({}), and what `gzip -9` makes of them, in bytes:",
        std::env::consts::ARCH,
    ));
    let rows = FUNCTIONS.map(|function| {
        let file = binary(function);
        let size = fs::metadata(&file).unwrap().len();
        row(function, size, packed(&file))
    });
    section.table(&["", "binary", "compressed"], &rows);
    match artifacts() {
        Some(artifacts) => {
            section.say("Artifacts of `sam build` for 64-bit ARM, and the archives that are uploaded, in bytes:");
            let rows: Vec<_> = artifacts
                .iter()
                .map(|one| row(&one.function, one.size, one.zipped))
                .collect();
            section.table(&["", "binary", "zipped"], &rows);
            let goals: Vec<_> = artifacts.iter().map(Artifact::goal).collect();
            section.goals(&goals);
        }
        None => section.say(
            "What is deployed was not measured: run `sam build`, and `tests/deploy/artifacts` to see what it has made.",
        ),
    }
    section
}

/// Returns the size of what `gzip -9` makes of a file, in bytes.
pub(crate) fn packed(file: &Path) -> u64 {
    let packed = run(Command::new("sh")
        .args(["-c", "gzip -9 -c \"$0\" | wc -c"])
        .arg(file));
    packed.unwrap().parse().unwrap()
}

fn row(function: &str, size: u64, packed: u64) -> Vec<String> {
    let sizes = [size, packed].map(|bytes| thousands(bytes as f64));
    [vec![function.to_owned()], sizes.to_vec()].concat()
}

/// A deployed artifact. Sizes are in bytes.
struct Artifact {
    /// The function's name in the template.
    function: String,
    size: u64,
    zipped: u64,
}

impl Artifact {
    /// Reads a line of output from `tests/deploy/artifacts`.
    fn read(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split_whitespace().collect();
        let bytes = |word: &str| word.replace(',', "").parse().ok();
        match words[..] {
            [function, size, "bytes,", "zipped", zipped, "bytes"] => Some(Self {
                function: function.to_owned(),
                size: bytes(size)?,
                zipped: bytes(zipped)?,
            }),
            _ => None,
        }
    }

    fn goal(&self) -> Goal {
        let what = format!("{}, zipped, MB of 1,024 KB", self.function);
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        Goal::at_most(
            what,
            mebibytes(limit(&self.function)),
            mebibytes(self.zipped),
        )
    }
}

/// Returns the artifacts of the last `sam build`, if any.
fn artifacts() -> Option<Vec<Artifact>> {
    let said = run(&mut Command::new(root().join("tests/deploy/artifacts"))).ok()?;
    said.lines().map(Artifact::read).collect()
}

//! The tools that deploy, and those that build.

use std::process::Stdio;
use std::time::Duration;

use super::Here;
use crate::check::{Row, Verdict};

/// The versions that this version of Casement was tried with.
pub(super) const TRIED_SAM: &str = "1.170.0";
pub(super) const TRIED_CARGO_LAMBDA: &str = "1.9.2";

/// What functions are built for.
const TARGET: &str = "aarch64-unknown-linux-gnu";

/// SAM starts slowly where Python's files are not compiled yet.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks for the tools; `builds` says whether the functions are built here.
pub(super) async fn rows(here: &Here, builds: bool) -> Vec<Row> {
    let sam = output("sam", &["--version"]).await;
    let aws = output("aws", &["--version"]).await;
    let mut rows = vec![
        Row::new("SAM CLI", judge_sam(sam.as_deref())),
        Row::new("AWS CLI", judge_aws(aws.as_deref())),
    ];
    if builds {
        let cargo = output("cargo", &["--version"]).await;
        let libraries = output("rustc", &["--print", "target-libdir", "--target", TARGET]).await;
        let has_target = libraries.is_some_and(|folder| std::path::Path::new(&folder).is_dir());
        let lambda = output("cargo-lambda", &["lambda", "--version"]).await;
        rows.push(Row::new("Rust", judge_rust(cargo.as_deref(), has_target)));
        rows.push(Row::new(
            "cargo-lambda",
            judge_cargo_lambda(lambda.as_deref()),
        ));
        rows.push(Row::new("zig", judge_zig(zig(here).await.as_deref())));
    }
    rows
}

/// Looks for zig as cargo-lambda does: by itself, or as a package of Python.
async fn zig(here: &Here) -> Option<String> {
    if let Some(version) = output("zig", &["version"]).await {
        return Some(version);
    }
    let named = here.variable("CARGO_ZIGBUILD_PYTHON_PATH");
    let python = named.as_deref().unwrap_or("python3");
    output(python, &["-m", "ziglang", "version"]).await
}

/// Returns the first line that a tool prints. `None`: it is not there, or does not work.
async fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let started = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .env("SAM_CLI_TELEMETRY", "0")
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, started).await.ok()?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next()?.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}

/// Returns the first number with a dot in it.
fn version(line: &str) -> Option<&str> {
    line.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'))
        .find(|word| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit()))
}

fn is_older(version: &str, than: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        let parts = version.split('.');
        parts.map(|part| part.parse().unwrap_or(0)).collect()
    };
    numbers(version) < numbers(than)
}

/// Judges a tool that was tried with a version.
fn judge_tried(line: Option<&str>, tried: &str, install: &str, upgrade: &str) -> Verdict {
    match line.map(|line| version(line).unwrap_or(line)) {
        None => Verdict::wrong("is not there", install),
        Some(found) if is_older(found, tried) => Verdict::hint(
            format!("{found} is older than {tried}, with which Casement was tried"),
            upgrade,
        ),
        Some(found) => Verdict::ok(found),
    }
}

pub(super) fn judge_sam(line: Option<&str>) -> Verdict {
    judge_tried(
        line,
        TRIED_SAM,
        "uv tool install aws-sam-cli, or with pipx",
        "uv tool upgrade aws-sam-cli, or with pipx",
    )
}

pub(super) fn judge_aws(line: Option<&str>) -> Verdict {
    const INSTALL: &str = "install version 2 for profiles and for the commands of the runbook \
                           (docs.aws.amazon.com/cli)";
    match line.map(|line| version(line).unwrap_or(line)) {
        // Version 1 has no `configure export-credentials`.
        Some(found) if is_older(found, "2") => Verdict::hint(
            format!("{found} does not hand out a profile's credentials"),
            INSTALL,
        ),
        Some(found) => Verdict::ok(found),
        None => Verdict::hint("is not there", INSTALL),
    }
}

pub(super) fn judge_rust(line: Option<&str>, has_target: bool) -> Verdict {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    match line.map(|line| version(line).unwrap_or(line)) {
        None => Verdict::wrong("is not there", "install it from rustup.rs"),
        Some(found) if is_older(found, needed) => Verdict::wrong(
            format!("{found} is older than {needed}, which is needed"),
            "rustup update",
        ),
        Some(found) if !has_target => Verdict::wrong(
            format!("{found} cannot build for {TARGET}"),
            format!("rustup target add {TARGET}"),
        ),
        Some(found) => Verdict::ok(format!("{found}, and can build for {TARGET}")),
    }
}

pub(super) fn judge_cargo_lambda(line: Option<&str>) -> Verdict {
    judge_tried(
        line,
        TRIED_CARGO_LAMBDA,
        "uv tool install cargo-lambda, or with pipx",
        "uv tool upgrade cargo-lambda, or with pipx",
    )
}

pub(super) fn judge_zig(line: Option<&str>) -> Verdict {
    match line {
        Some(found) => Verdict::ok(found),
        None => Verdict::wrong(
            "is not there",
            "it comes with cargo-lambda: set CARGO_ZIGBUILD_PYTHON_PATH as the runbook says \
             (Build it yourself)",
        ),
    }
}

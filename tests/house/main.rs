//! The rules of the house that Cargo itself cannot state: who may depend on whom, which
//! libraries must not creep in, and what each folder has to look like.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod deploy;
mod environment;
mod floors;
mod kept;
mod pages;
mod secrets;
mod supply;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

const FUNCTIONS: [&str; 7] = [
    "due-timer",
    "inbound-message",
    "jira-webhook",
    "message-status",
    "outbound-message",
    "timer-sweep",
    "whatsapp-webhook",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned(), "--locked".to_owned()])
        .exec()
        .unwrap()
}

/// What each package of ours needs of others of ours, tests aside.
fn own_dependencies(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let own: BTreeSet<String> = metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let needs = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind == DependencyKind::Normal)
                .map(|dependency| dependency.name.clone())
                .filter(|name| own.contains(name))
                .collect();
            (package.name.to_string(), needs)
        })
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn nobody_depends_on_what_is_further_outside() {
    let metadata = metadata();
    let needs = own_dependencies(&metadata);
    let adapter = set(&["casement-core", "casement-service"]);
    for (package, allowed) in [
        ("casement-core", set(&[])),
        ("casement-service", set(&["casement-core"])),
        ("casement-whatsapp", adapter.clone()),
        ("casement-jira", adapter.clone()),
        ("casement-aws", adapter.clone()),
        ("casement-testkit", adapter),
        (
            "casement-lambda",
            set(&[
                "casement-aws",
                "casement-core",
                "casement-jira",
                "casement-service",
                "casement-whatsapp",
            ]),
        ),
        ("local-clock", set(&[])),
        ("local-emulators", set(&["local-clock"])),
        ("local-simulators", set(&["local-clock"])),
    ] {
        let extra: Vec<_> = needs[package].difference(&allowed).collect();
        assert!(extra.is_empty(), "{package} must not depend on {extra:?}");
    }
    let command = needs["casement-cli"].iter();
    let stack: Vec<_> = command.filter(|name| name.starts_with("local")).collect();
    assert!(
        stack.is_empty(),
        "casement-cli must not depend on {stack:?}"
    );
    for package in metadata.workspace_packages() {
        let is_test = package
            .manifest_path
            .starts_with(metadata.workspace_root.join("tests"));
        let of_tests = needs[package.name.as_str()].contains("casement-testkit");
        assert!(is_test || !of_tests, "{} is no test", package.name);
    }
    for (package, needs) in &needs {
        let functions: Vec<_> = FUNCTIONS
            .iter()
            .filter(|name| needs.contains(**name))
            .collect();
        assert!(functions.is_empty(), "{package} depends on {functions:?}");
    }
}

#[test]
fn the_inner_rooms_know_nothing_of_the_outside() {
    let metadata = metadata();
    let outside = [
        "tokio",
        "reqwest",
        "lambda_runtime",
        "axum",
        "tracing-subscriber",
    ];
    for package in metadata.workspace_packages() {
        if !["casement-core", "casement-service"].contains(&package.name.as_str()) {
            continue;
        }
        for dependency in &package.dependencies {
            let is_outside =
                outside.contains(&dependency.name.as_str()) || dependency.name.starts_with("aws-");
            let for_tests = dependency.kind == DependencyKind::Development;
            assert!(
                !is_outside || for_tests,
                "{} needs {}",
                package.name,
                dependency.name
            );
        }
    }
    let sources = root().join("shared/core/src");
    for (path, text) in rust_files(&sources) {
        for word in [
            "std::env",
            "std::fs",
            "std::net",
            "SystemTime",
            "Utc::now",
            "async fn",
            "tracing::",
        ] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn every_function_is_a_folder_a_package_a_binary_and_in_the_template() {
    let template = fs::read_to_string(root().join("template.yaml")).unwrap();
    let in_template: BTreeSet<String> = template
        .lines()
        .filter_map(|line| line.trim().strip_prefix("CodeUri: functions/"))
        .map(str::to_owned)
        .collect();
    let folders: BTreeSet<String> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, set(&FUNCTIONS));
    assert_eq!(in_template, folders);

    let metadata = metadata();
    for name in FUNCTIONS {
        let package = metadata
            .workspace_packages()
            .into_iter()
            .find(|package| package.name == name)
            .unwrap_or_else(|| panic!("no package {name}"));
        let binaries: Vec<_> = package
            .targets
            .iter()
            .filter(|target| target.is_bin())
            .collect();
        assert_eq!(binaries.len(), 1, "{name}");
        assert_eq!(binaries[0].name, name);
        let sources = root().join("functions").join(name).join("src");
        let lines: usize = rust_files(&sources)
            .iter()
            .map(|(_, text)| text.lines().count())
            .sum();
        assert!(lines <= 150, "{name} only wires, and has {lines} lines");
    }
}

#[test]
fn no_file_has_grown_too_long() {
    for folder in ["shared", "functions", "infra", "tests"] {
        for (path, text) in rust_files(&root().join(folder)) {
            let lines = text.lines().count();
            assert!(
                lines <= 400,
                "{} has {lines} lines: split it",
                path.display()
            );
        }
    }
}

#[test]
fn the_runbook_explains_every_alarm() {
    let runbook = fs::read_to_string(root().join("infra/runbook.md")).unwrap();
    let files = fs::read_dir(root().join("infra")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    for file in files.filter(|file| file.to_string_lossy().ends_with("alarms.yaml")) {
        let template = fs::read_to_string(&file).unwrap();
        let (_, resources) = template.split_once("\nResources:\n").unwrap();
        let names = resources
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
        let is_alarm =
            |name: &&str| resources.contains(&format!("{name}:\n    Type: AWS::CloudWatch::Alarm"));
        for name in names.filter(is_alarm) {
            let named =
                runbook.contains(&format!("{name},")) || runbook.contains(&format!("{name} |"));
            assert!(named, "{} has the alarm {name}", file.display());
        }
    }
}

/// Every metric is explained in the guide, and nothing there or in an alarm is made up.
#[test]
fn metrics_are_documented() {
    let event = fs::read_to_string(root().join("shared/service/src/event.rs")).unwrap();
    let counted = event.split("one(\"").skip(1);
    let mut metrics: BTreeSet<_> = counted.filter_map(|rest| rest.split('"').next()).collect();
    metrics.insert("AgeAtDelivery");
    let guide = fs::read_to_string(root().join("infra/guide/operations.md")).unwrap();
    let table = guide.split("| Metric |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| !line.is_empty());
    let documented: BTreeSet<_> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    assert_eq!(documented, metrics);
    for file in ["template.yaml", "infra/alarms.yaml", "infra/dashboard.yaml"] {
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        let alarms = text.split("Namespace: Casement").skip(1);
        let watched = alarms.filter_map(|alarm| {
            let mut lines = alarm.lines().map(str::trim);
            lines.find_map(|line| line.strip_prefix("MetricName: "))
        });
        let shown = text.split("[\"Casement\", \"").skip(1);
        let shown = shown.filter_map(|rest| rest.split('"').next());
        for name in watched.chain(shown) {
            assert!(metrics.contains(name), "{file} watches {name}");
        }
    }
}

fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                files.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
    files
}

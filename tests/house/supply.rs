//! What is built into Casement: which libraries, from where, and that nothing in it is unsafe.
//! `deny.toml` says the same to cargo-deny, and which licences there may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use super::{metadata, root};

/// The root's own lock, and that of the fuzzer.
const LOCKS: [&str; 2] = ["Cargo.lock", "tests/fuzz/Cargo.lock"];

/// Second TLS libraries, and what would bring one.
const BANNED: [&str; 6] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "boring",
    "native-tls",
    "openssl",
    "openssl-sys",
];

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn there_is_one_tls_library_and_it_is_ring() {
    for path in LOCKS {
        let lock = read(path);
        let has = |name: &str| lock.contains(&format!("name = \"{name}\"\n"));
        for banned in BANNED {
            assert!(
                !has(banned),
                "{banned} is in {path}: see cargo tree -i {banned}"
            );
        }
        assert!(has("ring"));
    }
    let deny = read("deny.toml");
    for banned in BANNED {
        let line = format!("{{ crate = \"{banned}\"");
        assert!(deny.contains(&line), "deny.toml does not ban {banned}");
    }
}

#[test]
fn everything_that_is_not_ours_comes_from_crates_io() {
    let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
    for path in LOCKS {
        let lock = read(path);
        let sources = lock
            .lines()
            .filter_map(|line| line.strip_prefix("source = "));
        for source in sources {
            assert_eq!(source.trim_matches('"'), crates_io, "{path}");
        }
        let packages = lock.split("[[package]]").skip(1);
        for package in packages.filter(|package| package.contains("source = ")) {
            assert!(package.contains("checksum = "), "{path}: {package}");
        }
    }
}

#[test]
fn nothing_of_ours_is_unsafe() {
    let forbids = |manifest: &str| manifest.contains("unsafe_code = \"forbid\"");
    assert!(forbids(&read("Cargo.toml")));
    assert!(forbids(&read("tests/fuzz/Cargo.toml")));
    for package in metadata().workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        let has_lints = manifest.contains("[lints]\nworkspace = true\n");
        assert!(
            has_lints,
            "{} does not take the workspace's lints",
            package.name
        );
    }
}

/// Everything that is compiled for this machine.
fn whole_graph() -> Metadata {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(rustc.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(
            ["--offline", "--locked", "--filter-platform", host.unwrap()].map(str::to_owned),
        )
        .exec()
        .unwrap()
}

/// The names of what `package` is built with, directly or not: neither for tests nor for builds.
fn built_with(graph: &Metadata, package: &str) -> BTreeSet<String> {
    let nodes = &graph.resolve.as_ref().unwrap().nodes;
    let needs: BTreeMap<&PackageId, Vec<&PackageId>> = nodes
        .iter()
        .map(|node| {
            let normal = node.deps.iter().filter(|dependency| {
                let mut kinds = dependency.dep_kinds.iter();
                kinds.any(|kind| kind.kind == DependencyKind::Normal)
            });
            (&node.id, normal.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    let first = graph
        .packages
        .iter()
        .find(|known| known.name == package)
        .unwrap();
    let mut open = vec![&first.id];
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(&needs[id]);
        }
    }
    found.iter().map(|id| graph[*id].name.to_string()).collect()
}

#[test]
fn decisions_are_built_with_nothing_that_reaches_outside() {
    let graph = whole_graph();
    for package in ["casement-core", "casement-service"] {
        let libraries = built_with(&graph, package);
        assert!(libraries.contains("serde"), "{package}: {libraries:?}");
        for outside in [
            "hyper",
            "lambda_runtime",
            "mio",
            "reqwest",
            "rustls",
            "socket2",
            "tokio",
        ] {
            assert!(
                !libraries.contains(outside),
                "{package} is built with {outside}"
            );
        }
        let aws = libraries.iter().find(|name| name.starts_with("aws-"));
        assert!(aws.is_none(), "{package} is built with {aws:?}");
    }
}

/// What is deployed has nothing in it of the tests and of the local stack.
#[test]
fn functions_are_built_with_nothing_of_the_local_stack() {
    let graph = whole_graph();
    for function in super::FUNCTIONS {
        let libraries = built_with(&graph, function);
        for local in [
            "axum",
            "clap",
            "dynoxide-rs",
            "local",
            "proptest",
            "wiremock",
        ] {
            assert!(
                !libraries.contains(local),
                "{function} is built with {local}"
            );
        }
    }
}

#[test]
fn workflows_name_others_work_by_its_hash_and_tools_by_their_version() {
    let workflows = fs::read_dir(root().join(".github/workflows")).unwrap();
    let workflows = workflows.map(|workflow| workflow.unwrap().path());
    let mut used = 0;
    for workflow in workflows.chain([root().join("infra/release/deploy.example.yml")]) {
        let text = fs::read_to_string(workflow).unwrap();
        for line in text.lines().filter_map(|line| line.split("uses: ").nth(1)) {
            let hash = line.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_hash = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hash, "{line}: a tag may be moved");
            used += 1;
        }
        let installed = text.lines().filter(|line| line.contains("cargo install"));
        for line in installed {
            assert!(line.contains("--version "), "{line}");
        }
    }
    assert!(used > 0);
    for file in [".ci/requirements.txt", ".ci/ministack.txt"] {
        for tool in read(file).lines().filter(|line| !line.starts_with('#')) {
            assert!(tool.contains("=="), "{tool}");
        }
    }
    for script in [".ci/run", "tests/e2e/run"] {
        for line in read(script).lines() {
            assert!(
                !line.contains("pip install") || line.contains("--requirement"),
                "{line}"
            );
            assert!(!line.contains("npm install"), "{line}");
        }
    }
}

/// The crate's table of pointers would be in two functions: `build.rs` of the core makes a text of it.
#[test]
fn functions_are_built_without_the_table_of_emoji() {
    let graph = whole_graph();
    for function in super::FUNCTIONS {
        assert!(
            !built_with(&graph, function).contains("emojis"),
            "{function}"
        );
    }
}

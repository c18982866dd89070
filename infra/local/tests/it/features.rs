//! `cargo run` builds the stack first and the functions after it. Both builds must request the same
//! features of their common dependencies, or the second build recompiles them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Returns the packages below `packages`, each with its version and features.
fn features(packages: &[String]) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["tree", "--offline", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p} [{f}]"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    // Marks packages that were already shown.
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_functions_bring_no_other_features() {
    let own = features(&["local".to_owned()]);
    let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
    let mut packages = vec!["local".to_owned()];
    for function in std::fs::read_dir(functions).unwrap() {
        packages.push(function.unwrap().file_name().into_string().unwrap());
    }
    let all = features(&packages);
    let changed: Vec<_> = own.difference(&all).collect();
    assert!(
        changed.is_empty(),
        "with the functions, these have other features (add the crate that brings them to the \
         dependencies of `local`): {changed:#?}"
    );
}

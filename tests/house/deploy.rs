//! What the guide says about a deployment is what the template says.

use std::collections::BTreeMap;
use std::fs;

use super::{FUNCTIONS, root};

/// The template's parameters with their defaults; an empty one, or none, is `None`.
fn parameters() -> BTreeMap<String, Option<String>> {
    let template = fs::read_to_string(root().join("template.yaml")).unwrap();
    let (_, section) = template.split_once("\nParameters:\n").unwrap();
    let mut parameters = BTreeMap::new();
    let mut current = String::new();
    for line in section.lines() {
        let text = line.trim_start();
        match line.len() - text.len() {
            0 if !text.is_empty() => break,
            2 if !text.starts_with('#') => {
                current = text.trim_end_matches(':').to_owned();
                parameters.insert(current.clone(), None);
            }
            4 => {
                if let Some(default) = text.strip_prefix("Default: ") {
                    let default = default.trim_matches('"');
                    let default = (!default.is_empty()).then(|| default.to_owned());
                    parameters.insert(current.clone(), default);
                }
            }
            _ => {}
        }
    }
    parameters
}

/// The words in `code` of a table's cell.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_guide_names_every_parameter_with_its_default() {
    let guide = fs::read_to_string(root().join("infra/guide/settings.md")).unwrap();
    let (_, parameters_told) = guide.split_once("\n## Parameters of the stack\n").unwrap();
    let mut told = BTreeMap::new();
    for row in parameters_told
        .lines()
        .filter(|line| line.starts_with("| `"))
    {
        let cells: Vec<_> = row.split('|').collect();
        let defaults = code(cells[2]);
        for (n, name) in code(cells[1]).into_iter().enumerate() {
            let default = defaults.get(n).map(|default| (*default).to_owned());
            told.insert(name.to_owned(), default);
        }
    }
    assert_eq!(told, parameters());
}

#[test]
fn the_deployment_that_samconfig_describes_has_only_parameters_that_exist() {
    let samconfig = fs::read_to_string(root().join("samconfig.example.toml")).unwrap();
    let parameters = parameters();
    let overrides = samconfig
        .lines()
        .filter_map(|line| line.strip_prefix("parameter_overrides = "));
    for pair in overrides.flat_map(|line| line.trim_matches('"').split(' ')) {
        let (name, _) = pair.split_once('=').unwrap();
        assert!(
            parameters.contains_key(name),
            "samconfig.example.toml sets {name}"
        );
    }
}

/// Both leave it to the template which functions there are.
#[test]
fn a_release_has_the_functions_of_the_template() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let template = read("template.yaml");
    let code = template
        .lines()
        .filter_map(|line| line.strip_prefix("      CodeUri: functions/"));
    let mut functions: Vec<_> = code.collect();
    functions.sort_unstable();
    assert_eq!(functions, FUNCTIONS);
    let workflow = read(".github/workflows/release.yml");
    for step in [
        "sam build --build-dir bootstraps",
        "tests/deploy/artifacts bootstraps",
        "infra/release/bundle \"${GITHUB_REF_NAME#v}\" --bootstraps bootstraps",
    ] {
        assert!(workflow.contains(step), "release.yml lacks: {step}");
    }
    for path in [".github/workflows/release.yml", "infra/release/bundle"] {
        let text = read(path);
        for function in FUNCTIONS {
            assert!(!text.contains(function), "{path} names {function}");
        }
    }
}

#[test]
fn one_job_of_a_release_may_publish_and_builds_nothing() {
    let workflow = fs::read_to_string(root().join(".github/workflows/release.yml")).unwrap();
    let (before, publish) = workflow.split_once("\n  publish:\n").unwrap();
    assert!(!before.contains(": write"), "another job may write");
    assert!(publish.contains("needs: [bootstraps, command]"));
    for builder in ["cargo", "sam build", "rustup", "pip"] {
        assert!(!publish.contains(builder), "it runs {builder}");
    }
}

#[test]
fn the_readme_downloads_the_version_of_the_workspace() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for file in [
        format!("/releases/download/v{version}/"),
        format!("casement-{version}-arm64.zip"),
        format!("casement-cli-{version}-"),
    ] {
        assert!(readme.contains(&file), "README.md does not name {file}");
    }
}

//! The modules of the shared crates: none uses one that uses it in turn, and in `casement-core`
//! none uses a floor above its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{root, rust_files};

const CRATES: [&str; 7] = [
    "aws", "core", "jira", "lambda", "service", "testkit", "whatsapp",
];

/// The floors of `casement-core`, from the lowest.
const FLOORS: [&str; 6] = ["text", "model", "hours", "say", "settings", "decide"];

/// Floors whose modules are looked at one by one.
const DIVIDED: [&str; 3] = ["model", "say", "decide"];

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The module that a path within a crate belongs to.
fn module(path: &[String], divided: &[&str]) -> Option<String> {
    let first = path.first()?;
    match path.get(1) {
        Some(second) if divided.contains(&first.as_str()) => Some(format!("{first}/{second}")),
        _ => Some(first.clone()),
    }
}

/// The paths that `tree`, what stands behind `crate::`, names, up to `depth` names each.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let end = tree
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(tree.len());
    let (head, rest) = tree.split_at(end);
    let head: Vec<String> = head
        .split("::")
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    if !rest.starts_with('{') {
        return vec![head];
    }
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && c == ',' {
            parts.push(String::new());
        } else if !(depth == 1 && c == '{') {
            parts.last_mut().unwrap().push(c);
        }
    }
    let inner = parts.iter().flat_map(|part| paths(part.trim()));
    inner
        .map(|tail| head.iter().cloned().chain(tail).collect())
        .collect()
}

/// The code without comments and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Which module of a crate uses which.
fn arrows(sources: &Path, divided: &[&str]) -> Arrows {
    let mut arrows = Arrows::new();
    for (path, text) in rust_files(sources) {
        let place = path.strip_prefix(sources).unwrap().with_extension("");
        let place: Vec<String> = place
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let is_test = ["tests", "leaks"];
        if place == ["lib"] || place.iter().any(|name| is_test.contains(&name.as_str())) {
            continue;
        }
        let from = module(&place, divided).unwrap();
        let used = arrows.entry(from.clone()).or_default();
        for behind in code(&text).split("crate::").skip(1) {
            let paths = paths(behind);
            used.extend(paths.iter().filter_map(|path| module(path, divided)));
        }
        used.remove(&from);
    }
    let known: BTreeSet<String> = arrows.keys().cloned().collect();
    for used in arrows.values_mut() {
        used.retain(|name| known.contains(name));
    }
    arrows
}

/// Modules that use one another, directly or by way of others.
fn circle(arrows: &Arrows) -> BTreeSet<String> {
    let mut left = arrows.clone();
    // Whatever uses nothing that is left stands on firm ground.
    while let Some(firm) = left
        .iter()
        .find(|(_, used)| used.is_empty())
        .map(|(name, _)| name.clone())
    {
        left.remove(&firm);
        for used in left.values_mut() {
            used.remove(&firm);
        }
    }
    left.into_keys().collect()
}

#[test]
fn no_modules_use_one_another_in_a_circle() {
    for name in CRATES {
        let sources = root().join("shared").join(name).join("src");
        let divided: &[&str] = if name == "core" { &DIVIDED } else { &[] };
        let arrows = arrows(&sources, divided);
        assert!(arrows.len() > 3, "{name} has modules");
        let circle = circle(&arrows);
        assert!(circle.is_empty(), "{name}: {circle:?}");
    }
}

#[test]
fn core_stands_on_floors() {
    let sources = root().join("shared/core/src");
    let height = |module: &str| {
        let floor = module.split('/').next().unwrap();
        FLOORS.iter().position(|name| *name == floor)
    };
    let lib = fs::read_to_string(sources.join("lib.rs")).unwrap();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        assert!(height(name).is_some(), "{name} is on no floor");
    }
    for (from, used) in arrows(&sources, &DIVIDED) {
        for to in used {
            assert!(
                height(&to) <= height(&from),
                "{from} must not use {to}, which is on a floor above"
            );
        }
    }
}

#[test]
fn paths_in_braces_are_found() {
    let used = "a::{b::{self, C}, d::E as F}; rest";
    let found: Vec<String> = paths(used).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::b::self", "a::b::C", "a::d::E"]);
    let arrows = |pairs: &[(&str, &str)]| {
        let mut arrows = Arrows::new();
        for (from, to) in pairs {
            arrows.entry((*to).to_owned()).or_default();
            let used = arrows.entry((*from).to_owned()).or_default();
            used.insert((*to).to_owned());
        }
        arrows
    };
    assert!(circle(&arrows(&[("a", "b"), ("b", "c")])).is_empty());
    assert_eq!(circle(&arrows(&[("a", "b"), ("b", "a")])).len(), 2);
}

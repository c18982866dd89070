//! The modules of each crate, in each of its folders: none uses one beside it that uses it in turn.
//! In `casement-core` none uses a floor above its own, nor does any in a simulator.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{root, rust_files};

/// The crates in which the modules of every folder are looked at.
const CRATES: [&str; 11] = [
    "infra/cli",
    "infra/local",
    "infra/local/emulators",
    "infra/local/simulators",
    "shared/aws",
    "shared/core",
    "shared/jira",
    "shared/lambda",
    "shared/service",
    "shared/testkit",
    "shared/whatsapp",
];

/// The floors of `casement-core`, from the lowest.
const FLOORS: [&str; 6] = ["text", "model", "hours", "say", "settings", "decide"];

const SIMULATORS: [&str; 2] = ["jira", "whatsapp"];

/// The floors of a simulator, from the lowest. Its other modules are not on a floor.
const SIMULATOR_FLOORS: [&str; 3] = ["state", "webhooks", "routes"];

/// A module's path within its crate, such as `decide/inbound`, with those that the module uses.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The paths that `tree` names, which stands behind `crate::` or its like.
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

/// A file of a crate.
struct Module {
    path: Vec<String>,
    code: String,
    /// The paths behind the names that the file imports.
    imports: BTreeMap<String, Vec<String>>,
}

impl Module {
    fn read(path: Vec<String>, text: &str) -> Self {
        let code = code(text);
        let mut imports = BTreeMap::new();
        for (at, _) in code.match_indices("use ") {
            let line = code[..at].rsplit('\n').next().unwrap().trim_start();
            if line.is_empty() || line.starts_with("pub") {
                let (base, tree) = placed(&path, &code[at + 4..]);
                for tail in paths(tree) {
                    let name = tail.last().cloned().unwrap_or_default();
                    imports.insert(name, [base.clone(), tail].concat());
                }
            }
        }
        Self {
            path,
            code,
            imports,
        }
    }
}

/// Resolves the `crate::`, `self::` and `super::` at the beginning of `tree`, which stands in the
/// module `own`. What has none of them begins in the module itself.
fn placed<'a>(own: &[String], tree: &'a str) -> (Vec<String>, &'a str) {
    let (mut base, mut tree) = (own.to_vec(), tree);
    loop {
        if let Some(rest) = tree.strip_prefix("crate::") {
            (base, tree) = (Vec::new(), rest);
        } else if let Some(rest) = tree.strip_prefix("super::") {
            base.pop();
            tree = rest;
        } else if let Some(rest) = tree.strip_prefix("self::") {
            tree = rest;
        } else {
            return (base, tree);
        }
    }
}

/// The module that `path` leads into. A name that a module only imports leads on.
fn resolved(modules: &BTreeMap<String, Module>, path: &[String], hops: u8) -> Option<String> {
    let lengths = (0..=path.len()).rev();
    let (length, module) = lengths
        .filter_map(|length| Some((length, modules.get(&path[..length].join("/"))?)))
        .next()?;
    let onwards = path.get(length).and_then(|name| {
        let mut path_on = module.imports.get(name)?.clone();
        path_on.extend_from_slice(&path[length + 1..]);
        (hops > 0).then(|| resolved(modules, &path_on, hops - 1))?
    });
    onwards.or_else(|| Some(module.path.join("/")))
}

/// Which module of a crate uses which.
fn arrows(sources: &Path) -> Arrows {
    let mut modules = BTreeMap::new();
    for (file, text) in rust_files(sources) {
        let place = file.strip_prefix(sources).unwrap().with_extension("");
        let mut path: Vec<String> = place
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let is_test = ["tests", "testing", "leaks"];
        if path.iter().any(|name| is_test.contains(&name.as_str())) {
            continue;
        }
        if ["lib", "main", "mod"].contains(&path.last().unwrap().as_str()) {
            path.pop();
        }
        modules.insert(path.join("/"), Module::read(path, &text));
    }
    let mut arrows = Arrows::new();
    for (from, module) in &modules {
        let used = arrows.entry(from.clone()).or_default();
        for root in ["crate::", "self::", "super::"] {
            for (at, _) in module.code.match_indices(root) {
                let before = module.code[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                let (base, tree) = placed(&module.path, &module.code[at..]);
                let named = paths(tree);
                let named = named.iter().map(|tail| [&base[..], &tail[..]].concat());
                used.extend(named.filter_map(|path| resolved(&modules, &path, 4)));
            }
        }
    }
    arrows
}

/// Which module directly in `folder` uses which other one there, with all that is below both.
fn in_folder(arrows: &Arrows, folder: &str) -> Arrows {
    let beside = |module: &str| {
        let inside = match folder {
            "" => module,
            _ => module.strip_prefix(folder)?.strip_prefix('/')?,
        };
        let name = inside.split('/').next()?;
        (!name.is_empty()).then(|| name.to_owned())
    };
    let mut found = Arrows::new();
    for (from, used) in arrows {
        if let Some(from) = beside(from) {
            let used = used.iter().filter_map(|to| beside(to));
            let used = used.filter(|to| *to != from).collect::<Vec<_>>();
            found.entry(from).or_default().extend(used);
        }
    }
    found
}

/// Modules that use one another, directly or by way of others.
fn circle(arrows: &Arrows) -> BTreeSet<String> {
    let mut left = arrows.clone();
    // Whatever uses nothing that is left stands on firm ground, and what nothing left uses is only
    // built upon a circle.
    while let Some(free) = left
        .iter()
        .find(|(name, used)| used.is_empty() || !left.values().any(|used| used.contains(*name)))
        .map(|(name, _)| name.clone())
    {
        left.remove(&free);
        for used in left.values_mut() {
            used.remove(&free);
        }
    }
    left.into_keys().collect()
}

#[test]
fn no_modules_use_one_another_in_a_circle() {
    for name in CRATES {
        let arrows = arrows(&root().join(name).join("src"));
        assert!(arrows.len() > 3, "{name} has modules");
        for folder in arrows.keys() {
            let circle = circle(&in_folder(&arrows, folder));
            assert!(circle.is_empty(), "{name}/src/{folder}: {circle:?}");
        }
    }
}

/// Holds the modules of a folder against its floors. Those on no floor are left alone.
fn assert_floors(arrows: &Arrows, folder: &str, floors: &[&str]) {
    let height = |module: &str| floors.iter().position(|name| *name == module);
    for (from, used) in in_folder(arrows, folder) {
        for to in used {
            let (Some(lower), Some(upper)) = (height(&to), height(&from)) else {
                continue;
            };
            assert!(
                lower <= upper,
                "{from} must not use {to}, which is on a floor above"
            );
        }
    }
}

#[test]
fn core_stands_on_floors() {
    let arrows = arrows(&root().join("shared/core/src"));
    for module in in_folder(&arrows, "").keys() {
        assert!(FLOORS.contains(&module.as_str()), "{module} is on no floor");
    }
    assert_floors(&arrows, "", &FLOORS);
}

#[test]
fn each_simulator_is_its_state_its_webhooks_and_its_routes() {
    let arrows = arrows(&root().join("infra/local/simulators/src"));
    for simulator in SIMULATORS {
        let modules = in_folder(&arrows, simulator);
        for floor in SIMULATOR_FLOORS {
            assert!(modules.contains_key(floor), "{simulator} has no {floor}");
        }
        assert_floors(&arrows, simulator, &SIMULATOR_FLOORS);
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

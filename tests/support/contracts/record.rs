//! Judges what a stack has recorded.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::Value;

use super::{Call, Contracts};

/// Returns where the functions of the stack at `base` have broken the contracts so far. With
/// `whole`, it is also a breach if the first calls are no longer recorded.
///
/// With `CASEMENT_ACTIONS` it also appends the AWS actions that the functions have called to the
/// file of that name, one per line, as in `timer-sweep dynamodb:Query`.
pub(crate) async fn breaches_of(base: &str, whole: bool) -> Vec<String> {
    let contracts = Contracts::published();
    let actions_file = std::env::var_os("CASEMENT_ACTIONS");
    if contracts.is_none() && actions_file.is_none() {
        return Vec::new();
    }
    let url = format!("{base}/api/calls");
    let answer = crate::client().get(url).send().await.unwrap();
    let entries: Vec<Value> = answer.json().await.unwrap();
    if let Some(file) = actions_file {
        let actions: BTreeSet<_> = entries.iter().flat_map(actions_of_entry).collect();
        let mut file = std::fs::File::options()
            .append(true)
            .create(true)
            .open(file)
            .unwrap();
        file.write_all(actions.into_iter().collect::<String>().as_bytes())
            .unwrap();
    }
    let Some(contracts) = contracts else {
        return Vec::new();
    };
    let mut breaches: Vec<_> = entries
        .iter()
        .flat_map(|entry| breaches_of_entry(contracts, entry))
        .collect();
    // The stack keeps only a limited number of calls.
    if whole && entries.first().is_some_and(|first| first["n"] != 1) {
        breaches.push("the first calls were not recorded: make the story shorter".to_owned());
    }
    breaches
}

fn actions_of_entry(entry: &Value) -> Vec<String> {
    let function = entry["function"].as_str().unwrap_or_default();
    let actions = entry["actions"].as_array().into_iter().flatten();
    actions
        .filter_map(|action| Some(format!("{function} {}\n", action.as_str()?)))
        .collect()
}

fn breaches_of_entry(contracts: &Contracts, entry: &Value) -> Vec<String> {
    let Some(call) = Call::recorded(entry) else {
        return Vec::new();
    };
    let breaches = contracts.breaches(&call).into_iter();
    let asked = format!("{} {}", call.method, call.path);
    breaches
        .map(|breach| format!("{} {asked}: {breach}", entry["function"]))
        .collect()
}

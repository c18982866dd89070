//! What a stack has recorded, judged.

use serde_json::Value;

use super::{Call, Contracts};

/// Where the functions of the stack at `base` have broken the contracts so far.
pub(crate) async fn breaches_of(base: &str) -> Vec<String> {
    let Some(contracts) = Contracts::published() else {
        return Vec::new();
    };
    let url = format!("{base}/api/calls");
    let answer = crate::client().get(url).send().await.unwrap();
    let entries: Vec<Value> = answer.json().await.unwrap();
    let mut breaches: Vec<_> = entries
        .iter()
        .flat_map(|entry| breaches_of_entry(contracts, entry))
        .collect();
    // The stack keeps so many only.
    if entries.first().is_some_and(|first| first["n"] != 1) {
        breaches.push("the first calls were not recorded: make the story shorter".to_owned());
    }
    breaches
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

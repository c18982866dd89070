//! Tests of every judgement, and of the calls against a stub of AWS.

mod aws;
mod documents;
mod judged;
mod limits;
mod samconfig;
mod tokens;

use std::collections::BTreeMap;
use std::path::Path;

use super::Here;
use crate::check::Verdict;

/// Asserts the verdict: its word, a part of the detail, and a part of the advice.
#[track_caller]
fn judged(verdict: &Verdict, word: &str, what: &str, advice: &str) {
    let (is, detail, fix) = match verdict {
        Verdict::Ok { detail } => ("ok", detail.as_str(), ""),
        Verdict::Wrong { detail, fix } => ("wrong", detail.as_str(), fix.as_str()),
        Verdict::Hint { detail, fix } => ("hint", detail.as_str(), fix.as_str()),
        Verdict::Unknown { detail } => ("unknown", detail.as_str(), ""),
    };
    assert_eq!(is, word, "{verdict:?}");
    assert!(detail.contains(what), "{detail}: no {what}");
    assert!(fix.contains(advice), "{fix}: no {advice}");
}

/// A folder without files, and a process with these variables alone.
fn here(variables: &[(&str, &str)]) -> Here {
    let known: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Here::new(Path::new("/nowhere"), move |name| known.get(name).cloned())
}

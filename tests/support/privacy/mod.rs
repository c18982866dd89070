//! Personal data by place, and checks that no place holds more than it may.
//!
//! [`PLACES`] says the same as the table in SECURITY.md. Every story ends with a check of
//! everything that its stack holds.

mod contents;
mod people;
mod places;

use std::collections::BTreeSet;

pub use self::contents::Contents;
pub use self::people::People;
pub use self::places::{Kind, PLACES, Place};

/// The values of the development secret.
pub const SECRETS: [&str; 8] = [
    "local-app-secret",
    "local-verify-token",
    "local-access-token",
    "local-jira-secret",
    "local-jira-token",
    "local-agent-token",
    "local-scoped-token",
    "local-client-secret",
];

/// Returns everything in `contents` that its place may not hold.
#[must_use]
pub fn leaks(contents: &Contents, people: &People) -> Vec<String> {
    let mut leaks = Vec::new();
    for (place, lines) in contents.by_place() {
        let all = lines.join("\n");
        let forbidden = Kind::ALL.into_iter().filter(|kind| !place.may_hold(*kind));
        for kind in forbidden {
            for what in people.all(kind).filter(|what| all.contains(*what)) {
                let line = lines.iter().find(|line| line.contains(what));
                let line = line.map_or("", String::as_str);
                leaks.push(format!("{}: {} {what:?}: {line}", place.name, kind.word()));
            }
        }
    }
    leaks
}

/// Returns the kinds found in each place, allowed or not.
fn kept(contents: &Contents, people: &People) -> BTreeSet<(&'static str, Kind)> {
    let mut kept = BTreeSet::new();
    for (place, lines) in contents.by_place() {
        let all = lines.join("\n");
        let found = Kind::ALL
            .into_iter()
            .filter(|kind| people.all(*kind).any(|what| all.contains(what)));
        kept.extend(found.map(|kind| (place.name, kind)));
    }
    kept
}

/// Returns everything that a stack holds too much of, by its log and its answers. If the stack has
/// ended, only the log is checked.
pub(crate) async fn leaks_of(base: &str, log: &str) -> Vec<String> {
    let mut contents = Contents::default();
    log.lines().for_each(|line| contents.log(line));
    let people = contents.read(base).await.unwrap_or_default();
    leaks(&contents, &people)
}

impl crate::Stack {
    /// Returns the kinds of personal data in each place at this moment.
    ///
    /// # Panics
    /// The stack does not answer.
    pub async fn kept(&self) -> BTreeSet<(&'static str, Kind)> {
        let mut contents = Contents::default();
        let people = contents.read(&self.url("")).await;
        kept(&contents, &people.expect("the stack answers"))
    }
}

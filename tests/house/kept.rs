//! SECURITY.md says what is kept where; so does the table that every story is searched by.

use std::fs;

use casement_core::decide::freshness::KEPT_TEMPLATE_CHANGE;
use casement_core::model::conversation::KEPT_FOR;
use casement_core::model::ledger::{KEPT_BY_WAMID, KEPT_OUTBOUND};
use casement_tests::privacy::{Kind, PLACES};

use super::root;

/// The cells of a row of Markdown.
fn cells(row: &str) -> Vec<String> {
    let cells = row.trim_matches('|').split('|');
    cells.map(|cell| cell.trim().to_owned()).collect()
}

/// The rows of "What is kept".
fn rows() -> Vec<Vec<String>> {
    let security = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (_, section) = security.split_once("\n## What is kept").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let table = section.lines().filter(|line| line.starts_with('|'));
    table.skip(2).map(cells).collect()
}

#[test]
fn security_md_and_the_search_allow_the_same_in_each_place() {
    let written: Vec<_> = rows()
        .into_iter()
        .map(|row| (row[0].clone(), row[1].split(';').next().unwrap().to_owned()))
        .collect();
    let searched: Vec<_> = PLACES
        .iter()
        .map(|place| {
            let words: Vec<_> = place.holds.iter().copied().map(Kind::word).collect();
            let words = match &words[..] {
                [] => "nothing".to_owned(),
                words => words.join(", "),
            };
            (place.name.to_owned(), words)
        })
        .collect();
    assert_eq!(written, searched);
    for row in rows() {
        let is_whole = row.len() == 5 && row.iter().all(|cell| !cell.is_empty());
        assert!(is_whole, "{row:?}");
    }
}

/// The days that a resource of the template keeps something.
fn retention(template: &str, resource: &str) -> i64 {
    let (_, resource) = template.split_once(&format!("\n  {resource}:\n")).unwrap();
    let (_, seconds) = resource.split_once("MessageRetentionPeriod: ").unwrap();
    let seconds: i64 = seconds.lines().next().unwrap().parse().unwrap();
    seconds / 86_400
}

#[test]
fn security_md_says_for_how_long_as_the_code_does() {
    let rows = rows();
    let template = fs::read_to_string(root().join("template.yaml")).unwrap();
    let days_of = |queue: &str| retention(&template, queue);
    for (place, days) in [
        ("table: conversations", KEPT_FOR.num_days()),
        ("table: ledger", KEPT_BY_WAMID.num_days()),
        ("table: ledger", KEPT_OUTBOUND.num_days()),
        ("table: marks of time", KEPT_TEMPLATE_CHANGE.num_days()),
        ("queue: inbound", days_of("InboundQueue")),
        ("queue: inbound", days_of("InboundDeadLetters")),
        ("queue: inbound", days_of("OutboundQueue")),
        ("queue: inbound", days_of("OutboundDeadLetters")),
        ("queue: status", days_of("StatusQueue")),
        ("queue: status", days_of("StatusDeadLetters")),
        ("queue: status", days_of("DelayQueue")),
        ("queue: status", days_of("DelayDeadLetters")),
    ] {
        let row = rows.iter().find(|row| row[0] == place).unwrap();
        let mut words = row[2].split([' ', ';', ',']);
        let is_said = words.any(|word| word == days.to_string());
        assert!(is_said, "{place}: {days} days, {}", row[2]);
    }
    for (place, file) in [
        ("table: held replies", "held.rs"),
        ("table: what leads to conversations", "links.rs"),
        ("table: marks of time", "reconciliation.rs"),
    ] {
        let path = root().join("shared/aws/src/store").join(file);
        let kept = "const KEPT: Duration = Duration::days(400);";
        assert!(fs::read_to_string(path).unwrap().contains(kept), "{file}");
        let row = rows.iter().find(|row| row[0] == place).unwrap();
        assert!(row[2].contains("400 days"), "{place}");
    }
    let (_, logs) = template.split_once("\n  LogRetentionDays:\n").unwrap();
    let (_, default) = logs.split_once("Default: ").unwrap();
    let default = default.lines().next().unwrap();
    let row = rows.iter().find(|row| row[0] == "logs").unwrap();
    assert!(row[2].contains(&format!("{default} days")), "{}", row[2]);
}

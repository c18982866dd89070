//! Tests of every judgement.

mod aws;
mod meta;
mod site;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::*;

/// Asserts the verdict. `None` expects right, `Some` a part of the detail and a part of the advice.
#[track_caller]
fn judged(verdict: &Verdict, expected: Option<(&str, &str)>) {
    match (verdict, expected) {
        (Verdict::Ok { .. }, None) => {}
        (Verdict::Wrong { detail, fix }, Some((what, advice))) => {
            assert!(detail.contains(what), "{detail}");
            assert!(fix.contains(advice), "{fix}");
        }
        (Verdict::Unknown { detail }, Some((what, ""))) => {
            assert!(detail.contains(what), "{detail}");
        }
        _ => panic!("{verdict:?} instead of {expected:?}"),
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

#[test]
fn a_report_names_what_is_to_be_done() {
    let ok = Row::new("table", Verdict::ok("answers"));
    let wrong = Row::new("clock", Verdict::wrong("late", "set it"));
    assert_eq!(ok.line(), "ok     table                answers\n");
    assert_eq!(
        wrong.line(),
        "WRONG  clock                late\n                            -> set it\n"
    );
    let value = serde_json::to_value(&wrong).unwrap();
    assert_eq!(
        value,
        json!({"what": "clock", "verdict": "wrong", "detail": "late", "fix": "set it"})
    );
}

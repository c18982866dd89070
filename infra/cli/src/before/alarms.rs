//! Who hears the alarms.

use super::samconfig::{Samconfig, is_placeholder};
use crate::check::{Row, Verdict};

pub(super) fn row(samconfig: Option<&Samconfig>) -> Row {
    let given = |name: &str| {
        samconfig
            .and_then(|known| known.parameter(name))
            .is_some_and(|value| !value.is_empty() && !is_placeholder(name, value))
    };
    let verdict = if given("AlarmEmail") || given("AlarmTopicArn") {
        Verdict::ok("have somebody to tell")
    } else {
        Verdict::hint("tell nobody", "give AlarmEmail, or AlarmTopicArn")
    };
    Row::new("alarms", verdict)
}

//! How a request stands: its SLAs and the statuses that it has had.

use serde_json::Value;

use crate::jira::{Jira, JiraFailure};

/// A look at a request. Two are equal if nothing has happened but time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub slas: Result<Vec<Sla>, JiraFailure>,
    /// The names as the portal shows them, the newest first.
    pub statuses: Result<Vec<String>, JiraFailure>,
}

/// An SLA of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sla {
    pub name: String,
    /// How often it was stopped.
    pub stops: usize,
    pub course: Course,
}

/// Whether an SLA counts the time now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    Runs,
    Paused,
    /// Stopped, or not started.
    Stands,
}

impl Reading {
    /// JSM Cloud REST API, "Get SLA information" and "Get customer request status".
    pub(super) async fn of(jira: &Jira, key: &str) -> Self {
        let path = |what: &str| format!("rest/servicedeskapi/request/{key}/{what}");
        let slas = jira.get(&path("sla"), &[]).await;
        let statuses = jira.get(&path("status"), &[]).await;
        Self {
            slas: slas.map(|page| values(&page).map(sla).collect()),
            statuses: statuses.map(|page| values(&page).map(status).collect()),
        }
    }
}

fn values(page: &Value) -> impl Iterator<Item = &Value> {
    page["values"].as_array().into_iter().flatten()
}

fn sla(value: &Value) -> Sla {
    let ongoing = &value["ongoingCycle"];
    Sla {
        name: text(&value["name"]),
        stops: value["completedCycles"].as_array().map_or(0, Vec::len),
        course: match ongoing["paused"].as_bool() {
            _ if !ongoing.is_object() => Course::Stands,
            Some(true) => Course::Paused,
            _ => Course::Runs,
        },
    }
}

fn status(value: &Value) -> String {
    text(&value["status"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_sla_runs_is_paused_or_stands() {
        for (value, stops, course) in [
            (
                json!({"completedCycles": [], "ongoingCycle": {"paused": false}}),
                0,
                Course::Runs,
            ),
            (
                json!({"completedCycles": [{}], "ongoingCycle": {"paused": true}}),
                1,
                Course::Paused,
            ),
            (json!({"completedCycles": [{}, {}]}), 2, Course::Stands),
            (json!({"ongoingCycle": null}), 0, Course::Stands),
        ] {
            let sla = sla(&value);
            assert_eq!((sla.stops, sla.course), (stops, course), "{value}");
        }
    }
}

//! How a request stands: its SLAs, the statuses that it has had, and who is told of it.
//!
//! Source: Atlassian, "The Jira Service Management Cloud REST API", Request.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Answer, page, request};
use crate::jira::JiraSimulator;
use crate::jira::dates;
use crate::jira::errors::JiraError;
use crate::jira::state::Issue;
use crate::lock;

/// The goal of "Time to first response".
const GOAL: TimeDelta = TimeDelta::hours(4);

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/servicedeskapi/request/{key}/sla", get(list_slas))
        .route(
            "/rest/servicedeskapi/request/{key}/status",
            get(list_statuses),
        )
        .route(
            "/rest/servicedeskapi/request/{key}/notification",
            get(show_notification),
        )
}

/// Source: "Get SLA information", which takes an agent.
async fn list_slas(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    if !state.may("SERVICEDESK_AGENT") {
        return Err(JiraError::no_permission("see the SLAs of this request").into());
    }
    let slas = state.options.judges_us_as;
    let slas = slas.map(|_| simulator.write_first_response(issue));
    Ok(Json(page(slas.into_iter().collect(), 0, None)))
}

/// Source: "Get customer request status", the newest first.
async fn list_statuses(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let offset = simulator.shared.config.utc_offset;
    let newest_first = issue.statuses.iter().rev();
    let written = newest_first.map(|(status, since)| {
        json!({
            "status": status.name(),
            "statusCategory": status.category().key().to_ascii_uppercase(),
            "statusDate": dates::service_desk(*since, offset),
        })
    });
    Ok(Json(page(written.collect(), 0, None)))
}

/// Source: "Get subscription status". A reporter is subscribed.
async fn show_notification(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    request(&state, &key)?;
    Ok(Json(json!({"subscribed": true})))
}

impl JiraSimulator {
    /// Source: schema `SlaInformationDTO`.
    fn write_first_response(&self, issue: &Issue) -> Value {
        let date = |time: DateTime<Utc>| dates::service_desk(time, self.shared.config.utc_offset);
        let elapsed = issue.responded.unwrap_or(self.now()) - issue.created;
        let mut cycle = json!({
            "startTime": date(issue.created),
            "breachTime": date(issue.created + GOAL),
            "breached": elapsed > GOAL,
            "goalDuration": duration(GOAL),
            "elapsedTime": duration(elapsed),
            "remainingTime": duration(GOAL - elapsed),
        });
        let mut sla = json!({
            "id": "1",
            "name": "Time to first response",
            "completedCycles": [],
            "slaDisplayFormat": "NEW_SLA_FORMAT",
            "_links": {},
        });
        match issue.responded {
            Some(stop) => {
                cycle["stopTime"] = date(stop);
                sla["completedCycles"] = json!([cycle]);
            }
            None => {
                cycle["paused"] = json!(false);
                cycle["withinCalendarHours"] = json!(true);
                sla["ongoingCycle"] = cycle;
            }
        }
        sla
    }
}

fn duration(time: TimeDelta) -> Value {
    let friendly = format!("{}h {}m", time.num_hours(), time.num_minutes() % 60);
    json!({"millis": time.num_milliseconds(), "friendly": friendly})
}

//! Search by JQL. Source: Atlassian, "Issue search" (`/rest/api/3/search/jql`).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::jql::{self, Surroundings};
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{JiraError, PlatformError, body_of};
use crate::jira::state::{Indexed, Issue};
use crate::lock;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SearchBody {
    jql: String,
    fields: Vec<String>,
    max_results: Option<usize>,
    next_page_token: Option<String>,
    /// The ids of issues whose current state is searched instead of the index.
    reconcile_issues: Vec<u64>,
}

pub(crate) async fn by_body(
    State(simulator): State<JiraSimulator>,
    body: Bytes,
) -> Result<Json<Value>, PlatformError> {
    Ok(Json(simulator.search(body_of(&body)?)?))
}

impl JiraSimulator {
    /// Returns the ids of the issues that a filter finds.
    pub(crate) fn ids_of(&self, jql: &str) -> Result<Vec<u64>, JiraError> {
        let found = self.search(SearchBody {
            jql: jql.to_owned(),
            ..SearchBody::default()
        })?;
        let issues = found["issues"].as_array().into_iter().flatten();
        Ok(issues
            .filter_map(|issue| issue["id"].as_str()?.parse().ok())
            .collect())
    }

    fn search(&self, search: SearchBody) -> Result<Value, JiraError> {
        let query = jql::parse(&search.jql).map_err(JiraError::bad_request)?;
        if query.clauses.is_empty() {
            return Err(JiraError::bad_request(
                "Unbounded JQL queries are not allowed here. Please add a search restriction to \
                 your query.",
            ));
        }
        let start = page_start(search.next_page_token.as_deref())?;
        let most = search.max_results.unwrap_or(50).clamp(1, 5_000);
        let config = &self.shared.config;
        let around = Surroundings {
            now: self.now(),
            offset: config.utc_offset,
            current_user: Account::Bridge,
            project_key: &config.project_key,
            project_id: &config.project_id,
        };

        let state = lock(&self.shared.state);
        let lag = TimeDelta::milliseconds(i64::from(state.options.search_lag_ms));
        let mut found: Vec<Indexed<'_>> = Vec::new();
        let visible = state
            .issues
            .values()
            .filter(|_| !state.options.hidden_issues);
        for issue in visible {
            let reconciled = search.reconcile_issues.contains(&issue.id);
            let lag = if reconciled { TimeDelta::zero() } else { lag };
            let Some(indexed) = issue.in_index(around.now, lag) else {
                continue;
            };
            if jql::matches(&query, &indexed, around).map_err(JiraError::bad_request)? {
                found.push(indexed);
            }
        }
        jql::sort(&query.order, &mut found);

        let page = found.iter().skip(start).take(most);
        let issues: Vec<Value> = page
            .filter_map(|found| state.issues.get(&found.entry.id))
            .map(|issue| self.result(issue, &search.fields))
            .collect();
        let mut answer = json!({"issues": issues, "isLast": true});
        if start + most < found.len() {
            let token = URL_SAFE_NO_PAD.encode((start + most).to_string());
            answer["isLast"] = json!(false);
            answer["nextPageToken"] = json!(token);
        }
        Ok(answer)
    }

    /// Returns one result: the id alone unless fields are asked for.
    fn result(&self, issue: &Issue, wanted: &[String]) -> Value {
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        match wanted[..] {
            [] | ["id"] => json!({"id": issue.id.to_string()}),
            _ => {
                let mut fields = self.writer().fields(issue);
                pick_fields(&mut fields, &wanted);
                self.writer().issue(issue, fields)
            }
        }
    }
}

fn page_start(token: Option<&str>) -> Result<usize, JiraError> {
    let Some(token) = token else { return Ok(0) };
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok())
        .ok_or_else(|| JiraError::bad_request("The nextPageToken is not valid."))
}

/// Keeps only the requested fields: names, `*all`, `*navigable`, and `-name` to leave one out.
pub(crate) fn pick_fields(fields: &mut Map<String, Value>, wanted: &[&str]) {
    let everything = wanted.iter().all(|name| name.starts_with('-'))
        || wanted.iter().any(|name| name.starts_with('*'));
    fields.retain(|field, _| {
        let left_out = wanted
            .iter()
            .any(|name| name.strip_prefix('-') == Some(field));
        !left_out && (everything || wanted.contains(&field.as_str()))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_picked() {
        let all = json!({"summary": 1, "labels": 2, "comment": 3});
        let table: [(&[&str], &[&str]); 5] = [
            (&["summary"], &["summary"]),
            (&["summary", "labels", "nothing"], &["labels", "summary"]),
            (&["*all"], &["comment", "labels", "summary"]),
            (&["-comment"], &["labels", "summary"]),
            (&["*all", "-comment"], &["labels", "summary"]),
        ];
        for (wanted, left) in table {
            let mut fields = all.as_object().unwrap().clone();
            pick_fields(&mut fields, wanted);
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            assert_eq!(names, left, "{wanted:?}");
        }
    }
}

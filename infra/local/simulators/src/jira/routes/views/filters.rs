//! Filters. Source: Atlassian, "Filters".

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Parameters, Share, page, parameter, written_shares};
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::routes::jql;
use crate::jira::state::views::Filter;
use crate::lock;

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/api/3/filter", post(create))
        .route("/rest/api/3/filter/search", get(search))
}

impl JiraSimulator {
    fn write_filter(&self, filter: &Filter) -> Value {
        let site = &self.shared.config.site_url;
        json!({
            "self": format!("{site}/rest/api/3/filter/{}", filter.id),
            "id": filter.id.to_string(),
            "name": filter.name,
            "description": filter.description,
            "owner": self.writer().user(Account::Bridge),
            "jql": filter.jql,
            "viewUrl": format!("{site}/issues/?filter={}", filter.id),
            "favourite": false,
            "favouritedCount": 0,
            "sharePermissions": written_shares(&filter.projects),
            "editPermissions": [],
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewFilter {
    name: String,
    #[serde(default)]
    description: String,
    jql: String,
    #[serde(default)]
    share_permissions: Vec<Share>,
}

async fn create(State(simulator): State<JiraSimulator>, body: Bytes) -> Answer<Json<Value>> {
    let wanted: NewFilter = body_of(&body)?;
    jql::parse(&wanted.jql).map_err(JiraError::bad_request)?;
    let projects = simulator.shared_with(&wanted.share_permissions)?;
    let mut state = lock(&simulator.shared.state);
    let views = &mut state.views;
    if views.filters.iter().any(|known| known.name == wanted.name) {
        let message = "Filter with same name already exists.";
        return Err(JiraError::field("filterName", message).into());
    }
    let filter = Filter {
        id: views.next_id(),
        name: wanted.name,
        description: wanted.description,
        jql: wanted.jql,
        projects,
    };
    let answer = simulator.write_filter(&filter);
    views.filters.push(filter);
    Ok(Json(answer))
}

async fn search(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let part = parameter(&parameters, "filterName").unwrap_or_default();
    let part = part.to_lowercase();
    let expanded: Vec<&str> = parameter(&parameters, "expand")
        .map(|names| names.split(',').collect())
        .unwrap_or_default();
    let state = lock(&simulator.shared.state);
    let all = state.views.filters.iter();
    let found = all.filter(|filter| filter.name.to_lowercase().contains(&part));
    let written = found.map(|filter| {
        let mut written = simulator.write_filter(filter);
        if let Some(members) = written.as_object_mut() {
            // These come only when asked for.
            members.retain(|name, _| {
                let is_always = ["self", "id", "name"].contains(&name.as_str());
                is_always || expanded.contains(&name.as_str())
            });
        }
        written
    });
    Ok(Json(page(&parameters, written.collect())?))
}

//! Dashboards and what is on them. Source: Atlassian, "Dashboards". A gadget of Jira's own keeps its
//! configuration in the property `config`.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Parameters, Share, page, parameter, written_shares};
use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::state::views::{Dashboard, Gadget};
use crate::lock;

const COLORS: [&str; 8] = [
    "blue", "red", "yellow", "green", "cyan", "purple", "gray", "white",
];

/// The gadget that shows what a filter finds.
const FILTER_RESULTS: &str = "rest/gadgets/1.0/g/com.atlassian.jira.gadgets:filter-results-gadget/gadgets/filter-results-gadget.xml";

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/api/3/dashboard", post(create))
        .route("/rest/api/3/dashboard/search", get(search))
        .route(
            "/rest/api/3/dashboard/{id}/gadget",
            get(gadgets).post(add_gadget),
        )
        .route(
            "/rest/api/3/dashboard/{id}/items/{gadget}/properties/{key}",
            get(property).put(set_property),
        )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewDashboard {
    name: String,
    #[serde(default)]
    description: String,
    share_permissions: Vec<Share>,
    edit_permissions: Vec<Share>,
}

impl JiraSimulator {
    fn write_dashboard(&self, board: &Dashboard) -> Value {
        let site = &self.shared.config.site_url;
        json!({
            "id": board.id.to_string(),
            "name": board.name,
            "description": board.description,
            "isFavourite": false,
            "popularity": 0,
            "self": format!("{site}/rest/api/3/dashboard/{}", board.id),
            "sharePermissions": written_shares(&board.projects),
            "editPermissions": [],
            "view": format!("{site}/jira/dashboards/{}", board.id),
        })
    }
}

async fn create(State(simulator): State<JiraSimulator>, body: Bytes) -> Answer<Json<Value>> {
    let wanted: NewDashboard = body_of(&body)?;
    let projects = simulator.shared_with(&wanted.share_permissions)?;
    simulator.shared_with(&wanted.edit_permissions)?;
    let mut state = lock(&simulator.shared.state);
    let board = Dashboard {
        id: state.views.next_id(),
        name: wanted.name,
        description: wanted.description,
        projects,
        gadgets: Vec::new(),
    };
    let answer = simulator.write_dashboard(&board);
    state.views.dashboards.push(board);
    Ok(Json(answer))
}

async fn search(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let part = parameter(&parameters, "dashboardName").unwrap_or_default();
    let part = part.to_lowercase();
    let state = lock(&simulator.shared.state);
    let all = state.views.dashboards.iter();
    let found = all.filter(|board| board.name.to_lowercase().contains(&part));
    let written = found.map(|board| simulator.write_dashboard(board));
    Ok(Json(page(&parameters, written.collect())?))
}

fn no_dashboard() -> JiraError {
    JiraError::not_found("The dashboard was not found.")
}

fn write_gadget(gadget: &Gadget) -> Value {
    json!({
        "id": gadget.id,
        "uri": gadget.uri,
        "color": gadget.color,
        "position": {"column": gadget.column, "row": gadget.row},
        "title": gadget.title,
    })
}

async fn gadgets(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<u64>,
) -> Answer<Json<Value>> {
    let mut state = lock(&simulator.shared.state);
    let board = state.views.dashboard_mut(id).ok_or_else(no_dashboard)?;
    let written: Vec<Value> = board.gadgets.iter().map(write_gadget).collect();
    Ok(Json(json!({"gadgets": written})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewGadget {
    uri: String,
    #[serde(default)]
    color: String,
    position: Position,
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    column: u64,
    row: u64,
}

async fn add_gadget(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<u64>,
    body: Bytes,
) -> Answer<Json<Value>> {
    let wanted: NewGadget = body_of(&body)?;
    if wanted.uri != FILTER_RESULTS {
        return Err(JiraError::bad_request("The gadget is not known.").into());
    }
    if !COLORS.contains(&wanted.color.as_str()) {
        return Err(JiraError::bad_request("The color is not valid.").into());
    }
    let mut state = lock(&simulator.shared.state);
    let gadget = Gadget {
        id: state.views.next_id(),
        title: wanted.title,
        uri: wanted.uri,
        color: wanted.color,
        column: wanted.position.column,
        row: wanted.position.row,
        properties: BTreeMap::new(),
    };
    let board = state.views.dashboard_mut(id).ok_or_else(no_dashboard)?;
    let answer = write_gadget(&gadget);
    board.gadgets.push(gadget);
    Ok(Json(answer))
}

fn find_gadget(board: Option<&mut Dashboard>, id: u64) -> Result<&mut Gadget, JiraError> {
    let mut gadgets = board.ok_or_else(no_dashboard)?.gadgets.iter_mut();
    let gadget = gadgets.find(|gadget| gadget.id == id);
    gadget.ok_or_else(|| JiraError::not_found("The dashboard item was not found."))
}

async fn property(
    State(simulator): State<JiraSimulator>,
    Path((id, gadget, key)): Path<(u64, u64, String)>,
) -> Answer<Json<Value>> {
    let mut state = lock(&simulator.shared.state);
    let gadget = find_gadget(state.views.dashboard_mut(id), gadget)?;
    let value = gadget.properties.get(&key);
    let value = value.ok_or_else(|| JiraError::not_found("The property was not found."))?;
    Ok(Json(json!({"key": key, "value": value})))
}

async fn set_property(
    State(simulator): State<JiraSimulator>,
    Path((id, gadget, key)): Path<(u64, u64, String)>,
    body: Bytes,
) -> Answer<StatusCode> {
    let value: Value = body_of(&body)?;
    let mut state = lock(&simulator.shared.state);
    let gadget = find_gadget(state.views.dashboard_mut(id), gadget)?;
    let before = gadget.properties.insert(key, value);
    Ok(if before.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    })
}

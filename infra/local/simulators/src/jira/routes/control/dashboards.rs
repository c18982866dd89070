//! The dashboards, as a person in Jira sees them.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use crate::jira::JiraSimulator;
use crate::jira::state::State as Site;
use crate::jira::state::views::{Dashboard, Gadget};
use crate::lock;

/// Shows every dashboard with what its gadgets find now.
pub(super) async fn list(State(simulator): State<JiraSimulator>) -> Json<Vec<Value>> {
    let found = {
        let state = lock(&simulator.shared.state);
        let boards = state.views.dashboards.clone();
        let gadgets = boards.iter().flat_map(|board| &board.gadgets);
        let jql = |gadget: &Gadget| Some((gadget.id, filter_of(&state, gadget)?.1));
        (boards.clone(), gadgets.filter_map(jql).collect::<Vec<_>>())
    };
    let (boards, searches) = found;
    let results = searches.into_iter().map(|(gadget, jql)| {
        let found = simulator.ids_of(&jql).unwrap_or_default();
        (gadget, found)
    });
    let results: Vec<(u64, Vec<u64>)> = results.collect();
    let state = lock(&simulator.shared.state);
    let shown = boards.iter().map(|board| show(&state, board, &results));
    Json(shown.collect())
}

/// Returns the name and the JQL of the filter that a gadget shows.
fn filter_of(state: &Site, gadget: &Gadget) -> Option<(String, String)> {
    let id = gadget.properties.get("config")?["filterId"].as_str()?;
    let filter = state.views.filter(id)?;
    Some((filter.name.clone(), filter.jql.clone()))
}

fn show(state: &Site, board: &Dashboard, results: &[(u64, Vec<u64>)]) -> Value {
    let gadgets = board.gadgets.iter().map(|gadget| {
        let columns = gadget.properties.get("config");
        let columns = columns.and_then(|config| config["columnNames"].as_str());
        let columns: Vec<&str> = columns.unwrap_or_default().split('|').collect();
        let found = results.iter().find(|(id, _)| *id == gadget.id);
        let found = found.map_or(&[][..], |(_, issues)| issues);
        let custom = columns.iter().filter_map(|id| state.views.field(id));
        let custom = custom.map(|field| {
            json!({"id": field.id, "name": field.name,
            "type": field.kind.schema()})
        });
        json!({
            "id": gadget.id,
            "title": gadget.title,
            "color": gadget.color,
            "column": gadget.column,
            "row": gadget.row,
            "filter": filter_of(state, gadget).map(|(name, jql)| json!({"name": name, "jql": jql})),
            "fields": custom.collect::<Vec<_>>(),
            "issues": found.iter().filter_map(|id| row(state, *id, &columns)).collect::<Vec<_>>(),
        })
    });
    json!({
        "id": board.id.to_string(),
        "name": board.name,
        "description": board.description,
        "gadgets": gadgets.collect::<Vec<_>>(),
    })
}

fn row(state: &Site, id: u64, columns: &[&str]) -> Option<Value> {
    let issue = state.issues.get(&id)?;
    let shown = issue.fields.iter();
    let shown = shown.filter(|(field, _)| columns.contains(&field.as_str()));
    let fields: Map<String, Value> = shown
        .map(|(id, value)| (id.clone(), value.clone()))
        .collect();
    Some(json!({
        "key": issue.key,
        "summary": issue.summary,
        "status": issue.status.name(),
        "assignee": issue.assignee.map(super::show_account),
        "fields": fields,
    }))
}

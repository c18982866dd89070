//! The filters, and the dashboard that shows them.

use reqwest::Method;
use serde_json::{Value, json};

use super::pass::{Pass, Thing, written_id};
use super::project::Project;
use super::words::{View, dashboard_name, filter_name};
use crate::jira::JiraFailure;

/// Jira's own gadget for what a filter finds.
const FILTER_RESULTS: &str = "rest/gadgets/1.0/g/com.atlassian.jira.gadgets:filter-results-gadget/gadgets/filter-results-gadget.xml";

/// The property in which Jira's own gadgets keep what they show. The reference does not describe
/// it: it is what a gadget has that was configured by hand.
const CONFIG: &str = "config";

/// Makes the filters and the dashboard of a project.
pub(super) async fn ensure(pass: &mut Pass<'_>, project: &Project, fields: &[Thing; 3]) {
    let mut shown = Vec::new();
    for view in View::ALL {
        let filter = filter(pass, project, fields, view).await;
        if filter != Thing::Missing {
            shown.push((view, filter));
        }
    }
    if shown.is_empty() {
        return;
    }
    let board = dashboard(pass, project).await;
    if board == Thing::Missing {
        return;
    }
    gadgets(pass, project, &board, &shown, fields).await;
}

/// Returns with whom everything is shared: whoever may see the project.
fn shares(project: &Project) -> Value {
    json!([{"type": "project", "project": {"id": project.id}}])
}

async fn filter(pass: &mut Pass<'_>, project: &Project, fields: &[Thing; 3], view: View) -> Thing {
    let name = filter_name(&project.key, view);
    let step = format!("make the filter \"{name}\", shared with {}", project.key);
    match &fields[view.field()] {
        Thing::Missing => return Thing::Missing,
        Thing::Planned => {
            pass.steps.push(step);
            return Thing::Planned;
        }
        Thing::There(_) => {}
    }
    let ids = fields.clone().map(|field| field.id().map(str::to_owned));
    let Some(jql) = view.jql(Some(&project.key), &ids) else {
        return Thing::Missing;
    };
    let query = [("filterName", name.as_str()), ("expand", "jql")];
    let found = pass
        .list("the filters", "rest/api/3/filter/search", &query)
        .await;
    let Some(found) = found else {
        return Thing::Missing;
    };
    if let Some(known) = found.iter().find(|known| known["name"] == name.as_str()) {
        if known["jql"].as_str().map(plain) != Some(plain(&jql)) {
            pass.by_hand.push(format!(
                "the filter \"{name}\" has another search than ours, and stays as it is: {jql}"
            ));
        }
        return written_id(&known["id"]).map_or(Thing::Missing, Thing::There);
    }
    let body = json!({
        "name": name,
        "description": "Made by casement connect jira --views.",
        "jql": jql,
        "sharePermissions": shares(project),
    });
    pass.make_thing(step, "rest/api/3/filter", body).await
}

/// Returns a search without what Jira may write in another way.
fn plain(jql: &str) -> String {
    let letters = jql.chars().filter(|letter| !letter.is_whitespace());
    letters.collect::<String>().to_lowercase()
}

async fn dashboard(pass: &mut Pass<'_>, project: &Project) -> Thing {
    let name = dashboard_name(&project.key);
    let query = [("dashboardName", name.as_str())];
    let path = "rest/api/3/dashboard/search";
    let Some(found) = pass.list("the dashboards", path, &query).await else {
        return Thing::Missing;
    };
    if let Some(known) = found.iter().find(|known| known["name"] == name.as_str()) {
        return written_id(&known["id"]).map_or(Thing::Missing, Thing::There);
    }
    let step = format!("make the dashboard \"{name}\", shared with {}", project.key);
    let body = json!({
        "name": name,
        "description": "Customers on WhatsApp who wait, windows that close, replies that are held.",
        "sharePermissions": shares(project),
        "editPermissions": [],
    });
    pass.make_thing(step, "rest/api/3/dashboard", body).await
}

async fn gadgets(
    pass: &mut Pass<'_>,
    project: &Project,
    board: &Thing,
    shown: &[(View, Thing)],
    fields: &[Thing; 3],
) {
    let known = match board.id() {
        Some(id) => {
            let path = format!("rest/api/3/dashboard/{id}/gadget");
            let what = format!("the dashboard \"{}\"", dashboard_name(&project.key));
            match pass.look(&what, &path, &[]).await {
                Some(known) => known["gadgets"].as_array().cloned().unwrap_or_default(),
                None => return,
            }
        }
        None => Vec::new(),
    };
    for (row, (view, filter)) in shown.iter().enumerate() {
        let title = view.title();
        let step = format!("put \"{title}\" on the dashboard");
        let (Some(board), Some(filter)) = (board.id(), filter.id()) else {
            pass.steps.push(step);
            continue;
        };
        let there = known.iter().find(|gadget| gadget["title"] == title);
        let there = there.and_then(|gadget| written_id(&gadget["id"]));
        let gadget = match there {
            Some(id) => id,
            None => {
                let path = format!("rest/api/3/dashboard/{board}/gadget");
                let body = json!({"uri": FILTER_RESULTS, "title": title, "color": view.color(),
                    "position": {"column": 0, "row": row}});
                match pass.make_thing(step, &path, body).await {
                    Thing::There(id) => id,
                    Thing::Planned | Thing::Missing => continue,
                }
            }
        };
        let shows = fields[view.field()].id().unwrap_or_default();
        configure(pass, board, &gadget, filter, title, shows).await;
    }
}

/// Makes a gadget show its filter. One that was configured before stays as it is.
async fn configure(
    pass: &mut Pass<'_>,
    board: &str,
    gadget: &str,
    filter: &str,
    title: &str,
    field: &str,
) {
    let path = format!("rest/api/3/dashboard/{board}/items/{gadget}/properties/{CONFIG}");
    match pass.jira.get(&path, &[]).await {
        Err(JiraFailure::Refused(404)) => {}
        Ok(_) => return,
        Err(failure) => {
            pass.failed
                .push(format!("read what \"{title}\" shows: {failure}"));
            return;
        }
    }
    let step = format!("let \"{title}\" show its filter");
    let config = json!({
        "filterId": filter,
        "num": "20",
        "columnNames": format!("issuekey|summary|status|assignee|{field}"),
        "refresh": "15",
        "isConfigured": "true",
    });
    pass.make(step, Method::PUT, &path, config).await;
}

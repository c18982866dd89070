//! The list of templates.
//!
//! Source: Meta, Graph API reference, "WhatsApp Business Account, Message Templates"; "Paginated
//! results" for cursors.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock;
use crate::origin::Origin;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::state::templates::Listed;

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    name: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

pub(super) async fn list(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    Query(page): Query<Page>,
    origin: Origin,
    headers: HeaderMap,
) -> Response {
    let entered = simulator.enter(&version, &headers);
    let listed = entered.and_then(|()| simulator.list_templates(&version, &id, &page, &origin));
    simulator.answer(listed)
}

impl WhatsappSimulator {
    fn list_templates(
        &self,
        version: &str,
        id: &str,
        page: &Page,
        origin: &Origin,
    ) -> Result<Value, GraphError> {
        if id != self.shared.config.business_account_id {
            return Err(GraphError::no_such_object("get", id));
        }
        let state = lock(&self.shared.state);
        let named = |template: &Listed| {
            page.name
                .as_ref()
                .is_none_or(|name| template.name.contains(name))
        };
        let all: Vec<Listed> = state.templates().into_iter().filter(named).collect();
        let start = match page.after.as_deref().map(place_of) {
            None => 0,
            Some(Some(start)) => start,
            Some(None) => return Err(GraphError::new(100, "Invalid cursor")),
        };
        // Meta's default is 25.
        let limit = page.limit.unwrap_or(25).clamp(1, 1000);
        let data: Vec<Value> = all.iter().skip(start).take(limit).map(item).collect();
        let end = start + data.len();
        let mut paging = json!({"cursors": {"before": cursor(start), "after": cursor(end)}});
        if end < all.len() {
            let after = cursor(end);
            let path = format!("/{version}/{id}/message_templates?limit={limit}&after={after}");
            paging["next"] = json!(origin.url(&path));
        }
        Ok(json!({"data": data, "paging": paging}))
    }
}

fn item(template: &Listed) -> Value {
    let id = crate::ids::stable_number(0, &format!("{} {}", template.name, template.language));
    json!({
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "components": template.components,
        "id": id.to_string(),
    })
}

/// Returns an opaque cursor for a place in the list.
fn cursor(place: usize) -> String {
    format!("MAZD{place}ZD")
}

fn place_of(cursor: &str) -> Option<usize> {
    let place = cursor.strip_prefix("MAZD")?.strip_suffix("ZD")?;
    place.parse().ok()
}

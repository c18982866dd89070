//! Operations that our copy of Atlassian's document leaves out: fields, screens, filters and
//! dashboards. Their parameters and bodies are those of the whole one.

use serde_json::{Value, json};

use super::super::document::Source;
use super::Erratum;

const REASON: &str = "Our copy of the document leaves the operation out. It is in the whole one.";

/// Returns a parameter of an address.
fn parameter(place: &str, name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": place, "required": place == "path", "schema": schema})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "integer"})
}

fn several(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

/// Returns an object with no other members than these.
fn object(members: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": members, "required": required,
        "additionalProperties": false})
}

fn body(schema: &Value) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

/// Returns an operation that lists something in pages.
fn paged(path: &[Value], query: &[(&str, Value)]) -> Value {
    let mut parameters = path.to_vec();
    let pages = [("startAt", number()), ("maxResults", number())];
    let query = query.iter().chain(&pages);
    parameters.extend(query.map(|(name, schema)| parameter("query", name, schema)));
    json!({"parameters": parameters})
}

fn shares() -> Value {
    let project = json!({"type": "object", "properties": {"id": text()}, "required": ["id"]});
    let kinds = json!({"enum": ["user", "group", "project", "projectRole", "global", "loggedin",
        "authenticated", "project-unknown"]});
    several(&object(
        &json!({"type": kinds, "project": project}),
        &["type"],
    ))
}

fn gadget() -> Value {
    // The published schema has descriptions in the place of these two names; its example has them.
    let position = json!({"column": number(), "row": number()});
    object(
        &json!({
            "moduleKey": text(),
            "uri": text(),
            "color": {"enum": ["blue", "red", "yellow", "green", "cyan", "purple", "gray", "white"]},
            "position": object(&position, &["column", "row"]),
            "title": text(),
            "ignoreUriAndModuleKeyValidation": {"type": "boolean"},
        }),
        &[],
    )
}

pub(super) fn operations() -> Vec<Erratum> {
    let field = [parameter("path", "fieldId", &text())];
    let screen = parameter("path", "screenId", &number());
    let tab = [screen.clone(), parameter("path", "tabId", &number())];
    let screen = [screen, parameter("query", "projectKey", &text())];
    let board = [parameter("path", "dashboardId", &number())];
    let item = ["dashboardId", "itemId", "propertyKey"];
    let item = item.map(|name| parameter("path", name, &text()));
    let numbers = several(&number());
    let context = json!({"id": text(), "name": text(), "description": text(),
        "projectIds": several(&text()), "issueTypeIds": several(&text())});
    let filter = json!({"name": text(), "description": text(), "jql": text(),
        "favourite": {"type": "boolean"}, "sharePermissions": shares(),
        "editPermissions": shares()});
    let dashboard = json!({"name": text(), "description": text(),
        "sharePermissions": shares(), "editPermissions": shares()});
    let on_tab = object(&json!({"fieldId": text()}), &["fieldId"]);
    let of_person = [("accountId", text()), ("owner", text()), ("expand", text())];
    let named = |name| [&[(name, text())][..], &of_person].concat();
    [
        (
            "/paths/~1rest~1api~13~1field~1{fieldId}~1context",
            json!({
                "get": paged(&field, &[]),
                "post": {"parameters": field, "requestBody": body(&object(&context, &["name"]))},
            }),
        ),
        (
            "/paths/~1rest~1api~13~1field~1{fieldId}~1context~1projectmapping",
            json!({"get": paged(&field, &[("contextId", numbers.clone())])}),
        ),
        (
            "/paths/~1rest~1api~13~1issuetypescreenscheme~1project",
            json!({"get": paged(&[], &[("projectId", numbers.clone())])}),
        ),
        (
            "/paths/~1rest~1api~13~1issuetypescreenscheme~1mapping",
            json!({"get": paged(&[], &[("issueTypeScreenSchemeId", numbers.clone())])}),
        ),
        (
            "/paths/~1rest~1api~13~1screenscheme",
            json!({"get": paged(&[], &[("id", numbers), ("expand", text())])}),
        ),
        (
            "/paths/~1rest~1api~13~1screens~1{screenId}~1tabs",
            json!({"get": {"parameters": screen}}),
        ),
        (
            "/paths/~1rest~1api~13~1screens~1{screenId}~1tabs~1{tabId}~1fields",
            json!({
                "get": {"parameters": tab},
                "post": {"parameters": tab, "requestBody": body(&on_tab)},
            }),
        ),
        (
            "/paths/~1rest~1api~13~1filter",
            json!({"post": {"requestBody": body(&object(&filter, &["name"]))}}),
        ),
        (
            "/paths/~1rest~1api~13~1filter~1search",
            json!({"get": paged(&[], &named("filterName"))}),
        ),
        (
            "/paths/~1rest~1api~13~1dashboard",
            json!({"post": {"requestBody": body(&object(
                &dashboard,
                &["editPermissions", "name", "sharePermissions"],
            ))}}),
        ),
        (
            "/paths/~1rest~1api~13~1dashboard~1search",
            json!({"get": paged(&[], &named("dashboardName"))}),
        ),
        (
            "/paths/~1rest~1api~13~1dashboard~1{dashboardId}~1gadget",
            json!({
                "get": {"parameters": board},
                "post": {"parameters": board, "requestBody": body(&gadget())},
            }),
        ),
        (
            "/paths/~1rest~1api~13~1dashboard~1{dashboardId}~1items~1{itemId}~1properties\
             ~1{propertyKey}",
            json!({
                "get": {"parameters": item},
                "put": {"parameters": item, "requestBody": body(&json!({}))},
            }),
        ),
    ]
    .map(|(pointer, right)| Erratum {
        source: Source::JiraPlatform,
        operation: "fields, screens, filters and dashboards",
        pointer,
        published: None,
        right,
        reason: REASON,
    })
    .into()
}

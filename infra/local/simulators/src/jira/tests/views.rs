//! Custom fields on screens, filters and dashboards.

use super::*;

const API: &str = "/atlassian/rest/api/3";
const TYPES: &str = "com.atlassian.jira.plugin.system.customfieldtypes";
const GADGET: &str = "rest/gadgets/1.0/g/com.atlassian.jira.gadgets:filter-results-gadget/gadgets/filter-results-gadget.xml";

impl Bench {
    async fn api(&self, method: Method, path: &str, body: Value) -> Answer {
        self.call(method, &format!("{API}/{path}"), body).await
    }

    async fn made(&self, path: &str, body: Value) -> Value {
        let answer = self.api(Method::POST, path, body).await;
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer.body
    }

    async fn seen(&self, path: &str) -> Value {
        let answer = self.api(Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn number_field(&self) -> String {
        let field = json!({"name": "Held", "type": format!("{TYPES}:float"),
            "searcherKey": format!("{TYPES}:numberrange")});
        let made = self.made("field", field).await;
        made["id"].as_str().unwrap().to_owned()
    }

    async fn edit(&self, field: &str, value: Value) -> u16 {
        let body = json!({"fields": {field: value}});
        self.api(Method::PUT, "issue/SUP-1", body).await.status
    }
}

#[tokio::test]
async fn a_new_field_can_be_edited_on_the_screens_of_the_project_alone() {
    let bench = Bench::start().await;
    bench
        .post("/api/requests", json!({"summary": "Help"}))
        .await;
    let field = bench.number_field().await;
    assert_eq!(bench.edit(&field, json!(2)).await, 400, "on no screen");
    let scheme = bench
        .seen("issuetypescreenscheme/project?projectId=10000")
        .await;
    let scheme = scheme["values"][0]["issueTypeScreenScheme"]["id"]
        .as_str()
        .unwrap();
    let mapped = format!("issuetypescreenscheme/mapping?issueTypeScreenSchemeId={scheme}");
    let mapped = bench.seen(&mapped).await;
    let screens = mapped["values"][0]["screenSchemeId"].as_str().unwrap();
    let screens = bench.seen(&format!("screenscheme?id={screens}")).await;
    let edit = &screens["values"][0]["screens"]["edit"];
    let tabs = bench.seen(&format!("screens/{edit}/tabs")).await;
    let fields = format!("screens/{edit}/tabs/{}/fields", tabs[0]["id"]);
    let add = json!({"fieldId": field});
    bench.made(&fields, add.clone()).await;
    let again = bench.api(Method::POST, &fields, add).await;
    assert_eq!(again.status, 400, "it is there already");
    let listed = bench.seen(&fields).await;
    let is_listed = |one: &Value| one["id"] == *field;
    assert!(listed.as_array().unwrap().iter().any(is_listed));
    assert_eq!(bench.edit(&field, json!(2)).await, 204);
    assert_eq!(bench.edit(&field, json!("two")).await, 400);
    assert_eq!(bench.edit(&field, Value::Null).await, 204);
}

#[tokio::test]
async fn a_field_needs_a_context_in_the_project() {
    let bench = Bench::start().await;
    bench
        .post("/api/jira/setup", json!({"fields_without_context": true}))
        .await;
    let field = bench.number_field().await;
    let contexts = format!("field/{field}/context");
    assert_eq!(bench.seen(&contexts).await["total"], 0);
    let elsewhere = json!({"name": "Casement", "projectIds": ["10001"]});
    let refused = bench.api(Method::POST, &contexts, elsewhere).await;
    assert_eq!(refused.status, 404);
    let context = json!({"name": "Casement", "projectIds": ["10000"]});
    bench.made(&contexts, context).await;
    assert_eq!(
        bench.seen(&contexts).await["values"][0]["isGlobalContext"],
        false
    );
    let mapping = bench.seen(&format!("{contexts}/projectmapping")).await;
    assert_eq!(mapping["values"][0]["projectId"], "10000");
    // A field that the site has from the start applies everywhere.
    let own = bench.seen("field/customfield_10054/context").await;
    assert_eq!(own["values"][0]["isGlobalContext"], true);
}

#[tokio::test]
async fn only_an_administrator_makes_fields() {
    let bench = Bench::start().await;
    bench
        .post("/api/jira/setup", json!({"administrator": false}))
        .await;
    let field = json!({"name": "Held", "type": format!("{TYPES}:float"),
        "searcherKey": format!("{TYPES}:numberrange")});
    let refused = bench.api(Method::POST, "field", field).await;
    assert_eq!(refused.status, 403);
    for path in ["screenscheme", "field/customfield_10054/context"] {
        let refused = bench.api(Method::GET, path, Value::Null).await;
        assert_eq!(refused.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_field_has_a_fitting_type_and_searcher() {
    let bench = Bench::start().await;
    for (kind, searcher) in [("float", "datetimerange"), ("nothing", "numberrange")] {
        let field = json!({"name": "Held", "type": format!("{TYPES}:{kind}"),
            "searcherKey": format!("{TYPES}:{searcher}")});
        let refused = bench.api(Method::POST, "field", field).await;
        assert_eq!(refused.status, 400, "{kind} {searcher}");
    }
}

#[tokio::test]
async fn a_team_managed_project_has_no_screens() {
    let bench = Bench::start().await;
    assert_eq!(bench.seen("project/SUP").await["style"], "classic");
    bench
        .post("/api/jira/setup", json!({"team_managed": true}))
        .await;
    let project = bench.seen("project/SUP").await;
    assert_eq!(
        (&project["simplified"], &project["style"]),
        (&json!(true), &json!("next-gen"))
    );
    let schemes = bench
        .seen("issuetypescreenscheme/project?projectId=10000")
        .await;
    assert_eq!(schemes["total"], 0);
}

#[tokio::test]
async fn a_dashboard_shows_what_its_filters_find() {
    let bench = Bench::start().await;
    bench
        .post("/api/requests", json!({"summary": "Help"}))
        .await;
    let share = json!([{"type": "project", "project": {"id": "10000"}}]);
    let filter = json!({"name": "Open", "jql": "project = SUP AND statusCategory != Done",
        "sharePermissions": share});
    let made = bench.made("filter", filter.clone()).await;
    let again = bench.api(Method::POST, "filter", filter.clone()).await;
    assert_eq!(again.status, 400, "the name is taken");
    let wrong = json!({"name": "Wrong", "jql": "project WAS SUP"});
    assert_eq!(bench.api(Method::POST, "filter", wrong).await.status, 400);
    let foreign = json!({"name": "Other", "jql": "project = SUP",
        "sharePermissions": [{"type": "project", "project": {"id": "10001"}}]});
    assert_eq!(bench.api(Method::POST, "filter", foreign).await.status, 400);
    let found = bench.seen("filter/search?filterName=open&expand=jql").await;
    assert_eq!(found["values"][0]["jql"], filter["jql"]);
    assert!(
        found["values"][0].get("sharePermissions").is_none(),
        "not asked for"
    );

    let board = json!({"name": "WhatsApp", "sharePermissions": share, "editPermissions": []});
    let board = bench.made("dashboard", board).await;
    let id = board["id"].as_str().unwrap();
    let gadgets = format!("dashboard/{id}/gadget");
    let gadget = json!({"uri": GADGET, "color": "red", "title": "Open requests",
        "position": {"column": 0, "row": 0}});
    let gadget = bench.made(&gadgets, gadget).await;
    let config = format!("dashboard/{id}/items/{}/properties/config", gadget["id"]);
    let missing = bench.api(Method::GET, &config, Value::Null).await;
    assert_eq!(missing.status, 404);
    let shown = json!({"filterId": made["id"], "columnNames": "issuekey|customfield_10050"});
    let set = bench.api(Method::PUT, &config, shown.clone()).await;
    assert_eq!(set.status, 201);
    assert_eq!(bench.seen(&config).await["value"], shown);
    assert_eq!(
        bench.seen(&gadgets).await["gadgets"][0]["title"],
        "Open requests"
    );
    assert_eq!(
        bench.seen("dashboard/search?dashboardName=whats").await["total"],
        1
    );

    let boards = bench.get("/api/jira/dashboards").await.body;
    let gadget = &boards[0]["gadgets"][0];
    assert_eq!(gadget["filter"]["name"], "Open");
    assert_eq!(gadget["issues"][0]["key"], "SUP-1");
    bench
        .post("/api/requests/SUP-1/transition", json!({"to": "done"}))
        .await;
    let boards = bench.get("/api/jira/dashboards").await.body;
    assert_eq!(boards[0]["gadgets"][0]["issues"], json!([]));
}

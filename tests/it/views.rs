//! `casement connect jira --views`, and what its dashboard shows.

use std::time::Duration;

use casement_tests::{Said, Stack};
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

const VIEWS: [&str; 4] = ["connect", "jira", "--views", "--yes"];

async fn setup(stack: &Stack, change: Value) {
    stack.api(Method::POST, "/api/jira/setup", change).await;
}

/// Adds the lines that the command asks for to the settings.
async fn apply(stack: &Stack, said: &Said) {
    let lines = said.json()["settings"].clone();
    let lines: Vec<_> = lines.as_array().unwrap().iter().map(line).collect();
    let current = stack.casement(&["settings", "show"]).await.text;
    let lines = format!("{}\ndelay_after =", lines.join("\n"));
    let document = current.replacen("delay_after =", &lines, 1);
    let put = stack
        .client()
        .put(stack.url("/api/settings"))
        .body(document);
    assert!(put.send().await.unwrap().status().is_success());
}

fn line(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Returns what the gadgets of the dashboard list: the title, and the keys.
async fn shown(stack: &Stack) -> Vec<(String, Vec<String>)> {
    let boards = stack
        .api(Method::GET, "/api/jira/dashboards", Value::Null)
        .await;
    assert_eq!(boards.as_array().unwrap().len(), 1, "{boards}");
    let gadgets = boards[0]["gadgets"].as_array().unwrap().iter();
    let keys = |gadget: &Value| {
        let issues = gadget["issues"].as_array().unwrap();
        issues.iter().map(|issue| line(&issue["key"])).collect()
    };
    gadgets
        .map(|gadget| (line(&gadget["title"]), keys(gadget)))
        .collect()
}

/// Returns the keys in each gadget, in the order of the dashboard.
async fn closing_waiting_held(stack: &Stack) -> [Vec<String>; 3] {
    // Fields are written within a minute.
    stack.advance(MINUTE).await;
    let shown = shown(stack).await;
    let titles = [
        "Window closes within two hours",
        "Customers waiting",
        "Replies held",
    ];
    assert_eq!(
        shown.iter().map(|(title, _)| title).collect::<Vec<_>>(),
        titles
    );
    let mut shown = shown.into_iter().map(|(_, keys)| keys);
    std::array::from_fn(|_| shown.next().unwrap())
}

#[tokio::test]
async fn the_views_are_made_once_and_show_who_waits() {
    let stack = Stack::start().await;
    let unasked = stack.casement(&VIEWS[..3]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");
    assert!(
        unasked
            .errors
            .contains("- make the field \"WhatsApp waiting since\""),
        "{unasked:?}"
    );
    assert!(
        unasked
            .errors
            .contains("- put \"Replies held\" on the dashboard"),
        "{unasked:?}"
    );
    let boards = stack.api(Method::GET, "/api/jira/dashboards", Value::Null);
    assert_eq!(boards.await, json!([]), "nothing without a yes");

    let made = stack.casement(&[&VIEWS[..], &["--json"]].concat()).await;
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(made.json()["settings"].as_array().unwrap().len(), 3);
    // Three fields on two screens each, three filters, a dashboard with three gadgets.
    assert_eq!(
        made.json()["done"].as_array().unwrap().len(),
        3 + 6 + 3 + 1 + 6,
        "{made:?}"
    );
    let again = stack.casement(&VIEWS).await;
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.text.starts_with("Nothing to do.\n"), "{again:?}");
    assert!(
        again
            .text
            .contains("SUP, \"Replies held\": statusCategory != Done AND cf["),
        "{again:?}"
    );
    apply(&stack, &made).await;
    let after = stack.casement(&VIEWS).await;
    assert!(after.text.starts_with("Nothing to do.\n"), "{after:?}");
    assert!(!after.text.contains("In the settings"), "{after:?}");
    assert_eq!(stack.casement(&["check"]).await.code, 0);
    // The functions look at the settings again within a minute.
    stack.advance(2 * MINUTE).await;

    let nobody: [Vec<String>; 3] = [vec![], vec![], vec![]];
    assert_eq!(closing_waiting_held(&stack).await, nobody);
    stack.customer_wrote(ANA, "Where is my order?").await;
    let sup = || vec!["SUP-1".to_owned()];
    assert_eq!(closing_waiting_held(&stack).await, [vec![], sup(), vec![]]);
    stack.advance(23 * HOUR).await;
    assert_eq!(closing_waiting_held(&stack).await, [sup(), sup(), vec![]]);
    stack.agent_wrote("SUP-1", "It is on its way").await;
    assert_eq!(closing_waiting_held(&stack).await, [sup(), vec![], vec![]]);
    stack.advance(2 * HOUR).await;
    stack.agent_wrote("SUP-1", "Did it arrive?").await;
    assert_eq!(closing_waiting_held(&stack).await, [vec![], vec![], sup()]);
    stack.customer_wrote(ANA, "Yes!").await;
    assert_eq!(closing_waiting_held(&stack).await, nobody);
}

#[tokio::test]
async fn what_is_there_is_used_and_what_is_half_made_is_finished() {
    let stack = Stack::start().await;
    setup(&stack, json!({"fields_without_context": true})).await;
    let made = stack.casement(&VIEWS).await;
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.text
            .contains("make \"WhatsApp replies held\" apply to SUP"),
        "{made:?}"
    );
    let again = stack.casement(&VIEWS).await;
    assert!(again.text.starts_with("Nothing to do.\n"), "{again:?}");
}

#[tokio::test]
async fn what_jira_cannot_do_is_said() {
    let stack = Stack::start().await;
    setup(&stack, json!({"team_managed": true})).await;
    let said = stack.casement(&VIEWS).await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.text.starts_with("Nothing to do.\nBy hand:\n"),
        "{said:?}"
    );
    assert!(said.text.contains("SUP is team-managed"), "{said:?}");

    setup(
        &stack,
        json!({"team_managed": false, "administrator": false}),
    )
    .await;
    let said = stack.casement(&VIEWS).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.text.contains("JIRA_ADMIN_EMAIL"), "{said:?}");
    // Filters over fields that an administrator has made take no administrator.
    let change = "window_field = \"customfield_10054\"\nwaiting_field = \"customfield_10055\"\ndelay_after =";
    let current = stack.casement(&["settings", "show"]).await.text;
    let put = stack.client().put(stack.url("/api/settings"));
    let put = put.body(current.replacen("delay_after =", change, 1));
    assert!(put.send().await.unwrap().status().is_success());
    let said = stack.casement(&VIEWS).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.text
            .contains("waiting_field = \"customfield_10055\" is of another type"),
        "{said:?}"
    );
    let boards = shown(&stack).await;
    let titles: Vec<_> = boards.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["Window closes within two hours"]);
}

//! `casement try jira`, on a Jira that takes Casement's account for the customer and on one that
//! takes it for an agent.

use casement_tests::{Said, Stack};
use reqwest::Method;
use serde_json::{Value, json};

const TRY: [&str; 3] = ["try", "jira", "--yes"];

async fn judging(judged: &str) -> Stack {
    let stack = Stack::start().await;
    let options = json!({"judges_us_as": judged});
    stack.api(Method::POST, "/api/jira/options", options).await;
    stack
}

/// Tries with the agent in the environment.
async fn with_agent(stack: &Stack, token: &str) -> Said {
    let site = stack.url("/_via/casement/0/atlassian");
    let agent = [
        ("JIRA_SITE", site.as_str()),
        ("JIRA_ADMIN_EMAIL", "ada@example.com"),
        ("JIRA_ADMIN_API_TOKEN", token),
    ];
    stack.casement_with(&TRY, &agent).await
}

/// The trial leaves a closed request, and no trace at Casement's or at WhatsApp.
async fn nothing_is_left(stack: &Stack, comments: usize) {
    stack.settle().await;
    let requests = stack.whole_requests().await;
    let [request] = &requests[..] else {
        panic!("{requests:#?}")
    };
    assert_eq!(request["summary"], "Casement trial, please ignore");
    assert_eq!(request["status"], "Resolved");
    let written = request["comments"].as_array().unwrap();
    assert_eq!(written.len(), comments, "{request:#}");
    for comment in written {
        assert_eq!(comment["properties"]["casement"], json!({"note": "trial"}));
        assert_eq!(comment["public"], true);
    }
    assert_eq!(stack.state().await["conversations"], json!([]));
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap();
    assert!(calls.iter().all(|call| call["service"] != "whatsapp"));
    // What is recorded is held against Atlassian's documents at the end.
    for read in ["sla", "status", "notification"] {
        let path = format!("/rest/servicedeskapi/request/SUP-1/{read}");
        assert!(calls.iter().any(|call| call["path"] == path), "{path}");
    }
}

#[tokio::test]
async fn a_site_that_takes_us_for_the_customer_has_nothing_to_do() {
    let stack = judging("customer").await;
    let said = with_agent(&stack, "local-agent-token").await;
    assert_eq!(
        said.text,
        "SUP, request type 10: SUP-1\n\
         ok     SLA: customer        \"Time to first response\": not stopped by the customer's words\n\
         ok     status: customer     the request stayed in \"Waiting for support\" when the customer wrote\n\
         ok     SLA: reply           \"Time to first response\": stopped by the agent's reply\n\
         ok     status: reply        the request moved to \"Waiting for customer\" when the agent answered\n\
         ok     status: customer 2   the request moved to \"Waiting for support\" when the customer wrote\n\
         hint   mails                Casement's account is to be told of the request by mail\n\
         \x20                           -> if these mails are sent, switch them off for this request \
         type (Space settings > Customer notifications): they reach no customer\n\
         ok     closing              SUP-1 is closed\n\
         Nothing to do.\n"
    );
    assert_eq!(said.code, 0);
    nothing_is_left(&stack, 3).await;
}

#[tokio::test]
async fn a_site_that_takes_us_for_an_agent_is_told_what_to_change() {
    let stack = judging("agent").await;
    let said = with_agent(&stack, "local-agent-token").await;
    assert_eq!(
        said.text,
        "SUP, request type 10: SUP-1\n\
         WRONG  SLA: customer        \"Time to first response\": stopped by the customer's words\n\
         \x20                           -> change the SLA's condition from \"Comment: For Customers\" or \
         \"Comment: By Customers\" to \"Entered status: Waiting for customer\": \
         infra/guide/jira.md#recipes has the steps\n\
         WRONG  status: customer     the request moved to \"Waiting for customer\" when the customer wrote\n\
         \x20                           -> exclude Casement's account in the rule \"when your team \
         comments\", and let another move the request to \"Waiting for support\": \
         infra/guide/jira.md#recipes has the steps\n\
         ?      SLA: reply           no SLA ran when the agent answered\n\
         ?      status: reply        the request stayed in \"Waiting for customer\" when the agent \
         answered, where it had been before\n\
         hint   status: customer 2   the request stayed in \"Waiting for customer\" when the customer wrote\n\
         \x20                           -> let a rule move it to \"Waiting for support\" if agents go by \
         the status: infra/guide/jira.md#recipes has the steps\n\
         hint   mails                Casement's account is to be told of the request by mail\n\
         \x20                           -> if these mails are sent, switch them off for this request \
         type (Space settings > Customer notifications): they reach no customer\n\
         ok     closing              SUP-1 is closed\n\
         2 things to do.\n"
    );
    assert_eq!(said.code, 1);
    nothing_is_left(&stack, 3).await;
}

#[tokio::test]
async fn without_slas_and_without_an_agent_the_rest_is_said() {
    let stack = Stack::start().await;
    let unasked = stack.casement(&TRY[..2]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");
    assert!(
        unasked.errors.contains("(SUP, request type 10)"),
        "{unasked:?}"
    );
    assert!(stack.whole_requests().await.is_empty());

    let said = stack.casement(&[&TRY[..], &["--json"]].concat()).await;
    assert_eq!(said.code, 0, "{said:?}");
    let trial = &said.json()["trials"][0];
    assert_eq!(trial["request"], "SUP-1");
    let rows = trial["rows"].as_array().unwrap().iter();
    let rows: Vec<_> = rows
        .map(|row| [&row["what"], &row["verdict"]].map(|text| text.as_str().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            ["SLA: customer", "hint"],
            ["status: customer", "ok"],
            ["reply", "unknown"],
            ["mails", "hint"],
            ["closing", "ok"],
        ]
    );
    nothing_is_left(&stack, 1).await;
}

#[tokio::test]
async fn what_jira_refuses_is_a_row() {
    let stack = judging("customer").await;
    let denied = json!({"denied_permissions": ["SERVICEDESK_AGENT"]});
    stack.api(Method::POST, "/api/jira/setup", denied).await;
    let said = with_agent(&stack, "wrong").await;
    assert_eq!(said.code, 1, "{said:?}");
    for line in [
        "WRONG  SLA: customer        the SLAs cannot be read: Jira does not allow it (status 403)\n",
        "WRONG  reply                the agent could not answer: Jira rejects the credentials (status 401)\n",
        "ok     closing              SUP-1 is closed\n2 things to do.\n",
    ] {
        assert!(said.text.contains(line), "{said:?}");
    }
    nothing_is_left(&stack, 1).await;
}

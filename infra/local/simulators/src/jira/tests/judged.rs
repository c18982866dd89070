//! How the site judges a comment of an account that is reporter and agent.

use super::*;

const REQUEST: &str = "/atlassian/rest/servicedeskapi/request";

impl Bench {
    async fn words(&self, key: &str, internal: bool) {
        let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
        let body = json!({
            "body": crate::jira::adf::from_text("Hello"),
            "properties": [{"key": "sd.public.comment", "value": {"internal": internal}}],
        });
        assert_eq!(self.post(&path, body).await.status, 201);
    }

    /// Returns how often the SLA was stopped, whether it runs, and the statuses, the newest first.
    async fn standing(&self, key: &str) -> (usize, bool, Vec<String>) {
        let sla = self.get(&format!("{REQUEST}/{key}/sla")).await.body;
        let sla = &sla["values"][0];
        let stops = sla["completedCycles"].as_array().unwrap().len();
        let statuses = self.get(&format!("{REQUEST}/{key}/status")).await.body;
        let statuses = statuses["values"].as_array().unwrap().iter();
        let name = |status: &Value| status["status"].as_str().unwrap().to_owned();
        (
            stops,
            sla["ongoingCycle"].is_object(),
            statuses.map(name).collect(),
        )
    }
}

#[tokio::test]
async fn the_account_is_taken_for_the_customer_or_for_an_agent() {
    let (support, customer) = ("Waiting for support", "Waiting for customer");
    for (judged, after_words, after_reply, after_more) in [
        (
            "customer",
            (0, true, vec![support]),
            (1, false, vec![customer, support]),
            (1, false, vec![support, customer, support]),
        ),
        (
            "agent",
            (1, false, vec![customer, support]),
            (1, false, vec![customer, support]),
            (1, false, vec![customer, support]),
        ),
    ] {
        let bench = Bench::start().await;
        bench.options(json!({"judges_us_as": judged})).await;
        let key = bench.raise(json!({"summary": "Cold coffee"})).await;
        let names = |(stops, runs, names): (usize, bool, Vec<&str>)| {
            let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
            (stops, runs, names)
        };
        bench.words(&key, true).await;
        let expected = (0, true, vec![support.to_owned()]);
        assert_eq!(bench.standing(&key).await, expected, "notes count for none");
        bench.words(&key, false).await;
        assert_eq!(bench.standing(&key).await, names(after_words), "{judged}");
        bench
            .comment(&key, json!({"text": "It is on its way"}))
            .await;
        assert_eq!(bench.standing(&key).await, names(after_reply), "{judged}");
        bench.words(&key, false).await;
        assert_eq!(bench.standing(&key).await, names(after_more), "{judged}");
    }
}

#[tokio::test]
async fn by_default_there_are_neither_rules_nor_slas() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "Cold coffee"})).await;
    bench.words(&key, false).await;
    bench
        .comment(&key, json!({"text": "It is on its way"}))
        .await;
    let slas = bench.get(&format!("{REQUEST}/{key}/sla")).await;
    assert_eq!((slas.status, &slas.body["values"]), (200, &json!([])));
    let statuses = bench.get(&format!("{REQUEST}/{key}/status")).await.body;
    assert_eq!(statuses["values"].as_array().unwrap().len(), 1);
    let mails = bench.get(&format!("{REQUEST}/{key}/notification")).await;
    assert_eq!(mails.body, json!({"subscribed": true}));

    let denied = json!({"denied_permissions": ["SERVICEDESK_AGENT"]});
    bench.post("/api/jira/setup", denied).await;
    let refused = bench.get(&format!("{REQUEST}/{key}/sla")).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn the_agent_has_a_token_of_their_own() {
    let bench = Bench::start().await;
    let url = format!("{}/atlassian/rest/api/3/myself", bench.base);
    let asked = bench.http.get(url);
    let asked = asked.basic_auth("ada@example.com", Some("local-agent-token"));
    let me: Value = asked.send().await.unwrap().json().await.unwrap();
    assert_eq!(me["accountId"], Account::Agent.account_id());
    assert_eq!(me["emailAddress"], "ada@example.com");
}

//! What must not stand in a log: secrets, and who the customers are.

use serde_json::Value;

/// The values of the development secret.
pub const SECRETS: [&str; 7] = [
    "local-app-secret",
    "local-verify-token",
    "local-access-token",
    "local-jira-secret",
    "local-jira-token",
    "local-scoped-token",
    "local-client-secret",
];

/// What ids of WhatsApp's messages begin with. They have the customer's number in them.
const WAMID: &str = "wamid.";

/// The lines of a log that carry a secret, an id of WhatsApp's, or one of `customers`.
#[must_use]
pub fn leaks<'l>(log: &'l str, customers: &[String]) -> Vec<&'l str> {
    let customers = customers.iter().map(String::as_str);
    let words: Vec<_> = customers.chain(SECRETS).chain([WAMID]).collect();
    let leaks = log
        .lines()
        .filter(|line| words.iter().any(|word| line.contains(word)));
    leaks.collect()
}

/// The customers of a stack, by what the functions know them by.
pub(crate) async fn customers_of(base: &str) -> Vec<String> {
    let answer = crate::client()
        .get(format!("{base}/api/state"))
        .send()
        .await;
    let Ok(answer) = answer else {
        return Vec::new();
    };
    let state: Value = answer.json().await.unwrap_or_default();
    let conversations = state["conversations"].as_array().into_iter().flatten();
    let customers = conversations.filter_map(|conversation| conversation["customer"].as_str());
    // A short one may stand in a log for another reason.
    customers
        .filter(|customer| customer.len() > 8)
        .map(str::to_owned)
        .collect()
}

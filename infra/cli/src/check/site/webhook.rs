//! Jira's webhook, and our address for it.

use serde_json::Value;

use crate::check::Verdict;
use crate::jira::JiraFailure;
use crate::place::Place;

/// The events of the webhook.
pub(crate) const EVENTS: [&str; 3] = ["comment_created", "comment_updated", "comment_deleted"];

/// The path of the webhooks that administrators manage.
pub(crate) const WEBHOOKS: &str = "rest/webhooks/1.0/webhook";

/// Returns the administrators' webhooks that go to `url`.
pub(crate) fn ours<'a>(webhooks: &'a Value, url: &str) -> Vec<&'a Value> {
    let all = webhooks.as_array().into_iter().flatten();
    all.filter(|webhook| webhook["url"] == url).collect()
}

/// Returns the faults of our webhook.
pub(crate) fn faults_of(webhook: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if webhook["enabled"] == false {
        faults.push("it is switched off".to_owned());
    }
    if webhook["excludeBody"] == true {
        faults.push("it is sent without a body".to_owned());
    }
    let events: Vec<_> = webhook["events"].as_array().into_iter().flatten().collect();
    let lacking = EVENTS
        .iter()
        .filter(|event| !events.iter().any(|has| *has == *event));
    let lacking: Vec<_> = lacking.copied().collect();
    if !lacking.is_empty() {
        faults.push(format!("it lacks the events {}", lacking.join(", ")));
    }
    faults
}

pub(in crate::check) fn judge_webhooks(
    webhooks: &Result<Value, JiraFailure>,
    url: &str,
    has_tokens: bool,
) -> Verdict {
    let webhooks = match webhooks {
        Ok(webhooks) => webhooks,
        Err(JiraFailure::Refused(401 | 403 | 404)) => {
            return Verdict::unknown(format!(
                "only a Jira administrator sees webhooks: look under System > WebHooks for {url}, \
                 or run casement connect jira as one"
            ));
        }
        Err(failure) => return Verdict::unknown(failure),
    };
    let ours = ours(webhooks, url);
    let Some(first) = ours.first() else {
        if has_tokens {
            return Verdict::ok("none is registered; a rule of Automation is to tell of comments");
        }
        return Verdict::wrong(format!("none goes to {url}"), "casement connect jira");
    };
    if ours.len() > 1 {
        return Verdict::wrong(
            format!(
                "{} go to {url}: every comment comes several times",
                ours.len()
            ),
            "delete all but one under System > WebHooks",
        );
    }
    let faults = faults_of(first);
    if faults.is_empty() {
        Verdict::ok("registered, switched on, with its events")
    } else {
        Verdict::wrong(faults.join("; "), "casement connect jira")
    }
}

/// Posts an unsigned body to `url` and returns the status of the answer.
pub(in crate::check) async fn unsigned(place: &Place, url: &str) -> Option<u16> {
    let answer = place.http.post(url).body("{}").send().await.ok()?;
    Some(answer.status().as_u16())
}

pub(in crate::check) fn judge_address(status: Option<u16>) -> Verdict {
    match status {
        Some(401) => Verdict::ok("answers, and refuses what is not signed"),
        None => Verdict::wrong(
            "our webhook URL does not answer",
            "deploy the stack, and give this deployment's --outputs",
        ),
        Some(status) => Verdict::wrong(
            format!("answers an unsigned webhook with status {status} in place of 401"),
            "see the logs of jira-webhook: casement tail",
        ),
    }
}

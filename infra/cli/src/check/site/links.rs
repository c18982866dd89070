//! Checks whether links into the Jira site can be recognised.

use reqwest::Url;
use serde_json::Value;

use crate::check::Verdict;
use crate::jira::JiraFailure;

/// Judges the answer of "Get Jira instance info" (Jira Cloud REST API v3).
pub(in crate::check) fn judge_site(base: &str, server: &Result<Value, JiraFailure>) -> Verdict {
    const WAIT: &str = "replies wait until Jira says which site it is";
    let by_cloud_api = base.contains("/ex/jira/");
    let failure = match server {
        Ok(server) => {
            let address = server["baseUrl"].as_str();
            let url = address.and_then(|address| Url::parse(address).ok());
            match url.as_ref().and_then(|url| url.host_str()) {
                Some(host) => {
                    return Verdict::ok(format!("customers get no links to the inside of {host}"));
                }
                None if by_cloud_api => {
                    return Verdict::wrong(
                        format!("Jira does not say which site it is: {WAIT}"),
                        "check the stack's parameter JiraBaseUrl; see status.atlassian.com",
                    );
                }
                None => return Verdict::ok("has the address of JiraBaseUrl"),
            }
        }
        Err(failure) => failure,
    };
    match failure {
        JiraFailure::Refused(400 | 404 | 410) if !by_cloud_api => {
            Verdict::ok("has the address of JiraBaseUrl")
        }
        failure => Verdict::wrong(
            format!("{failure}: {WAIT}"),
            failure.advice_or("give the account's credential the scope read:jira-work"),
        ),
    }
}

//! Checks whether the platform API shows the requests that the account has raised.

use serde_json::Value;

use crate::check::Verdict;
use crate::jira::{Jira, JiraFailure};

/// The newest request of the account in each of Jira's APIs.
#[derive(Clone, Debug)]
pub(in crate::check) struct Newest {
    /// The request's key, or `None` if there is no request.
    pub key: Result<Option<String>, JiraFailure>,
    /// The same issue in the platform API.
    pub issue: Result<Value, JiraFailure>,
}

/// Fetches the newest request (JSM Cloud REST API, "Get customer requests"; Jira Cloud REST API v3,
/// "Get issue").
pub(super) async fn newest(jira: &Jira) -> Newest {
    let own = [("requestOwnership", "OWNED_REQUESTS"), ("limit", "1")];
    let listed = jira.get("rest/servicedeskapi/request", &own).await;
    let first = listed.map(|listed| listed["values"][0].clone());
    let issue = match &first {
        Ok(first) => match first["issueId"].as_str() {
            Some(id) => {
                let path = format!("rest/api/3/issue/{id}");
                jira.get(&path, &[("fields", "status")]).await
            }
            None => Ok(Value::Null),
        },
        Err(failure) => Err(*failure),
    };
    Newest {
        key: first.map(|first| first["issueKey"].as_str().map(str::to_owned)),
        issue,
    }
}

pub(in crate::check) fn judge_newest(newest: &Newest) -> Verdict {
    match (&newest.key, &newest.issue) {
        (Err(failure), _) => Verdict::unknown(failure),
        (Ok(None), _) => Verdict::ok("there is none yet"),
        (Ok(Some(key)), Ok(_)) => Verdict::ok(format!("{key} can be read")),
        (Ok(Some(key)), Err(JiraFailure::Refused(403 | 404))) => Verdict::wrong(
            format!("{key} is there, and the account may not see it: customers' messages wait"),
            "give the account Browse projects (browse space) in the permission scheme, and add it to \
             the issue security level, if the project has an issue security scheme; look for a rule \
             that moves new requests to another project",
        ),
        (Ok(Some(key)), Err(failure)) => Verdict::unknown(format!("{key}: {failure}")),
    }
}

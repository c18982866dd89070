//! Issue security: hides issues in the platform API from accounts outside their security level.
//!
//! Source: Atlassian Support, "Configure issue security schemes"; "Get issue": 404 "if the issue is
//! not found or the user does not have permission to view it".

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, PlatformError};
use crate::lock;

/// Answers 404 to calls about hidden issues, comments and attachments.
pub(crate) async fn hide(
    State(simulator): State<JiraSimulator>,
    request: Request,
    next: Next,
) -> Response {
    let is_hidden = lock(&simulator.shared.state).options.hidden_issues;
    if is_hidden && is_about_an_issue(request.uri().path()) {
        return PlatformError::from(JiraError::no_issue()).into_response();
    }
    next.run(request).await
}

fn is_about_an_issue(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/rest/api/3/") else {
        return false;
    };
    match rest.split('/').collect::<Vec<_>>()[..] {
        ["issueLink"] => true,
        ["attachment", "meta"] => false,
        ["issue" | "comment" | "attachment", ..] => rest.contains('/'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_comments_and_files_are_hidden_and_nothing_else() {
        for (path, expected) in [
            ("issue/10001", true),
            ("issue/SUP-1/comment", true),
            ("issue/10001/comment/20001", true),
            ("issue/10001/attachments", true),
            ("comment/20001/properties/casement", true),
            ("attachment/content/30001", true),
            ("issueLink", true),
            ("issue", false),
            ("attachment/meta", false),
            ("myself", false),
            ("search/jql", false),
        ] {
            let path = format!("/rest/api/3/{path}");
            assert_eq!(is_about_an_issue(&path), expected, "{path}");
        }
        assert!(!is_about_an_issue("/rest/servicedeskapi/request/10001"));
    }
}

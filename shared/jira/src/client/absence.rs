//! Finds out what a 404 means.
//!
//! Jira answers 404 for what is deleted, for what our account may not see, and briefly for what was
//! just created. A wrong guess costs a message or opens a request too many. So both of Jira's APIs
//! are asked before anything counts as deleted.

use casement_core::model::fate::{Absence, CallFailure, Fate, fate};
use casement_service::ports::JiraCredentials;
use reqwest::Response;

use super::{Call, JiraCloud};

/// The smallest question about an issue.
const ONE_FIELD: [(&str, &str); 1] = [("fields", "status")];

impl<C: JiraCredentials> JiraCloud<C> {
    /// Makes a call. After a 404 about an issue, makes it once more if the issue is there;
    /// otherwise the failure says what became of the issue. After a 404 about a comment or file of
    /// an unknown issue, makes it once more, too.
    pub(super) async fn respond_about(&self, call: &Call<'_>) -> Result<Response, CallFailure> {
        let failure = match self.respond(call).await {
            Err(failure) if failure.is_not_found() => failure,
            answer => return answer,
        };
        let Some(issue) = call.issue() else {
            return if call.is_of_something() {
                self.respond(call).await
            } else {
                Err(failure)
            };
        };
        self.readable(issue).await?;
        match self.respond(call).await {
            Err(failure) if failure.is_not_found() => {
                let absence = if call.is_of_a_comment() {
                    Absence::Deleted
                } else {
                    Absence::Unclear
                };
                tracing::warn!(issue, %absence, "Jira answers 404 about an issue that is there");
                Err(CallFailure::Absent(absence))
            }
            answer => answer,
        }
    }

    /// Whether the issue can be read.
    ///
    /// # Errors
    /// The issue cannot be read, and why. No answer here counts as a refusal of the earlier call.
    /// The issue counts as deleted only if both APIs say so twice: one wrong answer is not enough.
    pub(crate) async fn readable(&self, issue: &str) -> Result<(), CallFailure> {
        let mut absence = Absence::Deleted;
        for _ in 0..2 {
            if self.is_issue(issue).await? {
                return Ok(());
            }
            if self.is_request(issue).await? {
                absence = Absence::Hidden;
                break;
            }
        }
        tracing::warn!(issue, %absence, "Jira answers 404 about an issue");
        Err(CallFailure::Absent(absence))
    }

    /// Whether Jira's platform shows our account the issue.
    async fn is_issue(&self, issue: &str) -> Result<bool, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue];
        is_there(self.respond(&Call::get(&path, &ONE_FIELD)).await)
    }

    /// Whether Jira Service Management has the issue as a request: it shows a reporter what the
    /// platform may hide (JSM Cloud REST API, "Get customer request by id or key").
    ///
    /// # Errors
    /// Jira gives no clear answer.
    pub(crate) async fn is_request(&self, issue: &str) -> Result<bool, CallFailure> {
        let path = ["rest", "servicedeskapi", "request", issue];
        is_there(self.respond(&Call::get(&path, &[])).await)
    }
}

fn is_there(answer: Result<Response, CallFailure>) -> Result<bool, CallFailure> {
    match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.is_not_found() => Ok(false),
        Err(failure) => Err(unclear(failure)),
    }
}

/// Softens the failure of a second look. It shows neither that something is gone, nor that the call
/// can never succeed, nor that it may have taken effect.
fn unclear(failure: CallFailure) -> CallFailure {
    match fate(&failure) {
        Fate::Pause | Fate::Retry(_) => failure,
        Fate::Resolve | Fate::Hold | Fate::GiveUp | Fate::Gone => {
            CallFailure::Absent(Absence::Unclear)
        }
    }
}

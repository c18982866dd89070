//! Further details of a request.

use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{AttachmentId, IssueId, IssueRef};
use casement_core::text::is_same_name;
use casement_service::ports::{JiraCredentials, Origin, RequestDetails};
use serde::Deserialize;
use serde_json::Value;

use crate::client::{Call, JiraCloud};
use crate::comments::existing;
use crate::wire::NumericId;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    issue_id: NumericId,
    issue_key: String,
    service_desk_id: NumericId,
    request_type_id: NumericId,
}

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    fields: Value,
}

#[derive(Deserialize)]
struct WithAttachments {
    fields: AttachmentField,
}

#[derive(Deserialize)]
struct AttachmentField {
    #[serde(default)]
    attachment: Vec<Attachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    id: NumericId,
    filename: String,
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    size: u64,
}

impl Attachment {
    /// Returns the id as a number: Jira counts attachments up.
    fn age(&self) -> u64 {
        self.id.0.parse().unwrap_or_default()
    }

    fn file(self) -> CommentFile {
        CommentFile {
            id: AttachmentId::new(self.id.0),
            name: self.filename,
            mime_type: self.mime_type,
            size: self.size,
        }
    }
}

impl<C: JiraCredentials> RequestDetails for JiraCloud<C> {
    /// JSM Cloud REST API, "Get customer request by id or key". Believes a 404 the second time.
    async fn origin(&self, issue: &IssueId) -> Result<Origin, CallFailure> {
        let path = ["rest", "servicedeskapi", "request", issue.as_str()];
        let call = Call::get(&path, &[]);
        let request = match existing(self.call_once::<Request>(&call).await)? {
            Some(request) => request,
            None => existing(self.call_once(&call).await)?
                .ok_or(CallFailure::Absent(Absence::NoRequest))?,
        };
        Ok(Origin {
            issue: IssueRef {
                id: IssueId::new(request.issue_id.0),
                key: request.issue_key,
            },
            service_desk_id: request.service_desk_id.0,
            request_type_id: request.request_type_id.0,
        })
    }

    /// Jira Cloud REST API v3, "Get issue". A field that does not exist is left out.
    async fn field(&self, issue: &IssueId, field: &str) -> Result<Option<String>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let read: Issue = self.call(&Call::get(&path, &[("fields", field)])).await?;
        let text = match &read.fields[field] {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        Ok((!text.is_empty()).then_some(text))
    }

    /// Jira Cloud REST API v3, "Get issue".
    async fn file_named(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<CommentFile>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let query = [("fields", "attachment")];
        let read: WithAttachments = self.call(&Call::get(&path, &query)).await?;
        let all = read.fields.attachment.into_iter();
        let named = all.filter(|file| is_same_name(&file.filename, name));
        Ok(named.max_by_key(Attachment::age).map(Attachment::file))
    }
}

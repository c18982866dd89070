//! Files of comments in the control API.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::jira::JiraSimulator;
use crate::jira::errors::JiraError;
use crate::jira::routes::content;
use crate::jira::state::attachment::{Attachment, File, base_name};
use crate::lock;
use crate::problem::Problem;

/// A file in a comment that is sent to the control API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenFile {
    filename: String,
    mime_type: String,
    base64: String,
}

impl GivenFile {
    /// # Errors
    /// There is no name, or the content is not base64.
    pub(super) fn decode(self) -> Result<File, Problem> {
        let name = base_name(&self.filename)
            .ok_or_else(|| Problem::bad_request("attachments: a filename is empty."))?;
        let content = STANDARD
            .decode(&self.base64)
            .map_err(|error| Problem::bad_request(format!("attachments: {error}")))?;
        Ok(File::new(name.to_owned(), self.mime_type, content.into()))
    }
}

pub(super) fn show(attachment: &Attachment) -> Value {
    let file = &attachment.file;
    json!({
        "id": attachment.id.to_string(),
        "filename": file.name,
        "mime_type": file.mime_type,
        "size": file.size,
        "sha256": file.sha256,
    })
}

/// Answers with the bytes of an attachment, for the page and the tests.
pub(super) async fn read(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let state = lock(&simulator.shared.state);
    let id: u64 = id.parse().map_err(|_| JiraError::no_attachment())?;
    let mut issues = state.issues.values();
    let attachment = issues
        .find_map(|issue| issue.attachment(id))
        .ok_or_else(JiraError::no_attachment)?;
    let bytes = content::answer(&attachment.file, &headers)?;
    // An attached HTML page must not run on the stack's own origin.
    let harmless = [
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((harmless, bytes).into_response())
}

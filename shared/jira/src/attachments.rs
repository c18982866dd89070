//! Attachments of issues in Jira.

use std::io;

use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{AttachmentId, CommentId, IssueId};
use casement_service::ports::{Attachments, FileContent, JiraCredentials};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Url};
use serde::Deserialize;

use crate::client::{Call, JiraCloud};
use crate::wire::NumericId;

/// The type of a file whose type is unknown.
const UNKNOWN_TYPE: &str = "application/octet-stream";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Limits {
    enabled: bool,
    /// In bytes. Absent where attachments are off.
    upload_limit: Option<u64>,
}

impl Limits {
    fn largest(&self) -> Option<u64> {
        let limit = self.upload_limit.unwrap_or(u64::MAX);
        self.enabled.then_some(limit)
    }
}

/// The number of files to list for a comment: the most that Jira attaches at once.
const LISTED: &str = "60";

#[derive(Deserialize)]
struct Listed {
    values: Vec<ListedFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedFile {
    filename: String,
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    size: u64,
    #[serde(rename = "_links", default)]
    links: Links,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Links {
    jira_rest: String,
    content: String,
}

impl ListedFile {
    /// Returns `None` if no link identifies the file.
    fn file(self) -> Option<CommentFile> {
        let links = [&self.links.jira_rest, &self.links.content];
        let id = links.into_iter().find_map(|link| id_in(link))?;
        Some(CommentFile {
            id: AttachmentId::new(id.0),
            name: self.filename,
            mime_type: self.mime_type,
            size: self.size,
        })
    }
}

/// Returns the last number in the path of a link.
fn id_in(link: &str) -> Option<NumericId> {
    let url = Url::parse(link).ok()?;
    let mut segments = url.path_segments()?.rev();
    segments.find_map(NumericId::new)
}

#[derive(Deserialize)]
struct Issue {
    fields: Fields,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    attachment: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    id: NumericId,
    #[serde(default)]
    filename: String,
}

impl<C: JiraCredentials> Attachments for JiraCloud<C> {
    /// Jira Cloud REST API v3, "Get Jira attachment settings". Asked once per client.
    async fn attachment_limit(&self) -> Result<Option<u64>, CallFailure> {
        if let Some(known) = self.attachment_limit.get() {
            return Ok(*known);
        }
        let path = ["rest", "api", "3", "attachment", "meta"];
        let limits: Limits = self.call(&Call::get(&path, &[])).await?;
        Ok(*self.attachment_limit.get_or_init(|| limits.largest()))
    }

    /// Jira Cloud REST API v3, "Get issue".
    async fn attached(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<AttachmentId>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let query = [("fields", "attachment")];
        let issue: Issue = self.call(&Call::get(&path, &query)).await?;
        let mut all = issue.fields.attachment.into_iter();
        let found = all.find(|attachment| attachment.filename == name);
        Ok(found.map(|attachment| AttachmentId::new(attachment.id.0)))
    }

    /// Jira Cloud REST API v3, "Add attachment".
    async fn attach(
        &self,
        issue: &IssueId,
        name: &str,
        content: FileContent,
    ) -> Result<AttachmentId, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str(), "attachments"];
        // Sends names unencoded, as browsers do: Jira does not decode them.
        let form = Form::new().percent_encode_noop();
        let size = content.size;
        let form = form.part("file", part(name, content));
        let added: Vec<Attachment> = match self.upload(issue.as_str(), &path, form).await {
            Err(failure @ CallFailure::Jira { status: 413, .. }) => {
                return Err(self.too_much(size).await.unwrap_or(failure));
            }
            added => added?,
        };
        let added = added.into_iter().next();
        let added = added.ok_or(CallFailure::Unknown(Side::Jira))?;
        Ok(AttachmentId::new(added.id.0))
    }

    /// JSM Cloud REST API, "Get comment attachments": the only resource that says which files
    /// belong to a comment. It has no ids; its links end with them.
    async fn files_of(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Vec<CommentFile>, CallFailure> {
        let (issue, comment) = (issue.as_str(), comment.as_str());
        let path = [
            "rest",
            "servicedeskapi",
            "request",
            issue,
            "comment",
            comment,
            "attachment",
        ];
        let listed: Listed = self.call(&Call::get(&path, &[("limit", LISTED)])).await?;
        Ok(listed
            .values
            .into_iter()
            .filter_map(ListedFile::file)
            .collect())
    }

    /// Jira Cloud REST API v3, "Get attachment content".
    async fn open_file(&self, attachment: &AttachmentId) -> Result<FileContent, CallFailure> {
        let response = self
            .follow(&Call::resolve(&content_path(attachment)))
            .await?;
        let mime_type = response.headers().get(CONTENT_TYPE);
        Ok(FileContent {
            mime_type: mime_type.and_then(|value| Some(value.to_str().ok()?.to_owned())),
            size: response.content_length(),
            pieces: response.bytes_stream().map_err(io::Error::other).boxed(),
        })
    }

    /// Jira Cloud REST API v3, "Get attachment content": it redirects to
    /// `https://api.media.atlassian.com/file/ID/binary`, the only source of that id.
    async fn media_id(&self, attachment: &AttachmentId) -> Result<Option<String>, CallFailure> {
        let url = self
            .redirection(&Call::resolve(&content_path(attachment)))
            .await?;
        Ok(url.and_then(|url| {
            let mut segments = url
                .path_segments()?
                .skip_while(|segment| *segment != "file");
            let id = segments.nth(1).filter(|id| !id.is_empty())?;
            Some(id.to_owned())
        }))
    }
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// Tells what a 413 for a file of this size means: the file is too large, or the issue has its
    /// 2,000 files ("Add attachment"). Returns `None` if the file is too large, or if that is
    /// unknown.
    async fn too_much(&self, size: Option<u64>) -> Option<CallFailure> {
        let path = ["rest", "api", "3", "attachment", "meta"];
        let limits: Limits = self.call(&Call::get(&path, &[])).await.ok()?;
        (size? <= limits.largest()?).then_some(CallFailure::Full)
    }
}

/// The path of "Get attachment content".
fn content_path(attachment: &AttachmentId) -> [&str; 6] {
    let id = attachment.as_str();
    ["rest", "api", "3", "attachment", "content", id]
}

fn part(name: &str, content: FileContent) -> Part {
    let pieces = Body::wrap_stream(content.pieces);
    let part = match content.size {
        Some(size) => Part::stream_with_length(pieces, size),
        None => Part::stream(pieces),
    };
    // The customer's phone names the type; an invalid type is not worth a failure.
    let mime_type = content.mime_type.as_deref().map(HeaderValue::from_str);
    let mime_type = mime_type.and_then(Result::ok);
    let mime_type = mime_type.unwrap_or(HeaderValue::from_static(UNKNOWN_TYPE));
    part.file_name(name.to_owned())
        .headers(HeaderMap::from_iter([(CONTENT_TYPE, mime_type)]))
}

//! Reads files uploaded as `multipart/form-data`, piece by piece.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use crate::jira::errors::JiraError;
use crate::jira::state::attachment::{File, LARGEST_KEPT, base_name};

/// The most files in one upload. Source: Atlassian, "Add attachment".
const MOST_FILES: usize = 60;

/// Why an upload is refused.
#[derive(Debug)]
pub(crate) enum UploadError {
    /// The body is not multipart, or it broke off.
    Unreadable(MultipartError),
    /// There is no part `file`, or it has no name.
    NoFile,
    /// There are too many files.
    TooMany,
    /// A file has more bytes than this.
    TooLarge(u64),
}

impl UploadError {
    /// Returns the error that Jira answers with.
    pub(crate) fn into_jira(self) -> JiraError {
        match self {
            Self::Unreadable(error) => JiraError::bad_request(error.body_text()),
            Self::NoFile => JiraError::bad_request("A part \"file\" with a file name is required."),
            Self::TooMany => JiraError::with_message(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("More than {MOST_FILES} files cannot be uploaded at once."),
            ),
            Self::TooLarge(limit) => JiraError::with_message(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("The file is larger than the limit of {limit} bytes."),
            ),
        }
    }
}

impl From<MultipartError> for UploadError {
    fn from(error: MultipartError) -> Self {
        Self::Unreadable(error)
    }
}

/// Refuses uploads that a web page of another site could have started.
///
/// Source: Atlassian, "Special headers".
///
/// # Errors
/// The header is missing.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), JiraError> {
    match headers.get("x-atlassian-token") {
        Some(value) if value == "no-check" => Ok(()),
        _ => Err(JiraError::with_message(
            StatusCode::FORBIDDEN,
            "XSRF check failed",
        )),
    }
}

/// Reads the parts named `file`. Reads the body to its end even after an error, so that the caller
/// has sent everything before the answer comes.
///
/// # Errors
/// A file has more than `limit` bytes, there are too many files or none, or the body is broken.
pub(crate) async fn read_files(multipart: Multipart, limit: u64) -> Result<Vec<File>, UploadError> {
    read_and_keep(multipart, limit, LARGEST_KEPT).await
}

async fn read_and_keep(
    mut multipart: Multipart,
    limit: u64,
    kept: u64,
) -> Result<Vec<File>, UploadError> {
    let mut files = Vec::new();
    let mut nameless = false;
    while let Some(field) = multipart.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        match field.file_name().and_then(base_name).map(str::to_owned) {
            Some(name) => files.push(read_file(name, field, limit.min(kept)).await?),
            None => nameless = true,
        }
    }
    if nameless || files.is_empty() {
        return Err(UploadError::NoFile);
    }
    if files.len() > MOST_FILES {
        return Err(UploadError::TooMany);
    }
    if files.iter().any(|file| file.size > limit) {
        return Err(UploadError::TooLarge(limit));
    }
    Ok(files)
}

/// Reads one file. Keeps the content unless it has more than `kept` bytes.
async fn read_file(name: String, mut field: Field<'_>, kept: u64) -> Result<File, MultipartError> {
    let mime_type = field.content_type().unwrap_or("application/octet-stream");
    let mime_type = mime_type.to_owned();
    let mut hasher = Sha256::new();
    let mut size: u64 = 0;
    let mut content = Some(Vec::new());
    while let Some(chunk) = field.chunk().await? {
        hasher.update(&chunk);
        size += chunk.len() as u64;
        content = content.filter(|_| size <= kept);
        if let Some(content) = &mut content {
            content.extend_from_slice(&chunk);
        }
    }
    Ok(File {
        name,
        mime_type,
        size,
        sha256: hex::encode(hasher.finalize()),
        content: content.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::{FromRequest, Request};

    use super::*;

    async fn multipart(parts: &[(&str, &str)]) -> Multipart {
        let mut body = String::new();
        for (disposition, content) in parts {
            body.push_str("--edge\r\nContent-Disposition: form-data; ");
            body.push_str(&format!("{disposition}\r\n\r\n{content}\r\n"));
        }
        body.push_str("--edge--\r\n");
        let request = Request::post("/")
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap();
        Multipart::from_request(request, &()).await.unwrap()
    }

    #[tokio::test]
    async fn large_files_are_counted_and_hashed_but_not_kept() {
        let parts = [
            ("name=\"file\"; filename=\"a.txt\"", "abc"),
            ("name=\"comment\"", "no file"),
            ("name=\"file\"; filename=\"b.txt\"", "abcd"),
        ];
        let read = read_and_keep(multipart(&parts).await, 4, 3).await;
        let [small, large] = <[File; 2]>::try_from(read.unwrap()).unwrap();
        assert_eq!(
            (small.size, small.content.as_deref()),
            (3, Some(&b"abc"[..]))
        );
        assert_eq!((large.size, large.content), (4, None));
        let whole = File::new(String::new(), String::new(), "abcd".into());
        assert_eq!(large.sha256, whole.sha256);
    }

    #[tokio::test]
    async fn what_is_no_upload_is_refused() {
        let file = ("name=\"file\"; filename=\"a.txt\"", "abc");
        let cases: [(&[(&str, &str)], u16); 5] = [
            (&[], 400),
            (&[("name=\"other\"; filename=\"a.txt\"", "abc")], 400),
            (&[file, ("name=\"file\"", "abc")], 400),
            (&[("name=\"file\"; filename=\"a.txt\"", "abcd")], 413),
            (&[file; 61], 413),
        ];
        for (parts, status) in cases {
            let refused = read_files(multipart(parts).await, 3).await.unwrap_err();
            let error = refused.into_jira();
            assert_eq!(error.status().as_u16(), status, "{parts:?}");
        }
    }
}

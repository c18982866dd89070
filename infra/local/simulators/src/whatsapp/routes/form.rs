//! Files in requests and answers.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::whatsapp::state::media::content::{Content, Intake, TooLarge};
use crate::whatsapp::state::media::library::Medium;

/// A form: the part named `file`, and all others as text.
#[derive(Debug)]
pub(crate) struct Form {
    pub file: Option<FilePart>,
    pub texts: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct FilePart {
    pub mime_type: Option<String>,
    pub filename: Option<String>,
    pub content: Result<Content, TooLarge>,
}

impl Form {
    /// Reads the form to its end. Keeps nothing of a file larger than `largest` bytes.
    ///
    /// # Errors
    /// The body is not a complete form.
    pub(crate) async fn read(
        mut multipart: Multipart,
        largest: u64,
    ) -> Result<Self, MultipartError> {
        let mut form = Self {
            file: None,
            texts: BTreeMap::new(),
        };
        while let Some(field) = multipart.next_field().await? {
            match field.name() {
                Some("file") => form.file = Some(FilePart::read(field, largest).await?),
                Some(name) => {
                    let name = name.to_owned();
                    form.texts.insert(name, field.text().await?);
                }
                None => {}
            }
        }
        Ok(form)
    }
}

impl FilePart {
    async fn read(mut field: Field<'_>, largest: u64) -> Result<Self, MultipartError> {
        let mime_type = field.content_type().map(str::to_owned);
        let filename = field.file_name().map(str::to_owned);
        let mut intake = Intake::new(largest);
        while let Some(piece) = field.chunk().await? {
            intake.add(piece);
        }
        Ok(Self {
            mime_type,
            filename,
            content: intake.finish(),
        })
    }
}

/// Answers with the file, generated while it is sent.
pub(crate) fn bytes_of(medium: &Medium) -> Response {
    let kind = HeaderValue::from_str(&medium.mime_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_LENGTH, medium.content.size().into()),
    ];
    (headers, medium.content.body()).into_response()
}

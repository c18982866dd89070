//! The contents of an upload, for the record. The files themselves are not kept.

use std::future::Future;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use tokio::sync::mpsc;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormPart {
    pub name: String,
    /// The file name, if the part is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The media type, if the part has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The value, unless the part is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Returns whether the request uploads a form.
pub(super) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// Returns the same request, and a future of its form's parts once the body has passed through.
/// `None` means that it is no form, or broke off.
pub(super) fn watched(
    request: Request,
) -> (Request, impl Future<Output = Option<Vec<FormPart>>> + Send) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (parts, body) = request.into_parts();
    let mut copy = Request::new(Body::from_stream(stream::unfold(
        receiver,
        |mut receiver| async move { Some((receiver.recv().await?, receiver)) },
    )));
    copy.headers_mut().clone_from(&parts.headers);
    let pieces = body.into_data_stream().inspect(move |piece| {
        if let Ok(piece) = piece {
            // Fails if the copy turned out to be no form.
            sender.send(Ok::<_, std::io::Error>(piece.clone())).ok();
        }
    });
    let request = Request::from_parts(parts, Body::from_stream(pieces));
    (request, read(copy))
}

async fn read(copy: Request) -> Option<Vec<FormPart>> {
    let mut read = Vec::new();
    let mut copy = copy;
    DefaultBodyLimit::disable().apply(&mut copy);
    let mut form = Multipart::from_request(copy, &()).await.ok()?;
    while let Some(mut field) = form.next_field().await.ok()? {
        let mut part = FormPart {
            name: field.name().unwrap_or_default().to_owned(),
            filename: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(str::to_owned),
            value: None,
        };
        if part.filename.is_none() {
            part.value = Some(field.text().await.ok()?);
        } else {
            while field.chunk().await.ok()?.is_some() {}
        }
        read.push(part);
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n\
        --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
        Content-Type: image/png\r\n\r\nthe picture\r\n--x--\r\n";

    fn upload(body: &str) -> Request {
        let builder = Request::builder();
        let builder = builder.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        builder.body(Body::from(body.to_owned())).unwrap()
    }

    #[tokio::test]
    async fn the_parts_are_told_and_the_body_passes_as_it_is() {
        let (request, parts) = watched(upload(FORM));
        assert!(is_form(&request));
        let passed = axum::body::to_bytes(request.into_body(), 10_000).await;
        assert_eq!(passed.unwrap(), FORM);
        let parts = serde_json::to_value(parts.await).unwrap();
        let expected = serde_json::json!([
            {"name": "type", "value": "image/png"},
            {"name": "file", "filename": "a.png", "content_type": "image/png"},
        ]);
        assert_eq!(parts, expected);
    }

    #[tokio::test]
    async fn what_is_no_form_or_breaks_off_has_no_parts() {
        let (request, parts) = watched(upload("no form"));
        axum::body::to_bytes(request.into_body(), 10_000)
            .await
            .unwrap();
        assert_eq!(parts.await, None);
        let (request, parts) = watched(upload(FORM));
        drop(request);
        assert_eq!(parts.await, None);
        let (request, parts) = watched(upload(&FORM[..FORM.len() - 20]));
        axum::body::to_bytes(request.into_body(), 10_000)
            .await
            .unwrap();
        assert_eq!(parts.await, None);
    }
}

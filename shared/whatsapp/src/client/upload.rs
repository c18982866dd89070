//! Uploads files (Cloud API, "Media").

use casement_core::model::attachment::Sendable;
use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{MediaId, PhoneNumberId};
use casement_service::ports::{FileContent, WhatsappCredentials};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::media::TIME_FOR_A_FILE;
use super::send::{INVALID_PARAMETER, TOKEN_EXPIRED, error_code};
use super::{CloudApi, RefusedToken};

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

impl<T: WhatsappCredentials> CloudApi<T> {
    /// The content can be read only once, so after a refused token the next attempt uploads with a
    /// newer one.
    pub(super) async fn upload_streaming(
        &self,
        number: &PhoneNumberId,
        name: &str,
        how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure> {
        // An upload that no message refers to has no effect, so retrying is always safe.
        let again = || CallFailure::Unreachable(Side::Whatsapp);
        let token = self.credentials.access_token().await;
        let token = token.map_err(|unavailable| unavailable.failure(Side::Whatsapp))?;
        let form = Form::new()
            .percent_encode_noop()
            .text("messaging_product", "whatsapp")
            .text("type", how.mime_type)
            .part("file", part(name, how, content).map_err(|_| again())?);
        let response = self
            .http
            .post(self.url(&[number.as_str(), "media"]))
            .bearer_auth(token.expose_secret())
            .timeout(TIME_FOR_A_FILE)
            .multipart(form)
            .send()
            .await
            .map_err(|_| again())?;
        let status = response.status();
        let body = response.bytes().await.map_err(|_| again())?;
        let failure = match (error_code(&body), status) {
            (Some(code), _) => CallFailure::whatsapp(code),
            (None, StatusCode::UNAUTHORIZED) => CallFailure::whatsapp(TOKEN_EXPIRED),
            (None, StatusCode::PAYLOAD_TOO_LARGE) => CallFailure::whatsapp(INVALID_PARAMETER),
            (None, status) if status.is_success() => {
                let uploaded = serde_json::from_slice::<Uploaded>(&body);
                return uploaded
                    .map(|uploaded| MediaId::new(uploaded.id))
                    .map_err(|_| again());
            }
            _ => again(),
        };
        if failure.is_refused_token() {
            self.credentials.access_token_refused().await;
        }
        Err(failure)
    }
}

fn part(name: &str, how: Sendable, content: FileContent) -> reqwest::Result<Part> {
    let pieces = Body::wrap_stream(content.pieces);
    let part = match content.size {
        Some(size) => Part::stream_with_length(pieces, size),
        None => Part::stream(pieces),
    };
    part.file_name(in_quotes(name)).mime_str(how.mime_type)
}

/// Escapes the name for a quoted value in a header.
fn in_quotes(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '"' | '\\') {
                '_'
            } else {
                c
            }
        })
        .collect()
}

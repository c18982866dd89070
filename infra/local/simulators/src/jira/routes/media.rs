//! The media service, which serves addresses that are signed for one file.
//!
//! On a real site it is another host. As there, a call that carries credentials besides the
//! signature is refused.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::TimeDelta;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::content;
use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, PlatformError};
use crate::jira::state::attachment::Attachment;
use crate::lock;
use crate::origin::Origin;
use crate::signature;

/// How long a signed address works. Atlassian documents no duration.
const VALID: TimeDelta = TimeDelta::hours(1);

pub(crate) fn router() -> Router<JiraSimulator> {
    Router::new().route("/media-api/file/{media}/binary", get(read))
}

impl JiraSimulator {
    /// Redirects the caller to an address that is signed for this one file.
    ///
    /// # Errors
    /// The host in the call cannot be part of an address.
    pub(crate) fn redirect_to_media(
        &self,
        origin: &Origin,
        attachment: &Attachment,
    ) -> Result<Response, JiraError> {
        let media = attachment.media;
        let token = self.media_token(media, (self.now() + VALID).timestamp());
        // The media service is outside the cloud API, which requires credentials.
        let origin = origin.outside(&self.shared.config.cloud_path());
        let mut url = Url::parse(&origin.url(&format!("/media-api/file/{media}/binary")))
            .map_err(|error| JiraError::bad_request(format!("Host: {error}")))?;
        url.query_pairs_mut()
            .append_pair("token", &token)
            .append_pair("name", &attachment.file.name);
        let location = [(header::LOCATION, url.to_string())];
        Ok((StatusCode::SEE_OTHER, location).into_response())
    }

    /// Returns `<expiry in Unix seconds>-<signature>`.
    fn media_token(&self, media: Uuid, end: i64) -> String {
        let secret = &self.shared.config.api_token;
        let signature = signature::sha256(secret, format!("{media} {end}").as_bytes());
        let hex = signature.rsplit('=').next().unwrap_or_default();
        format!("{end}-{hex}")
    }

    fn is_valid(&self, media: Uuid, token: &str) -> bool {
        let end = token.split('-').next().and_then(|end| end.parse().ok());
        end.is_some_and(|end| self.now().timestamp() < end && self.media_token(media, end) == token)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Signed {
    token: String,
}

async fn read(
    State(simulator): State<JiraSimulator>,
    Path(media): Path<String>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
) -> Response {
    let media: Uuid = match media.parse() {
        Ok(media) if simulator.is_valid(media, &signed.token) => media,
        _ => return refusal("The token is not valid for this file."),
    };
    if headers.contains_key(header::AUTHORIZATION) {
        return refusal("The address is signed already: send no Authorization.");
    }
    let state = lock(&simulator.shared.state);
    let mut files = state.issues.values().flat_map(|issue| &issue.attachments);
    let found = files.find(|attachment| attachment.media == media);
    found
        .ok_or_else(JiraError::no_attachment)
        .and_then(|attachment| content::answer(&attachment.file, &headers))
        .unwrap_or_else(|error| PlatformError::from(error).into_response())
}

fn refusal(message: &str) -> Response {
    let body = json!({"error": {"code": "NotAuthorized", "message": message}});
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

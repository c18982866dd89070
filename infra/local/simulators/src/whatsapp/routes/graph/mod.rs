//! The routes of the Cloud API.

mod inspect;
mod media;
mod outgoing;
mod registration;
mod sending;
mod template;
mod templates;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::media::MediaQuery;
use crate::lock;
use crate::origin::Origin;
use crate::recorder;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::errors::GraphError;

pub(crate) fn router(simulator: WhatsappSimulator) -> Router {
    let clock = simulator.shared.config.clock.clone();
    let journal = Arc::clone(simulator.shared.outbox.journal());
    Router::new()
        .route("/{version}/{id}/messages", post(send_message))
        .route("/{version}/{id}", get(show).delete(delete_media))
        .merge(media::router())
        .route("/{version}/{id}/message_templates", get(templates::list))
        .merge(registration::router())
        .fallback(unknown_path)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            (clock, journal),
            recorder::record,
        ))
        .with_state(simulator)
}

async fn send_message(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let handled = simulator
        .handle_message(&version, &id, &headers, &body)
        .await;
    simulator.answer(handled)
}

impl WhatsappSimulator {
    async fn handle_message(
        &self,
        version: &str,
        id: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Value, GraphError> {
        let number = self.admit(version, id, headers)?;
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| GraphError::new(100, format!("The body is not JSON: {error}")))?;
        if body["status"].as_str() == Some("read") {
            self.mark_read(number, &body)?;
            return Ok(json!({"success": true}));
        }
        let accepted = self.accept(number, &body)?;
        if accepted.statuses_first {
            for parcel in accepted.statuses {
                self.shared.outbox.send_now(parcel).await;
            }
        } else {
            self.send_in_order(accepted.statuses);
        }
        Ok(accepted.answer)
    }

    /// Checks the token, the version and the business number of a call.
    pub(crate) fn admit(
        &self,
        version: &str,
        id: &str,
        headers: &HeaderMap,
    ) -> Result<&PhoneNumber, GraphError> {
        self.enter(version, headers)?;
        let number = self.shared.config.number(Some(id));
        number.ok_or_else(|| GraphError::no_such_object("post", id))
    }

    /// Checks the token and the version of a call.
    pub(crate) fn enter(&self, version: &str, headers: &HeaderMap) -> Result<(), GraphError> {
        self.authorize(headers)?;
        check_version(version)
    }

    /// Checks only the token.
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), GraphError> {
        let given = headers.get(header::AUTHORIZATION);
        let token = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let is_valid = lock(&self.shared.state).setup.token_valid;
        if is_valid && token == Some(self.shared.config.access_token.as_str()) {
            Ok(())
        } else {
            Err(GraphError::new(
                190,
                "Cannot parse or validate access token",
            ))
        }
    }

    /// Answers a call.
    pub(crate) fn answer(&self, result: Result<Value, GraphError>) -> Response {
        match result {
            Ok(answer) => Json(answer).into_response(),
            Err(error) => self.refuse(&error),
        }
    }

    pub(crate) fn refuse(&self, error: &GraphError) -> Response {
        error.answer(&self.shared.ids.token())
    }
}

/// Checks that the version is `v` and a number with one decimal place, such as `v27.0`.
fn check_version(version: &str) -> Result<(), GraphError> {
    let number = version
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match number {
        Some((major, minor)) if digits(major) && digits(minor) => Ok(()),
        _ => Err(GraphError::new(2500, format!("/{version}"))),
    }
}

/// Answers with information about a business number or a file.
async fn show(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Query<MediaQuery>,
    origin: Origin,
    headers: HeaderMap,
) -> Response {
    let shown = simulator.enter(&version, &headers).and_then(|()| {
        let number = simulator.shared.config.number(Some(&id));
        number.map_or_else(
            || simulator.retrieve_media(&id, query.phone_number_id.as_deref(), &origin),
            |number| Ok(simulator.about(number)),
        )
    });
    simulator.answer(shown)
}

impl WhatsappSimulator {
    /// Source: Meta, "WhatsApp Business Phone Number API".
    pub(crate) fn about(&self, number: &PhoneNumber) -> Value {
        let state = lock(&self.shared.state);
        json!({
            "id": number.id,
            "display_phone_number": format!("+{}", number.display),
            "verified_name": "Casement development",
            "quality_rating": state.setup.number_quality,
            "name_status": "APPROVED",
            "throughput": {"level": "STANDARD"},
            "health_status": {"can_send_message": state.setup.number_health, "entities": [
                {"entity_type": "PHONE_NUMBER", "id": number.id,
                    "can_send_message": state.setup.number_health}]},
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "status": state.setup.number_status,
        })
    }
}

async fn delete_media(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Query<MediaQuery>,
    headers: HeaderMap,
) -> Response {
    let deleted = simulator
        .enter(&version, &headers)
        .and_then(|()| simulator.delete_media(&id, query.phone_number_id.as_deref()));
    simulator.answer(deleted)
}

async fn unknown_path(State(simulator): State<WhatsappSimulator>, uri: Uri) -> Response {
    let mut answer = simulator.refuse(&GraphError::new(2500, uri.path()));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

//! Webhooks with arbitrary bodies, sent through the control API.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::delivery::{Outcome, Parcel};
use super::outbox::Outbox;
use crate::problem::Problem;
use crate::signature;

/// The signature of a raw webhook: `?sign=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sign {
    #[default]
    Right,
    Wrong,
    None,
}

/// The query of a raw webhook.
#[derive(Debug, Deserialize)]
pub(crate) struct SignQuery {
    #[serde(default)]
    pub sign: Sign,
}

impl Sign {
    /// Returns the value of the signature header for `body`.
    pub(crate) fn signature(self, secret: &str, body: &[u8]) -> Option<String> {
        match self {
            Self::Right => Some(signature::sha256(secret, body)),
            Self::Wrong => Some(signature::sha256("not the secret", body)),
            Self::None => None,
        }
    }
}

impl Outbox {
    /// Posts `body` unchanged to Casement, once, and returns Casement's answer.
    ///
    /// # Errors
    /// Casement did not answer.
    pub(crate) async fn send_raw(
        &self,
        headers: Vec<(&'static str, String)>,
        body: &[u8],
    ) -> Result<Json<Value>, Problem> {
        let parcel = Parcel {
            subject: "raw webhook".to_owned(),
            body: body.to_vec(),
            headers,
            retry_header: None,
            copies: 0,
            lost: false,
        };
        match self.send_once(&parcel).await {
            Outcome::Answered { status, body } => Ok(Json(json!({"status": status, "body": body}))),
            Outcome::TimedOut | Outcome::Unreachable => Err(Problem::new(
                StatusCode::BAD_GATEWAY,
                "The product did not answer.",
            )),
        }
    }
}

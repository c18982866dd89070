//! Secrets Manager: `GetSecretValue` and `PutSecretValue` over HTTP.
//!
//! Rules: Secrets Manager API reference, the two operations. Only the current value of a secret is
//! kept, so the stages `AWSPREVIOUS` and `AWSPENDING` are never found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use local_clock::Clock;
use serde::{Deserialize, Serialize};
use serde_json::json;

const CURRENT: &str = "AWSCURRENT";

/// The end of every secret's ARN. AWS appends a hyphen and six varying characters.
const ARN_SUFFIX: &str = "-local0";

/// The emulated Secrets Manager. Clones share the same secrets.
#[derive(Clone, Debug)]
pub struct Secrets {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    /// The start of every secret's ARN. The secret's name follows.
    arn_prefix: String,
    secrets: Mutex<BTreeMap<String, Secret>>,
}

#[derive(Clone)]
struct Secret {
    value: String,
    version_id: String,
    created_at: i64,
}

// Keeps values out of logs.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("version_id", &self.version_id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValueRequest {
    #[serde(default)]
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValueResponse {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    version_id: String,
    secret_string: String,
    version_stages: [&'static str; 1],
    /// In seconds since the epoch.
    created_date: i64,
}

// No `Debug`: it has a value.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutSecretValueRequest {
    #[serde(default)]
    secret_id: String,
    /// The id of the new version. A repeated call with the same token makes none.
    client_request_token: Option<String>,
    secret_string: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PutSecretValueResponse {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    version_id: String,
    version_stages: [&'static str; 1],
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("Secrets Manager can't find the specified secret.")]
    NoSecret,
    #[error("Secrets Manager can't find the specified secret value for {0}")]
    NoValue(String),
    #[error("{0}")]
    Invalid(String),
    #[error("You can't use ClientRequestToken {0} because that value is already in use.")]
    Exists(String),
    #[error("The local stack does not offer {0}")]
    UnknownOperation(String),
}

impl Refusal {
    fn shape(&self) -> &'static str {
        match self {
            Self::NoSecret | Self::NoValue(_) => "ResourceNotFoundException",
            Self::Invalid(_) => "InvalidParameterException",
            Self::Exists(_) => "ResourceExistsException",
            Self::UnknownOperation(_) => "UnknownOperationException",
        }
    }
}

impl Secrets {
    /// Creates a Secrets Manager without secrets.
    #[must_use]
    pub fn new(clock: Clock, region: &str, account: &str) -> Self {
        Self {
            shared: Arc::new(Shared {
                clock,
                arn_prefix: format!("arn:aws:secretsmanager:{region}:{account}:secret:"),
                secrets: Mutex::default(),
            }),
        }
    }

    /// Sets the current value of a secret, creating the secret if needed.
    pub fn set(&self, name: &str, value: &str) {
        let secret = Secret {
            value: value.to_owned(),
            version_id: uuid::Uuid::new_v4().to_string(),
            created_at: self.shared.clock.now().timestamp(),
        };
        self.lock().insert(name.to_owned(), secret);
    }

    /// Returns the current value of a secret, or `None` if there is no such secret.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        self.lock().get(name).map(|secret| secret.value.clone())
    }

    #[must_use]
    pub fn arn(&self, name: &str) -> String {
        format!("{}{name}{ARN_SUFFIX}", self.shared.arn_prefix)
    }

    /// Returns the routes of Secrets Manager: `POST` to any path.
    pub fn router(&self) -> Router {
        Router::new()
            .fallback(post(handle))
            .with_state(self.clone())
    }

    fn get(&self, request: GetSecretValueRequest) -> Result<GetSecretValueResponse, Refusal> {
        if request.secret_id.is_empty() {
            return Err(Refusal::Invalid("SecretId is required.".to_owned()));
        }
        let name = self.name(&request.secret_id);
        let secret = self.lock().get(name).cloned().ok_or(Refusal::NoSecret)?;
        if let Some(stage) = request.version_stage.filter(|stage| stage != CURRENT) {
            return Err(Refusal::NoValue(format!("staging label: {stage}")));
        }
        if let Some(version) = request.version_id.filter(|id| *id != secret.version_id) {
            return Err(Refusal::NoValue(format!("VersionId: {version}")));
        }
        Ok(GetSecretValueResponse {
            arn: self.arn(name),
            name: name.to_owned(),
            version_id: secret.version_id,
            secret_string: secret.value,
            version_stages: [CURRENT],
            created_date: secret.created_at,
        })
    }

    /// Stores a value in a secret that exists.
    fn put(&self, request: PutSecretValueRequest) -> Result<PutSecretValueResponse, Refusal> {
        let missing = |what: &str| Refusal::Invalid(format!("{what} is required."));
        if request.secret_id.is_empty() {
            return Err(missing("SecretId"));
        }
        let value = request.secret_string;
        let value = value.ok_or_else(|| missing("SecretString or SecretBinary"))?;
        let name = self.name(&request.secret_id);
        let mut secrets = self.lock();
        let secret = secrets.get_mut(name).ok_or(Refusal::NoSecret)?;
        let token = request.client_request_token;
        let version_id = token.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        if version_id != secret.version_id {
            *secret = Secret {
                value,
                version_id: version_id.clone(),
                created_at: self.shared.clock.now().timestamp(),
            };
        } else if value != secret.value {
            return Err(Refusal::Exists(version_id));
        }
        Ok(PutSecretValueResponse {
            arn: self.arn(name),
            name: name.to_owned(),
            version_id,
            version_stages: [CURRENT],
        })
    }

    /// Returns the name in a request, which may be the ARN, or the ARN without its suffix.
    fn name<'a>(&self, id: &'a str) -> &'a str {
        match id.strip_prefix(&self.shared.arn_prefix) {
            Some(name) => name.strip_suffix(ARN_SUFFIX).unwrap_or(name),
            None => id,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Secret>> {
        self.shared
            .secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn read<R: serde::de::DeserializeOwned>(body: &[u8]) -> Result<R, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Invalid(error.to_string()))
}

async fn handle(State(secrets): State<Secrets>, headers: HeaderMap, body: Bytes) -> Response {
    let operation = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.strip_prefix("secretsmanager."))
        .unwrap_or_default();
    let outcome = match operation {
        "GetSecretValue" => read(&body)
            .and_then(|request| secrets.get(request))
            .map(|value| json!(value)),
        "PutSecretValue" => read(&body)
            .and_then(|request| secrets.put(request))
            .map(|stored| json!(stored)),
        other => Err(Refusal::UnknownOperation(other.to_owned())),
    };
    let (status, body) = match outcome {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) => (
            StatusCode::BAD_REQUEST,
            json!({"__type": refusal.shape(), "Message": refusal.to_string()}),
        ),
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/x-amz-json-1.1".to_owned(),
        ),
        (
            HeaderName::from_static("x-amzn-requestid"),
            uuid::Uuid::new_v4().to_string(),
        ),
    ];
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::Value;

    use super::*;

    fn secrets() -> Secrets {
        let secrets = Secrets::new(Clock::default(), "eu-central-1", "000000000000");
        secrets.set("casement-local", "one");
        secrets
    }

    async fn call(secrets: &Secrets, operation: &str, request: Value) -> (StatusCode, Value) {
        let target = HeaderValue::from_str(&format!("secretsmanager.{operation}")).unwrap();
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-amz-target"), target)]);
        let request = Bytes::from(request.to_string());
        let response = handle(State(secrets.clone()), headers, request).await;
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_secret_is_found_by_name_and_by_arn() {
        let secrets = secrets();
        let arn = secrets.arn("casement-local");
        let partial = arn.strip_suffix(ARN_SUFFIX).unwrap();
        for id in ["casement-local", &arn, partial] {
            let (status, body) = call(&secrets, "GetSecretValue", json!({"SecretId": id})).await;
            assert_eq!(status, 200, "{id}");
            assert_eq!(body["SecretString"], "one");
            assert_eq!(body["Name"], "casement-local");
            assert_eq!(body["ARN"], arn);
            assert_eq!(body["VersionStages"], json!(["AWSCURRENT"]));
        }
    }

    #[tokio::test]
    async fn a_replaced_value_is_a_new_version() {
        let secrets = secrets();
        let request = json!({"SecretId": "casement-local", "VersionStage": "AWSCURRENT"});
        let (_, before) = call(&secrets, "GetSecretValue", request.clone()).await;
        secrets.set("casement-local", "two");
        let (_, after) = call(&secrets, "GetSecretValue", request).await;
        assert_eq!(after["SecretString"], "two");
        assert_ne!(before["VersionId"], after["VersionId"]);
    }

    #[tokio::test]
    async fn a_value_is_put_once_for_each_token() {
        let secrets = secrets();
        let id = secrets.arn("casement-local");
        let put =
            |value: &str| json!({"SecretId": id, "SecretString": value, "ClientRequestToken": "t"});
        for _ in 0..2 {
            let (status, body) = call(&secrets, "PutSecretValue", put("two")).await;
            assert_eq!(status, 200);
            let expected = json!({"ARN": id, "Name": "casement-local", "VersionId": "t",
                "VersionStages": ["AWSCURRENT"]});
            assert_eq!(body, expected);
            assert_eq!(secrets.value("casement-local").as_deref(), Some("two"));
        }
        let (status, body) = call(&secrets, "PutSecretValue", put("three")).await;
        assert_eq!(status, 400);
        assert_eq!(body["__type"], "ResourceExistsException");
        assert_eq!(secrets.value("casement-local").as_deref(), Some("two"));
    }

    #[tokio::test]
    async fn what_is_not_there_is_an_error() {
        let secrets = secrets();
        let id = "casement-local";
        for (operation, request, shape) in [
            (
                "GetSecretValue",
                json!({"SecretId": "gone"}),
                "ResourceNotFoundException",
            ),
            (
                "GetSecretValue",
                json!({"SecretId": id, "VersionStage": "AWSPREVIOUS"}),
                "ResourceNotFoundException",
            ),
            (
                "GetSecretValue",
                json!({"SecretId": id, "VersionId": "other"}),
                "ResourceNotFoundException",
            ),
            ("GetSecretValue", json!({}), "InvalidParameterException"),
            (
                "PutSecretValue",
                json!({"SecretId": "gone", "SecretString": "a"}),
                "ResourceNotFoundException",
            ),
            (
                "PutSecretValue",
                json!({"SecretId": id}),
                "InvalidParameterException",
            ),
            (
                "PutSecretValue",
                json!({"SecretString": "a"}),
                "InvalidParameterException",
            ),
            (
                "DeleteSecret",
                json!({"SecretId": id}),
                "UnknownOperationException",
            ),
        ] {
            let (status, body) = call(&secrets, operation, request).await;
            assert_eq!(status, 400, "{shape}");
            assert_eq!(body["__type"], shape);
        }
    }

    #[test]
    fn values_are_not_shown() {
        let secrets = secrets();
        secrets.set("other", "open sesame");
        assert!(!format!("{secrets:?}").contains("sesame"));
    }
}

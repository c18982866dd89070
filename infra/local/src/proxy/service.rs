//! The services that functions call, and the names of their operations.

use axum::http::{HeaderMap, Method};
use serde::{Deserialize, Serialize};

/// A service outside the functions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// The simulated WhatsApp Cloud API.
    Whatsapp,
    /// The simulated Jira and Jira Service Management.
    Jira,
    /// The emulated SQS.
    Sqs,
    /// The emulated DynamoDB.
    Dynamodb,
    /// The emulated Secrets Manager.
    Secrets,
}

impl Service {
    pub const ALL: [Self; 5] = [
        Self::Whatsapp,
        Self::Jira,
        Self::Sqs,
        Self::Dynamodb,
        Self::Secrets,
    ];

    /// Returns the service behind `/_via/{function}/{environment}/{segment}`.
    #[must_use]
    pub fn from_segment(segment: &str) -> Option<Self> {
        Some(match segment {
            "graph" => Self::Whatsapp,
            "atlassian" => Self::Jira,
            "sqs" => Self::Sqs,
            "dynamodb" => Self::Dynamodb,
            "secretsmanager" => Self::Secrets,
            _ => return None,
        })
    }

    /// Returns the service's name in the control API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Jira => "jira",
            Self::Sqs => "sqs",
            Self::Dynamodb => "dynamodb",
            Self::Secrets => "secrets",
        }
    }

    /// Returns whether this is an AWS service, where the operation is in a header instead of the
    /// path.
    #[must_use]
    pub fn is_aws(self) -> bool {
        matches!(self, Self::Sqs | Self::Dynamodb | Self::Secrets)
    }

    /// Returns a request's operation: AWS's action, or else method and path. Files of the Cloud API
    /// get names, because their paths consist of nothing but ids.
    #[must_use]
    pub fn operation(self, method: &Method, path: &str, headers: &HeaderMap) -> String {
        let target = headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok())
            .and_then(|target| target.rsplit('.').next())
            .filter(|_| self.is_aws());
        let name = match self {
            Self::Whatsapp => name_of_media(path).unwrap_or(path),
            _ => path,
        };
        target.map_or_else(|| format!("{method} {name}"), str::to_owned)
    }
}

/// Returns `media` for a file's id and for uploads, `media-file` for its bytes. Functions address
/// nothing else by its id alone.
fn name_of_media(path: &str) -> Option<&'static str> {
    let segments: Vec<_> = path.trim_matches('/').split('/').collect();
    match segments[..] {
        ["media-files", ..] => Some("media-file"),
        [_, _] | [_, _, "media"] => Some("media"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn operations_are_named_as_their_services_do() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-amz-target",
            HeaderValue::from_static("DynamoDB_20120810.PutItem"),
        );
        for (service, path, expected) in [
            (Service::Dynamodb, "/", "PutItem"),
            (
                Service::Whatsapp,
                "/v27.0/106/messages",
                "POST /v27.0/106/messages",
            ),
            (Service::Whatsapp, "/v27.0/106/media", "POST media"),
            (Service::Whatsapp, "/v27.0/1000000000000001", "POST media"),
            (
                Service::Whatsapp,
                "/media-files/attachments",
                "POST media-file",
            ),
            (Service::Jira, "/rest/media", "POST /rest/media"),
            (
                Service::Jira,
                "/rest/api/3/issue/SUP-1/comment",
                "POST /rest/api/3/issue/SUP-1/comment",
            ),
        ] {
            let operation = service.operation(&Method::POST, path, &headers);
            assert_eq!(operation, expected);
        }
        let none = HeaderMap::new();
        assert_eq!(Service::Sqs.operation(&Method::POST, "/", &none), "POST /");
    }

    #[test]
    fn names_are_those_of_the_control_api() {
        for service in Service::ALL {
            assert_eq!(serde_json::json!(service), service.name());
        }
    }
}

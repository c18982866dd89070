//! Checks that a function's role allows its calls to AWS. Without this, a permission missing from
//! the template would only be noticed after a deployment.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body;
use super::service::Service;

/// The actions that each function's role allows, by the function's name.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    allowed: BTreeMap<String, BTreeSet<String>>,
}

impl Permissions {
    /// Takes the actions of the functions that have their own role. The others may do everything.
    pub fn new(allowed: impl IntoIterator<Item = (String, BTreeSet<String>)>) -> Self {
        Self {
            allowed: allowed.into_iter().collect(),
        }
    }

    /// Returns the refusal, if the function's role lacks one of the actions.
    pub(super) fn refusal(&self, function: &str, actions: &[String]) -> Option<Response> {
        let allowed = self.allowed.get(function)?;
        let missing = actions.iter().find(|action| !allowed.contains(*action))?;
        tracing::error!(
            "{function} calls {missing}, which its role in template.yaml does not allow"
        );
        let error = json!({
            "__type": "AccessDeniedException",
            "message": format!("the role of {function} in template.yaml does not allow {missing}"),
        });
        let kind = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
        Some((StatusCode::BAD_REQUEST, kind, error.to_string()).into_response())
    }
}

/// Returns the request, and the IAM actions that it needs (service authorization reference), none
/// for services outside AWS.
///
/// # Errors
/// The body breaks off.
pub(super) async fn needed(
    service: Service,
    operation: &str,
    request: Request,
) -> Result<(Request, Vec<String>), axum::Error> {
    let prefix = match service {
        Service::Sqs => "sqs",
        Service::Dynamodb => "dynamodb",
        Service::Secrets => "secretsmanager",
        Service::Whatsapp | Service::Jira => return Ok((request, Vec::new())),
    };
    if operation == "TransactWriteItems" {
        // A transaction needs the permissions of its contents.
        let (parts, body) = request.into_parts();
        let body = body::buffered(body).await?;
        let actions = of_transaction(&serde_json::from_slice(&body).unwrap_or_default());
        return Ok((Request::from_parts(parts, Body::from(body)), actions));
    }
    let action = match service {
        // Batches need no permission of their own.
        Service::Sqs => operation.strip_suffix("Batch").unwrap_or(operation),
        _ => operation,
    };
    Ok((request, vec![format!("{prefix}:{action}")]))
}

fn of_transaction(request: &Value) -> Vec<String> {
    let items = request["TransactItems"].as_array().into_iter().flatten();
    let kinds = items.filter_map(|item| item.as_object()?.keys().next());
    let actions: BTreeSet<_> = kinds
        .map(|kind| match kind.as_str() {
            "ConditionCheck" => "dynamodb:ConditionCheckItem".to_owned(),
            kind => format!("dynamodb:{kind}Item"),
        })
        .collect();
    actions.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn actions(service: Service, operation: &str, body: Value) -> Vec<String> {
        let request = Request::new(Body::from(body.to_string()));
        let (request, actions) = needed(service, operation, request).await.unwrap();
        let whole = body::buffered(request.into_body()).await.unwrap();
        assert_eq!(whole, body.to_string().as_bytes());
        actions
    }

    #[tokio::test]
    async fn calls_need_the_actions_that_iam_asks_for() {
        let nothing = json!({});
        assert_eq!(
            actions(Service::Sqs, "SendMessageBatch", nothing.clone()).await,
            ["sqs:SendMessage"]
        );
        assert_eq!(
            actions(Service::Secrets, "GetSecretValue", nothing.clone()).await,
            ["secretsmanager:GetSecretValue"]
        );
        let of_jira = actions(Service::Jira, "GET /rest/api/3/myself", nothing).await;
        assert_eq!(of_jira, [""; 0]);
        let transaction =
            json!({"TransactItems": [{"Put": {}}, {"Put": {}}, {"ConditionCheck": {}}]});
        assert_eq!(
            actions(Service::Dynamodb, "TransactWriteItems", transaction).await,
            ["dynamodb:ConditionCheckItem", "dynamodb:PutItem"]
        );
    }

    #[test]
    fn a_role_refuses_what_it_does_not_name() {
        let permissions = Permissions::new([(
            "worker".to_owned(),
            BTreeSet::from(["dynamodb:GetItem".to_owned()]),
        )]);
        let [get, put] = ["dynamodb:GetItem", "dynamodb:PutItem"].map(str::to_owned);
        assert!(
            permissions
                .refusal("worker", std::slice::from_ref(&get))
                .is_none()
        );
        assert!(permissions.refusal("worker", &[get, put.clone()]).is_some());
        assert!(permissions.refusal("without-a-role", &[put]).is_none());
    }
}

//! Reads and writes the two secrets.

use aws_sdk_secretsmanager::Client;
use casement_aws::error_code::{error_code, has_no_value};
use casement_aws::secrets::Which;
use serde_json::{Map, Value};

use super::contents::text;
use crate::Problem;
use crate::place::Place;

/// What was found in a secret.
pub(super) enum Found {
    Members(Map<String, Value>),
    /// It has never had a value, or has an empty one.
    Nothing,
    /// Its value is no JSON object.
    Other,
}

fn id(place: &Place, which: Which) -> Result<String, Problem> {
    place.name(match which {
        Which::Webhook => "WebhookSecretArn",
        Which::Credentials => "CredentialsSecretArn",
    })
}

pub(super) async fn read(place: &Place, which: Which) -> Result<Found, Problem> {
    let client: Client = place.aws.secrets_manager();
    let asked = client.get_secret_value().secret_id(id(place, which)?);
    let answer = match asked.send().await {
        Ok(answer) => answer,
        Err(error) if error.as_service_error().is_some_and(has_no_value) => {
            return Ok(Found::Nothing);
        }
        Err(error) => {
            let code = error_code(&error);
            return Err(Problem::aws(&format!("{which} cannot be read"), &code));
        }
    };
    let value = answer.secret_string().unwrap_or_default();
    Ok(match serde_json::from_str(value) {
        Ok(Value::Object(members)) => Found::Members(members),
        _ if value.is_empty() => Found::Nothing,
        _ => Found::Other,
    })
}

/// Stores a new version. Secrets Manager calls it `AWSCURRENT`, and the one before `AWSPREVIOUS`.
pub(super) async fn write(
    place: &Place,
    which: Which,
    members: &Map<String, Value>,
) -> Result<(), Problem> {
    let client: Client = place.aws.secrets_manager();
    let put = client.put_secret_value().secret_id(id(place, which)?);
    let put = put.secret_string(text(members)).send().await;
    put.map(drop)
        .map_err(|error| Problem::aws(&format!("{which} cannot be written"), &error_code(&error)))
}

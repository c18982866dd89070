//! The fingerprint key: a secret of its own, read once per process.

use aws_sdk_secretsmanager::Client;
use casement_core::model::fingerprint::{self, AnotherKey, FingerprintKey, NotAKey};
use casement_service::BackendFailure;

use crate::error_code::backend_failure;

/// There is no key, and customers must not be named without one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFingerprintKey {
    /// Secrets Manager did not return it.
    #[error("the fingerprint key cannot be read: {0}")]
    Unreadable(BackendFailure),
    /// The secret's value is not a key.
    #[error("the fingerprint key cannot be used: {0}")]
    NotUsable(#[from] NotAKey),
    /// This process has another key.
    #[error(transparent)]
    Another(#[from] AnotherKey),
}

/// Reads the key from the secret with this name or ARN, and makes fingerprints with it from now on.
///
/// # Errors
/// See [`NoFingerprintKey`]. The process must not go on.
pub async fn install(client: Client, id: &str) -> Result<(), NoFingerprintKey> {
    let installed = match read(&client, id).await {
        Ok(key) => fingerprint::install(key).map_err(NoFingerprintKey::from),
        Err(failure) => Err(failure),
    };
    installed.inspect_err(|failure| tracing::error!(%failure, "the process cannot start"))
}

async fn read(client: &Client, id: &str) -> Result<FingerprintKey, NoFingerprintKey> {
    let answer = client.get_secret_value().secret_id(id).send().await;
    let answer = answer.map_err(|error| NoFingerprintKey::Unreadable(backend_failure(&error)))?;
    Ok(FingerprintKey::new(
        answer.secret_string().unwrap_or_default(),
    )?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{calls, clients, service};

    #[tokio::test]
    async fn a_key_is_asked_for_by_its_id_and_a_bad_one_is_refused() {
        let whole = "a".repeat(64);
        let is = |key: &str| json!({ "Name": "key", "SecretString": key });
        let denied = BackendFailure::Refused("AccessDeniedException".to_owned());
        for (status, answer, expected) in [
            (200, is(&whole), Ok(FingerprintKey::new(&whole).unwrap())),
            (200, is("short"), Err(NoFingerprintKey::NotUsable(NotAKey))),
            (
                200,
                json!({ "Name": "key" }),
                Err(NoFingerprintKey::NotUsable(NotAKey)),
            ),
            (
                400,
                json!({ "__type": "AccessDeniedException" }),
                Err(NoFingerprintKey::Unreadable(denied)),
            ),
        ] {
            let server = service(vec![(status, answer)]).await;
            let client = clients(&server.uri()).secrets_manager();
            assert_eq!(read(&client, "key").await, expected);
            let asked = ("GetSecretValue".to_owned(), json!({ "SecretId": "key" }));
            assert_eq!(calls(&server).await, [asked]);
        }
    }
}

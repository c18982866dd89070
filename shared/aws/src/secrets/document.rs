//! The secret's JSON.

use casement_core::identity::AccountId;
use secrecy::SecretString;
use serde_json::{Map, Value};

/// What the secret holds.
#[derive(Clone, Debug)]
pub struct SecretValues {
    /// `whatsapp_app_secrets`: Meta signs webhooks with one of them. Two while one is rotated.
    pub whatsapp_app_secrets: Vec<SecretString>,
    /// `whatsapp_verify_token`: what Meta says when it checks the webhook's URL.
    pub whatsapp_verify_token: SecretString,
    /// `whatsapp_access_token`: what we say to the Cloud API.
    pub whatsapp_access_token: SecretString,
    /// `jira_webhook_secrets`: Jira signs webhooks with one of them. Two while one is rotated.
    pub jira_webhook_secrets: Vec<SecretString>,
    /// `jira_email`: the account that we write with.
    pub jira_email: SecretString,
    /// `jira_api_token`: that account's token.
    pub jira_api_token: SecretString,
    /// `jira_account_id`: that account's id, if given. No secret; with it the webhook drops the
    /// echo of what we write before it costs anything.
    pub jira_account_id: Option<AccountId>,
}

/// Why the secret cannot be used. Show it to the operator as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// It is no JSON object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A key is missing, empty, or not of its kind.
    #[error("{key} is missing or empty; it must be {kind}")]
    Missing {
        /// Which.
        key: &'static str,
        /// What it must be.
        kind: &'static str,
    },
}

impl SecretValues {
    /// Reads the secret's JSON. Keys that it does not know are left alone.
    ///
    /// # Errors
    /// A key is missing or empty. An empty value is never right, and one that signatures are
    /// checked with would let everybody in.
    pub fn parse(json: &str) -> Result<Self, NotUsable> {
        let Ok(Value::Object(secret)) = serde_json::from_str(json) else {
            return Err(NotUsable::NotAnObject);
        };
        Ok(Self {
            whatsapp_app_secrets: texts(&secret, "whatsapp_app_secrets")?,
            whatsapp_verify_token: text(&secret, "whatsapp_verify_token")?,
            whatsapp_access_token: text(&secret, "whatsapp_access_token")?,
            jira_webhook_secrets: texts(&secret, "jira_webhook_secrets")?,
            jira_email: text(&secret, "jira_email")?,
            jira_api_token: text(&secret, "jira_api_token")?,
            jira_account_id: secret
                .get("jira_account_id")
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .map(AccountId::new),
        })
    }
}

fn text(secret: &Map<String, Value>, key: &'static str) -> Result<SecretString, NotUsable> {
    let value = secret.get(key).and_then(not_empty);
    value.ok_or(NotUsable::Missing {
        key,
        kind: "a text",
    })
}

fn texts(secret: &Map<String, Value>, key: &'static str) -> Result<Vec<SecretString>, NotUsable> {
    let values: Option<Vec<_>> = secret
        .get(key)
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
        .and_then(|list| list.iter().map(not_empty).collect());
    values.ok_or(NotUsable::Missing {
        key,
        kind: "a list of texts",
    })
}

fn not_empty(value: &Value) -> Option<SecretString> {
    let text = value.as_str()?;
    (!text.trim().is_empty()).then(|| SecretString::from(text))
}

//! The secret's JSON.

use casement_core::model::identity::AccountId;
use casement_service::ports::JiraAccount;
use secrecy::SecretString;
use serde_json::{Map, Value};

const EMAIL: &str = "jira_email";
const API_TOKEN: &str = "jira_api_token";
const CLIENT_ID: &str = "jira_oauth_client_id";
const CLIENT_SECRET: &str = "jira_oauth_client_secret";
const TOKEN_URL: &str = "jira_oauth_token_url";

/// The shortest secret that signs webhooks, in characters. Meta's app secrets have 32.
const SHORTEST: usize = 16;

/// Atlassian's token endpoint for clients (Atlassian Support, "Create OAuth 2.0 credential for
/// service accounts").
const ATLASSIAN_TOKEN_URL: &str = "https://auth.atlassian.com/oauth/token";

/// The contents of the secret.
#[derive(Clone, Debug)]
pub struct SecretValues {
    /// `whatsapp_app_secrets`: Meta signs webhooks with one of them. Two while one is rotated.
    pub whatsapp_app_secrets: Vec<SecretString>,
    /// `whatsapp_verify_token`: Meta sends it when it checks the webhook's URL.
    pub whatsapp_verify_token: SecretString,
    /// `whatsapp_access_token`: authorizes our calls to the Cloud API.
    pub whatsapp_access_token: SecretString,
    /// `jira_webhook_secrets`: Jira signs webhooks with one of them. Two while one is rotated.
    pub jira_webhook_secrets: Vec<SecretString>,
    /// The account that we write with. The keys decide its kind: see `account`.
    pub jira_account: JiraAccount,
    /// `jira_account_id`: that account's id, if given. Not a secret. With it the webhook drops the
    /// echo of our own comments at no cost.
    pub jira_account_id: Option<AccountId>,
}

/// Why the secret cannot be used. Show it to the operator as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// It is not a JSON object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A key is missing, empty, or not of its kind.
    #[error("{key} is missing or empty; it must be {kind}")]
    Missing {
        key: &'static str,
        /// What it must be.
        kind: &'static str,
    },
    /// A value contains a line break or another control character.
    #[error("{0} has a line end or another control character in it; set it anew without")]
    ControlCharacter(&'static str),
    /// A value that verifies signatures is short enough to guess.
    #[error(
        "{0} has a value of fewer than 16 characters, which could be guessed; make one with: \
         openssl rand -hex 32"
    )]
    Short(&'static str),
    /// No key names the account that we write with in Jira.
    #[error(
        "it has no Jira account; give jira_email and jira_api_token, or jira_api_token alone \
         (the token of a service account), or jira_oauth_client_id and jira_oauth_client_secret"
    )]
    NoJiraAccount,
    /// Two keys belong to different kinds of accounts.
    #[error("{0} and {1} are of two kinds of Jira accounts; remove one of them")]
    TwoJiraAccounts(&'static str, &'static str),
    /// The address of the token endpoint is not a URL.
    #[error("jira_oauth_token_url is not an https URL")]
    BadTokenUrl,
}

impl SecretValues {
    /// Reads the secret's JSON. Ignores unknown keys.
    ///
    /// # Errors
    /// A key is missing, empty, or cannot be right. An empty value for verifying signatures would
    /// let everybody in, and a short one anybody who guesses it.
    pub fn parse(json: &str) -> Result<Self, NotUsable> {
        let Ok(Value::Object(secret)) = serde_json::from_str(json) else {
            return Err(NotUsable::NotAnObject);
        };
        Ok(Self {
            whatsapp_app_secrets: texts(&secret, "whatsapp_app_secrets")?,
            whatsapp_verify_token: text(&secret, "whatsapp_verify_token")?,
            whatsapp_access_token: text(&secret, "whatsapp_access_token")?,
            jira_webhook_secrets: texts(&secret, "jira_webhook_secrets")?,
            jira_account: account(&secret)?,
            jira_account_id: secret
                .get("jira_account_id")
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .map(AccountId::new),
        })
    }
}

/// Derives the kind of account from the keys:
///
/// | keys | account |
/// |---|---|
/// | `jira_email`, `jira_api_token` | [`JiraAccount::ApiToken`] |
/// | `jira_api_token` | [`JiraAccount::ServiceToken`] |
/// | `jira_oauth_client_id`, `jira_oauth_client_secret` and perhaps `jira_oauth_token_url` | [`JiraAccount::OauthClient`] |
fn account(secret: &Map<String, Value>) -> Result<JiraAccount, NotUsable> {
    let given = |key: &&str| secret.get(*key).is_some_and(|value| !value.is_null());
    let first_of = |keys: &[&'static str]| keys.iter().copied().find(|key| given(key));
    let by_token = first_of(&[API_TOKEN, EMAIL]);
    let by_client = first_of(&[CLIENT_ID, CLIENT_SECRET, TOKEN_URL]);
    match (by_token, by_client) {
        (Some(one), Some(other)) => Err(NotUsable::TwoJiraAccounts(one, other)),
        (None, None) => Err(NotUsable::NoJiraAccount),
        (Some(_), None) if given(&EMAIL) => Ok(JiraAccount::ApiToken {
            email: text(secret, EMAIL)?,
            token: text(secret, API_TOKEN)?,
        }),
        (Some(_), None) => Ok(JiraAccount::ServiceToken {
            token: text(secret, API_TOKEN)?,
        }),
        (None, Some(_)) => Ok(JiraAccount::OauthClient {
            client_id: text(secret, CLIENT_ID)?,
            client_secret: text(secret, CLIENT_SECRET)?,
            token_url: token_url(secret)?,
        }),
    }
}

/// Accepts plain HTTP on this machine alone, for the local stack: the client's secret goes there.
fn token_url(secret: &Map<String, Value>) -> Result<String, NotUsable> {
    match secret.get(TOKEN_URL) {
        None | Some(Value::Null) => Ok(ATLASSIAN_TOKEN_URL.to_owned()),
        Some(Value::String(url))
            if url.starts_with("https://") || url.starts_with("http://127.0.0.1:") =>
        {
            Ok(url.clone())
        }
        Some(_) => Err(NotUsable::BadTokenUrl),
    }
}

fn text(secret: &Map<String, Value>, key: &'static str) -> Result<SecretString, NotUsable> {
    let value = secret.get(key).and_then(not_empty);
    let value = value.ok_or(NotUsable::Missing {
        key,
        kind: "a text",
    })?;
    sendable(key, value)
}

/// Reads a list of secrets that sign webhooks.
fn texts(secret: &Map<String, Value>, key: &'static str) -> Result<Vec<SecretString>, NotUsable> {
    let values: Option<Vec<&str>> = secret
        .get(key)
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
        .and_then(|list| list.iter().map(not_empty).collect());
    let values = values.ok_or(NotUsable::Missing {
        key,
        kind: "a list of texts",
    })?;
    if values.iter().any(|value| value.chars().count() < SHORTEST) {
        return Err(NotUsable::Short(key));
    }
    values
        .into_iter()
        .map(|value| sendable(key, value))
        .collect()
}

fn not_empty(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

fn sendable(key: &'static str, value: &str) -> Result<SecretString, NotUsable> {
    if value.chars().any(char::is_control) {
        return Err(NotUsable::ControlCharacter(key));
    }
    Ok(SecretString::from(value))
}

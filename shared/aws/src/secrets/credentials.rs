//! The credentials secret: who we are.

use casement_service::ports::JiraAccount;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::document::{Document, NotUsable, object, text};
use super::keys::{ACCESS_TOKEN, API_TOKEN, CLIENT_ID, CLIENT_SECRET, EMAIL, TOKEN_URL, Which};

/// Atlassian's token endpoint for clients (Atlassian Support, "Create OAuth 2.0 credential for
/// service accounts").
const ATLASSIAN_TOKEN_URL: &str = "https://auth.atlassian.com/oauth/token";

/// The contents of the credentials secret.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `whatsapp_access_token`: authorizes our calls to the Cloud API.
    pub whatsapp_access_token: SecretString,
    /// The account that we write with. The keys decide its kind: see `account`.
    pub jira_account: JiraAccount,
}

impl Document for Credentials {
    const WHICH: Which = Which::Credentials;

    fn parse(json: &str) -> Result<Self, NotUsable> {
        let secret = object(Self::WHICH, json)?;
        Ok(Self {
            whatsapp_access_token: text(&secret, ACCESS_TOKEN)?,
            jira_account: account(&secret)?,
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

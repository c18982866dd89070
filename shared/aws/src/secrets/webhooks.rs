//! The webhook secret: who may call us.

use casement_core::model::identity::AccountId;
use secrecy::SecretString;
use serde_json::Value;

use super::document::{Document, NotUsable, object, text, texts};
use super::keys::{ACCOUNT_ID, APP_SECRETS, AUTOMATION_TOKENS, JIRA_SECRETS, VERIFY_TOKEN, Which};

/// The contents of the webhook secret.
#[derive(Clone, Debug)]
pub struct WebhookSecrets {
    /// `whatsapp_app_secrets`: Meta signs webhooks with one of them. Two while one is rotated.
    pub whatsapp_app_secrets: Vec<SecretString>,
    /// `whatsapp_verify_token`: Meta sends it when it checks the webhook's URL.
    pub whatsapp_verify_token: SecretString,
    /// `jira_webhook_secrets`: Jira signs webhooks with one of them. Two while one is rotated.
    pub jira_webhook_secrets: Vec<SecretString>,
    /// `jira_automation_tokens`: rules of Automation show one of them. None, unless the owner uses
    /// that door.
    pub jira_automation_tokens: Vec<SecretString>,
    /// `jira_account_id`: the id of the account that we write with, if given. Not a secret. With it
    /// the webhook drops the echo of our own comments at no cost.
    pub jira_account_id: Option<AccountId>,
}

impl Document for WebhookSecrets {
    const WHICH: Which = Which::Webhook;

    fn parse(json: &str) -> Result<Self, NotUsable> {
        let secret = object(Self::WHICH, json)?;
        Ok(Self {
            whatsapp_app_secrets: texts(&secret, APP_SECRETS)?,
            whatsapp_verify_token: text(&secret, VERIFY_TOKEN)?,
            jira_webhook_secrets: texts(&secret, JIRA_SECRETS)?,
            jira_automation_tokens: match secret.get(AUTOMATION_TOKENS) {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(none)) if none.is_empty() => Vec::new(),
                Some(_) => texts(&secret, AUTOMATION_TOKENS)?,
            },
            jira_account_id: secret
                .get(ACCOUNT_ID)
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .map(AccountId::new),
        })
    }
}

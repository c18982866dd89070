//! The keys of the secrets, and which stands in which.

pub const APP_SECRETS: &str = "whatsapp_app_secrets";
pub const VERIFY_TOKEN: &str = "whatsapp_verify_token";
pub const JIRA_SECRETS: &str = "jira_webhook_secrets";
pub const AUTOMATION_TOKENS: &str = "jira_automation_tokens";
pub const ACCOUNT_ID: &str = "jira_account_id";

pub const ACCESS_TOKEN: &str = "whatsapp_access_token";
pub const EMAIL: &str = "jira_email";
pub const API_TOKEN: &str = "jira_api_token";
pub const CLIENT_ID: &str = "jira_oauth_client_id";
pub const CLIENT_SECRET: &str = "jira_oauth_client_secret";
pub const TOKEN_URL: &str = "jira_oauth_token_url";

/// The keys of the webhook secret.
const WEBHOOK: &[&str] = &[
    APP_SECRETS,
    VERIFY_TOKEN,
    JIRA_SECRETS,
    AUTOMATION_TOKENS,
    ACCOUNT_ID,
];

/// The keys of the credentials secret.
const CREDENTIALS: &[&str] = &[
    ACCESS_TOKEN,
    EMAIL,
    API_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    TOKEN_URL,
];

/// One of the two secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What the functions that face the internet need, to know who calls.
    Webhook,
    /// What the other functions need, to call Meta and Jira.
    Credentials,
}

impl Which {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Webhook, Self::Credentials];

    /// Returns the keys that may stand in it.
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Webhook => WEBHOOK,
            Self::Credentials => CREDENTIALS,
        }
    }

    /// Returns the secret that a key belongs in.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|which| which.keys().contains(&key))
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Webhook => "the webhook secret",
            Self::Credentials => "the credentials secret",
        })
    }
}

//! The keys of the secrets, and what their values may be.

use casement_aws::secrets::keys::{
    ACCESS_TOKEN, ACCOUNT_ID, API_TOKEN, APP_SECRETS, AUTOMATION_TOKENS, CLIENT_ID, CLIENT_SECRET,
    EMAIL, JIRA_SECRETS, TOKEN_URL, VERIFY_TOKEN,
};
use casement_aws::secrets::{Credentials, Document, NotUsable, WebhookSecrets, Which};
use serde_json::{Value, json};

/// The word that stands for all keys of the Jira account on the command line.
pub(super) const ACCOUNT: &str = "jira_account";

/// The keys of all kinds of Jira accounts.
pub(super) const ACCOUNT_KEYS: [&str; 5] = [EMAIL, API_TOKEN, CLIENT_ID, CLIENT_SECRET, TOKEN_URL];

/// A kind of Jira account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Service,
    Oauth,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::User, Self::Service, Self::Oauth];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "a user with an API token",
            Self::Service => "a service account with an API token",
            Self::Oauth => "a service account with an OAuth credential",
        }
    }

    /// Returns the keys that an account of this kind needs.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::User => &[EMAIL, API_TOKEN],
            Self::Service => &[API_TOKEN],
            Self::Oauth => &[CLIENT_ID, CLIENT_SECRET],
        }
    }

    pub(super) fn may_have(self, key: &str) -> bool {
        self.keys().contains(&key) || (self == Self::Oauth && key == TOKEN_URL)
    }
}

/// Whether Casement works without it.
pub(super) fn is_optional(key: &str) -> bool {
    [ACCOUNT_ID, AUTOMATION_TOKENS, TOKEN_URL].contains(&key)
}

pub(super) fn is_list(key: &str) -> bool {
    [APP_SECRETS, JIRA_SECRETS, AUTOMATION_TOKENS].contains(&key)
}

/// Whether a value may be any that is hard to guess, so that one can be made here.
pub(super) fn is_ours_to_choose(key: &str) -> bool {
    [VERIFY_TOKEN, JIRA_SECRETS, AUTOMATION_TOKENS].contains(&key)
}

/// Says where a value comes from, for whoever is asked for it.
pub(super) fn found_at(key: &str) -> Option<&'static str> {
    Some(match key {
        APP_SECRETS => "From Meta, App settings > Basic > App secret",
        VERIFY_TOKEN => "Of your choice; casement connect whatsapp gives it to Meta",
        JIRA_SECRETS => "Of your choice; casement connect jira gives it to Jira",
        ACCESS_TOKEN => "From Meta Business Suite, Users > System users > Generate token",
        EMAIL => "The address with which the account logs in",
        API_TOKEN => {
            "From id.atlassian.com > Security > API tokens, or a service account's from \
             admin.atlassian.com"
        }
        CLIENT_ID | CLIENT_SECRET => {
            "From admin.atlassian.com > Directory > Service accounts, its OAuth 2.0 credential"
        }
        _ => return None,
    })
}

/// Returns whether the functions could use this value if all others were right.
pub(super) fn usable(key: &'static str, value: &Value) -> Result<(), NotUsable> {
    const LONG: &str = "0123456789abcdef";
    let mut rest = match Which::of(key) {
        Some(Which::Webhook) => {
            json!({APP_SECRETS: [LONG], VERIFY_TOKEN: LONG, JIRA_SECRETS: [LONG]})
        }
        _ if [CLIENT_ID, CLIENT_SECRET, TOKEN_URL].contains(&key) => {
            json!({ACCESS_TOKEN: LONG, CLIENT_ID: LONG, CLIENT_SECRET: LONG})
        }
        _ => json!({ACCESS_TOKEN: LONG, API_TOKEN: LONG}),
    };
    rest[key] = value.clone();
    match Which::of(key) {
        Some(Which::Webhook) => WebhookSecrets::parse(&rest.to_string()).map(drop),
        _ => Credentials::parse(&rest.to_string()).map(drop),
    }
}

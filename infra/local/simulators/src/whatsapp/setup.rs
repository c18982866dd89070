//! The owner's settings at Meta, which the control API and the Graph API's registration calls can
//! change.

use serde::{Deserialize, Serialize};

/// The state of token, account and app. Every member can be set on its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Setup {
    /// Whether the access token is valid at all.
    pub token_valid: bool,
    /// `SYSTEM_USER`, or `USER` for a token from the dashboard.
    pub token_type: String,
    /// When the access token expires, in Unix seconds; 0 for never.
    pub token_expires_at: i64,
    /// The scopes of the access token.
    pub token_scopes: Vec<String>,
    /// Whether the app gets the webhooks of the business account.
    pub app_subscribed: bool,
    /// The URL that gets the business account's webhooks instead of the app's own address.
    pub override_url: Option<String>,
    /// The app's own address. If absent, it is the address that the simulator sends its webhooks
    /// to.
    pub callback: Option<Callback>,
    /// `CONNECTED`, or the fault of the business number.
    pub number_status: String,
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`: whether the business number may send.
    pub number_health: String,
    /// `GREEN`, `YELLOW` or `RED`.
    pub number_quality: String,
    /// Webhook fields that Meta does not offer to the app.
    pub refused_fields: Vec<String>,
    /// Further numbers of the account, by id. Nobody can write to them; webhooks about them are
    /// posted through the control API.
    pub more_numbers: Vec<String>,
}

/// The webhook of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Callback {
    /// The URL that webhooks are sent to.
    pub url: String,
    /// Whether Meta sends any webhooks.
    pub active: bool,
    /// The fields that are reported.
    pub fields: Vec<String>,
}

impl Default for Setup {
    fn default() -> Self {
        let scopes = [
            "whatsapp_business_management",
            "whatsapp_business_messaging",
        ];
        Self {
            token_valid: true,
            token_type: "SYSTEM_USER".to_owned(),
            token_expires_at: 0,
            token_scopes: scopes.map(str::to_owned).into(),
            app_subscribed: true,
            override_url: None,
            callback: None,
            number_status: "CONNECTED".to_owned(),
            number_health: "AVAILABLE".to_owned(),
            number_quality: "GREEN".to_owned(),
            refused_fields: Vec::new(),
            more_numbers: Vec::new(),
        }
    }
}

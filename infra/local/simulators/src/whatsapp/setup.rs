//! What the owner of the business has set up at Meta; changed through the control API and by
//! the calls of the Graph API that register things.

use serde::{Deserialize, Serialize};

/// The state of token, account and app. Every member can be set alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// Whether the access token is taken at all.
    pub token_valid: bool,
    /// `SYSTEM_USER`, or `USER` for one out of the dashboard.
    pub token_type: String,
    /// When the access token ends, in epoch seconds; 0: never.
    pub token_expires_at: i64,
    /// What the access token may do.
    pub token_scopes: Vec<String>,
    /// Whether the app gets the webhooks of the business account.
    pub app_subscribed: bool,
    /// Where the webhooks of the business account go in place of the app's own address.
    pub override_url: Option<String>,
    /// The app's own address. Without one it is where the simulator sends its webhooks.
    pub callback: Option<Callback>,
    /// `CONNECTED`, or what is wrong with the business number.
    pub number_status: String,
    /// More numbers of the account, by id. Nobody can write to them: webhooks about them are posted
    /// through the control API.
    pub more_numbers: Vec<String>,
}

/// The webhook of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// Where webhooks go.
    pub url: String,
    /// Whether Meta sends any.
    pub active: bool,
    /// Which ones.
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
            more_numbers: Vec::new(),
        }
    }
}

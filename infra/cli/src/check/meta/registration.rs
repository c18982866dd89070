//! The registrations at Meta: the account's webhooks go to the app, and the app's to us.

use casement_aws::WebhookSecrets;
use serde_json::Value;

use super::{TokenFacts, text};
use crate::check::Verdict;
use crate::graph::{Graph, GraphFailure, SEE_CODES};

/// The field of webhooks that carries messages and their statuses.
pub(crate) const FIELD: &str = "messages";

/// Further fields that Casement reads. Without one of them, Casement does not hear of what it is
/// about; Meta may not offer each of them to each app.
pub(crate) const OPTIONAL_FIELDS: [&str; 14] = [
    "account_alerts",
    "account_update",
    "business_capability_update",
    "calls",
    "message_echoes",
    "message_template_components_update",
    "message_template_status_update",
    "messaging_handovers",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_message_echoes",
    "standby",
    "template_category_update",
];

/// Meta's object type for WhatsApp webhooks.
pub(crate) const OBJECT: &str = "whatsapp_business_account";

/// The registrations of the account and of the app.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub app_id: String,
    /// The business account, or `None` if the token does not name it.
    pub account: Option<String>,
    /// The app's subscription to the account's webhooks, if any.
    pub subscribed: Result<Option<Subscribed>, GraphFailure>,
    /// The app's webhook. Reading it fails if the app secret belongs to another app.
    pub webhook: Result<Option<AppWebhook>, GraphFailure>,
}

/// The app's subscription to the account's webhooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subscribed {
    /// The address that replaces the app's own.
    pub override_url: Option<String>,
}

/// The app's webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppWebhook {
    pub url: String,
    pub active: bool,
    pub fields: Vec<String>,
}

pub(crate) async fn registration(
    graph: &Graph,
    secret: &WebhookSecrets,
    token: &TokenFacts,
    account: Option<&str>,
) -> Registration {
    let account = account.map(str::to_owned);
    let account = account.or_else(|| token.accounts.first().cloned());
    let app_id = token.app_id.clone();
    let subscribed = match &account {
        None => Ok(None),
        Some(account) => {
            let answer = graph.get(&format!("{account}/subscribed_apps"), &[]).await;
            answer.map(|answer| subscribed(&answer["data"], &app_id))
        }
    };
    let webhook = match secret.whatsapp_app_secrets.first() {
        None => Ok(None),
        Some(app_secret) => {
            let app = graph.as_app(&app_id, app_secret);
            let answer = app.get(&format!("{app_id}/subscriptions"), &[]).await;
            answer.map(|answer| webhook(&answer["data"]))
        }
    };
    Registration {
        app_id,
        account,
        subscribed,
        webhook,
    }
}

fn subscribed(data: &Value, app_id: &str) -> Option<Subscribed> {
    let mut apps = data.as_array().into_iter().flatten();
    let ours = apps.find(|app| app["whatsapp_business_api_data"]["id"] == app_id)?;
    Some(Subscribed {
        override_url: ours["override_callback_uri"].as_str().map(str::to_owned),
    })
}

fn webhook(data: &Value) -> Option<AppWebhook> {
    let mut all = data.as_array().into_iter().flatten();
    let ours = all.find(|webhook| webhook["object"] == OBJECT)?;
    let fields = ours["fields"].as_array().into_iter().flatten();
    // Older versions of the API list names only.
    let name = |field: &Value| field["name"].as_str().or(field.as_str()).map(str::to_owned);
    Some(AppWebhook {
        url: text(&ours["callback_url"]),
        active: ours["active"] == true,
        fields: fields.filter_map(name).collect(),
    })
}

impl AppWebhook {
    /// Returns the optional fields that the app has not subscribed.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let has = |field: &&str| self.fields.iter().any(|one| one == field);
        let all = OPTIONAL_FIELDS.into_iter();
        all.filter(|field| !has(field)).collect()
    }
}

const CONNECT: &str = "casement connect whatsapp";

pub(in crate::check) fn judge_account(registered: &Registration, url: &str) -> Verdict {
    let Some(account) = &registered.account else {
        return Verdict::unknown(
            "the token does not say which account it is for: give --business-account ID",
        );
    };
    match &registered.subscribed {
        Err(failure) => {
            let advice = match failure.advice() {
                Some(advice) if !failure.is_unknown_id() => advice,
                _ => "give the system user the WhatsApp account, with full control",
            };
            Verdict::wrong(format!("{account}: {failure}"), advice)
        }
        Ok(None) => Verdict::wrong(format!("{account} sends the app no webhooks"), CONNECT),
        Ok(Some(Subscribed {
            override_url: Some(other),
        })) if other != url => Verdict::wrong(
            format!("{account} sends its webhooks to {other}"),
            format!("{CONNECT} (it sends them to {url})"),
        ),
        Ok(Some(_)) => Verdict::ok(format!("{account} sends its webhooks to the app")),
    }
}

pub(in crate::check) fn judge_webhook(registered: &Registration, url: &str) -> Verdict {
    let overridden = matches!(
        &registered.subscribed,
        Ok(Some(Subscribed {
            override_url: Some(_)
        }))
    );
    match &registered.webhook {
        Err(GraphFailure::Refused(190)) => Verdict::wrong(
            "the first of whatsapp_app_secrets is not the secret of the token's app",
            "take the app secret from the app's dashboard (App settings > Basic), then: casement secret \
             set --only whatsapp_app_secrets",
        ),
        Err(failure) => Verdict::wrong(failure, failure.advice_or(SEE_CODES)),
        Ok(None) => Verdict::wrong("the app has no callback URL", CONNECT),
        Ok(Some(webhook)) if !webhook.active => {
            Verdict::wrong("the app's webhook is switched off", CONNECT)
        }
        Ok(Some(webhook)) if !webhook.fields.iter().any(|field| field == FIELD) => Verdict::wrong(
            format!("the app's webhook lacks the field \"{FIELD}\""),
            CONNECT,
        ),
        Ok(Some(webhook)) if webhook.url != url && !overridden => Verdict::wrong(
            format!("the app's webhook goes to {}", webhook.url),
            format!("{CONNECT} (it leads to {url})"),
        ),
        Ok(Some(_)) => Verdict::ok(format!("leads here, with the field \"{FIELD}\"")),
    }
}

/// Judges the optional fields. `webhook` is the row of the app's webhook.
pub(in crate::check) fn judge_fields(
    registered: &Registration,
    url: &str,
    webhook: &str,
) -> Verdict {
    let Ok(Some(app)) = &registered.webhook else {
        return Verdict::waits_for(webhook);
    };
    if app.url != url {
        // Meta overrides the address for the field of messages alone ("Overrides").
        return Verdict::hint(
            format!(
                "only messages are sent here; what else there is goes to {}",
                app.url
            ),
            "look there after the account's health, its templates and calls",
        );
    }
    match &app.missing()[..] {
        [] => Verdict::ok("all that Casement reads"),
        missing => Verdict::hint(
            format!(
                "the app's webhook lacks {}: Casement does not hear of what they are about",
                missing.join(", ")
            ),
            format!("{CONNECT} (Meta may refuse single fields; then leave it so)"),
        ),
    }
}

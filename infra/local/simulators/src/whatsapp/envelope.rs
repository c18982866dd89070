//! The bodies of webhooks, and their signed parcels.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::chat::ChatMessage;
use super::config::{Config, PhoneNumber};
use super::errors::GraphError;
use super::options::Options;
use super::state::Customer;
use crate::signature;
use crate::webhook::Parcel;

pub(crate) const SIGNATURE: &str = "X-Hub-Signature-256";

/// Makes a webhook whose value has these members besides the metadata.
///
/// Source: Meta, "messages webhook reference".
pub(crate) fn envelope(config: &Config, number: &PhoneNumber, members: Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.display,
            "phone_number_id": number.id,
        },
    });
    if let (Value::Object(value), Value::Object(members)) = (&mut value, members) {
        value.extend(members);
    }
    json!({
        "object": "whatsapp_business_account",
        "entry": [{
            "id": config.business_account_id,
            "changes": [{"value": value, "field": "messages"}],
        }],
    })
}

/// Returns the entry of `contacts[]` for this customer, without the phone number while it is
/// hidden.
///
/// Source: Meta, "Business-scoped user IDs".
pub(crate) fn contact(customer: &Customer) -> Value {
    let mut profile = json!({"name": customer.profile_name});
    if let Some(username) = &customer.username {
        profile["username"] = json!(username);
    }
    let mut contact = json!({"profile": profile});
    if let Some(phone) = customer.phone.as_ref().filter(|_| !customer.hide_phone) {
        contact["wa_id"] = json!(phone);
    }
    if let Some(user_id) = &customer.user_id {
        contact["user_id"] = json!(user_id);
    }
    contact
}

/// The status in a status webhook.
#[derive(Debug)]
pub(crate) enum StatusNews {
    /// `sent`, `delivered` or `read`, with its price if there is one.
    Went(&'static str, Option<Value>),
    Failed(GraphError),
}

/// Returns the members of a webhook with one status.
///
/// Source: Meta, "status messages webhook reference"; "Business-scoped user IDs" for what a failed
/// status leaves out.
pub(crate) fn status(
    message: &ChatMessage,
    customer: &Customer,
    news: &StatusNews,
    now: DateTime<Utc>,
) -> Value {
    let mut status = Map::new();
    let name = match news {
        StatusNews::Went(name, _) => name,
        StatusNews::Failed(_) => "failed",
    };
    status.insert("id".to_owned(), json!(message.wamid));
    status.insert("status".to_owned(), json!(name));
    status.insert("timestamp".to_owned(), json!(now.timestamp().to_string()));

    let failed = matches!(news, StatusNews::Failed(_));
    let phone_known = if failed {
        message.by_phone
    } else {
        !customer.hide_phone
    };
    if let Some(phone) = customer.phone.as_ref().filter(|_| phone_known) {
        status.insert("recipient_id".to_owned(), json!(phone));
    }
    if let Some(user_id) = customer
        .user_id
        .as_ref()
        .filter(|_| !(failed && message.by_phone))
    {
        status.insert("recipient_user_id".to_owned(), json!(user_id));
    }
    if let Some(data) = &message.callback_data {
        status.insert("biz_opaque_callback_data".to_owned(), json!(data));
    }
    match news {
        StatusNews::Went(_, pricing) => {
            if let Some(pricing) = pricing {
                status.insert("pricing".to_owned(), pricing.clone());
            }
            json!({"contacts": [contact(customer)], "statuses": [status]})
        }
        StatusNews::Failed(error) => {
            status.insert("errors".to_owned(), json!([error.in_status()]));
            json!({"statuses": [status]})
        }
    }
}

/// Makes a signed webhook. Its bytes are escaped as Meta does, or raw UTF-8 if the options say so.
pub(crate) fn parcel(config: &Config, options: &Options, subject: String, body: &Value) -> Parcel {
    let body = if options.raw_utf8 {
        body.to_string()
    } else {
        signature::escaped_json(body)
    };
    Parcel {
        subject,
        headers: headers(Some(signature::sha256(&config.app_secret, body.as_bytes()))),
        body: body.into_bytes(),
        retry_header: None,
        copies: options.duplicates,
        lost: false,
    }
}

/// Returns the headers of a webhook with this signature.
pub(crate) fn headers(signature: Option<String>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("User-Agent", "facebookexternalua".to_owned()),
    ];
    headers.extend(signature.map(|signature| (SIGNATURE, signature)));
    headers
}

//! The bodies of webhooks, and their signed parcels.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::signature;
use crate::webhook::Parcel;
use crate::whatsapp::config::{Config, PhoneNumber};
use crate::whatsapp::options::Options;
use crate::whatsapp::state::Customer;

pub(crate) const SIGNATURE: &str = "X-Hub-Signature-256";

/// Makes a webhook of the field `messages`.
///
/// Source: Meta, "messages webhook reference".
pub(crate) fn envelope(config: &Config, number: &PhoneNumber, members: Value) -> Value {
    on_field(config, number, "messages", members)
}

/// Makes a webhook about a conversation that another sender holds.
///
/// Source: Meta, "Standby webhooks".
pub(crate) fn standby(config: &Config, number: &PhoneNumber, members: Value) -> Value {
    on_field(config, number, "standby", json!({"standby": members}))
}

/// Makes a webhook whose value has these members besides the metadata.
pub(crate) fn on_field(
    config: &Config,
    number: &PhoneNumber,
    field: &str,
    members: Value,
) -> Value {
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
    change(config, None, field, value)
}

/// Makes a webhook with this value alone. Those about the account say when.
pub(crate) fn change(
    config: &Config,
    time: Option<DateTime<Utc>>,
    field: &str,
    value: Value,
) -> Value {
    let mut entry = Map::new();
    entry.insert("id".to_owned(), json!(config.business_account_id));
    if let Some(time) = time {
        entry.insert("time".to_owned(), json!(time.timestamp()));
    }
    let changes = json!([{"value": value, "field": field}]);
    entry.insert("changes".to_owned(), changes);
    json!({"object": "whatsapp_business_account", "entry": [entry]})
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

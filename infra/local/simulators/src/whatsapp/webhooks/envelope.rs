//! The bodies of webhooks, and their signed parcels.

use serde_json::{Value, json};

use crate::signature;
use crate::webhook::Parcel;
use crate::whatsapp::config::{Config, PhoneNumber};
use crate::whatsapp::options::Options;
use crate::whatsapp::state::Customer;

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

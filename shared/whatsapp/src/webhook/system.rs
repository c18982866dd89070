//! System messages about a customer's changed identifiers.

mod spoken;

use casement_core::model::identity::{CustomerIdentity, IdentityChange};
use serde::Deserialize;
use serde_json::Value;

use super::id::wamid;
use super::lenient::{Written, instant, lenient};
use super::message::Around;
use super::sender::Identifiers;

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireMessage {
    #[serde(deserialize_with = "lenient")]
    id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    from: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    from_user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    timestamp: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    system: Option<WireSystem>,
}

// As in messages, the ids of parent accounts are not read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WireSystem {
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "lenient")]
    wa_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    new_wa_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    previous_user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    body: Option<Written>,
}

/// Reads a change of identifiers. `user_changed_number` names the former number in `from` and the
/// new one in `wa_id`, formerly `new_wa_id`. `user_changed_user_id` comes without `from` and names
/// the former id in `previous_user_id`, or only in the sentence of `body` (Cloud API, "System
/// messages webhook" and "Business-scoped user IDs"). Returns `None` for other messages, and for
/// those that do not say who changed into whom.
pub(super) fn identity_change(item: &Value, around: &Around) -> Option<IdentityChange> {
    if item["type"] != "system" {
        return None;
    }
    let wire = WireMessage::deserialize(item).ok()?;
    let system = wire.system?;
    // When the number changes, `from_user_id` may be the new one already.
    let (former, new) = match system.kind.as_deref()? {
        "user_changed_number" => (
            [system.previous_user_id.as_ref(), wire.from.as_ref()],
            [
                system.user_id.as_ref(),
                system.wa_id.as_ref().or(system.new_wa_id.as_ref()),
            ],
        ),
        "user_changed_user_id" => (
            [system.previous_user_id.as_ref(), wire.from.as_ref()],
            [
                system.user_id.as_ref().or(wire.from_user_id.as_ref()),
                system.wa_id.as_ref(),
            ],
        ),
        _ => return None,
    };
    let new = Identifiers::of(new).into_identity()?;
    let told = Identifiers::of(former).into_identity();
    let former = told
        .filter(|former| *former != new)
        .or_else(|| system.former_in_body())?;
    Some(IdentityChange {
        phone_number_id: around.number.clone()?,
        wamid: wamid(wire.id.as_ref())?,
        former,
        new,
        changed_at: instant(wire.timestamp.as_ref(), around.received_at),
    })
}

impl WireSystem {
    /// Reads the former id from the sentence. The sentence holds a name as well, so the id counts
    /// only if it changes into the id that the message itself names as the new one.
    fn former_in_body(&self) -> Option<CustomerIdentity> {
        let new = self.user_id.as_ref()?.text()?;
        let former = spoken::former_id(&self.body.as_ref()?.text()?, &new)?;
        CustomerIdentity::new(Some(former), None)
    }
}

#[cfg(test)]
mod tests {
    use casement_core::model::identity::{Bsuid, PhoneNumber, PhoneNumberId};
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::webhook::sender::Contacts;

    fn read(message: &Value) -> Option<IdentityChange> {
        let around = Around {
            number: Some(PhoneNumberId::new("1065")),
            contacts: Contacts::default(),
            alone: true,
            via: casement_core::model::content::Via::Direct,
            received_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        };
        identity_change(message, &around)
    }

    fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
        CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
    }

    #[test]
    fn changes_are_read_in_every_spelling() {
        for (case, from, system, former, new) in [
            (
                "number",
                json!("491"),
                json!({"type": "user_changed_number", "wa_id": "492"}),
                (None, Some("491")),
                (None, Some("492")),
            ),
            (
                "number in the older field",
                json!("491"),
                json!({"type": "user_changed_number", "new_wa_id": 492}),
                (None, Some("491")),
                (None, Some("492")),
            ),
            (
                "number and BSUID",
                json!("491"),
                json!({"type": "user_changed_number", "wa_id": "492", "user_id": "DE.2",
                    "previous_user_id": "DE.1"}),
                (Some("DE.1"), Some("491")),
                (Some("DE.2"), Some("492")),
            ),
            (
                "BSUID",
                json!(null),
                json!({"type": "user_changed_user_id", "user_id": "DE.2",
                    "previous_user_id": "DE.1", "parent_user_id": "DE.ENT.9"}),
                (Some("DE.1"), None),
                (Some("DE.2"), None),
            ),
            (
                "a BSUID in from",
                json!("DE.1"),
                json!({"type": "user_changed_user_id", "user_id": "DE.2"}),
                (Some("DE.1"), None),
                (Some("DE.2"), None),
            ),
            (
                "a BSUID in the sentence alone",
                json!(null),
                json!({"type": "user_changed_user_id", "user_id": "DE.2",
                    "body": "User Ana Lima changed from DE.1 to DE.2"}),
                (Some("DE.1"), None),
                (Some("DE.2"), None),
            ),
            (
                "the new BSUID in from, the former in the sentence",
                json!("DE.2"),
                json!({"type": "user_changed_user_id", "user_id": "DE.2",
                    "body": "User Ana Lima changed from DE.1 to DE.2"}),
                (Some("DE.1"), None),
                (Some("DE.2"), None),
            ),
            (
                "a sentence that says otherwise",
                json!(null),
                json!({"type": "user_changed_user_id", "user_id": "DE.2",
                    "previous_user_id": "DE.1", "body": "User changed from DE.9 to DE.2"}),
                (Some("DE.1"), None),
                (Some("DE.2"), None),
            ),
            (
                "a sentence beside a number",
                json!("491"),
                json!({"type": "user_changed_user_id", "user_id": "DE.2", "wa_id": "491",
                    "body": "User changed from DE.9 to DE.2"}),
                (None, Some("491")),
                (Some("DE.2"), Some("491")),
            ),
        ] {
            let message = json!({"id": "wamid.S", "from": from, "timestamp": "1794999000",
                "type": "system", "system": system});
            let change = read(&message).unwrap();
            assert_eq!(change.former, identity(former.0, former.1), "{case}");
            assert_eq!(change.new, identity(new.0, new.1), "{case}");
            assert_eq!(change.changed_at.timestamp(), 1_794_999_000, "{case}");
        }
    }

    #[test]
    fn what_does_not_say_who_became_whom_is_no_change() {
        let whole = json!({"id": "wamid.S", "from": "491", "type": "system",
            "system": {"type": "user_changed_number", "wa_id": "492"}});
        assert!(read(&whole).is_some());
        for (at, value) in [
            ("/id", json!(null)),
            ("/from", json!("")),
            ("/type", json!("text")),
            ("/system", json!(null)),
            ("/system/type", json!("customer_identity_changed")),
            ("/system/wa_id", json!(null)),
            ("/system/wa_id", json!("491")),
        ] {
            let mut message = whole.clone();
            *message.pointer_mut(at).unwrap() = value;
            assert_eq!(read(&message), None, "{at}");
        }
        let spoken = json!({"id": "wamid.S", "type": "system", "system": {
            "type": "user_changed_user_id", "user_id": "DE.2",
            "body": "User Ana changed from DE.1 to DE.2"}});
        assert!(read(&spoken).is_some());
        for (at, value) in [
            ("/system/user_id", json!("DE.3")),
            ("/system/user_id", json!(null)),
            ("/system/body", json!("User DE.1 changed to DE.2")),
            ("/system/body", json!(null)),
            ("/system/body", json!(["from DE.1 to DE.2"])),
        ] {
            let mut message = spoken.clone();
            *message.pointer_mut(at).unwrap() = value;
            assert_eq!(read(&message), None, "{at}");
        }
        assert_eq!(read(&json!([])), None);
    }
}

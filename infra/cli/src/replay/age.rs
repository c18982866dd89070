//! Finds items in saved webhooks that are too old to be carried out.

use casement_core::decide::freshness::Happening;
use casement_whatsapp::webhook::{Parsed, parse};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;

/// An item that the functions will leave alone because of its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Stale {
    /// The reason under which the item is counted.
    pub(super) reason: &'static str,
    /// The age in days.
    pub(super) days: i64,
    /// The age in days from which items are left alone.
    pub(super) limit: i64,
}

impl Stale {
    fn of(what: Happening, at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        what.is_stale(at, now).then(|| Self {
            reason: what.reason(),
            days: (now - at).num_days(),
            limit: what.kept().num_days(),
        })
    }
}

/// Returns the oldest item of each kind in Meta's webhook, if too old at `now`.
pub(super) fn of_whatsapp(
    body: &[u8],
    signature: &str,
    secrets: &[SecretString],
    now: DateTime<Utc>,
) -> Vec<Stale> {
    let verified = casement_whatsapp::signature::verify(body, Some(signature), secrets);
    let parsed = verified.ok().and_then(|webhook| parse(webhook, now).ok());
    let Parsed {
        messages,
        identity_changes,
        statuses,
        template_changes,
        ..
    } = parsed.unwrap_or_default();
    let oldest = [
        (
            Happening::CustomerMessage,
            messages.iter().map(|message| message.sent_at).min(),
        ),
        (
            Happening::IdentityChange,
            identity_changes
                .iter()
                .map(|change| change.changed_at)
                .min(),
        ),
        (
            Happening::Status,
            statuses.iter().map(|status| status.at).min(),
        ),
        (
            Happening::TemplateChange,
            template_changes
                .iter()
                .filter_map(|change| change.changed_at)
                .min(),
        ),
    ];
    let stale = oldest.into_iter();
    stale
        .filter_map(|(what, at)| Stale::of(what, at?, now))
        .collect()
}

/// Returns the comment in Jira's webhook, if too old at `now`.
pub(super) fn of_jira(body: &[u8], now: DateTime<Utc>) -> Vec<Stale> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let created = body["comment"]["created"].as_str();
    let created =
        created.and_then(|at| DateTime::parse_from_str(at, "%Y-%m-%dT%H:%M:%S%.f%z").ok());
    let stale = created.and_then(|at| Stale::of(Happening::Comment, at.to_utc(), now));
    stale.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::replay::signature;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    #[test]
    fn the_oldest_of_each_kind_is_told() {
        let ago = |days: i64| (now().timestamp() - days * 86_400).to_string();
        let message = |days| {
            json!({"from": "491", "id": format!("wamid.{days}"), "timestamp": ago(days),
                "type": "text", "text": {"body": "hi"}})
        };
        let status = |days| json!({"id": "wamid.O", "status": "sent", "timestamp": ago(days)});
        let reasons = |messages: &[i64], statuses: &[i64]| {
            let messages: Vec<_> = messages.iter().copied().map(message).collect();
            let statuses: Vec<_> = statuses.iter().copied().map(status).collect();
            let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1",
                "changes": [{"field": "messages", "value": {
                    "metadata": {"phone_number_id": "1065"},
                    "messages": messages, "statuses": statuses}}]}]});
            let body = serde_json::to_vec(&body).unwrap();
            let secrets = [SecretString::from("secret")];
            let signed = signature("secret", &body).unwrap();
            let stale = of_whatsapp(&body, &signed, &secrets, now());
            let told = stale.iter().map(|one| (one.reason, one.days, one.limit));
            told.collect::<Vec<_>>()
        };
        assert_eq!(reasons(&[29], &[89]), []);
        assert_eq!(reasons(&[1, 40, 31], &[1]), [("stale_message", 40, 30)]);
        assert_eq!(reasons(&[1], &[95]), [("stale_status", 95, 90)]);
    }

    #[test]
    fn a_comment_is_as_old_as_jira_says() {
        for (created, expected) in [
            (json!("2026-08-01T12:00:00.000+0200"), Some(109)),
            (json!("2026-11-01T12:00:00.000+0200"), None),
            (json!("lately"), None),
            (json!(5), None),
        ] {
            let body = json!({"webhookEvent": "comment_created", "comment": {"created": created}});
            let stale = of_jira(&serde_json::to_vec(&body).unwrap(), now());
            let days = stale.first().map(|one| one.days);
            assert_eq!(days, expected, "{created}");
        }
    }
}

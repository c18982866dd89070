//! Webhooks about a business account and its numbers.
//!
//! They name people and numbers (`display_phone_number`, `requester`), and in `alert_description`
//! hold any text. None of it is read: an event consists of Meta's own words.

use casement_core::model::account::AccountEvent;
use casement_core::model::account::AccountKind::{self, *};
use casement_core::model::identity::BusinessAccountId;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{Each, Written, instant, wire};

/// The fields that this module reads.
pub(super) const FIELDS: [&str; 6] = [
    "account_update",
    "account_alerts",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "security",
];

/// The longest word of Meta's that is kept.
const LONGEST_WORD: usize = 64;

/// The most digits in a row in such a word. A phone number has more.
const MOST_DIGITS: usize = 4;

/// The most words that are kept of one event.
const MOST_DETAILS: usize = 6;

/// The lowest messaging limit that Meta gives (Cloud API, "Messaging limits"): customers a day.
const LOWEST_LIMIT: i64 = 250;

wire! {
    struct WireUpdate {
        event: String,
        ban_info: BanInfo,
        violation_info: ViolationInfo,
        restriction_info: Each<Restriction>,
        disconnection_info: Disconnection,
        waba_info: AccountInfo,
    }
}

wire! {
    struct BanInfo { waba_ban_state: Value }
}

wire! {
    struct ViolationInfo { violation_type: String }
}

wire! {
    struct Restriction { restriction_type: String, expiration: Written }
}

wire! {
    struct Disconnection { reason: String }
}

wire! {
    struct AccountInfo { waba_id: Written }
}

wire! {
    struct WireAlert {
        alert_info: AlertInfo,
        alert_severity: String,
        alert_status: String,
        alert_type: String,
    }
}

wire! {
    struct AlertInfo {
        alert_severity: String,
        alert_status: String,
        alert_type: String,
    }
}

wire! {
    struct WireQuality { event: String, current_limit: Written, old_limit: Written }
}

wire! {
    struct WireName { decision: String, rejection_reason: String }
}

wire! {
    struct WireCapability {
        max_daily_conversations_per_business: Written,
        max_daily_conversation_per_phone: Written,
    }
}

wire! {
    struct WireSecurity { event: String }
}

/// Reads the value of a change of one of [`FIELDS`] in `entry`. Whatever cannot be read is another
/// event.
pub(super) fn read(
    field: &str,
    entry: &Value,
    value: &Value,
    received_at: DateTime<Utc>,
) -> AccountEvent {
    let time = Written::deserialize(&entry["time"]).ok();
    let mut words = Words::default();
    let kind = match field {
        "account_update" => update(value, &mut words),
        "account_alerts" => alert(value, &mut words),
        "phone_number_quality_update" => quality(value, &mut words),
        "phone_number_name_update" => name(value, &mut words),
        "business_capability_update" => capability(value, &mut words),
        "security" => security(value, &mut words),
        _ => Other,
    };
    // Partners get events of their customers' accounts under their own id.
    let about = WireUpdate::deserialize(value).unwrap_or_default().waba_info;
    let about = about.and_then(|info| info.waba_id?.text());
    let account = about.or_else(|| Written::deserialize(&entry["id"]).ok()?.text());
    AccountEvent {
        business_account_id: account
            .filter(|id| id.len() <= LONGEST_WORD)
            .map(BusinessAccountId::new),
        kind,
        details: words.0,
        at: instant(time.as_ref(), received_at),
    }
}

fn update(value: &Value, words: &mut Words) -> AccountKind {
    let wire = WireUpdate::deserialize(value).unwrap_or_default();
    let event = words.add(wire.event.as_deref());
    match &*event {
        "ACCOUNT_DELETED" => AccountDeleted,
        "ACCOUNT_OFFBOARDED" => AccountOffboarded,
        "ACCOUNT_RECONNECTED" => AccountReconnected,
        "ACCOUNT_REINSTATED" => AccountReinstated,
        "ACCOUNT_VIOLATION" => {
            let violation = wire.violation_info.unwrap_or_default();
            words.add(violation.violation_type.as_deref());
            AccountViolation
        }
        "DISABLED_UPDATE" => {
            let state = wire.ban_info.unwrap_or_default().waba_ban_state;
            ban(&state.unwrap_or_default(), words)
        }
        "ACCOUNT_RESTRICTION" => {
            let restrictions = wire.restriction_info.unwrap_or_default().0;
            let kinds = restrictions.iter().map(|one| restriction(one, words));
            let worst = kinds.max_by_key(|kind| kind.severity());
            worst.unwrap_or(AccountRestricted)
        }
        "PARTNER_APP_UNINSTALLED" => AppRemoved,
        "PARTNER_REMOVED" => match wire.disconnection_info {
            Some(disconnection) => {
                words.add(disconnection.reason.as_deref());
                AccountOffboarded
            }
            None => PartnerRemoved,
        },
        "VOLUME_BASED_PRICING_TIER_UPDATE" => PriceTier,
        "AD_ACCOUNT_LINKED"
        | "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE"
        | "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"
        | "MM_LITE_TERMS_SIGNED"
        | "PARTNER_ADDED"
        | "PARTNER_APP_INSTALLED"
        | "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE"
        | "VERIFIED_ACCOUNT" => AccountChanged,
        _ => Other,
    }
}

/// Reads the state of a ban, which one of Meta's pages shows as a list. Of several, and of none that
/// is known, the worst counts.
fn ban(state: &Value, words: &mut Words) -> AccountKind {
    let states = match state {
        Value::Array(states) => states.iter().collect(),
        state => vec![state],
    };
    let states = states.into_iter().map(|state| words.add(state.as_str()));
    let kinds = states.map(|state| match &*state {
        "REINSTATE" => AccountReinstated,
        "SCHEDULE_FOR_DISABLE" => DisableAnnounced,
        _ => AccountDisabled,
    });
    kinds
        .max_by_key(|kind| kind.severity())
        .unwrap_or(AccountDisabled)
}

fn restriction(restriction: &Restriction, words: &mut Words) -> AccountKind {
    let what = words.add(restriction.restriction_type.as_deref());
    let until = restriction.expiration.as_ref().and_then(Written::integer);
    let until = until.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if let Some(until) = until.filter(|until| until.timestamp() > 0) {
        words.add_made(until.format("UNTIL_%F").to_string());
    }
    match &*what {
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" => RepliesRestricted,
        "RESTRICTED_BIZ_INITIATED_MESSAGING"
        | "RESTRICTED_UTILITY_TEMPLATES"
        | "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES" => TemplatesRestricted,
        "RESTRICTED_ADD_PHONE_NUMBER_ACTION" => NumbersRestricted,
        what if what.contains("CALLING") => CallsRestricted,
        _ => AccountRestricted,
    }
}

fn alert(value: &Value, words: &mut Words) -> AccountKind {
    let outer = WireAlert::deserialize(value).unwrap_or_default();
    let info = outer.alert_info.unwrap_or_default();
    let kind = words.add(info.alert_type.or(outer.alert_type).as_deref());
    let severity = words.add(info.alert_severity.or(outer.alert_severity).as_deref());
    let status = words.add(info.alert_status.or(outer.alert_status).as_deref());
    let is_about = |word: &str| kind.contains(word);
    match (&*status, &*severity) {
        ("NONE" | "RESOLVED", _) | (_, "INFORMATIONAL" | "INFO") => AlertOver,
        _ if kind == "OBA_APPROVED" => AlertOver,
        _ if ["PAYMENT", "BILLING", "CREDIT"].into_iter().any(is_about) => Payment,
        _ if is_about("INCREASED_CAPABILITIES") => LimitNotRaised,
        _ if ["OBA_REJECTED", "PROFILE_PICTURE_LOST"].contains(&&*kind) => Alert,
        (_, "CRITICAL") => AlertCritical,
        (_, "WARNING") => Alert,
        _ => Other,
    }
}

fn quality(value: &Value, words: &mut Words) -> AccountKind {
    let wire = WireQuality::deserialize(value).unwrap_or_default();
    let event = words.add(wire.event.as_deref());
    for limit in [wire.old_limit, wire.current_limit] {
        words.add(limit.and_then(|limit| limit.text()).as_deref());
    }
    match &*event {
        "FLAGGED" => QualityFlagged,
        "UNFLAGGED" => QualityUnflagged,
        "DOWNGRADE" => LimitLowered,
        "UPGRADE" => LimitRaised,
        "THROUGHPUT_UPGRADE" => ThroughputRaised,
        "ONBOARDING" => NumberOnboarded,
        _ => Other,
    }
}

fn name(value: &Value, words: &mut Words) -> AccountKind {
    let wire = WireName::deserialize(value).unwrap_or_default();
    let decision = words.add(wire.decision.as_deref());
    words.add(wire.rejection_reason.as_deref());
    match &*decision {
        "APPROVED" => NameApproved,
        "REJECTED" | "DECLINED" => NameRejected,
        "DEFERRED" | "PENDING" => NamePending,
        _ => Other,
    }
}

/// Reads a messaging limit: a number of customers, -1 for no limit, or a word such as `TIER_2K`.
fn capability(value: &Value, words: &mut Words) -> AccountKind {
    let wire = WireCapability::deserialize(value).unwrap_or_default();
    let limits = [
        wire.max_daily_conversations_per_business,
        wire.max_daily_conversation_per_phone,
    ];
    let limit = limits.into_iter().flatten().find_map(|limit| limit.text());
    let Some(limit) = limit else {
        return Other;
    };
    match limit.parse::<i64>() {
        Ok(customers) => {
            if (-1..=10_000_000).contains(&customers) {
                words.add_made(format!("LIMIT_{customers}"));
            }
            match customers {
                0..=LOWEST_LIMIT => LimitLowest,
                _ => LimitSet,
            }
        }
        Err(_) => match &*words.add(Some(&limit)) {
            "TIER_50" | "TIER_250" => LimitLowest,
            tier if tier.starts_with("TIER_") => LimitSet,
            _ => Other,
        },
    }
}

fn security(value: &Value, words: &mut Words) -> AccountKind {
    let wire = WireSecurity::deserialize(value).unwrap_or_default();
    match &*words.add(wire.event.as_deref()) {
        "PIN_CHANGED" => PinChanged,
        "PIN_RESET_REQUEST" => PinResetRequested,
        "PIN_RESET_SUCCESS" => PinReset,
        _ => Other,
    }
}

/// Meta's words for an event.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    /// Keeps a word of Meta's, and returns it. Anything else is not kept, and returned as empty.
    fn add(&mut self, word: Option<&str>) -> String {
        let word = word.map(str::trim).filter(|word| is_word(word));
        let word = word.unwrap_or_default().to_owned();
        if !word.is_empty() {
            self.add_made(word.clone());
        }
        word
    }

    /// Keeps a word that Casement has made.
    fn add_made(&mut self, word: String) {
        if self.0.len() < MOST_DETAILS && !self.0.contains(&word) {
            self.0.push(word);
        }
    }
}

/// Whether `text` has the form of Meta's words: capitals, underscores, and few digits.
fn is_word(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let digits = text.split(|c: char| !c.is_ascii_digit());
    (1..=LONGEST_WORD).contains(&text.len())
        && text.bytes().all(allowed)
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && digits.map(str::len).max().unwrap_or_default() <= MOST_DIGITS
}

#[cfg(test)]
mod tests;

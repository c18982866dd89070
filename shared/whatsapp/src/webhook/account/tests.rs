use casement_core::model::account::Severity;
use serde_json::json;

use super::*;

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");

fn event(field: &str, value: &Value) -> AccountEvent {
    let entry = json!({"id": "1022", "time": 1_794_999_000});
    read(field, &entry, value, NOW)
}

#[test]
fn every_event_has_its_kind() {
    let restricted = |types: &[&str]| {
        let one = |kind: &&str| json!({"restriction_type": kind, "expiration": 1_795_608_000});
        json!({"event": "ACCOUNT_RESTRICTION",
            "restriction_info": types.iter().map(one).collect::<Vec<_>>()})
    };
    let banned =
        |state: Value| json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}});
    let alerted = |kind: &str, severity: &str, status: &str| {
        json!({"entity_type": "BUSINESS", "entity_id": "5", "alert_info": {"alert_type": kind,
            "alert_severity": severity, "alert_status": status, "alert_description": "To Ana"}})
    };
    let limit = |limit: Value| json!({"max_daily_conversations_per_business": limit});
    let replies = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING";
    let templates = "RESTRICTED_BIZ_INITIATED_MESSAGING";
    let numbers = "RESTRICTED_ADD_PHONE_NUMBER_ACTION";
    let u = "account_update";
    let a = "account_alerts";
    let q = "phone_number_quality_update";
    let n = "phone_number_name_update";
    let c = "business_capability_update";
    let s = "security";
    for (field, value, expected) in [
        (u, json!({"event": "ACCOUNT_DELETED"}), AccountDeleted),
        (u, json!({"event": "ACCOUNT_OFFBOARDED"}), AccountOffboarded),
        (
            u,
            json!({"event": "ACCOUNT_RECONNECTED"}),
            AccountReconnected,
        ),
        (u, json!({"event": "ACCOUNT_VIOLATION"}), AccountViolation),
        (u, banned(json!("DISABLE")), AccountDisabled),
        (u, banned(json!("SCHEDULE_FOR_DISABLE")), DisableAnnounced),
        (u, banned(json!("REINSTATE")), AccountReinstated),
        (u, banned(json!(["REINSTATE", "DISABLE"])), AccountDisabled),
        (u, banned(json!("Something new")), AccountDisabled),
        (u, banned(Value::Null), AccountDisabled),
        (u, json!({"event": "DISABLED_UPDATE"}), AccountDisabled),
        (u, restricted(&[numbers, replies]), RepliesRestricted),
        (u, restricted(&[templates, numbers]), TemplatesRestricted),
        (u, restricted(&[numbers]), NumbersRestricted),
        (
            u,
            restricted(&["RESTRICTED_USER_INITIATED_CALLING"]),
            CallsRestricted,
        ),
        (u, restricted(&["SOMETHING_NEW"]), AccountRestricted),
        (u, restricted(&[]), AccountRestricted),
        (
            u,
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": "?"}),
            AccountRestricted,
        ),
        (u, json!({"event": "PARTNER_REMOVED"}), PartnerRemoved),
        (
            u,
            json!({"event": "PARTNER_REMOVED", "disconnection_info": {"reason": "CHANGE_NUMBER"}}),
            AccountOffboarded,
        ),
        (u, json!({"event": "PARTNER_APP_UNINSTALLED"}), AppRemoved),
        (
            u,
            json!({"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}),
            PriceTier,
        ),
        (u, json!({"event": "AD_ACCOUNT_LINKED"}), AccountChanged),
        (u, json!({"event": "MADE_UP"}), Other),
        (
            a,
            alerted(
                "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
                "CRITICAL",
                "ACTIVE",
            ),
            LimitNotRaised,
        ),
        (
            a,
            alerted("OBA_APPROVED", "INFORMATIONAL", "NONE"),
            AlertOver,
        ),
        (a, alerted("OBA_REJECTED", "CRITICAL", "ACTIVE"), Alert),
        (
            a,
            alerted("PAYMENT_METHOD_MISSING", "WARNING", "ACTIVE"),
            Payment,
        ),
        (a, alerted("MADE_UP", "CRITICAL", "ACTIVE"), AlertCritical),
        (a, alerted("MADE_UP", "WARNING", "ACTIVE"), Alert),
        (a, alerted("MADE_UP", "MADE_UP", "ACTIVE"), Other),
        (
            a,
            json!({"alert_severity": "CRITICAL", "alert_type": "X"}),
            AlertCritical,
        ),
        (q, json!({"event": "FLAGGED"}), QualityFlagged),
        (q, json!({"event": "UNFLAGGED"}), QualityUnflagged),
        (
            q,
            json!({"event": "DOWNGRADE", "current_limit": "TIER_1K"}),
            LimitLowered,
        ),
        (q, json!({"event": "UPGRADE"}), LimitRaised),
        (q, json!({"event": "ONBOARDING"}), NumberOnboarded),
        (
            n,
            json!({"decision": "REJECTED", "rejection_reason": "NAME_FORMAT"}),
            NameRejected,
        ),
        (n, json!({"decision": "DEFERRED"}), NamePending),
        (c, limit(json!(250)), LimitLowest),
        (c, limit(json!("0")), LimitLowest),
        (c, limit(json!(2000)), LimitSet),
        (c, limit(json!(-1)), LimitSet),
        (c, limit(json!("TIER_250")), LimitLowest),
        (c, limit(json!("TIER_UNLIMITED")), LimitSet),
        (c, limit(json!({"new": "shape"})), Other),
        (
            c,
            json!({"max_daily_conversation_per_phone": 1000}),
            LimitSet,
        ),
        (s, json!({"event": "PIN_CHANGED"}), PinChanged),
        (s, json!({"event": "PIN_RESET_REQUEST"}), PinResetRequested),
        (s, json!({"event": "PIN_RESET_SUCCESS"}), PinReset),
    ] {
        assert_eq!(event(field, &value).kind, expected, "{field} {value}");
    }
}

#[test]
fn what_cannot_be_read_is_another_event() {
    for field in FIELDS {
        for value in [
            json!(null),
            json!("text"),
            json!([]),
            json!({}),
            json!({"event": null, "decision": null}),
            json!({"event": {"event": "ACCOUNT_DELETED"}, "alert_info": "?"}),
            json!({"event": 5, "decision": [], "alert_info": {"alert_type": {}}}),
            json!({"event": "account deleted", "decision": "maybe"}),
        ] {
            let event = event(field, &value);
            assert_eq!(event.kind, Other, "{field} {value}");
            assert_eq!(event.kind.severity(), Severity::Warning);
            assert!(event.details.is_empty(), "{field} {value}");
        }
    }
}

#[test]
fn an_event_quotes_nothing_but_metas_words() {
    let alert = json!({"alert_info": {"alert_type": "15550783881", "alert_status": "Ana Lima",
        "alert_severity": "WARNING", "alert_description": "For Ana Lima"}});
    let security = json!({"display_phone_number": "15550783881", "event": "PIN_RESET_REQUEST",
        "requester": "61555822107539"});
    let long = json!({"event": "A".repeat(65)});
    let quality = json!({"display_phone_number": "15550783881", "event": "DOWNGRADE",
        "old_limit": "TIER_10K", "current_limit": "TIER_2K"});
    let restriction = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
        {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "expiration": "1795608000"},
        {"restriction_type": 5, "expiration": 1e300}]});
    for (field, value, expected) in [
        ("account_alerts", alert, vec!["WARNING"]),
        ("security", security, vec!["PIN_RESET_REQUEST"]),
        ("account_update", long, vec![]),
        (
            "phone_number_quality_update",
            quality,
            vec!["DOWNGRADE", "TIER_10K", "TIER_2K"],
        ),
        (
            "account_update",
            restriction,
            vec![
                "ACCOUNT_RESTRICTION",
                "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
                "UNTIL_2026-11-25",
            ],
        ),
    ] {
        assert_eq!(event(field, &value).details, expected, "{field} {value}");
    }
}

#[test]
fn an_event_is_about_the_account_that_it_names() {
    let partner = json!({"event": "PARTNER_REMOVED", "waba_info": {"waba_id": "980"}});
    let plain = json!({"event": "ACCOUNT_DELETED"});
    for (id, value, expected) in [
        (json!("1022"), &plain, Some("1022")),
        (json!(1022), &plain, Some("1022")),
        (json!(null), &plain, None),
        (json!("1".repeat(65)), &plain, None),
        (json!("2949"), &partner, Some("980")),
    ] {
        let entry = json!({"id": id, "time": "1794999000"});
        let event = read("account_update", &entry, value, NOW);
        let account = event.business_account_id.as_ref();
        assert_eq!(account.map(BusinessAccountId::as_str), expected, "{id}");
        assert_eq!(event.at.timestamp(), 1_794_999_000);
    }
    let timeless = read("security", &json!({"time": {}}), &json!({}), NOW);
    assert_eq!(timeless.at, NOW);
}

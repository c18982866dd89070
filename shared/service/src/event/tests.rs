use casement_core::model::fate::Side;
use casement_core::model::price::PriceCategory;

use super::*;

/// A row of the table: name, unit, dimension, its value, the count.
type Row = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    u64,
);

fn rows(event: Event) -> Vec<(String, String, Option<String>, String, u64)> {
    let measures = event.measures().into_iter();
    measures
        .map(|measure| {
            let (dimension, word) = measure.dimension.unzip();
            (
                measure.name.to_owned(),
                measure.unit.as_str().to_owned(),
                dimension.map(str::to_owned),
                word.unwrap_or_default().into_owned(),
                measure.value,
            )
        })
        .collect()
}

#[test]
fn every_event_is_a_metric() {
    let plain = |name| vec![(name, "Count", None, "", 1)];
    let by = |name, dimension, word| vec![(name, "Count", Some(dimension), word, 1)];
    let aged = |name, way, age| {
        vec![
            (name, "Count", None, "", 1),
            ("AgeAtDelivery", "Milliseconds", Some("Way"), way, age),
        ]
    };
    let code = WhatsappCode(131_026);
    let table: Vec<(Event, Vec<Row>)> = vec![
        (Event::Received, plain("Received")),
        (
            Event::Rendered(Duration::milliseconds(1_500)),
            aged("Rendered", "to_jira", 1_500),
        ),
        (Event::Ignored("own"), by("Ignored", "Reason", "own")),
        (
            Event::Sent(Duration::seconds(2)),
            aged("Sent", "to_whatsapp", 2_000),
        ),
        (
            Event::Sent(Duration::seconds(-2)),
            aged("Sent", "to_whatsapp", 0),
        ),
        (Event::Held, plain("Held")),
        (
            Event::WindowMissed("meta"),
            by("WindowMissed", "Reason", "meta"),
        ),
        (Event::Released, plain("Released")),
        (Event::NoticeSent, plain("NoticeSent")),
        (
            Event::TemplateSent("agent"),
            by("TemplateSent", "Reason", "agent"),
        ),
        (
            Event::NoticeSkipped("answered"),
            by("NoticeSkipped", "Reason", "answered"),
        ),
        (
            Event::SendFailed(Some(code)),
            by("SendFailed", "Code", "131026"),
        ),
        (Event::SendFailed(None), by("SendFailed", "Code", "none")),
        (
            Event::WhatsappThrottled(code),
            by("WhatsappThrottled", "Code", "131026"),
        ),
        (
            Event::SendingPaused(code),
            by("SendingPaused", "Code", "131026"),
        ),
        (Event::ManyMessages, plain("ManyMessages")),
        (Event::JiraThrottled, plain("JiraThrottled")),
        (Event::JiraRefused(401), by("JiraRefused", "Code", "401")),
        (Event::SettingsInvalid, plain("SettingsInvalid")),
        (
            Event::UnknownNumber(PhoneNumberId::new("1066")),
            by("UnknownNumber", "Number", "1066"),
        ),
        (
            Event::AwsRefused("table"),
            by("AwsRefused", "Reason", "table"),
        ),
        (Event::Retried("table"), by("Retried", "Reason", "table")),
        (Event::Unsettled, plain("Unsettled")),
        (Event::DeadLettered, plain("DeadLettered")),
        (Event::Panicked, plain("Panicked")),
        (
            Event::SignatureRefused("jira"),
            by("SignatureRefused", "Reason", "jira"),
        ),
        (
            Event::NotUnderstood("queue_message"),
            by("NotUnderstood", "Reason", "queue_message"),
        ),
        (
            Event::WebhookNotTaken("whatsapp"),
            by("WebhookNotTaken", "Reason", "whatsapp"),
        ),
        (
            Event::NotShown("receipt"),
            by("NotShown", "Reason", "receipt"),
        ),
        (
            Event::Account(AccountKind::AccountDisabled),
            [
                by("Account", "Kind", "account_disabled"),
                plain("AccountStops"),
            ]
            .concat(),
        ),
        (
            Event::Account(AccountKind::QualityFlagged),
            [
                by("Account", "Kind", "quality_flagged"),
                plain("AccountLimits"),
            ]
            .concat(),
        ),
        (
            Event::Account(AccountKind::Other),
            by("Account", "Kind", "other"),
        ),
        (
            Event::Billed(Price {
                category: PriceCategory::Utility,
                billable: true,
            }),
            by("Billed", "Category", "utility"),
        ),
        (
            Event::Billed(Price {
                category: PriceCategory::Other,
                billable: false,
            }),
            by("FreeOfCharge", "Category", "other"),
        ),
        (
            Event::UnknownField("flows".to_owned()),
            by("UnknownField", "Field", "flows"),
        ),
        (Event::TimerQueued, plain("TimerQueued")),
        (
            Event::MessagesStuck(3),
            vec![("MessagesStuck", "Count", None, "", 3)],
        ),
        (Event::AskedToKeepOpen, plain("AskedToKeepOpen")),
        (Event::AgentsAlerted, plain("AgentsAlerted")),
        (Event::HoldExpired, plain("HoldExpired")),
    ];
    for (event, expected) in table {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, unit, dimension, word, value)| {
                (
                    name.to_owned(),
                    unit.to_owned(),
                    dimension.map(str::to_owned),
                    word.to_owned(),
                    value,
                )
            })
            .collect();
        assert_eq!(rows(event.clone()), expected, "{event:?}");
    }
}

#[test]
fn a_failure_is_counted_as_what_an_operator_makes_of_it() {
    let jira = |status| {
        Failure::from(CallFailure::Jira {
            status,
            retry_after: None,
        })
    };
    let whatsapp = |code| Failure::from(CallFailure::whatsapp(WhatsappCode(code)));
    let slow = || BackendFailure::Throttled(String::new());
    let denied = || BackendFailure::Refused(String::new());
    let for_now = |code| {
        Failure::from(CallFailure::Whatsapp {
            code: WhatsappCode(code),
            retry_after: Some(Duration::seconds(9)),
        })
    };
    for (failure, event) in [
        (jira(429), Event::JiraThrottled),
        (jira(401), Event::JiraRefused(401)),
        (jira(400), Event::JiraRefused(400)),
        (CallFailure::Full.into(), Event::Retried("full")),
        (jira(409), Event::Retried("refused")),
        (jira(503), Event::Retried("refused")),
        (whatsapp(190), Event::SendingPaused(WhatsappCode(190))),
        (
            whatsapp(130_429),
            Event::WhatsappThrottled(WhatsappCode(130_429)),
        ),
        (whatsapp(4), Event::WhatsappThrottled(WhatsappCode(4))),
        (
            whatsapp(133_016),
            Event::WhatsappThrottled(WhatsappCode(133_016)),
        ),
        (
            for_now(130_429),
            Event::WhatsappThrottled(WhatsappCode(130_429)),
        ),
        (for_now(190), Event::SendingPaused(WhatsappCode(190))),
        (for_now(131_016), Event::Retried("refused")),
        (whatsapp(131_016), Event::Retried("refused")),
        (
            CallFailure::Unreachable(Side::Jira).into(),
            Event::Retried("unreachable"),
        ),
        (
            CallFailure::Unknown(Side::Whatsapp).into(),
            Event::Retried("no_answer"),
        ),
        (StoreFailure(slow()).into(), Event::Retried("table")),
        (
            SettingsFailure::Store(StoreFailure(slow())).into(),
            Event::Retried("table"),
        ),
        (QueueFailure(slow()).into(), Event::Retried("queue")),
        (StoreFailure(denied()).into(), Event::AwsRefused("table")),
        (
            SettingsFailure::Store(StoreFailure(denied())).into(),
            Event::AwsRefused("table"),
        ),
        (QueueFailure(denied()).into(), Event::AwsRefused("queue")),
        (
            StoreFailure(BackendFailure::Unreadable("odd")).into(),
            Event::NotUnderstood("table"),
        ),
        (
            CallFailure::NoCredentials(Side::Jira).into(),
            Event::AwsRefused("secret"),
        ),
        (
            CallFailure::CredentialsLate(Side::Jira).into(),
            Event::Retried("secret"),
        ),
        (
            Failure::UnknownNumber(PhoneNumberId::new("1066")),
            Event::UnknownNumber(PhoneNumberId::new("1066")),
        ),
        (SettingsFailure::Missing.into(), Event::SettingsInvalid),
        (
            SettingsFailure::Invalid(String::new()).into(),
            Event::SettingsInvalid,
        ),
        (
            Failure::NotYet("claimed", Duration::seconds(1)),
            Event::Retried("not_yet"),
        ),
    ] {
        assert_eq!(Event::of_failure(&failure), event, "{failure:?}");
    }
}

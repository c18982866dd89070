use casement_core::settings::Settings;
use serde_json::{Value, json};

use super::{at, judged};
use crate::check::site::form::{Needed, problem_of_form};
use crate::check::site::webhook::{judge_address, judge_webhooks};
use crate::check::site::{
    Desk, Kind, NEEDED, judge_account, judge_account_id, judge_clock, judge_permissions,
};
use crate::jira::JiraFailure;

#[test]
fn the_account_of_jira_and_where_it_works() {
    let (site, cloud) = (
        "https://acme.atlassian.net",
        "https://api.atlassian.com/ex/jira/1",
    );
    let ok = || Ok(json!({"accountId": "1"}));
    let refused = |status| Err(JiraFailure::Refused(status));
    for (kind, base, myself, expected) in [
        (Kind::ApiToken, site, ok(), None),
        (Kind::ApiToken, cloud, ok(), None),
        (Kind::OauthClient, cloud, ok(), None),
        (
            Kind::ApiToken,
            site,
            refused(401),
            Some(("refused at the site", "jira_api_token")),
        ),
        (
            Kind::ApiToken,
            cloud,
            refused(401),
            Some(("only scoped tokens", "SITE.atlassian.net")),
        ),
        (
            Kind::ServiceToken,
            site,
            refused(401),
            Some(("not work at the site", "/ex/jira/CLOUD-ID")),
        ),
        (
            Kind::OauthClient,
            site,
            refused(401),
            Some(("not work at the site", "/ex/jira/CLOUD-ID")),
        ),
        (
            Kind::ServiceToken,
            cloud,
            refused(401),
            Some(("401", "scopes")),
        ),
        (
            Kind::OauthClient,
            cloud,
            refused(403),
            Some(("403", "Jira Service Management")),
        ),
        (
            Kind::ApiToken,
            site,
            Err(JiraFailure::Unreachable),
            Some(("does not answer", "JiraBaseUrl")),
        ),
    ] {
        judged(&judge_account(kind, base, &myself), expected);
    }
    let myself = json!({"accountId": "712020:1"});
    judged(&judge_account_id(Some("712020:1"), &myself), None);
    judged(&judge_account_id(None, &myself), None);
    let other = judge_account_id(Some("712020:2"), &myself);
    judged(&other, Some(("another account's", "to 712020:1")));
}

fn desk(denied: &[&str], form: Result<Value, JiraFailure>) -> Desk {
    let document = "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"2\"\n\
                    request_type_id = \"3\"\nreference_field = \"customfield_1\"\n";
    let settings = Settings::from_toml(document).unwrap();
    let permissions = NEEDED.map(|key| {
        let has = !denied.contains(&key);
        (key.to_owned(), json!({"havePermission": has}))
    });
    Desk {
        number: settings.numbers()[0].clone(),
        project: Ok("SUP".to_owned()),
        permissions: Ok(Value::Object(permissions.into_iter().collect())),
        form,
        fields: Ok(json!([
            {"id": "customfield_8", "schema": {"type": "datetime"}},
            {"id": "customfield_9", "schema": {"type": "string"}},
        ])),
    }
}

#[test]
fn permissions_in_the_project() {
    let form = || Ok(json!([]));
    judged(&judge_permissions(&[desk(&[], form())]), None);
    let lacking = [
        desk(&[], form()),
        desk(&["ADD_COMMENTS", "SERVICEDESK_AGENT"], form()),
    ];
    let expected = Some((
        "SUP: it lacks ADD_COMMENTS, SERVICEDESK_AGENT",
        "Service Desk Team",
    ));
    judged(&judge_permissions(&lacking), expected);
    let mut no_desk = desk(&[], form());
    no_desk.project = Err(JiraFailure::Refused(404));
    let expected = Some(("service desk 2", "service_desk_id"));
    judged(&judge_permissions(&[no_desk]), expected);
}

#[test]
fn the_request_form() {
    let field = |id: &str, required: bool| json!({"fieldId": id, "required": required});
    let reference = Needed::OnForm("reference_field", "customfield_1");
    let window = |id| Needed::DateTime("window_field", id);
    let on = |fields: Vec<Value>| Ok(Value::Array(fields));
    let usual = || on(vec![field("summary", true), field("customfield_1", true)]);
    let more = on(vec![
        field("customfield_1", false),
        field("customfield_7", true),
    ]);
    for (form, needed, expected) in [
        (usual(), vec![reference], None),
        (usual(), vec![reference, window("customfield_8")], None),
        (
            on(vec![field("summary", true)]),
            vec![reference],
            Some(("reference_field", "request form")),
        ),
        (
            more,
            vec![reference],
            Some(("\"customfield_7\" is required", "optional")),
        ),
        (
            usual(),
            vec![window("customfield_7")],
            Some(("no field of the site", "remove the key")),
        ),
        (
            usual(),
            vec![window("customfield_9")],
            Some(("not a date with a time", "Date Time Picker")),
        ),
        (
            Err(JiraFailure::Refused(404)),
            vec![reference],
            Some(("request type 3", "request_type_id")),
        ),
    ] {
        match (problem_of_form(&desk(&[], form), &needed), expected) {
            (None, None) => {}
            (Some(verdict), expected) => judged(&verdict, expected),
            (None, Some(expected)) => panic!("nothing is wrong instead of {expected:?}"),
        }
    }
}

#[test]
fn the_webhook_of_jira() {
    let url = "https://x.example/jira";
    let events = ["comment_created", "comment_updated", "comment_deleted"];
    let right = json!({"url": url, "enabled": true, "excludeBody": false, "events": events});
    let with = |name: &str, value: Value| {
        let mut webhook = right.clone();
        webhook[name] = value;
        Ok(json!([webhook]))
    };
    for (webhooks, expected) in [
        (Ok(json!([right])), None),
        (Ok(json!([])), Some(("none goes to", "connect jira"))),
        (
            with("url", json!("https://o.example/")),
            Some(("none goes to", "connect jira")),
        ),
        (
            with("enabled", json!(false)),
            Some(("switched off", "connect jira")),
        ),
        (
            with("excludeBody", json!(true)),
            Some(("without a body", "connect jira")),
        ),
        (
            with("events", json!(events[..2])),
            Some(("comment_deleted", "connect jira")),
        ),
        (
            Ok(json!([right, right])),
            Some(("several times", "delete all but one")),
        ),
        (
            Err(JiraFailure::Refused(403)),
            Some(("only a Jira administrator", "")),
        ),
        (Err(JiraFailure::Unreachable), Some(("does not answer", ""))),
    ] {
        judged(&judge_webhooks(&webhooks, url), expected);
    }
    judged(&judge_address(Some(401)), None);
    judged(
        &judge_address(Some(200)),
        Some(("status 200", "casement tail")),
    );
    judged(&judge_address(None), Some(("does not answer", "deploy")));
}

#[test]
fn the_clock() {
    let says = |time: &str| Ok(json!({"serverTime": time}));
    // 1 790 000 000 is 2026-09-21 14:13:20 UTC.
    for (server, expected) in [
        (says("2026-09-21T15:13:20.000+0100"), None),
        (says("2026-09-21T15:14:20.000+0100"), None),
        (
            says("2026-09-21T15:18:20.000+0100"),
            Some(("300 s behind", "NTP")),
        ),
        (
            says("2026-09-21T15:11:20.000+0100"),
            Some(("120 s ahead of", "NTP")),
        ),
        (says("soon"), Some(("does not say", ""))),
        (Err(JiraFailure::Refused(500)), Some(("500", ""))),
    ] {
        judged(&judge_clock(&server, at(0)), expected);
    }
}

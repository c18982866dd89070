use casement_core::settings::Settings;
use serde_json::{Value, json};

use super::{Row, Verdict, at, judged};
use crate::check::site::form::{Needed, judge_forms, problem_of_form};
use crate::check::site::links::judge_site;
use crate::check::site::recommended::{RECOMMENDATIONS, judge_recommended};
use crate::check::site::visible::{Newest, judge_newest};
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
        (
            Kind::ApiToken,
            site,
            refused(403),
            Some(("403", "permission")),
        ),
        (
            Kind::ApiToken,
            site,
            refused(404),
            Some(("no Jira at", "JiraBaseUrl")),
        ),
        (
            Kind::ApiToken,
            cloud,
            refused(400),
            Some(("status 400", "JiraBaseUrl")),
        ),
    ] {
        judged(&judge_account(kind, base, &myself), expected);
    }
    // An outage says nothing about the setup.
    for kind in [Kind::ApiToken, Kind::ServiceToken, Kind::OauthClient] {
        for base in [site, cloud] {
            for status in [408, 425, 429, 500, 502, 503, 504] {
                let verdict = judge_account(kind, base, &refused(status));
                let expected = Some((&*format!("status {status}"), "status.atlassian.com"));
                judged(&verdict, expected);
                let said = format!("{verdict:?}");
                assert!(
                    !said.contains("credentials") && !said.contains("token"),
                    "{said}"
                );
            }
        }
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
    let keys = RECOMMENDATIONS.map(|(key, ..)| key);
    let permissions = NEEDED.into_iter().chain(keys).map(|key| {
        let has = !denied.contains(&key);
        (key.to_owned(), json!({"havePermission": has}))
    });
    Desk {
        number: settings.numbers()[0].clone(),
        project: Ok("SUP".to_owned()),
        permissions: Ok(Value::Object(permissions.collect())),
        form,
        fields: Ok(json!([
            {"id": "customfield_8", "schema": {"type": "datetime"}},
            {"id": "customfield_9", "schema": {"type": "number"}},
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
    for (failure, advice) in [
        (JiraFailure::Refused(503), "status.atlassian.com"),
        (JiraFailure::Refused(429), "status.atlassian.com"),
        (JiraFailure::Refused(401), "row Jira account"),
        (JiraFailure::Refused(403), "permission"),
        (JiraFailure::Unreachable, "network"),
    ] {
        let mut no_desk = desk(&[], form());
        no_desk.project = Err(failure);
        let expected = Some(("service desk 2", advice));
        judged(&judge_permissions(&[no_desk]), expected);
        let form = judge_forms(&[desk(&[], Err(failure))]);
        if failure != JiraFailure::Refused(403) {
            judged(&form, Some(("request type 3", advice)));
        }
    }
}

#[test]
fn what_goes_better_with_more_permissions() {
    let form = || Ok(json!([]));
    judged(&judge_recommended(&[desk(&[], form())]), None);
    for (denied, detail) in [
        (vec!["EDIT_ALL_COMMENTS"], "without Edit all comments"),
        (vec!["LINK_ISSUES"], "without Link issues"),
    ] {
        let verdict = judge_recommended(&[desk(&[], form()), desk(&denied, form())]);
        let Verdict::Hint { detail: said, fix } = &verdict else {
            panic!("{verdict:?}")
        };
        assert!(
            said.contains(detail) && fix.contains("grant"),
            "{said} {fix}"
        );
        let row = Row::new("x", verdict);
        assert!(!row.is_wrong() && row.line().starts_with("hint   x"));
        judged(&judge_permissions(&[desk(&denied, form())]), None);
    }
    let mut no_desk = desk(&[], form());
    no_desk.project = Err(JiraFailure::Refused(404));
    judged(&judge_recommended(&[no_desk]), Some(("is right", "")));
}

#[test]
fn the_address_of_the_site() {
    let (site, cloud) = ("https://acme.atlassian.net", "https://x.example/ex/jira/1");
    let refused = |status| Err(JiraFailure::Refused(status));
    let told = || Ok(json!({"baseUrl": "https://acme.atlassian.net"}));
    for (base, server, expected) in [
        (site, told(), None),
        (cloud, told(), None),
        (site, Ok(json!({})), None),
        (site, refused(404), None),
        (cloud, Ok(json!({})), Some(("replies wait", "JiraBaseUrl"))),
        (cloud, refused(403), Some(("replies wait", "scope"))),
        (cloud, refused(404), Some(("replies wait", "scope"))),
        (
            site,
            refused(503),
            Some(("replies wait", "status.atlassian.com")),
        ),
        (
            cloud,
            refused(500),
            Some(("replies wait", "status.atlassian.com")),
        ),
    ] {
        judged(&judge_site(base, &server), expected);
    }
}

#[test]
fn the_newest_request_as_both_apis_have_it() {
    let seen = |key: Option<&str>, issue| Newest {
        key: Ok(key.map(str::to_owned)),
        issue,
    };
    let refused = |status| Err(JiraFailure::Refused(status));
    judged(&judge_newest(&seen(None, Ok(Value::Null))), None);
    judged(&judge_newest(&seen(Some("SUP-1"), Ok(json!({})))), None);
    for status in [403, 404] {
        let hidden = judge_newest(&seen(Some("SUP-1"), refused(status)));
        judged(&hidden, Some(("SUP-1 is there", "security level")));
    }
    let down = judge_newest(&seen(Some("SUP-1"), refused(503)));
    judged(&down, Some(("SUP-1: Jira is failing (status 503)", "")));
    let no_list = Newest {
        key: Err(JiraFailure::Refused(403)),
        issue: refused(403),
    };
    judged(&judge_newest(&no_list), Some(("403", "")));
}

#[test]
fn the_request_form() {
    let field = |id: &str, required: bool| json!({"fieldId": id, "required": required});
    let reference = Needed::OnForm("reference_field", "customfield_1");
    let window = |id| Needed::DateTime("window_field", id);
    let held = |id| Needed::Number("held_field", id);
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
        (usual(), vec![reference, held("customfield_9")], None),
        (
            usual(),
            vec![held("customfield_8")],
            Some(("not a number", "Number Field")),
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
        judged(&judge_webhooks(&webhooks, url, false), expected);
    }
    let by_rule = judge_webhooks(&Ok(json!([])), url, true);
    judged(&by_rule, None);
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

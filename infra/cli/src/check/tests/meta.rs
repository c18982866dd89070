use serde_json::json;

use super::{at, judged};
use crate::check::meta::registration::{
    AppWebhook, OPTIONAL_FIELDS, Registration, Subscribed, judge_account, judge_fields,
    judge_webhook,
};
use crate::check::meta::{
    TokenFacts, Verification, judge_numbers, judge_token, judge_verification,
};
use crate::graph::GraphFailure;

const URL: &str = "https://x.example/whatsapp";

#[test]
fn the_token_of_meta() {
    let right = TokenFacts {
        app_id: "1".to_owned(),
        kind: "SYSTEM_USER".to_owned(),
        is_valid: true,
        expires_at: None,
        scopes: [
            "whatsapp_business_messaging",
            "whatsapp_business_management",
        ]
        .map(str::to_owned)
        .into(),
        accounts: Vec::new(),
    };
    let with = |change: fn(&mut TokenFacts)| {
        let mut facts = right.clone();
        change(&mut facts);
        Ok(facts)
    };
    for (facts, expected) in [
        (Ok(right.clone()), None),
        (
            with(|facts| facts.expires_at = Some(at(8 * 24 * 3600))),
            None,
        ),
        (
            with(|facts| facts.expires_at = Some(at(6 * 24 * 3600))),
            Some(("it ends on 2026-09-27", "never ends")),
        ),
        (
            with(|facts| facts.is_valid = false),
            Some(("not valid", "whatsapp_access_token")),
        ),
        (
            with(|facts| facts.kind = "USER".to_owned()),
            Some(("a person", "system user")),
        ),
        (
            with(|facts| drop(facts.scopes.pop())),
            Some(("whatsapp_business_management", "both")),
        ),
        (
            Err(GraphFailure::Refused(190)),
            Some(("190", "whatsapp_access_token")),
        ),
        (
            Err(GraphFailure::Unreachable),
            Some(("does not answer", "network")),
        ),
        (
            Err(GraphFailure::Failing(503)),
            Some(("status 503", "metastatus.com")),
        ),
        (
            Err(GraphFailure::Refused(10)),
            Some(("error 10", "permission")),
        ),
        (
            Err(GraphFailure::Refused(100)),
            Some(("error 100", "GraphApiVersion")),
        ),
        (
            Err(GraphFailure::Refused(4)),
            Some(("error 4", "wait an hour")),
        ),
        (
            Err(GraphFailure::Refused(2)),
            Some(("error 2", "metastatus.com")),
        ),
        (
            Err(GraphFailure::Refused(368)),
            Some(("error 368", "locked or restricted")),
        ),
        (
            Err(GraphFailure::Refused(999_999)),
            Some(("error 999999", "error-codes")),
        ),
    ] {
        let verdict = judge_token(&facts, at(0));
        judged(&verdict, expected);
        if let Err(failure) = facts {
            let new_token = format!("{verdict:?}").contains("make a token");
            assert_eq!(
                new_token,
                failure == GraphFailure::Refused(190),
                "{verdict:?}"
            );
        }
    }
}

#[test]
fn business_numbers() {
    let number = |platform: &str, status: &str| {
        Ok(json!({"display_phone_number": "+1", "platform_type": platform, "status": status}))
    };
    for (facts, expected) in [
        (number("CLOUD_API", "CONNECTED"), None),
        (Ok(json!({"display_phone_number": "+1"})), None),
        (
            number("NOT_APPLICABLE", "CONNECTED"),
            Some(("not registered", "/register")),
        ),
        (
            number("CLOUD_API", "FLAGGED"),
            Some(("FLAGGED", "WhatsApp Manager")),
        ),
        (
            Err(GraphFailure::Refused(33)),
            Some(("error 33", "phone number id")),
        ),
        (
            Err(GraphFailure::Refused(100)),
            Some(("error 100", "phone number id")),
        ),
        (
            Err(GraphFailure::Refused(10)),
            Some(("error 10", "permission")),
        ),
        (
            Err(GraphFailure::Failing(500)),
            Some(("status 500", "metastatus.com")),
        ),
    ] {
        judged(&judge_numbers(&vec![("106".to_owned(), facts)]), expected);
    }
}

#[test]
fn what_else_the_app_hears_of() {
    let app = |url: &str, fields: &[&str]| Registration {
        app_id: "1".to_owned(),
        account: Some("2".to_owned()),
        subscribed: Ok(None),
        webhook: Ok(Some(AppWebhook {
            url: url.to_owned(),
            active: true,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        })),
    };
    let all = [&["messages"], &OPTIONAL_FIELDS[..]].concat();
    let told = |registered: &Registration| {
        let verdict = judge_fields(registered, URL, "WhatsApp webhook");
        format!("{verdict:?}")
    };
    assert!(told(&app(URL, &all)).starts_with("Ok"));
    let lacking = told(&app(URL, &all[..all.len() - 1]));
    assert!(lacking.starts_with("Hint"), "{lacking}");
    assert!(
        lacking.contains("lacks template_category_update:"),
        "{lacking}"
    );
    assert!(lacking.contains("connect whatsapp"), "{lacking}");
    let elsewhere = told(&app("https://other.example/", &all));
    assert!(elsewhere.contains("only messages"), "{elsewhere}");
    let mut unread = app(URL, &all);
    unread.webhook = Err(GraphFailure::Refused(190));
    assert!(told(&unread).contains("WhatsApp webhook"));
}

#[test]
fn what_is_registered_at_meta() {
    let right = Registration {
        app_id: "1".to_owned(),
        account: Some("2".to_owned()),
        subscribed: Ok(Some(Subscribed::default())),
        webhook: Ok(Some(AppWebhook {
            url: URL.to_owned(),
            active: true,
            fields: vec!["messages".to_owned()],
        })),
    };
    let with = |change: fn(&mut Registration)| {
        let mut facts = right.clone();
        change(&mut facts);
        facts
    };
    let to = |url: &str| {
        Ok(Some(Subscribed {
            override_url: Some(url.to_owned()),
        }))
    };
    let mut overridden = right.clone();
    overridden.subscribed = to(URL);
    overridden.webhook = Ok(Some(AppWebhook {
        url: "https://other.example/".to_owned(),
        active: true,
        fields: vec!["messages".to_owned()],
    }));
    let mut elsewhere = right.clone();
    elsewhere.subscribed = to("https://other.example/");
    for (facts, account, webhook) in [
        (right.clone(), None, None),
        (overridden, None, None),
        (elsewhere, Some(("other.example", "connect whatsapp")), None),
        (
            with(|facts| facts.account = None),
            Some(("--business-account", "")),
            None,
        ),
        (
            with(|facts| facts.subscribed = Ok(None)),
            Some(("no webhooks", "connect whatsapp")),
            None,
        ),
        (
            with(|facts| facts.subscribed = Err(GraphFailure::Refused(200))),
            Some(("error 200", "full control")),
            None,
        ),
        (
            with(|facts| facts.webhook = Err(GraphFailure::Refused(190))),
            None,
            Some(("whatsapp_app_secrets", "App settings")),
        ),
        (
            with(|facts| facts.webhook = Ok(None)),
            None,
            Some(("no callback URL", "connect whatsapp")),
        ),
        (
            with(|facts| facts.webhook.as_mut().unwrap().as_mut().unwrap().active = false),
            None,
            Some(("switched off", "connect whatsapp")),
        ),
        (
            with(|facts| {
                facts
                    .webhook
                    .as_mut()
                    .unwrap()
                    .as_mut()
                    .unwrap()
                    .fields
                    .clear()
            }),
            None,
            Some(("messages", "connect whatsapp")),
        ),
        (
            with(|facts| {
                facts.webhook.as_mut().unwrap().as_mut().unwrap().url = "https://o.example/".into();
            }),
            None,
            Some(("o.example", "connect whatsapp")),
        ),
    ] {
        judged(&judge_account(&facts, URL), account);
        judged(&judge_webhook(&facts, URL), webhook);
    }
}

#[test]
fn the_verify_token() {
    for (answers_challenge, status, wrong, expected) in [
        (true, Some(200), Some(403), None),
        (
            true,
            Some(200),
            Some(200),
            Some(("takes any verify token", "what stands in front")),
        ),
        (
            false,
            Some(200),
            Some(403),
            Some(("takes any verify token", "what stands in front")),
        ),
        (
            false,
            Some(403),
            Some(403),
            Some(("refuses the verify token", "five minutes")),
        ),
        (false, Some(502), None, Some(("502", "casement tail"))),
        (false, None, None, Some(("does not answer", "deploy"))),
    ] {
        let facts = Verification {
            answers_challenge,
            status,
            status_of_wrong_token: wrong,
        };
        judged(&judge_verification(&facts), expected);
    }
}

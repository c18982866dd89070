//! Initial inputs: the fixtures of the repository, and inputs made from them.

use std::fs;
use std::path::{Path, PathBuf};

use casement_core::model::identity::{ConversationKey, PhoneNumberId};
use casement_core::model::queue::{
    DelayQueueMessage, InboundQueueMessage, StatusQueueMessage, encode,
};
use casement_core::model::timer::Timer;
use casement_jira::webhook::Hint;
use chrono::DateTime;
use serde::Serialize;
use serde_json::{Value, json};

use crate::signing::{secrets, signature};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the contents of a folder's files, in the order of their names. A missing folder has
/// none.
fn files_in(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    let contents = paths.iter().map(fs::read);
    contents
        .map(|content| content.expect("a file that can be read"))
        .collect()
}

fn fixtures(folder: &str) -> Vec<Vec<u8>> {
    let fixtures = files_in(&repository().join("tests/fixtures").join(folder));
    assert!(!fixtures.is_empty(), "there are no fixtures in {folder}");
    fixtures
}

pub(crate) fn findings(entry_point: &str) -> Vec<Vec<u8>> {
    files_in(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("findings")
            .join(entry_point),
    )
}

pub(crate) fn whatsapp_webhooks() -> Vec<Vec<u8>> {
    [fixtures("whatsapp"), fixtures("whatsapp/kinds")].concat()
}

pub(crate) fn jira_webhooks() -> Vec<Vec<u8>> {
    fixtures("jira")
}

/// Returns the comment body from each fixture.
fn bodies(folder: &str) -> impl Iterator<Item = Value> {
    let fixtures = fixtures(folder).into_iter();
    fixtures.map(|fixture| {
        let fixture: Value = serde_json::from_slice(&fixture).expect("fixtures are JSON");
        fixture["body"].clone()
    })
}

pub(crate) fn adf_documents() -> Vec<Vec<u8>> {
    bodies("jira/adf-out")
        .map(|body| body.to_string().into_bytes())
        .collect()
}

/// Returns the example, which has every key, and a document with the three required keys.
pub(crate) fn settings() -> Vec<Vec<u8>> {
    let example = include_bytes!("../../../infra/settings.example.toml");
    let least =
        "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n";
    vec![example.to_vec(), least.as_bytes().to_vec()]
}

fn encoded(message: &impl Serialize) -> Vec<u8> {
    encode(message)
        .expect("queue messages are written down")
        .into_bytes()
}

/// Returns the queue messages that the fixtures become, and a timer.
pub(crate) fn queue_messages() -> Vec<Vec<u8>> {
    let received_at = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let timer = DelayQueueMessage::TimerDue {
        conversation: ConversationKey::new(&PhoneNumberId::new("1"), "4915112345678"),
        timer: Timer::KeepOpen,
        due_at: received_at,
    };
    let mut seeds = vec![encoded(&timer)];
    for body in whatsapp_webhooks() {
        let header = signature(&body);
        let webhook = casement_whatsapp::signature::verify(&body, Some(&header), &secrets());
        let webhook = webhook.expect("it is signed");
        let Ok(parsed) = casement_whatsapp::webhook::parse(webhook, received_at) else {
            continue;
        };
        let messages = parsed.messages.into_iter().map(Box::new);
        seeds.extend(
            messages.map(|message| encoded(&InboundQueueMessage::CustomerMessage(message))),
        );
        let statuses = parsed.statuses.into_iter();
        seeds.extend(statuses.map(|report| encoded(&StatusQueueMessage::Status(report))));
    }
    for body in jira_webhooks() {
        let header = signature(&body);
        let webhook = casement_jira::signature::verify(&body, Some(&header), &secrets());
        if let Ok(Hint::Comment { message, .. }) =
            casement_jira::webhook::parse(webhook.expect("it is signed"))
        {
            seeds.push(encoded(&message));
        }
    }
    seeds
}

fn event(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "POST /whatsapp",
        "rawPath": "/whatsapp",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "http": {"method": "POST", "path": "/whatsapp", "sourceIp": "192.0.2.1"},
            "requestId": "r",
            "timeEpoch": 1_795_000_000_000_i64,
        },
        "isBase64Encoded": false,
    });
    change(&mut event);
    event.to_string().into_bytes()
}

/// Returns signed webhooks, a subscription check, and a body in base64.
pub(crate) fn http_events() -> Vec<Vec<u8>> {
    let bodies = whatsapp_webhooks().into_iter().chain(jira_webhooks());
    let mut seeds: Vec<_> = bodies
        .map(|body| {
            event(|event| {
                let signature = signature(&body);
                event["headers"] =
                    json!({"x-hub-signature-256": signature, "x-hub-signature": signature});
                event["body"] = json!(String::from_utf8(body).expect("fixtures are text"));
            })
        })
        .collect();
    seeds.push(event(|event| {
        event["requestContext"]["http"]["method"] = json!("GET");
        event["queryStringParameters"] = json!({"hub.mode": "subscribe",
            "hub.verify_token": "a verify token of the tests", "hub.challenge": "1158201444"});
    }));
    seeds.push(event(|event| {
        event["isBase64Encoded"] = json!(true);
        event["body"] = json!("e30=");
    }));
    seeds
}

//! Tests of the check for kept personal data that ends each story.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use casement_tests::Stack;
use casement_tests::meta::{text, webhook_of};
use casement_tests::privacy::{Contents, Kind, PLACES, People, Place, leaks};
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "4915112345678";
const TEXT: &str = "Where is my order?\nIt is for my mother";

fn people() -> People {
    let mut people = People::default();
    people.identifier(PHONE);
    people.identifier("DE.13491208655302741918");
    people.name("Ana Lima");
    people.words(TEXT);
    people
}

/// Returns a sample of each kind.
fn each_kind() -> [(Kind, &'static str); 6] {
    [
        (Kind::Number, "to +4915112345678"),
        (Kind::Name, "for Ana Lima"),
        (Kind::Bsuid, "by DE.13491208655302741918"),
        (Kind::Wamid, "wamid.HBgNNDkxNTE"),
        (Kind::Words, "quoted: It is for my mother."),
        (Kind::Secret, "Bearer local-jira-token"),
    ]
}

fn item(pk: &str, sk: &str, value: &str) -> Value {
    json!({"pk": pk, "sk": sk, "other": {"in": [value]}})
}

fn place(name: &str) -> &'static Place {
    PLACES.iter().find(|place| place.name == name).unwrap()
}

/// A function that puts a text into one place of a stack.
type Plant = fn(&mut Contents, &str);

fn places() -> Vec<(&'static str, Plant)> {
    vec![
        ("table: conversations", |contents, text| {
            contents.item(&item("CONV#1#2", "STATE", text));
        }),
        ("table: held replies", |contents, text| {
            contents.item(&item("CONV#1#2", "HELD#3", text));
        }),
        ("table: what leads to conversations", |contents, text| {
            contents.item(&item(&format!("ALIAS#1#{text}"), "ALIAS", ""));
        }),
        ("table: ledger", |contents, text| {
            contents.item(&item("OUT#comment:1", "0", text));
        }),
        ("table: keys of the ledger", |contents, text| {
            contents.item(&item(&format!("MSG#{text}"), "MSG", ""));
        }),
        ("table: settings", |contents, text| {
            contents.item(&item("SETTINGS", "SETTINGS", text));
        }),
        ("table: marks of time", |contents, text| {
            contents.item(&item("RECONCILIATION", "CURSOR", text));
        }),
        ("queue: inbound", |contents, text| {
            contents.message("inbound", &json!({"body": text}));
        }),
        ("queue: outbound", |contents, text| {
            contents.message("outbound", &json!({"body": text}));
        }),
        ("queue: status", |contents, text| {
            contents.message("status", &json!({"body": text}));
        }),
        ("queue: delay", |contents, text| {
            contents.message("delay", &json!({"body": text}));
        }),
        ("queues: ids of groups", |contents, text| {
            contents.message("inbound", &json!({"group_id": text}));
        }),
        ("queues: ids against repeats", |contents, text| {
            contents.message("inbound", &json!({"deduplication_id": text}));
        }),
        ("queues: attributes", |contents, text| {
            let attribute = json!({"DataType": "String", "StringValue": text});
            contents.message("delay", &json!({"attributes": {"a": attribute}}));
        }),
        ("logs", |contents, text| contents.log(text)),
        ("metrics", |contents, text| {
            contents.log(&format!(r#"{{"_aws":{{}},"Reason":"{text}"}}"#));
        }),
    ]
}

#[test]
fn what_does_not_belong_in_a_place_is_found_there() {
    let people = people();
    for (name, plant) in places() {
        let place = place(name);
        for (kind, text) in each_kind() {
            let mut contents = Contents::default();
            plant(&mut contents, text);
            let found = leaks(&contents, &people);
            if place.may_hold(kind) {
                assert!(found.is_empty(), "{name}: {kind:?}: {found:?}");
            } else {
                let told = format!("{name}: {} ", kind.word());
                assert!(found.len() == 1 && found[0].starts_with(&told), "{found:?}");
            }
        }
        let mut contents = Contents::default();
        plant(&mut contents, r#"{"message":"done","id":"m-1"}"#);
        assert!(leaks(&contents, &people).is_empty(), "{name}");
    }
}

#[test]
fn words_are_in_the_inbound_queue_alone() {
    let may = |kind| {
        let names = places().into_iter().map(|(name, _)| name);
        let names = names.filter(|name| place(name).may_hold(kind));
        names.collect::<Vec<_>>()
    };
    assert_eq!(may(Kind::Words), ["queue: inbound"]);
    assert!(may(Kind::Secret).is_empty());
}

/// Puts an item into the table, as a function would.
async fn plant(stack: &Stack, item: Value) {
    let put = json!({"TableName": "casement-local-table", "Item": item});
    let signed = "AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/dynamodb/aws4_request, \
                  SignedHeaders=host, Signature=0";
    let answer = stack
        .client()
        .post(stack.url("/_via/inbound-message/1/dynamodb"))
        .header("X-Amz-Target", "DynamoDB_20120810.PutItem")
        .header("X-Amz-Date", "20260101T000000Z")
        .header("Authorization", signed)
        .header("Content-Type", "application/x-amz-json-1.0")
        .body(put.to_string())
        .send()
        .await
        .unwrap();
    let status = answer.status();
    assert!(status.is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test]
async fn a_story_that_leaves_words_in_the_table_fails_at_its_end() {
    let stack = Stack::start().await;
    stack.customer_wrote(PHONE, TEXT).await;
    let text = json!({"S": "Where is my order?"});
    let item = json!({"pk": {"S": "NOTE#1"}, "sk": {"S": "NOTE"}, "about": text});
    plant(&stack, item).await;
    let end = catch_unwind(AssertUnwindSafe(|| drop(stack)));
    let told = end.unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(
        told.contains("table: ledger: words \"Where is my order?\""),
        "{told}"
    );
}

/// A permission for a kind of data that never occurs should be removed.
#[tokio::test]
async fn what_a_place_may_hold_is_there() {
    let stack = Stack::start().await;
    let settings = stack.try_api(Method::GET, "/api/settings", Value::Null);
    let document = settings.await.text().await.unwrap();
    let other = "US.00000000000000000007";
    let blocked = format!("[[number]]\nblocked = [\"+4930123456789\", \"{other}\"]\n");
    let settings = stack.client().put(stack.url("/api/settings"));
    let answer = settings.body(document.replacen("[[number]]\n", &blocked, 1));
    let answer = answer.send().await.unwrap();
    assert!(
        answer.status().is_success(),
        "{}",
        answer.text().await.unwrap()
    );
    for phone in ["4930123456789", other] {
        stack.customer_wrote(phone, "Buy my pills today").await;
    }
    // One customer has a BSUID, and one comes from the time before BSUIDs.
    stack.customer_wrote(PHONE, TEXT).await;
    let from_b = text("4915187654321", "wamid.B", "Do you have it in red?");
    stack.meta_posted(&webhook_of(vec![from_b])).await;
    stack.settle().await;
    let keys: Vec<_> = stack
        .requests()
        .await
        .into_iter()
        .map(|one| one.key)
        .collect();
    assert_eq!(keys.len(), 2);
    for key in &keys {
        stack.agent_wrote(key, "We are looking for it").await;
    }
    stack.advance(Duration::from_secs(25 * 3600)).await;
    for key in &keys {
        stack.agent_wrote(key, "It will be there tomorrow").await;
    }
    // The replies are held now, and given up later.
    let mut kept = stack.kept().await;
    stack.advance(Duration::from_secs(15 * 24 * 3600)).await;
    stack.settle().await;
    kept.extend(stack.kept().await);
    let looked_at: BTreeSet<_> = places().into_iter().map(|(name, _)| name).collect();
    let all = PLACES.iter().filter(|place| looked_at.contains(place.name));
    let may: BTreeSet<_> = all
        .flat_map(|place| place.holds.iter().map(|kind| (place.name, *kind)))
        .collect();
    assert_eq!(kept, may);
}

#[tokio::test]
async fn what_went_through_the_queues_is_shown() {
    let stack = Stack::start().await;
    stack.customer_wrote(PHONE, TEXT).await;
    let queues = stack.api(Method::GET, "/api/queues", Value::Null).await;
    let delivered = queues["inbound"]["delivered"].as_array().unwrap();
    assert_eq!(delivered.len(), 1, "{queues}");
    assert!(delivered[0]["body"].as_str().unwrap().contains("my mother"));
    assert!(delivered[0]["group_id"].is_string(), "{queues}");
    assert_eq!(queues["inbound"]["messages"], json!([]));
    assert_eq!(queues["inbound"]["dead_letters"], json!([]));
}

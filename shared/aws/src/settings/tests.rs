use casement_core::model::identity::PhoneNumberId;
use casement_service::BackendFailure;
use serde_json::{Value, json};
use wiremock::MockServer;

use super::*;
use crate::testing::{TABLE, TestClock, calls, clients, service};

fn toml(request_type: &str) -> String {
    format!(
        "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"2\"\nrequest_type_id = \"{request_type}\"\n"
    )
}

fn item(document: &str, version: u64) -> (u16, Value) {
    let item = json!({
        "pk": { "S": "SETTINGS" },
        "sk": { "S": "SETTINGS" },
        "document": { "S": document },
        "version": { "N": version.to_string() },
    });
    (200, json!({ "Item": item }))
}

fn nothing() -> (u16, Value) {
    (200, json!({}))
}

fn failed() -> (u16, Value) {
    let error = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException" });
    (400, error)
}

async fn settings(
    answers: Vec<(u16, Value)>,
) -> (StoredSettings<TestClock>, TestClock, MockServer) {
    let server = service(answers).await;
    let clock = TestClock::new();
    let client = clients(&server.uri()).dynamodb();
    let settings = StoredSettings::new(client, TABLE, clock.clone());
    (settings, clock, server)
}

fn request_type(settings: &Settings) -> String {
    let number = settings.number(&PhoneNumberId::new("1")).unwrap();
    number.request_type_id.clone()
}

#[tokio::test]
async fn a_copy_serves_a_minute() {
    let answers = vec![item(&toml("10"), 1), item(&toml("11"), 2)];
    let (settings, clock, server) = settings(answers).await;
    for (passed, expected, reads) in [(0, "10", 1), (59, "10", 1), (1, "11", 2), (60, "11", 3)] {
        clock.advance(Duration::seconds(passed));
        let current = settings.current().await.unwrap();
        assert_eq!(request_type(&current), expected, "{passed}");
        assert_eq!(calls(&server).await.len(), reads, "{passed}");
    }
    let expected = json!({
        "TableName": TABLE,
        "Key": { "pk": { "S": "SETTINGS" }, "sk": { "S": "SETTINGS" } },
        "ConsistentRead": true,
    });
    assert_eq!(calls(&server).await[0], ("GetItem".to_owned(), expected));
}

#[tokio::test]
async fn an_earlier_copy_outlives_a_failure() {
    let no_version = json!({ "Item": { "document": { "S": toml("11") } } });
    for second in [item("number = 49151", 2), (200, no_version), failed()] {
        let answers = vec![item(&toml("10"), 1), second, item(&toml("12"), 3)];
        let (settings, clock, server) = settings(answers).await;
        settings.current().await.unwrap();
        for (expected, reads) in [("10", 2), ("12", 3)] {
            clock.advance(Duration::seconds(60));
            for _ in 0..2 {
                let current = settings.current().await.unwrap();
                assert_eq!(request_type(&current), expected);
            }
            assert_eq!(calls(&server).await.len(), reads);
        }
    }
}

#[tokio::test]
async fn settings_that_were_taken_away_are_not_in_force() {
    let (settings, clock, _server) = settings(vec![item(&toml("10"), 1), nothing()]).await;
    settings.current().await.unwrap();
    clock.advance(Duration::seconds(60));
    for _ in 0..2 {
        let current = settings.current().await;
        assert_eq!(current.unwrap_err(), SettingsFailure::Missing);
    }
}

#[tokio::test]
async fn without_a_copy_a_failure_is_told() {
    let no_number = "line 1: no [[number]] table: add one for each WhatsApp number";
    for (answer, failure) in [
        (nothing(), SettingsFailure::Missing),
        (
            item("number = []", 1),
            SettingsFailure::Invalid(no_number.to_owned()),
        ),
        (
            (200, json!({ "Item": { "version": { "N": "1" } } })),
            SettingsFailure::Invalid("the item lacks document or version".to_owned()),
        ),
        (
            failed(),
            StoreFailure(BackendFailure::Refused(
                "ResourceNotFoundException".to_owned(),
            ))
            .into(),
        ),
    ] {
        let (settings, _, _server) = settings(vec![answer]).await;
        assert_eq!(settings.current().await.unwrap_err(), failure);
    }
}

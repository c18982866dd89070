use std::collections::BTreeMap;

use crate::function::CloudWebhookSecrets;
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::sqs::SqsEvent;
use casement_aws::client::{AwsClients, AwsEnvironment};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};
use wiremock::matchers::{header, header_exists};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

fn read<A: DeserializeOwned>(event: &Value) -> Result<Incoming<A>, serde_json::Error> {
    serde_json::from_str(&event.to_string())
}

fn is_self_test<A: DeserializeOwned>(event: &Value) -> bool {
    matches!(read::<A>(event), Ok(Incoming::SelfTest))
}

/// What an HTTP API or a function URL hands a function, around what the caller has chosen.
fn request(body: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "POST /whatsapp", "rawPath": "/casement_self_test",
        "rawQueryString": "casement_self_test=true",
        "queryStringParameters": {"casement_self_test": "true"},
        "headers": {"casement_self_test": "true", "content-type": "application/json"},
        "requestContext": {
            "accountId": "1", "apiId": "a", "requestId": "r", "routeKey": "POST /whatsapp",
            "http": {"method": "POST", "path": "/casement_self_test", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "stage": "$default",
        },
        "body": body, "isBase64Encoded": false,
    })
}

#[test]
fn every_kind_of_function_knows_the_event_of_a_self_test() {
    for value in [json!(true), json!({"any": ["value"]}), json!(null)] {
        let event = json!({ SELF_TEST: value });
        assert!(is_self_test::<ApiGatewayV2httpRequest>(&event), "{event}");
        assert!(is_self_test::<SqsEvent>(&event), "{event}");
        assert!(is_self_test::<IgnoredAny>(&event), "{event}");
    }
}

#[test]
fn a_caller_from_outside_cannot_ask_for_a_self_test() {
    let body = json!({ SELF_TEST: true }).to_string();
    let event = request(&body);
    let Ok(Incoming::Work(request)) = read::<ApiGatewayV2httpRequest>(&event) else {
        panic!("{event}")
    };
    assert_eq!(request.body, Some(body));
    let Ok(Incoming::Work(queued)) = read::<SqsEvent>(&json!({"Records": [{
        "messageId": "1", "body": json!({ SELF_TEST: true }).to_string(), "attributes": {},
        "messageAttributes": {}, "eventSource": "aws:sqs",
    }]})) else {
        panic!("a record is no self-test")
    };
    assert_eq!(queued.records.len(), 1);
}

#[test]
fn a_self_test_is_alone_in_its_event() {
    let mut event = request("");
    event[SELF_TEST] = json!(true);
    assert!(!is_self_test::<ApiGatewayV2httpRequest>(&event));
    for event in [
        format!(r#"{{"{SELF_TEST}":true,"Records":[]}}"#),
        format!(r#"{{"Records":[],"{SELF_TEST}":true}}"#),
        format!(r#"["{SELF_TEST}"]"#),
        format!(r#""{SELF_TEST}""#),
    ] {
        let read = serde_json::from_str::<Incoming<SqsEvent>>(&event);
        assert!(!matches!(read, Ok(Incoming::SelfTest)), "{event}");
    }
}

#[test]
fn other_events_are_read_as_without_it() {
    let events = [
        json!({}),
        json!({"id": "tick", "detail": {"a": [1, 2.5, null, "é"]}}),
        json!({"Records": []}),
    ];
    for event in events {
        let whole: BTreeMap<String, Value> = serde_json::from_value(event.clone()).unwrap();
        assert_eq!(read(&event).unwrap(), Incoming::Work(whole), "{event}");
    }
    let wrong = read::<SqsEvent>(&json!({"Records": 7})).unwrap_err();
    assert!(wrong.to_string().contains("expected a sequence"), "{wrong}");
}

/// An answer of AWS: its status and body.
type Answered = (u16, Value);

fn refused(code: &str, message: &str) -> Answered {
    (
        400,
        json!({"__type": code, "Message": message, "message": message}),
    )
}

fn value(secret: &str) -> Answered {
    (200, json!({"Name": "s", "SecretString": secret}))
}

/// The report of a function that reads a secret, the settings and the table.
async fn report(secret: Answered, table: Answered) -> Report {
    let server = MockServer::start().await;
    let answer = |(status, body): Answered| ResponseTemplate::new(status).set_body_json(body);
    let of = |target: &str| Mock::given(header("x-amz-target", target));
    let secrets = of("secretsmanager.GetSecretValue").respond_with(answer(secret));
    secrets.mount(&server).await;
    let rows = of("DynamoDB_20120810.GetItem").respond_with(answer(table));
    rows.mount(&server).await;
    let others = Mock::given(header_exists("x-amz-target"));
    let others = others.respond_with(ResponseTemplate::new(500)).expect(0);
    others.with_priority(9).mount(&server).await;
    let environment = |name: &str| {
        Some(match name {
            "AWS_REGION" => "eu-central-1".to_owned(),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "key".to_owned(),
            "AWS_ENDPOINT_URL" => server.uri(),
            _ => return None,
        })
    };
    let aws = AwsClients::new(AwsEnvironment::read(environment).unwrap());
    let clock = LambdaClock::default();
    let readables = Readables::default();
    readables.add(CloudWebhookSecrets::new(
        aws.secrets_manager(),
        "s",
        clock.clone(),
    ));
    readables.add(StoredSettings::new(aws.dynamodb(), "t", clock.clone()));
    readables.add(DynamoStore::new(aws.dynamodb(), "t", clock));
    let report = SelfTest::new("inbound-message", readables).run().await;
    assert_eq!(report.function, "inbound-message");
    assert_eq!(report.version, env!("CARGO_PKG_VERSION"));
    report
}

#[tokio::test]
async fn what_the_operator_fills_in_later_is_no_failure() {
    let no_value =
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
    for secret in [
        refused("ResourceNotFoundException", no_value),
        (200, json!({ "SecretString": "" })),
    ] {
        let report = report(secret, (200, json!({}))).await;
        assert_eq!(report.failures, [""; 0]);
        let expected = [
            "the webhook secret has no value yet",
            "no settings are stored yet",
        ];
        assert_eq!(report.not_yet, expected);
    }
}

#[tokio::test]
async fn what_a_version_cannot_read_or_use_is_a_failure_that_quotes_nothing() {
    let settings = |toml: &str| {
        let item = json!({"document": {"S": toml}, "version": {"N": "1"}});
        (200, json!({ "Item": item }))
    };
    let denied = || refused("AccessDeniedException", "quotes the ARN");
    for (secret, table, expected) in [
        (
            denied(),
            (200, json!({})),
            vec!["the webhook secret cannot be read: it refuses (AccessDeniedException)"],
        ),
        (
            refused(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
            ),
            (200, json!({})),
            vec!["the webhook secret cannot be read: it refuses (ResourceNotFoundException)"],
        ),
        (
            value(r#"{"whatsapp_app_secrets":["a-secret-of-16-letters"]}"#),
            denied(),
            vec![
                "the webhook secret cannot be used: ",
                "the table failed: it refuses (AccessDeniedException)",
                "the table failed: it refuses (AccessDeniedException)",
            ],
        ),
        (
            denied(),
            settings("phone = \"+4915112345678\""),
            vec![
                "the webhook secret cannot be read: it refuses (AccessDeniedException)",
                "the stored settings are not valid; `casement check` says why",
                "",
            ],
        ),
    ] {
        let report = report(secret, table).await;
        assert_eq!(report.failures.len(), expected.len(), "{report:?}");
        for (failure, expected) in report.failures.iter().zip(expected) {
            assert!(failure.starts_with(expected), "{failure}");
        }
        let said = serde_json::to_string(&report).unwrap();
        assert!(
            !said.contains("letters") && !said.contains("4915"),
            "{said}"
        );
        assert!(!said.contains("ARN"), "{said}");
    }
}

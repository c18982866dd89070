//! The self-test of each function, which is started as Lambda starts a new version.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casement_tests::{Stack, binary};
use local_emulators::template::Function;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::environment::functions;

/// Lambda's runtime API for one event: gives it out once, and passes on what the function posts.
fn runtime_api(event: &Value, posted: mpsc::Sender<(String, Value)>) -> Router {
    let event = event.to_string();
    let given = Arc::new(AtomicBool::new(false));
    let next = get(move || {
        let (given, event) = (Arc::clone(&given), event.clone());
        async move {
            if given.swap(true, Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            let headers = [
                ("lambda-runtime-aws-request-id", "1"),
                ("lambda-runtime-deadline-ms", "9999999999999"),
                ("lambda-runtime-invoked-function-arn", "arn"),
            ];
            (headers, event).into_response()
        }
    });
    let taken = post(move |Path(way): Path<String>, body: String| {
        let posted = posted.clone();
        async move {
            let body = serde_json::from_str(&body).unwrap_or(Value::Null);
            posted.send((way, body)).await.unwrap();
            StatusCode::ACCEPTED
        }
    });
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", next)
        .route("/2018-06-01/runtime/{*way}", taken)
}

/// What a new process of the function answers to the event, and all that it prints.
async fn answer(stack: &Stack, function: &Function, event: &Value) -> (Value, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (posted, mut heard) = mpsc::channel(4);
    let api = runtime_api(event, posted);
    let served = tokio::spawn(async move { axum::serve(listener, api).await });
    let name = &function.name;
    let via = |service: &str| stack.url(&format!("/_via/{name}/0/{service}"));
    let mut process = Command::new(binary(name))
        .env_clear()
        .envs(&function.environment)
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "2")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_ENDPOINT_URL_DYNAMODB", via("dynamodb"))
        .env("AWS_ENDPOINT_URL_SQS", via("sqs"))
        .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", via("secretsmanager"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (way, body) = tokio::select! {
        heard = heard.recv() => heard.unwrap(),
        ended = process.wait() => panic!("{name} has ended: {ended:?}"),
    };
    assert_eq!(way, "invocation/1/response", "{name}: {body}");
    process.start_kill().unwrap();
    let output = process.wait_with_output().await.unwrap();
    served.abort();
    let said = [output.stdout, output.stderr].concat();
    (body, String::from_utf8(said).unwrap())
}

fn self_test() -> Value {
    json!({"casement_self_test": true})
}

#[tokio::test]
async fn every_function_passes_its_self_test_and_counts_nothing() {
    let stack = Stack::start().await;
    let functions = functions("casement-local-webhook", "casement-local-credentials");
    assert_eq!(functions.len(), 7);
    for function in functions {
        let (report, said) = answer(&stack, &function, &self_test()).await;
        let expected = json!({"function": function.name, "version": env!("CARGO_PKG_VERSION"),
            "failures": [], "not_yet": []});
        assert_eq!(report, expected, "{said}");
        assert!(said.contains("the self-test passed"), "{said}");
        assert!(!said.contains("CloudWatchMetrics"), "{said}");
    }
}

#[tokio::test]
async fn a_version_with_a_secret_that_is_not_there_fails_its_self_test() {
    let stack = Stack::start().await;
    for function in functions("nowhere-webhook", "nowhere-credentials") {
        let (report, said) = answer(&stack, &function, &self_test()).await;
        let reads = [
            ("WEBHOOK_SECRET_ID", "the webhook secret"),
            ("CREDENTIALS_SECRET_ID", "the credentials secret"),
        ];
        let expected: Vec<_> = reads
            .iter()
            .filter(|(variable, _)| function.environment.contains_key(*variable))
            .map(|(_, secret)| {
                format!("{secret} cannot be read: it refuses (ResourceNotFoundException)")
            })
            .collect();
        assert_eq!(report["failures"], json!(expected), "{said}");
    }
}

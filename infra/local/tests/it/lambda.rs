use std::time::Duration;

use local::lambda::{FunctionConfig, InvokeError, MAX_PAYLOAD, Output};
use serde_json::{Value, json};

use crate::fixture::{config, invoke, lambda_with};

/// Waits until the functions have printed this many lines.
async fn printed(output: &Output, lines: usize) {
    while output.lines_since(0).len() < lines {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_environment_is_kept_warm() {
    let (lambda, _) = lambda_with(vec![config("worker")]).await;
    for served in 1..=3 {
        let result = invoke(&lambda, "worker", json!({"n": served}))
            .await
            .unwrap();
        assert_eq!(result["served"], served);
        assert_eq!(result["event"]["n"], served);
    }
    assert_eq!(lambda.living()["worker"], 1);
    let cold: Vec<_> = lambda
        .invocations_since(0)
        .into_iter()
        .map(|(_, invocation)| invocation.init_ms.is_some())
        .collect();
    assert_eq!(cold, [true, false, false], "only the first start is cold");
}

#[tokio::test]
async fn parallel_invocations_have_environments_of_their_own() {
    let (lambda, _) = lambda_with(vec![config("worker")]).await;
    let runs = (0..3).map(|_| invoke(&lambda, "worker", json!({})));
    for result in futures_util::future::join_all(runs).await {
        assert_eq!(result.unwrap()["served"], 1);
    }
    assert_eq!(lambda.living()["worker"], 3);
}

#[tokio::test]
async fn reserved_concurrency_is_a_limit() {
    let (lambda, output) = lambda_with(vec![FunctionConfig {
        reserved_concurrency: Some(1),
        ..config("worker")
    }])
    .await;
    let busy = {
        let lambda = lambda.clone();
        let event = json!({"print": "at work", "do": "hang"});
        tokio::spawn(async move { invoke(&lambda, "worker", event).await })
    };
    printed(&output, 1).await;
    let refused = invoke(&lambda, "worker", json!({})).await;
    assert_eq!(refused, Err(InvokeError::Throttled));
    lambda.kill(1);
    busy.await.unwrap().unwrap_err();
    invoke(&lambda, "worker", json!({})).await.unwrap();
}

#[tokio::test]
async fn failures_are_told_and_the_next_invocation_is_served() {
    for (event, expected) in [
        (json!({"do": "fail"}), "Told: to fail"),
        (json!({"do": "exit"}), "Runtime exited: exit status: 7"),
        (json!({"do": "panic"}), "Runtime exited: exit status: 101"),
        (
            json!({"do": "fill", "bytes": MAX_PAYLOAD}),
            "Function.ResponseSizeTooLarge",
        ),
    ] {
        let (lambda, _) = lambda_with(vec![config("worker")]).await;
        let error = invoke(&lambda, "worker", event.clone()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{event}: {error}");
        invoke(&lambda, "worker", json!({})).await.unwrap();
    }
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_killed() {
    let (lambda, _) = lambda_with(vec![FunctionConfig {
        timeout: Duration::from_millis(200),
        ..config("worker")
    }])
    .await;
    let error = invoke(&lambda, "worker", json!({"do": "hang"}))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("Task timed out after 0.20 seconds"),
        "{error}"
    );
    let result = invoke(&lambda, "worker", json!({})).await.unwrap();
    assert_eq!(result["served"], 1, "a new process serves");
}

#[tokio::test]
async fn a_process_that_ends_between_invocations_costs_nothing() {
    let (lambda, _) = lambda_with(vec![config("worker")]).await;
    for _ in 0..3 {
        let result = invoke(&lambda, "worker", json!({"then": "exit"}))
            .await
            .unwrap();
        assert_eq!(result["served"], 1);
    }
}

#[tokio::test]
async fn errors_at_start_are_told() {
    for (init, expected) in [
        ("report", "Config: TABLE_NAME is missing"),
        ("exit", "Runtime exited: exit status: 3"),
    ] {
        let mut function = config("worker");
        function
            .environment
            .insert("FAKE_INIT".to_owned(), init.to_owned());
        let (lambda, _) = lambda_with(vec![function]).await;
        let error = invoke(&lambda, "worker", json!({})).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{init}: {error}");
    }
    let (lambda, _) = lambda_with(vec![FunctionConfig {
        binary: "/nonexistent/function".into(),
        ..config("worker")
    }])
    .await;
    let error = invoke(&lambda, "worker", json!({})).await.unwrap_err();
    assert!(
        error.to_string().starts_with("Runtime.InvalidEntrypoint"),
        "{error}"
    );
}

#[tokio::test]
async fn events_that_cannot_be_run_are_refused() {
    let (lambda, _) = lambda_with(vec![config("worker")]).await;
    assert_eq!(
        invoke(&lambda, "stranger", json!({})).await,
        Err(InvokeError::UnknownFunction("stranger".to_owned()))
    );
    let event = json!("x".repeat(MAX_PAYLOAD));
    assert_eq!(
        invoke(&lambda, "worker", event).await,
        Err(InvokeError::EventTooLarge(MAX_PAYLOAD + 2))
    );
}

#[tokio::test]
async fn killing_an_environment_fails_its_invocation() {
    let (lambda, output) = lambda_with(vec![config("worker")]).await;
    let hanging = {
        let lambda = lambda.clone();
        let event = json!({"print": "at work", "do": "hang"});
        tokio::spawn(async move { invoke(&lambda, "worker", event).await })
    };
    printed(&output, 1).await;
    lambda.kill(1);
    let error = hanging.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("Runtime exited: signal: killed"), "{error}");
}

#[tokio::test]
async fn what_goes_on_invoking_does_not_keep_a_stop_from_ending() {
    let (lambda, output) = lambda_with(vec![config("worker")]).await;
    let again_and_again = {
        let lambda = lambda.clone();
        tokio::spawn(async move {
            loop {
                let event = json!({"print": "at work", "do": "hang"});
                if invoke(&lambda, "worker", event).await == Err(InvokeError::Throttled) {
                    break;
                }
            }
        })
    };
    printed(&output, 1).await;
    let stopped = lambda.stop_all().await;
    again_and_again.await.unwrap();
    assert_eq!(lambda.living()["worker"], 0);
    drop(stopped);
    invoke(&lambda, "worker", json!({})).await.unwrap();
}

#[tokio::test]
async fn a_process_inherits_nothing_but_what_it_needs() {
    let (lambda, _) = lambda_with(vec![config("worker")]).await;
    let variables = invoke(&lambda, "worker", json!({"do": "environment"}))
        .await
        .unwrap();
    let variables = variables.as_object().unwrap();
    assert!(variables.contains_key("PATH"), "{variables:?}");
    for parents in ["HOME", "CARGO_MANIFEST_DIR"] {
        assert!(!variables.contains_key(parents), "{parents}");
    }
}

#[tokio::test]
async fn output_is_kept_with_the_functions_name() {
    let (lambda, output) = lambda_with(vec![config("worker")]).await;
    let metric =
        r#"{"_aws":{"CloudWatchMetrics":[{"Namespace":"C","Metrics":[{"Name":"N"}]}]},"N":2}"#;
    for line in ["hello", metric, metric] {
        invoke(&lambda, "worker", json!({"print": line, "then": "exit"}))
            .await
            .unwrap();
    }
    let _stopped = lambda.stop_all().await;
    printed(&output, 3).await;
    let (_, line) = &output.lines_since(0)[0];
    assert_eq!(
        (line.function.as_str(), line.text.as_str()),
        ("worker", "hello")
    );
    assert_eq!(output.metrics()[0].sum, 4.0);
    assert_eq!(
        json!(output.lines_since(0)[0].1)["text"],
        Value::from("hello")
    );
}

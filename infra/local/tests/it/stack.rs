use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{TestStack, order_to_call};

#[tokio::test]
async fn routes_lead_to_functions_and_nowhere_else() {
    let stack = TestStack::start().await;
    let (status, event) = stack
        .call(Method::POST, "/whatsapp?a=1", &json!({"hello": "there"}))
        .await;
    assert_eq!(status, 200);
    assert_eq!(event["event"]["routeKey"], "POST /whatsapp");
    assert_eq!(event["event"]["queryStringParameters"]["a"], "1");
    assert_eq!(event["event"]["body"], r#"{"hello":"there"}"#);
    for (method, path, expected) in [
        (Method::GET, "/whatsapp", 404),
        (Method::POST, "/nowhere", 404),
        (Method::GET, "/api/nowhere", 404),
        (Method::GET, "/api/health", 200),
        (Method::GET, "/api/openapi.json", 200),
        (Method::GET, "/", 200),
    ] {
        let (status, _) = stack.call(method.clone(), path, &json!({})).await;
        assert_eq!(status, expected, "{method} {path}");
    }
    stack.stop().await;
}

#[tokio::test]
async fn what_a_function_answers_is_what_the_caller_sees() {
    let stack = TestStack::start().await;
    for (order, status) in [
        (
            json!({"do": "answer", "with": {"statusCode": 401, "body": ""}}),
            401,
        ),
        (json!({"do": "answer", "with": {"statusCode": "?"}}), 500),
        (json!({"do": "fail"}), 500),
        (json!({"do": "exit"}), 500),
    ] {
        let (seen, _) = stack.call(Method::POST, "/whatsapp", &order).await;
        assert_eq!(seen, status, "{order}");
    }
    let (status, body) = stack
        .post_bytes("/whatsapp", vec![b'x'; 10 * 1024 * 1024 + 1])
        .await;
    assert_eq!(
        (status, body["message"].as_str()),
        (413, Some("Request Entity Too Large"))
    );
    let (status, _) = stack
        .post_bytes("/whatsapp", vec![b'x'; 7 * 1024 * 1024])
        .await;
    assert_eq!(status, 413, "more than an invocation takes");
    stack.stop().await;
}

#[tokio::test]
async fn messages_are_worked_on_and_leave_the_queue() {
    let stack = TestStack::start().await;
    for n in 0..3 {
        stack.send(&format!("message {n}"), "a").await;
    }
    let (status, answer) = stack.post("/api/idle", &json!({"timeout_s": 20})).await;
    assert_eq!((status, &answer["idle"]), (200, &json!(true)), "{answer}");
    let state = stack.get("/api/state").await;
    let queue = &state["queues"]["work"];
    assert_eq!(
        (&queue["visible"], &queue["in_flight"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(state["calls"]["sqs"], 3);
    stack.stop().await;
}

#[tokio::test]
async fn a_message_that_fails_comes_again_and_ends_among_the_dead_letters() {
    let stack = TestStack::start().await;
    stack.send("to fail", "a").await;
    stack.send("behind it", "a").await;
    let at_rest = json!({"timeout_s": 20, "ignore_backoff": true});
    for _ in 0..2 {
        let (status, answer) = stack.post("/api/idle", &at_rest).await;
        assert_eq!(status, 200, "{answer}");
        stack.post("/api/clock", &json!({"advance_s": 181})).await;
    }
    let (status, answer) = stack.post("/api/idle", &at_rest).await;
    assert_eq!(status, 200, "{answer}");
    let state = stack.get("/api/state").await;
    assert_eq!(state["queues"]["work"]["dead"], 1, "{state}");
    assert_eq!(
        state["queues"]["work"]["visible"], 0,
        "the group goes on: {state}"
    );
    assert_eq!(state["dead_letters"][0]["queue"], "work");
    assert_eq!(
        state["dead_letters"][0]["reason"],
        "reported as failed by fake_function"
    );

    let (status, moved) = stack.post("/api/redrive", &json!({"queue": "work"})).await;
    assert_eq!((status, moved), (200, json!({"moved": 1})));
    let (status, _) = stack.post("/api/redrive", &json!({"queue": "none"})).await;
    assert_eq!(status, 404);
    stack.stop().await;
}

#[tokio::test]
async fn a_message_that_waits_to_come_again_is_told_as_busy() {
    let stack = TestStack::start().await;
    stack.send("to fail", "a").await;
    let at_rest = json!({"timeout_s": 20, "ignore_backoff": true});
    stack.post("/api/idle", &at_rest).await;
    let (status, answer) = stack.post("/api/idle", &json!({"timeout_s": 0})).await;
    assert_eq!(status, 504);
    assert_eq!(answer["busy"]["queues"]["work"]["in_flight"], 1, "{answer}");
    stack.stop().await;
}

#[tokio::test]
async fn moving_the_clock_runs_a_schedule_once() {
    let stack = TestStack::start().await;
    let (status, clock) = stack
        .post("/api/clock", &json!({"advance_s": 90_000}))
        .await;
    assert_eq!((status, &clock["offset_s"]), (200, &json!(90_000)));
    stack.post("/api/idle", &json!({"timeout_s": 20})).await;
    let invocations = stack.get("/api/invocations").await;
    assert_eq!(
        invocations.as_array().map(Vec::len),
        Some(1),
        "{invocations}"
    );
    let (status, problem) = stack
        .post("/api/clock", &json!({"advance_s": "soon"}))
        .await;
    assert_eq!((status, &problem["status"]), (400, &json!(400)));
    stack.stop().await;
}

#[tokio::test]
async fn faults_hit_the_calls_of_functions() {
    let stack = TestStack::start().await;
    let (_, variables) = stack.post("/whatsapp", &json!({"do": "environment"})).await;
    let queue = json!({"QueueUrl": variables["WORK_QUEUE_URL"]});
    let target = "AmazonSQS.GetQueueAttributes";
    let order = order_to_call("AWS_ENDPOINT_URL_SQS", target, &queue);
    for (fault, expected) in [
        (json!({"kind": "refuse"}), json!({"error": "no answer"})),
        (
            json!({"kind": "status", "status": 503, "body": "away"}),
            json!({"status": 503, "text": "away"}),
        ),
        (json!({"kind": "hang"}), json!({"error": "timeout"})),
        (
            json!({"kind": "status_after", "status": 500}),
            json!({"status": 500, "text": ""}),
        ),
        (json!({"kind": "cut_after"}), json!({"error": "no answer"})),
        (
            json!({"kind": "truncate"}),
            json!({"status": 200, "error": "answer cut"}),
        ),
        (
            json!({"kind": "refuse", "match": "SendMessage"}),
            Value::Null,
        ),
    ] {
        let mut document = json!({"target": "sqs"});
        document
            .as_object_mut()
            .unwrap()
            .extend(fault.as_object().unwrap().clone());
        let (status, added) = stack.post("/api/faults", &document).await;
        assert_eq!(status, 201, "{added}");
        let (_, seen) = stack.post("/whatsapp", &order).await;
        if expected.is_null() {
            assert_eq!(seen["status"], 200, "{fault}: {seen}");
        } else {
            assert_eq!(seen, expected, "{fault}");
        }
        stack
            .call(Method::DELETE, "/api/faults", &Value::Null)
            .await;
    }
    let calls = stack.get("/api/calls?since=1").await;
    assert_eq!(calls[0]["n"], 2);
    assert_eq!(calls[0]["function"], "fake_function");
    assert_eq!(calls[0]["operation"], "GetQueueAttributes");
    assert_eq!(calls[0]["status"], 503);
    let (status, _) = stack
        .post("/api/faults", &json!({"target": "sqs", "kind": "nonsense"}))
        .await;
    assert_eq!(status, 400);
    stack.stop().await;
}

#[tokio::test]
async fn a_fault_can_kill_the_function_after_its_effect() {
    let stack = TestStack::start().await;
    let fault = json!({"target": "sqs", "kind": "kill_after", "match": "SendMessage", "count": 1});
    stack.post("/api/faults", &fault).await;
    let order = stack.order_to_send("message", "a").await;
    let (status, _) = stack.post("/whatsapp", &order).await;
    assert_eq!(status, 500, "the function has gone");
    stack.post("/api/idle", &json!({"timeout_s": 20})).await;
    let invocations = stack.get("/api/invocations").await;
    let errors: Vec<bool> = invocations
        .as_array()
        .unwrap()
        .iter()
        .map(|invocation| invocation["error"].is_string())
        .collect();
    assert_eq!(
        errors,
        [false, true, false],
        "asked for the queue, killed, but the message was sent and worked on"
    );
    stack.stop().await;
}

#[tokio::test]
async fn settings_are_checked_and_replaced() {
    let stack = TestStack::start().await;
    let document = stack.text("/api/settings").await;
    assert!(document.contains("[[number]]"), "{document}");
    let (status, problem) = stack.put_text("/api/settings", "surprise = 1").await;
    assert_eq!(status, 400);
    assert!(
        problem["detail"].as_str().unwrap().contains("line 1"),
        "{problem}"
    );
    let changed = document.replace("30m", "45m");
    let (status, answer) = stack.put_text("/api/settings", &changed).await;
    assert_eq!((status, answer), (200, json!({"version": 2})));
    assert_eq!(stack.text("/api/settings").await, changed);
    stack.stop().await;
}

#[tokio::test]
async fn a_reset_forgets_everything() {
    let stack = TestStack::start().await;
    stack.send("to fail", "a").await;
    stack
        .post("/api/faults", &json!({"target": "jira", "kind": "hang"}))
        .await;
    stack.post("/api/clock", &json!({"advance_s": 10})).await;
    let (status, _) = stack.post("/api/reset", &json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(stack.get("/api/faults").await, json!([]));
    assert_eq!(stack.get("/api/calls").await, json!([]));
    assert_eq!(stack.get("/api/clock").await["offset_s"], 0);
    let (status, _) = stack.post("/api/idle", &json!({"timeout_s": 20})).await;
    assert_eq!(status, 200);
    let state = stack.get("/api/state").await;
    assert_eq!(state["queues"]["work"]["in_flight"], 0);
    stack.stop().await;
}

#[tokio::test]
async fn events_tell_of_what_happens() {
    let stack = TestStack::start().await;
    let mut events = stack.open("/api/events").await;
    stack.post("/api/clock", &json!({"advance_s": 5})).await;
    let mut seen = String::new();
    while !seen.contains("event: clock") {
        let chunk = events.chunk().await.unwrap().unwrap();
        seen.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(seen.contains("\"offset_s\":5"), "{seen}");
    stack.stop().await;
}

#[tokio::test]
async fn a_data_directory_outlives_the_stack() {
    let directory = std::env::temp_dir().join(format!("casement-test-{}", uuid::Uuid::new_v4()));
    let stack = TestStack::start_in(Some(directory.clone())).await;
    stack.send("to fail", "a").await;
    stack
        .post(
            "/api/idle",
            &json!({"timeout_s": 20, "ignore_backoff": true}),
        )
        .await;
    stack.post("/api/clock", &json!({"advance_s": 60})).await;
    let document = stack.text("/api/settings").await.replace("30m", "45m");
    stack.put_text("/api/settings", &document).await;
    stack.stop().await;

    let stack = TestStack::start_in(Some(directory.clone())).await;
    assert_eq!(stack.get("/api/clock").await["offset_s"], 60);
    assert_eq!(stack.text("/api/settings").await, document);
    let state = stack.get("/api/state").await;
    assert_eq!(state["queues"]["work"]["in_flight"], 1, "{state}");
    #[cfg(unix)]
    for kept in ["dynamodb.sqlite", "sqs.journal"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(directory.join(kept)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{kept}");
    }
    stack.stop().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn another_web_page_can_neither_change_nor_read_anything() {
    let stack = TestStack::start().await;
    stack.post("/api/clock", &json!({"advance_s": 60})).await;
    let here = stack.url("").trim_start_matches("http://").to_owned();
    for (method, path, header, value) in [
        (Method::POST, "/api/reset", "origin", "http://shop.example"),
        (Method::POST, "/api/reset", "origin", "null"),
        (Method::POST, "/api/reset", "host", "shop.example"),
        (Method::GET, "/api/secrets", "host", "shop.example"),
        (Method::GET, "/", "host", "shop.example"),
        (Method::POST, "/to-fail", "origin", "http://shop.example"),
        (
            Method::GET,
            "/atlassian/rest/api/3/myself",
            "host",
            "a.example",
        ),
    ] {
        let request = stack.authorized(method, path).header(header, value);
        let status = request.send().await.unwrap().status();
        assert_eq!(status, 403, "{path} {header} {value}");
    }
    assert_eq!(stack.get("/api/clock").await["offset_s"], 60);
    let own = stack.authorized(Method::POST, "/api/reset");
    let own = own.header("origin", format!("http://{here}"));
    assert_eq!(own.send().await.unwrap().status(), 200);
    stack.stop().await;
}

#[tokio::test]
async fn every_described_call_is_there() {
    let stack = TestStack::start().await;
    let document = stack.get("/api/openapi.json").await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let given = path
                .replace("{phone}", "491701234567")
                .replace("{key}", "SUP-1")
                .replace("{id}", "1");
            let (status, detail) = stack.try_call(method.clone(), &given).await;
            assert_ne!(status, 405, "{method} {path}");
            assert!(
                !detail.contains("no such call"),
                "{method} {path}: {detail}"
            );
        }
    }
    stack.stop().await;
}

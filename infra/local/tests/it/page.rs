//! The page as a browser gets it, and the parts of the control API that it depends on.

use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::TestStack;

const HOURS: &str = r#"
[number.hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
"#;

#[tokio::test]
async fn the_page_is_served_whole_fresh_and_locked_down() {
    let stack = TestStack::start().await;
    let index = stack.open("/").await;
    assert_eq!(index.headers()["content-type"], "text/html; charset=utf-8");
    let text = index.text().await.unwrap();
    let linked: Vec<_> = text
        .split('"')
        .filter(|part| part.starts_with("/page/"))
        .collect();
    assert!(linked.contains(&"/page/main.js") && linked.contains(&"/page/app.css"));
    for path in linked {
        let file = stack.open(path).await;
        let header = |name: &str| file.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(file.status(), 200, "{path}");
        let kind = match path.ends_with(".js") {
            true => "text/javascript; charset=utf-8",
            false => "text/css; charset=utf-8",
        };
        assert_eq!(header("content-type"), kind, "{path}");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        assert!(!policy.contains("unsafe"), "{policy}");

        let tag = header("etag");
        for (known, status) in [(tag.as_str(), 304), ("\"other\"", 200)] {
            let request = stack.authorized(Method::GET, path);
            let again = request.header("if-none-match", known).send().await.unwrap();
            assert_eq!(again.status(), status, "{path} {known}");
        }
    }
    for path in ["/page/none.js", "/page/README.md", "/page/..%2FCargo.toml"] {
        let (status, _) = stack.try_call(Method::GET, path).await;
        assert_eq!(status, 404, "{path}");
    }
    stack.stop().await;
}

#[tokio::test]
async fn the_page_can_be_served_from_a_directory() {
    let directory = std::env::temp_dir().join(format!("casement-page-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("main.js"), "first").unwrap();
    let page = directory.clone();
    let stack = TestStack::start_with(|options| options.page = Some(page)).await;
    assert_eq!(stack.text("/page/main.js").await, "first");
    std::fs::write(directory.join("main.js"), "second").unwrap();
    assert_eq!(stack.text("/page/main.js").await, "second");
    assert_eq!(stack.open("/page/app.css").await.status(), 404);
    stack.stop().await;
    std::fs::remove_dir_all(&directory).unwrap();
}

#[tokio::test]
async fn the_clock_goes_to_the_next_opening() {
    let stack = TestStack::start().await;
    assert_eq!(stack.get("/api/clock").await["next_opening"], Value::Null);
    let to_opening = json!({"to": "next_opening"});
    let (status, problem) = stack.post("/api/clock", &to_opening).await;
    assert_eq!(status, 409, "{problem}");

    let document = stack.text("/api/settings").await;
    let with_hours = document.replacen(
        "[number.languages]",
        &format!("{HOURS}\n[number.languages]"),
        1,
    );
    let (status, problem) = stack.put_text("/api/settings", &with_hours).await;
    assert_eq!(status, 200, "{problem}");
    // Saturday noon in Berlin, then Monday at noon, when the agents are already working.
    for (now, opening) in [
        ("2026-11-28T11:00:00Z", "2026-11-30T08:00:00Z"),
        ("2026-11-30T11:00:00Z", "2026-12-01T08:00:00Z"),
    ] {
        stack.post("/api/clock", &json!({"set": now})).await;
        assert_eq!(stack.get("/api/clock").await["next_opening"], opening);
        let (_, clock) = stack.post("/api/clock", &to_opening).await;
        let reached = clock["now"].as_str().unwrap();
        assert_eq!(reached[..16], opening[..16], "{clock}");
    }
    stack.stop().await;
}

#[tokio::test]
async fn settings_are_checked_without_being_stored() {
    let stack = TestStack::start().await;
    let before = stack.text("/api/settings").await;
    let path = "/api/settings?dry_run=true";
    let changed = before.replace("30m", "45m");
    assert_eq!(
        stack.put_text(path, &changed).await,
        (200, json!({"version": 1}))
    );
    assert_eq!(stack.text("/api/settings").await, before);
    let (status, problem) = stack.put_text(path, "[[number]]\nsurprise = 1\n").await;
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().starts_with("line 2"));
    stack.stop().await;
}

#[tokio::test]
async fn a_stack_with_a_past_is_listed_in_short() {
    let stack = TestStack::start().await;
    let past = json!({"customers": 3, "messages": 5});
    let (status, told) = stack.post("/api/seed", &past).await;
    assert_eq!(
        (status, told),
        (200, json!({"customers": 3, "messages": 15}))
    );
    let (status, _) = stack
        .post("/api/seed", &json!({"customers": 2_001, "messages": 1}))
        .await;
    assert_eq!(status, 400);

    let customers = stack.get("/api/customers").await;
    let first = &customers[0];
    assert_eq!(first["messages"], 5);
    assert_eq!(first["last"]["text"], "Message 5 of Customer 1");
    let phone = first["customer"].as_str().unwrap();
    let path = format!("/api/customers/{phone}/messages?last=2");
    let latest = stack.get(&path).await;
    assert_eq!(latest.as_array().unwrap().len(), 2);
    assert_eq!(latest[1]["text"], "Message 5 of Customer 1");

    let requests = stack.get("/api/requests?brief=true").await;
    assert_eq!(requests[0]["comments"], 5);
    assert_eq!(requests[0]["phone"], format!("+{phone}"));
    assert_eq!(requests[0]["last_public_by"]["displayName"], "Casement");
    assert_eq!(requests[0]["description"], Value::Null);

    let state = stack.get("/api/state").await;
    assert_eq!(state["conversations"].as_array().unwrap().len(), 3);
    let table = stack.get("/api/table?contains=CONV%23&limit=2").await;
    assert_eq!(table["items"].as_array().unwrap().len(), 2);
    assert_eq!(table["matching"], 3);
    assert_eq!(table["items"][0]["profile_name"], "Customer 1");
    stack.stop().await;
}

#[tokio::test]
async fn retries_and_the_memory_of_functions_can_be_seen() {
    let stack = TestStack::start().await;
    stack.send("to fail", "a").await;
    let at_rest = json!({"timeout_s": 20, "ignore_backoff": true});
    stack.post("/api/idle", &at_rest).await;
    let state = stack.get("/api/state").await;
    let retry = &state["retries"][0];
    assert_eq!(
        (&retry["queue"], &retry["receives"]),
        (&json!("work"), &json!(1))
    );
    assert_eq!(retry["reason"], "reported as failed by fake_function");
    assert!(retry["next_at"].as_str().is_some(), "{retry}");

    let invocations = stack.get("/api/invocations?last=1").await;
    assert_eq!(invocations.as_array().unwrap().len(), 1);
    #[cfg(target_os = "linux")]
    assert!(invocations[0]["peak_memory_bytes"].as_u64().unwrap() > 1_000_000);
    stack.stop().await;
}

#[tokio::test]
async fn a_slow_service_answers_late_and_rightly() {
    let stack = TestStack::start().await;
    let order = stack.order_to_send("late", "a").await;
    let slow = json!({"target": "sqs", "kind": "slow", "delay_ms": 300, "count": 1});
    let (status, _) = stack.post("/api/faults", &slow).await;
    assert_eq!(status, 201);
    let started = Instant::now();
    let (_, answer) = stack.post("/whatsapp", &order).await;
    assert_eq!(answer["status"], 200, "{answer}");
    assert!(started.elapsed().as_millis() >= 300);
    stack.stop().await;
}

#[tokio::test]
async fn a_page_that_a_customer_sends_does_not_run_beside_ours() {
    let stack = TestStack::start().await;
    let form = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.html\"\r\n\
        Content-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--edge--\r\n";
    let path = "/api/customers/4915112345678/files";
    let (status, told) = stack.post_form(path, form.into()).await;
    assert_eq!(status, 200, "{told}");
    let chat = stack.get("/api/customers/4915112345678/messages").await;
    let id = chat[0]["media"]["id"].as_str().unwrap();
    let file = stack.open(&format!("/api/media/{id}")).await;
    assert_eq!(file.headers()["content-disposition"], "attachment");
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    stack.stop().await;
}

//! The `casement` command at work: settings, conversation, redrive, replay, tail.

use std::path::PathBuf;
use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";

/// Writes a temporary file for this test.
fn file(name: &str, content: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("casement-{}-{name}", std::process::id()));
    std::fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn settings_are_checked_compared_and_stored() {
    let stack = Stack::start().await;
    let shown = stack.casement(&["settings", "show"]).await;
    assert_eq!(shown.code, 0);
    let broken = file("broken.toml", "[[number]]\nsurprise = 1\n");
    let changed = shown
        .text
        .replace("delay_after = \"30m\"", "delay_after = \"45m\"");
    let changed = file("changed.toml", &changed);
    let (broken, changed) = (broken.to_str().unwrap(), changed.to_str().unwrap());

    let apply = ["settings", "apply", broken, "--yes"];
    for line in [&["settings", "validate", broken][..], &apply] {
        let said = stack.casement(line).await;
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.errors.contains("line 2"), "{said:?}");
    }
    let missing = format!("{broken}.gone");
    let said = stack.casement(&["settings", "validate", &missing]).await;
    let says = |words: &str| said.code == 2 && said.errors.contains(words);
    assert!(says(&missing) && says("no such file"), "{said:?}");
    assert_eq!(
        stack
            .casement(&["settings", "validate", changed])
            .await
            .code,
        0
    );
    let unasked = stack.casement(&["settings", "apply", changed]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");
    assert_eq!(stack.casement(&["settings", "show"]).await.text, shown.text);

    let said = stack
        .casement(&["settings", "apply", changed, "--yes"])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.errors
            .contains("-delay_after = \"30m\"\n+delay_after = \"45m\""),
        "{said:?}"
    );
    assert!(
        stack
            .casement(&["settings", "show"])
            .await
            .text
            .contains("45m")
    );
    let again = stack.casement(&["settings", "apply", changed]).await;
    assert_eq!(
        (again.code, again.text.as_str()),
        (0, "These settings are in force already.\n")
    );
}

/// Starts a stack with two customers: Ana has written, was answered, and has a held reply; Ben has
/// written.
async fn two_customers() -> Stack {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    stack.advance(Duration::from_secs(90_000)).await;
    stack.agent_wrote(&key, "Did it come?").await;
    stack.customer_wrote(BEN, "Hello").await;
    stack
}

#[tokio::test]
async fn a_conversation_is_shown_without_words() {
    let stack = two_customers().await;
    let said = stack
        .casement(&["conversation", "show", "+49 151 12345678"])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    for part in [
        "SUP-1",
        "closed",
        "held replies           1",
        "answered, not received held since 20",
    ] {
        assert!(said.text.contains(part), "{part}: {}", said.text);
    }
    for word in ["order", "Ana", "come", ANA] {
        assert!(!said.text.contains(word), "{word}: {}", said.text);
    }
    let held = stack.casement(&["conversation", "show", ANA, "--json"]);
    let held = held.await.json();
    assert_eq!(held[0]["awaiting_since"], Value::Null, "{held}");
    assert_eq!(
        held[0]["unreceived_since"],
        Value::Null,
        "she had an answer"
    );
    // The same fingerprint is in the functions' log.
    let fingerprint = said.text.split_whitespace().nth(1).unwrap();
    assert!(stack.logged().contains(fingerprint), "{fingerprint}");
    let said = stack
        .casement(&["conversation", "show", BEN, "--json"])
        .await
        .json();
    assert_eq!(said[0]["window"], "open");
    assert_eq!(said[0]["held"], json!([]));
    assert!(said[0]["awaiting_since"].is_string());
    assert_eq!(said[0]["unreceived_since"], Value::Null);
    let said = stack.casement(&["conversation", "show", BEN]).await;
    assert!(!said.text.contains("not received"), "{}", said.text);
    let nobody = stack
        .casement(&["conversation", "show", "4915100000000"])
        .await;
    assert_eq!(nobody.code, 1);
    assert_eq!(
        stack.casement(&["conversation", "show", "Ana"]).await.code,
        2
    );
}

/// A held answer has not reached the customer.
#[tokio::test]
async fn an_answer_that_is_held_is_shown_as_not_received() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let shown = async || stack.casement(&["conversation", "show", ANA]).await.text;
    assert!(!shown().await.contains("not received"));
    stack.advance(Duration::from_secs(90_000)).await;
    stack.agent_wrote(&key, "It comes tomorrow").await;
    let text = shown().await;
    let row = |name: &str| {
        let row = text.lines().find_map(|line| line.trim().strip_prefix(name));
        row.unwrap_or_else(|| panic!("no {name}: {text}")).trim()
    };
    assert!(row("waits for us since").starts_with("20"), "{text}");
    assert!(
        row("answered, not received").starts_with("held since 20"),
        "{text}"
    );
    let said = stack.casement(&["conversation", "show", ANA, "--json"]);
    let said = said.await.json();
    assert_eq!(said[0]["awaiting_since"], Value::Null, "{said}");
    assert!(said[0]["unreceived_since"].is_string(), "{said}");
    let conversation = stack.state().await["conversations"][0].clone();
    assert!(conversation["unreceived_since"].is_u64(), "{conversation}");
    assert!(conversation["held_since"].is_u64(), "{conversation}");

    // The customer writes, gets the answer, and no longer waits for it.
    stack.customer_wrote(ANA, "Hello?").await;
    assert!(!shown().await.contains("not received"));
}

/// Calls the emulated SQS.
async fn sqs(stack: &Stack, action: &str, body: Value) -> Value {
    let request = stack
        .client()
        .post(stack.url("/_via/test/0/sqs/"))
        .header("x-amz-target", format!("AmazonSQS.{action}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string());
    request.send().await.unwrap().json().await.unwrap()
}

/// Returns the URL of the delay queue's dead-letter queue.
async fn delay_dead_letters(stack: &Stack) -> String {
    let outputs = stack.api(Method::GET, "/api/outputs", Value::Null).await;
    let mut outputs = outputs.as_array().unwrap().iter();
    let queue = outputs
        .find(|output| output["OutputKey"] == "DelayQueueUrl")
        .unwrap();
    let asked = json!({"QueueUrl": queue["OutputValue"], "AttributeNames": ["RedrivePolicy"]});
    let attributes = sqs(stack, "GetQueueAttributes", asked).await;
    let policy = attributes["Attributes"]["RedrivePolicy"].as_str().unwrap();
    let policy: Value = serde_json::from_str(policy).unwrap();
    let name = policy["deadLetterTargetArn"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap();
    let url = sqs(stack, "GetQueueUrl", json!({"QueueName": name})).await;
    url["QueueUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn dead_letters_are_looked_at_and_put_back_to_work() {
    let stack = Stack::start().await;
    let url = delay_dead_letters(&stack).await;
    let letter = json!({"v": 1, "type": "timer_due", "timer": "delay_notice", "due_at": 1, "conversation":
        {"phone_number_id": "106540352242922", "customer": ANA}});
    for _ in 0..12 {
        let body = json!({"QueueUrl": url, "MessageBody": letter.to_string()});
        sqs(&stack, "SendMessage", body).await;
    }
    let said = stack.casement(&["check", "--json"]).await;
    assert_eq!(said.code, 1);
    assert!(
        said.text.contains("casement redrive delay"),
        "{}",
        said.text
    );

    let said = stack.casement(&["redrive", "delay", "--look"]).await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.text.contains("delay has 12 dead letters."), "{said:?}");
    assert!(said.text.contains("12 timer_due"), "{said:?}");
    assert!(!said.text.contains(ANA), "{said:?}");
    let unasked = stack.casement(&["redrive", "delay"]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");

    let said = stack
        .casement(&["redrive", "delay", "--rate", "50", "--yes", "--json"])
        .await;
    assert_eq!(
        (said.code, &said.json()["moved"]),
        (0, &json!(12)),
        "{said:?}"
    );
    stack.done().await;
    let none = stack.casement(&["redrive", "delay"]).await;
    assert_eq!(
        (none.code, none.text.as_str()),
        (0, "delay has no dead letters.\n")
    );
    assert_eq!(
        stack
            .casement(&["redrive", "inbound", "--rate", "501"])
            .await
            .code,
        2
    );
    assert_eq!(stack.casement(&["check"]).await.code, 0);
}

#[tokio::test]
async fn saved_webhooks_are_signed_and_posted_again() {
    let stack = Stack::start().await;
    let fixture = include_str!("../fixtures/readme-text.json");
    let now = chrono::Utc::now().timestamp().to_string();
    let webhook = file("webhook.json", &fixture.replace("TIMESTAMP", &now));
    let webhook = webhook.to_str().unwrap();
    for _ in 0..2 {
        let said = stack.casement(&["replay", webhook]).await;
        assert_eq!(said.code, 0, "{said:?}");
        assert!(said.text.ends_with(": taken\n"), "{said:?}");
        stack.done().await;
    }
    assert_eq!(stack.request().await.public().len(), 1, "nothing twice");

    let old = chrono::Utc::now().timestamp() - 40 * 86_400;
    let old = file("old.json", &fixture.replace("TIMESTAMP", &old.to_string()));
    let said = stack.casement(&["replay", old.to_str().unwrap()]).await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.text.contains("stale_message: it is 40 days old"),
        "{said:?}"
    );
    stack.done().await;
    assert_eq!(stack.request().await.public().len(), 1);

    let comment =
        json!({"webhookEvent": "comment_created", "comment": {"id": "1"}, "issue": {"id": "1"}});
    let comment = file("comment.json", &comment.to_string());
    let said = stack
        .casement(&["replay", webhook, comment.to_str().unwrap(), "--json"])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.json()[1]["sender"], "jira");
    stack.done().await;

    let other = file("other.json", "{\"hello\": 1}");
    let said = stack
        .casement(&["replay", webhook, other.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.errors.contains("is no webhook"), "{said:?}");
}

#[tokio::test]
async fn the_log_of_the_local_stack_is_followed() {
    let stack = Stack::start().await;
    let follow = async { stack.casement(&["tail", "--count", "2"]).await };
    // The command may begin to listen only after the first message.
    let write = async {
        loop {
            stack.customer_wrote(ANA, "Hello").await;
        }
    };
    let said = tokio::select! {
        said = follow => said,
        () = write => unreachable!(),
    };
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.text.lines().count(), 2, "{said:?}");
    assert!(
        said.text.contains("-message]") || said.text.contains("-webhook]"),
        "{said:?}"
    );
}

//! Jira's reports and answers, and the parts that reach WhatsApp: through the real functions, with
//! webhooks that lie and answers that fail.

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// Starts a stack in which a customer wrote and was answered, so that no notice is due.
async fn answered() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "Let me see").await;
    let lies = json!({"jsd_public_bug": true});
    stack.api(Method::POST, "/api/jira/options", lies).await;
    (stack, key)
}

/// Counts the calls to WhatsApp that send something. Read receipts do not count.
async fn calls_to_whatsapp(stack: &Stack) -> usize {
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap().iter();
    let to_whatsapp = calls.filter(|call| call["service"] == "whatsapp");
    to_whatsapp
        .filter(|call| call["request"]["status"] != "read")
        .count()
}

async fn write(stack: &Stack, key: &str, comment: Value) -> String {
    let path = format!("/api/requests/{key}/comments");
    let answer = stack.api(Method::POST, &path, comment).await;
    answer["id"].as_str().unwrap().to_owned()
}

async fn issue_id(stack: &Stack) -> String {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    requests[0]["id"].as_str().unwrap().to_owned()
}

/// Delivers webhooks of every kind about a comment, each with every claim about its visibility.
async fn report_all(stack: &Stack, issue: &str, comment: &str, author: &str) {
    let role = json!({"type": "role", "value": "Service Desk Team"});
    let claims = [json!(true), json!(false), json!(null)].map(|public| (public, json!(null)));
    let claims = claims.into_iter().chain([(json!(true), role)]);
    for (second, (jsd_public, visibility)) in claims.enumerate() {
        for event in ["comment_created", "comment_updated", "comment_deleted"] {
            let body = json!({"webhookEvent": event, "issue": {"id": issue},
                "comment": {"id": comment, "body": "between us", "jsdPublic": jsd_public,
                    "visibility": visibility, "author": {"accountId": author},
                    "updated": format!("2026-11-20T09:00:{second:02}.000+0100")}});
            let answer = stack.api(Method::POST, "/api/webhooks/jira", body).await;
            assert_eq!(answer["status"], 200);
        }
    }
}

#[tokio::test]
async fn whatever_webhooks_claim_only_public_comments_of_others_go_out() {
    let (stack, key) = answered().await;
    let issue = issue_id(&stack).await;
    let role = json!({"type": "role", "value": "Service Desk Team"});
    let group = json!({"type": "group", "value": "jira-users"});
    let mut expected = vec!["Let me see".to_owned()];
    for author in ["agent", "automation", "customer", "bridge"] {
        for (name, public, visibility) in [
            ("public", true, None),
            ("internal", false, None),
            ("role", true, Some(&role)),
            ("group", true, Some(&group)),
            ("internal role", false, Some(&role)),
        ] {
            let text = format!("{name} comment by {author}");
            let mut comment = json!({"text": text, "public": public, "author": author});
            if let Some(visibility) = visibility {
                comment["visibility"] = visibility.clone();
            }
            let id = write(&stack, &key, comment).await;
            report_all(&stack, &issue, &id, "an-account-that-nobody-has").await;
            if name == "public" && !["customer", "bridge"].contains(&author) {
                expected.push(text);
            }
        }
        stack.done().await;
    }
    assert_eq!(stack.received(ANA).await, expected);
    assert_eq!(calls_to_whatsapp(&stack).await, expected.len());
}

#[tokio::test]
async fn without_a_clear_answer_of_jira_nothing_goes_out() {
    let (stack, key) = answered().await;
    let before = calls_to_whatsapp(&stack).await;
    for (resource, fault) in [
        ("", json!({"kind": "status", "status": 403})),
        ("", json!({"kind": "status", "status": 404})),
        ("", json!({"kind": "status", "status": 500})),
        ("", json!({"kind": "status", "status": 200, "body": {}})),
        ("", json!({"kind": "refuse"})),
        ("", json!({"kind": "truncate"})),
        // Both resources must answer.
        (
            "/servicedeskapi/request",
            json!({"kind": "status", "status": 404}),
        ),
        (
            "/servicedeskapi/request",
            json!({"kind": "status", "status": 200, "body": {"public": "true"}}),
        ),
        ("/api/3/issue", json!({"kind": "status", "status": 500})),
    ] {
        let mut armed = fault.clone();
        armed["target"] = json!("jira");
        armed["match"] = json!(match resource {
            "" => "/comment/".to_owned(),
            resource => format!("{resource}/{}/comment/", issue_id(&stack).await),
        });
        stack.fault(armed).await;
        let comment = json!({"text": "between us", "public": true, "author": "agent"});
        let id = write(&stack, &key, comment).await;
        let path = format!("/api/requests/{key}/comments/{id}");
        stack
            .api(Method::PUT, &path, json!({"text": "between us two"}))
            .await;
        stack.quiet().await;
        assert_eq!(
            calls_to_whatsapp(&stack).await,
            before,
            "{resource} {fault}"
        );
        stack.api(Method::DELETE, &path, Value::Null).await;
        stack.fair_weather().await;
        stack.settle().await;
        assert_eq!(
            calls_to_whatsapp(&stack).await,
            before,
            "{resource} {fault}"
        );
    }
    assert!(stack.request().await.internal().is_empty());
}

#[tokio::test]
async fn a_reply_whose_read_hangs_goes_out_when_jira_answers_again() {
    let (stack, key) = answered().await;
    let before = calls_to_whatsapp(&stack).await;
    stack
        .fault(json!({"target": "jira", "match": "/comment/", "kind": "hang"}))
        .await;
    stack.agent_writes(&key, "It ships today", true).await;
    stack.quiet().await;
    assert_eq!(calls_to_whatsapp(&stack).await, before);
    stack.fair_weather().await;
    stack.settle().await;
    assert_eq!(stack.received(ANA).await, ["Let me see", "It ships today"]);
}

/// Returns every way in which a customer can refer to a message.
fn references(wamid: &str) -> [Value; 5] {
    let changed = json!({"type": "text", "text": {"body": "Well"}});
    [
        json!({"type": "text", "text": {"body": "Yes"}, "context": {"id": wamid}}),
        json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": "👍"}}),
        json!({"type": "reaction", "reaction": {"message_id": wamid}}),
        json!({"type": "revoke", "revoke": {"original_message_id": wamid}}),
        json!({"type": "edit", "edit": {"original_message_id": wamid, "message": changed}}),
    ]
}

/// Returns the id of the comment that contains `text`.
async fn comment_with(stack: &Stack, text: &str) -> String {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    let comments = requests[0]["comments"].as_array().unwrap().iter();
    let mut found = comments.filter(|comment| comment["text"].as_str().unwrap().contains(text));
    found.next().unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_inside_is_not_quoted_however_a_customer_refers_to_it() {
    let (stack, key) = answered().await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let wamid = |said: &str| {
        let message = chat
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["text"] == said);
        message.unwrap()["wamid"].as_str().unwrap().to_owned()
    };
    let (reply, own) = (wamid("Let me see"), wamid("My order is late"));
    let edit = async |text: &str, change: Value| {
        let id = comment_with(&stack, text).await;
        let path = format!("/api/requests/{key}/comments/{id}");
        stack.api(Method::PUT, &path, change).await;
        stack.done().await;
    };
    edit(
        "Let me see",
        json!({"text": "Be careful with this one", "public": false}),
    )
    .await;
    edit("My order is late", json!({"public": false})).await;
    for is_done in [false, true] {
        if is_done {
            let done = json!({"to": "done"});
            stack
                .api(
                    Method::POST,
                    &format!("/api/requests/{key}/transition"),
                    done,
                )
                .await;
            stack
                .api(
                    Method::POST,
                    "/api/clock",
                    json!({"advance_s": 20 * 86_400}),
                )
                .await;
            stack.done().await;
        }
        for wamid in [&reply, &own] {
            for message in references(wamid) {
                stack.api(Method::POST, &path, message).await;
                stack.done().await;
            }
        }
    }
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    let public: Vec<&str> = requests
        .iter()
        .flat_map(|request| request.public())
        .collect();
    let inside = |text: &&&str| text.contains("Be careful") || text.contains("My order is late");
    assert_eq!(public.iter().filter(inside).count(), 0, "{public:#?}");
    let answers = public
        .iter()
        .filter(|text| text.contains("[In reply to an earlier message]"));
    assert_eq!(answers.count(), 4, "{public:#?}");
    let reactions = public
        .iter()
        .filter(|text| text.starts_with("Reacted 👍 to an earlier message"));
    assert_eq!(reactions.count(), 4, "{public:#?}");
}

#[tokio::test]
async fn neither_remarks_in_our_notes_nor_restricted_comments_are_quoted() {
    let (stack, key) = answered().await;
    stack.customer_wrote(ANA, "STOP").await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let sent = chat.as_array().unwrap().iter();
    let sent: Vec<String> = sent
        .filter(|message| message["direction"] == "out")
        .map(|message| message["wamid"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent.len(), 2, "a reply and the confirmation: {chat:#?}");
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    for comment in requests[0]["comments"].as_array().unwrap() {
        let is_ours = comment["author"]["displayName"] == "Casement";
        let role = json!({"type": "role", "value": "Service Desk Team"});
        let change = match comment["public"].as_bool().unwrap() {
            true if is_ours => continue,
            true => json!({"text": "Be careful with this one", "visibility": role}),
            false => json!({"text": "This customer always complains"}),
        };
        let id = comment["id"].as_str().unwrap();
        let comment = format!("/api/requests/{key}/comments/{id}");
        stack.api(Method::PUT, &comment, change).await;
        stack.done().await;
    }
    for is_done in [false, true] {
        if is_done {
            let transition = format!("/api/requests/{key}/transition");
            let done = json!({"to": "done"});
            stack.api(Method::POST, &transition, done).await;
            let days = json!({"advance_s": 5 * 86_400});
            stack.api(Method::POST, "/api/clock", days).await;
            stack.done().await;
        }
        for wamid in &sent {
            for message in references(wamid) {
                stack.api(Method::POST, &path, message).await;
                stack.done().await;
            }
        }
    }
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    let public: Vec<&str> = requests
        .iter()
        .flat_map(|request| request.public())
        .collect();
    // The restricted comment itself is public by its flag.
    let inside = |text: &&&str| {
        text.contains("complains")
            || (text.contains("Be careful") && **text != "Be careful with this one")
    };
    assert_eq!(public.iter().filter(inside).count(), 0, "{public:#?}");
    let answers = public
        .iter()
        .filter(|text| text.contains("[In reply to an earlier message]"));
    assert_eq!(answers.count(), 4, "{public:#?}");
}

#[tokio::test]
async fn a_remark_on_a_templates_note_stays_inside() {
    let (stack, key) = answered().await;
    let command = "/template order_update en_US \"4711\" \"Ana\" \"Monday\" \"4711\"";
    stack.agent_writes(&key, command, false).await;
    stack.done().await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let sent = chat.as_array().unwrap().last().unwrap();
    let wamid = sent["wamid"].as_str().unwrap().to_owned();
    assert_eq!(sent["template"]["name"], "order_update", "{sent}");
    // While nobody has touched the note, the customer's own part of it is quoted.
    let [answer, ..] = references(&wamid);
    stack.api(Method::POST, &path, answer).await;
    stack.done().await;
    let quoted = "[In reply to:]\n> Order 4711\nYes";
    assert_eq!(stack.request().await.public().last(), Some(&quoted));

    let note = comment_with(&stack, "Template sent on WhatsApp").await;
    let comment = format!("/api/requests/{key}/comments/{note}");
    let with_remark = "Template sent on WhatsApp:\n\nOrder 4711\n\nThis customer never pays";
    for change in [
        json!({"text": with_remark}),
        json!({"text": "This customer never pays", "public": true}),
    ] {
        stack.api(Method::PUT, &comment, change).await;
        stack.done().await;
        for message in references(&wamid) {
            stack.api(Method::POST, &path, message).await;
            stack.done().await;
        }
    }
    let request = stack.request().await;
    let told = request
        .public()
        .into_iter()
        .filter(|text| *text != "This customer never pays")
        .map(str::to_owned);
    let told: Vec<String> = told.skip(3).collect();
    assert_eq!(told.len(), 10, "{request:#?}");
    for text in told {
        assert!(!text.contains("never pays"), "{text}");
        assert!(!text.contains("Order 4711"), "{text}");
        assert!(
            text.contains("an earlier message") || text.contains("[Edited]"),
            "{text}"
        );
    }
    let received = stack.received(ANA).await;
    assert!(!received.concat().contains("never pays"), "{received:?}");
}

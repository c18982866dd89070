//! Attempts of strangers at the two webhook URLs, with odd paths, methods, headers and queries, and
//! harmful bodies with a valid signature.

use casement_tests::Stack;
use casement_tests::jira::{comments_of, literal_text};
use casement_tests::meta::{message, text, webhook_of};
use casement_tests::signing::{APP_SECRET, JIRA_SECRET, VERIFY_TOKEN, signature};
use reqwest::{Body, Method};
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const SIGNATURE: &str = "x-hub-signature-256";

fn body() -> String {
    webhook_of(vec![text(ANA, "wamid.GAME", "let me in")]).to_string()
}

#[tokio::test]
async fn other_paths_and_methods_lead_nowhere() {
    let stack = Stack::start().await;
    let body = body();
    let [meta, jira] = [APP_SECRET, JIRA_SECRET].map(|secret| signature(secret, body.as_bytes()));
    for (method, path) in [
        (Method::POST, "//whatsapp"),
        (Method::POST, "/whatsapp/"),
        (Method::POST, "/whatsapp//"),
        (Method::POST, "/WhatsApp"),
        (Method::POST, "/%77hatsapp"),
        (Method::POST, "/whatsapp%2f"),
        (Method::POST, "/whatsapp%00"),
        (Method::POST, "/whatsapp;a=b"),
        (Method::POST, "/jira%2f..%2fwhatsapp"),
        (Method::POST, "/"),
        (Method::PUT, "/whatsapp"),
        (Method::DELETE, "/whatsapp"),
        (Method::OPTIONS, "/whatsapp"),
        (Method::GET, "/jira"),
        (Method::PUT, "/jira"),
    ] {
        let request = stack.client().request(method.clone(), stack.url(path));
        let request = request
            .header(SIGNATURE, &meta)
            .header("x-hub-signature", &jira);
        let response = request.body(body.clone()).send().await.unwrap();
        assert!(
            response.status().is_client_error(),
            "{method} {path}: {}",
            response.status()
        );
    }
    stack.settle().await;
    assert!(stack.requests().await.is_empty());
    assert_eq!(
        stack.tally(0).await.answers.len(),
        0,
        "no function was asked"
    );
}

#[tokio::test]
async fn headers_decide_nothing_but_whether_the_signature_is_right() {
    let stack = Stack::start().await;
    let body = body();
    let right = signature(APP_SECRET, body.as_bytes());
    let wrong = signature("another secret", body.as_bytes());
    let subscribing =
        format!("?hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}");
    let in_query = format!("?{SIGNATURE}={right}");
    for (query, headers, status) in [
        ("", vec![(SIGNATURE, &*right), (SIGNATURE, &wrong)], 401),
        ("", vec![(SIGNATURE, &*wrong), (SIGNATURE, &right)], 401),
        ("", vec![(SIGNATURE, &*right), (SIGNATURE, &right)], 401),
        ("", vec![("x-hub-signature", &*right)], 401),
        ("", vec![("cookie", &*right)], 401),
        (&*in_query, vec![], 401),
        (&*subscribing, vec![("x-http-method-override", "GET")], 401),
        (&*subscribing, vec![("x-method-override", "GET")], 401),
        (
            "",
            vec![("content-encoding", "gzip"), (SIGNATURE, &*right)],
            200,
        ),
        (
            "",
            vec![("content-type", "text/html"), (SIGNATURE, &*right)],
            200,
        ),
        ("?a=b&a=c&%00", vec![("X-HUB-SIGNATURE-256", &*right)], 200),
    ] {
        let mut request = stack.client().post(stack.url(&format!("/whatsapp{query}")));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.clone()).send().await.unwrap();
        assert_eq!(response.status(), status, "{query} {headers:?}");
    }
    // A body without a length, in chunks.
    let halves = [&body[..20], &body[20..]].map(|half| Ok::<_, std::io::Error>(half.to_owned()));
    let chunks = Body::wrap_stream(futures_util::stream::iter(halves));
    let request = stack
        .client()
        .post(stack.url("/whatsapp"))
        .header(SIGNATURE, &right);
    assert_eq!(request.body(chunks).send().await.unwrap().status(), 200);
    stack.settle().await;
    // The message arrives once, however often it was posted.
    assert_eq!(stack.request().await.public(), ["let me in"]);
}

#[tokio::test]
async fn a_challenge_is_said_as_text_and_only_to_who_knows_the_token() {
    let stack = Stack::start().await;
    let page = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let long = "1".repeat(257);
    for (query, expected) in [
        (
            format!("hub.mode=subscribe&hub.challenge={page}&hub.verify_token={VERIFY_TOKEN}"),
            Some("<script>alert(1)</script>"),
        ),
        (
            format!("hub.mode=subscribe&hub.challenge={long}&hub.verify_token={VERIFY_TOKEN}"),
            None,
        ),
        (
            format!("hub.mode=subscribe&hub.challenge={page}&hub.verify_token=guess"),
            None,
        ),
        (
            format!(
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}\
            &hub.verify_token={VERIFY_TOKEN}"
            ),
            None,
        ),
        (
            format!(
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess\
            &hub.verify_token={VERIFY_TOKEN}"
            ),
            None,
        ),
        (
            format!(
                "hub.mode=subscribe&hub.mode=subscribe&hub.challenge=1\
            &hub.verify_token={VERIFY_TOKEN}"
            ),
            None,
        ),
        (
            format!("hub_mode=subscribe&hub_challenge=1&hub_verify_token={VERIFY_TOKEN}"),
            None,
        ),
        (
            format!("HUB.MODE=subscribe&HUB.CHALLENGE=1&HUB.VERIFY_TOKEN={VERIFY_TOKEN}"),
            None,
        ),
        (
            format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}%00"),
            None,
        ),
        (
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=".to_owned(),
            None,
        ),
    ] {
        let url = stack.url(&format!("/whatsapp?{query}"));
        let response = stack.client().get(url).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff");
        let kind = header("content-type");
        let status = response.status();
        let said = response.text().await.unwrap();
        match expected {
            Some(challenge) => {
                assert_eq!((status.as_u16(), &*said), (200, challenge), "{query}");
                assert_eq!(kind, "text/plain; charset=utf-8");
            }
            None => {
                assert_eq!(status, 403, "{query}: {said}");
                assert_eq!(kind, "application/problem+json");
                assert!(
                    !said.contains("script") && !said.contains("guess"),
                    "{said}"
                );
            }
        }
    }
}

/// Builds messages that are small in transit and large when written out.
fn growing() -> Vec<Value> {
    let phones: Vec<_> = (0..1_500)
        .map(|n| json!({"phone": format!("+49 {n}")}))
        .collect();
    let items: Vec<_> = (0..800)
        .map(|n| json!({"product_retailer_id": format!("P{n}")}))
        .collect();
    let form = json!({"answer": "\"\\".repeat(3_000)}).to_string();
    [
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Many"}, "phones": phones}]}),
        json!({"type": "order", "order": {"product_items": items}}),
        json!({"type": "text", "text": {"body": format!("{}end", "a\n".repeat(5_000))}}),
        json!({"type": "text", "text": {"body": format!("{}end", "\u{1}\"\\".repeat(10_000))}}),
        json!({"type": "interactive", "interactive": {"type": "nfm_reply",
            "nfm_reply": {"name": "flow", "response_json": form}}}),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, content)| message(ANA, &format!("wamid.GROWING{n}"), content))
    .collect()
}

#[tokio::test]
async fn signed_bodies_that_mean_harm_keep_nobody_waiting() {
    let stack = Stack::start().await;
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let in_a_message = |value: &str| {
        webhook_of(vec![text(ANA, "wamid.ODD", "odd")])
            .to_string()
            .replace("\"odd\"", value)
    };
    for body in [
        deep("[", "]"),
        deep("{\"entry\":", "}"),
        in_a_message(&deep("[", "]")),
        in_a_message(&"9".repeat(100_000)),
        in_a_message("1e999999999"),
        in_a_message("\"\\ud800\\udfff\\udfff\""),
        format!("{{{}\"entry\":[]}}", "\"entry\":[],".repeat(100_000)),
        format!("{}{}", " ".repeat(1_000_000), in_a_message("\"\"")),
        format!("[{}0]", "0,".repeat(200_000)),
        format!("{{\"entry\":[{}]}}", vec!["{}"; 100_000].join(",")),
    ] {
        let start: String = body.chars().take(40).collect();
        let (status, said) = stack.meta_posts_bytes(body.into_bytes()).await;
        assert_eq!(status, 200, "{start}: {said}");
    }
    stack.meta_posted(&webhook_of(growing())).await;
    stack.customer_wrote("16505550100", "And me?").await;
    stack.settle().await;
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let requests = stack.whole_requests().await;
    let of = |phone: &str| {
        let theirs = |request: &&Value| request["summary"].as_str().unwrap().contains(phone);
        requests.iter().find(theirs).unwrap()
    };
    assert_eq!(comments_of(of("16505550100")).len(), 1);
    let comments = comments_of(of(ANA));
    assert!(
        comments.len() <= 8 * growing().len(),
        "{} comments",
        comments.len()
    );
    let mut written: String = comments
        .iter()
        .map(|comment| literal_text(&comment["adf"]))
        .collect();
    // Text that is too long for comments continues in files.
    for file in of(ANA)["attachments"].as_array().unwrap() {
        let path = format!("/api/attachments/{}", file["id"].as_str().unwrap());
        let file = stack.client().get(stack.url(&path)).send().await.unwrap();
        written.push_str(&file.text().await.unwrap());
    }
    for last in ["+49 1499", "P799", "end"] {
        assert!(written.contains(last), "{last} is missing");
    }
}

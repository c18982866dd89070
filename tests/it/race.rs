//! Simultaneous first messages of one customer.

use std::collections::BTreeMap;

use casement_tests::Stack;
use casement_tests::jira::wamids_of;
use casement_tests::meta::{change, text, webhook};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const CUSTOMERS: usize = 200;

/// The number of webhooks under way at the same time.
const AT_ONCE: usize = 10;

fn phone(customer: usize) -> String {
    format!("4915120{customer:06}")
}

/// Returns the two ids of a customer's messages.
fn wamids(customer: usize) -> [String; 2] {
    ["A", "B"].map(|name| format!("wamid.{name}{customer}"))
}

/// Posts both bodies of every customer, several at a time.
async fn post_all(stack: &Stack, bodies: impl Fn(usize) -> [Value; 2]) {
    let mut posts = JoinSet::new();
    for customer in 0..CUSTOMERS {
        for body in bodies(customer) {
            let request = stack.client().post(stack.url("/api/webhooks/whatsapp"));
            posts.spawn(async move {
                let answer = request.json(&body).send().await.unwrap();
                let answer: Value = answer.json().await.unwrap();
                answer["status"].as_u64().unwrap()
            });
        }
        // A higher concurrency would only start more processes.
        while posts.len() >= AT_ONCE {
            assert_eq!(posts.join_next().await.unwrap().unwrap(), 200);
        }
    }
    assert!(
        posts
            .join_all()
            .await
            .into_iter()
            .all(|status| status == 200)
    );
}

/// Asserts that each customer has one request that contains both messages.
async fn assert_one_request_each(stack: &Stack) {
    let requests = stack.whole_requests().await;
    let mut found: Vec<Vec<&str>> = requests
        .iter()
        .map(|request| {
            let mut wamids = wamids_of(request);
            wamids.sort_unstable();
            wamids
        })
        .collect();
    found.sort();
    let mut expected: Vec<[String; 2]> = (0..CUSTOMERS).map(wamids).collect();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(stack.state().await["dead_letters"], json!([]));
}

#[tokio::test]
async fn two_first_messages_at_once_are_one_request_every_time() {
    let stack = Stack::start().await;
    let bodies = |customer: usize| {
        let phone = phone(customer);
        wamids(customer).map(|wamid| {
            let messages = [text(&phone, &wamid, "hello")];
            webhook(vec![change(json!({"messages": messages}))])
        })
    };
    post_all(&stack, bodies).await;
    stack.settle().await;
    assert_one_request_each(&stack).await;
}

/// One message names the customer by phone number, the other by BSUID too. They are in two groups
/// of the queue, which two processes serve at the same time.
#[tokio::test]
async fn two_processes_with_first_messages_of_one_customer_open_one_request() {
    let stack = Stack::start().await;
    let bodies = |customer: usize| {
        let (phone, bsuid) = (phone(customer), format!("DE.{customer}"));
        let [by_phone, by_both] = wamids(customer);
        let by_phone = text(&phone, &by_phone, "hello");
        let mut by_both = text(&phone, &by_both, "hello");
        by_both["from_user_id"] = json!(bsuid);
        [by_phone, by_both].map(|message| webhook(vec![change(json!({"messages": [message]}))]))
    };
    post_all(&stack, bodies).await;
    stack.settle().await;
    assert_one_request_each(&stack).await;

    let writers = writers(&stack).await;
    let by_two = (0..CUSTOMERS).filter(|customer| {
        let [one, other] = wamids(*customer).map(|wamid| writers[&wamid]);
        one != other
    });
    let by_two = by_two.count();
    assert!(by_two > 0, "one process did everything, nothing was raced");
}

/// Returns the process that wrote each message to Jira.
async fn writers(stack: &Stack) -> BTreeMap<String, u64> {
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap().iter();
    calls
        .filter(|call| call["function"] == "inbound-message" && call["service"] == "jira")
        .filter_map(|call| {
            let properties = call["request"]["properties"].as_array()?;
            let wamid = properties
                .iter()
                .find_map(|property| property["value"]["wamid"].as_str())?;
            Some((wamid.to_owned(), call["environment"].as_u64()?))
        })
        .collect()
}

//! What an answer costs in calls, which the cost model of the runbook and the simulation in
//! `tests/scale` rest on. What a customer's message costs: `conversation`.

use std::collections::BTreeMap;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

type Calls = BTreeMap<String, usize>;

#[tokio::test]
async fn an_answer_and_the_news_about_it_cost_little() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "Where is it?").await;
    // On a slow machine an attempt may fail; that makes none cheaper. What a function asks once
    // in its life is asked by the first.
    let mut cheapest = calls_of_an_answer(&stack).await;
    for _ in 0..2 {
        let another = calls_of_an_answer(&stack).await;
        cheapest = cheapest.or_cheaper(another);
    }
    // The answer itself, and the reports `sent` and `delivered`.
    let answer = [
        ("dynamodb GetItem", 2 + 2),
        ("dynamodb PutItem", 4 + 2),
        ("dynamodb Query", 2),
        ("jira GET", 2),
        ("jira PUT", 1),
        ("sqs SendMessage", 1),
        ("sqs SendMessageBatch", 2),
        ("whatsapp POST", 1),
    ];
    assert_eq!(cheapest.answer, named(&answer));
    let read = [
        ("dynamodb GetItem", 1),
        ("dynamodb PutItem", 1),
        ("dynamodb Query", 2),
        ("jira PUT", 1),
        ("sqs SendMessageBatch", 1),
    ];
    assert_eq!(cheapest.read, named(&read));
}

/// The calls for an answer, and for the news that it is read.
struct Cost {
    answer: Calls,
    read: Calls,
}

impl Cost {
    fn or_cheaper(self, other: Self) -> Self {
        let calls = |cost: &Self| {
            cost.answer
                .values()
                .chain(cost.read.values())
                .sum::<usize>()
        };
        if calls(&other) < calls(&self) {
            other
        } else {
            self
        }
    }
}

async fn calls_of_an_answer(stack: &Stack) -> Cost {
    stack.customer_wrote(ANA, "And the other?").await;
    let key = stack.request().await.key;
    let before = calls(stack).await.len();
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    let answered = calls(stack).await;
    let read = format!("/api/customers/{ANA}/read");
    stack.api(Method::POST, &read, json!(null)).await;
    stack.settle().await;
    Cost {
        answer: by_kind(&answered[before..]),
        read: by_kind(&calls(stack).await[answered.len()..]),
    }
}

async fn calls(stack: &Stack) -> Vec<Value> {
    let calls = stack.api(Method::GET, "/api/calls", json!(null)).await;
    calls.as_array().unwrap().clone()
}

fn named(calls: &[(&str, usize)]) -> Calls {
    let calls = calls.iter();
    calls
        .map(|(kind, count)| ((*kind).to_owned(), *count))
        .collect()
}

/// By service, and by action or method. The secret is read every few minutes, whatever comes.
fn by_kind(calls: &[Value]) -> Calls {
    let mut by_kind = Calls::new();
    for call in calls.iter().filter(|call| call["service"] != "secrets") {
        let operation = call["operation"].as_str().unwrap();
        let action = operation.split(' ').next().unwrap();
        let kind = format!("{} {action}", call["service"].as_str().unwrap());
        *by_kind.entry(kind).or_insert(0) += 1;
    }
    by_kind
}

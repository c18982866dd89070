//! Repeats, copies, and the stack's questions to the simulator.

use chrono::TimeDelta;

use super::*;
use crate::webhook::Entry;
use crate::webhook::delivery::DeliveryState;

#[tokio::test]
async fn a_webhook_is_repeated_at_once_and_then_on_the_clock() {
    let bench = Bench::start().await;
    bench.product.answer(&[503, 503]);
    let answer = bench.write(text("hi")).await;
    assert_eq!(answer["webhook_status"], 503);
    bench.idle().await;
    assert_eq!(bench.product.received().len(), 2);
    let waiting = &bench.simulator.shared.outbox.deliveries()[0];
    assert_eq!(waiting.state, DeliveryState::Waiting);
    assert!(waiting.next_attempt_at.is_some());

    let forward = TimeDelta::seconds(15).num_milliseconds();
    bench.clock.set_offset_ms(forward).unwrap();
    bench.idle().await;
    let bodies = bench.product.bodies();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies[0], bodies[2]);
    assert_eq!(
        bench.simulator.shared.outbox.deliveries()[0].state,
        DeliveryState::Delivered
    );
}

#[tokio::test]
async fn an_unreachable_product_has_no_status() {
    let bench = Bench::start().await;
    bench.simulator.set_webhook_url("http://127.0.0.1:1/hook");
    let answer = bench.write(text("hi")).await;
    assert_eq!(answer["webhook_status"], Value::Null);
    let path = "/api/webhooks/whatsapp";
    assert_eq!(bench.call(Method::POST, path, json!({})).await.0, 502);
}

#[tokio::test]
async fn copies_come_on_demand() {
    let bench = Bench::start().await;
    bench.options(json!({"duplicates": 2})).await;
    bench.write(text("hi")).await;
    bench.idle().await;
    let bodies = bench.product.bodies();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| body == &bodies[0]));
}

#[tokio::test]
async fn unknown_options_are_named() {
    let bench = Bench::start().await;
    let path = "/api/whatsapp/options";
    for (options, named) in [
        (json!({"colour": 1}), "colour"),
        (json!({"statuses": "sometimes"}), "sometimes"),
    ] {
        let (status, problem) = bench.call(Method::POST, path, options).await;
        assert_eq!(status, 400);
        assert!(
            problem["detail"].as_str().unwrap().contains(named),
            "{problem}"
        );
    }
    let (_, options) = bench
        .call(Method::POST, path, json!({"duplicates": 1}))
        .await;
    assert_eq!(
        (&options["duplicates"], &options["statuses"]),
        (&json!(1), &json!("ordered"))
    );
}

#[tokio::test]
async fn a_reset_forgets_everything_but_the_url() {
    let bench = Bench::start().await;
    bench.options(json!({"duplicates": 1})).await;
    bench.product.answer(&[503, 503, 503]);
    let before = bench.write(text("hi")).await;
    bench.simulator.reset();
    assert!(bench.chat().await.is_empty());
    bench.idle().await;
    let after = bench.write(text("hi")).await;
    assert_ne!(before["wamid"], after["wamid"]);
    assert_eq!(bench.simulator.shared.outbox.deliveries().len(), 1);
}

#[tokio::test]
async fn the_journal_keeps_calls_and_deliveries() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    bench.send(reply("Hello")).await;
    bench.idle().await;
    let entries = bench.simulator.shared.outbox.journal().entries();
    let calls: Vec<_> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Call {
                path,
                status,
                request,
                ..
            } => Some((path.as_str(), *status, request)),
            Entry::Delivery { .. } => None,
        })
        .collect();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].0, calls[0].1),
        ("/v27.0/106540352242922/messages", 200)
    );
    assert!(calls[0].2.contains("Hello"));
    assert_eq!(
        entries.len() - calls.len(),
        3,
        "one message and two statuses"
    );
}

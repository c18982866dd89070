//! Which calls a fault hits.

use serde_json::json;

use super::*;

fn fault(json: Value) -> Fault {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_fault_hits_the_calls_it_names() {
    let comment = "POST /rest/api/3/issue/SUP-1/comment";
    for (given, service, operation, hits) in [
        (json!({}), Service::Jira, comment, [true, true, true, true]),
        (json!({}), Service::Sqs, "SendMessage", [false; 4]),
        (
            json!({"match": "/comment"}),
            Service::Jira,
            comment,
            [true; 4],
        ),
        (
            json!({"match": "/search"}),
            Service::Jira,
            comment,
            [false; 4],
        ),
        (
            json!({"target": "any"}),
            Service::Sqs,
            "SendMessage",
            [true; 4],
        ),
        (
            json!({"target": "any", "after_calls": 3}),
            Service::Sqs,
            "SendMessage",
            [false, false, false, true],
        ),
        (
            json!({"function": "worker"}),
            Service::Jira,
            comment,
            [true; 4],
        ),
        (
            json!({"function": "another"}),
            Service::Jira,
            comment,
            [false; 4],
        ),
        (
            json!({"after_calls": 2}),
            Service::Jira,
            comment,
            [false, false, true, true],
        ),
        (
            json!({"count": 1}),
            Service::Jira,
            comment,
            [true, false, false, false],
        ),
        (
            json!({"after_calls": 1, "count": 2}),
            Service::Jira,
            comment,
            [false, true, true, false],
        ),
    ] {
        let mut document = json!({"target": "jira", "kind": "refuse"});
        document
            .as_object_mut()
            .unwrap()
            .extend(given.as_object().unwrap().clone());
        let faults = Faults::default();
        faults.add(fault(document));
        let struck = [(); 4].map(|()| faults.strike("worker", service, operation).is_some());
        assert_eq!(struck, hits, "{given}");
    }
}

#[test]
fn a_fault_may_last_for_a_time() {
    let clock = Clock::default();
    let faults = Faults::new(clock.clone());
    let lasting = json!({"target": "jira", "kind": "refuse", "after_calls": 1, "for_s": 300});
    faults.add(fault(lasting));
    let strikes = || faults.strike("worker", Service::Jira, "GET /").is_some();
    assert!(!strikes());
    clock.set_offset_ms(3_600_000).unwrap();
    assert!(strikes() && strikes());
    clock.set_offset_ms(3_890_000).unwrap();
    assert!(strikes());
    clock.set_offset_ms(3_910_000).unwrap();
    assert!(!strikes());
}

#[test]
fn a_share_of_the_calls_is_hit_and_always_the_same() {
    let hits = || {
        let faults = Faults::default();
        faults.add(fault(
            json!({"target": "any", "kind": "refuse", "rate": 0.05}),
        ));
        let struck = |_| faults.strike("worker", Service::Jira, "GET /").is_some();
        (0..10_000).map(struck).collect::<Vec<_>>()
    };
    let count = hits().into_iter().filter(|hit| *hit).count();
    assert!((400..600).contains(&count), "{count}");
    assert_eq!(hits(), hits());
}

#[test]
fn the_oldest_due_fault_wins_and_others_still_count() {
    let faults = Faults::default();
    let first = faults.add(fault(json!({"target": "jira", "kind": "hang", "count": 1})));
    let second = faults.add(fault(
        json!({"target": "jira", "kind": "refuse", "after_calls": 1}),
    ));
    let struck = [(); 2].map(|()| faults.strike("worker", Service::Jira, "GET /").unwrap().0);
    assert_eq!(struck, [first, second]);
    assert!(faults.remove(first));
    assert!(!faults.remove(first));
    assert_eq!(faults.list().len(), 1);
    faults.clear();
    assert!(faults.strike("worker", Service::Jira, "GET /").is_none());
}

#[test]
fn the_answer_is_what_was_asked_for() {
    let throttled = fault(json!({
        "target": "whatsapp", "kind": "status", "status": 429,
        "headers": {"retry-after": "7"}, "body": {"error": {"code": 4}},
    }));
    let answer = throttled.answer().unwrap();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.body, r#"{"error":{"code":4}}"#);
    for (member, value) in [("status", json!(99)), ("headers", json!({"a b": "c"}))] {
        let mut document = json!({"target": "jira", "kind": "status"});
        document[member] = value;
        assert!(fault(document).answer().unwrap_err().starts_with(member));
    }
}

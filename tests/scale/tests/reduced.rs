//! The simulation at a small size: what must hold at any.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use scale::{Outcome, Quotas, Scenario, report, run, week};

fn reduced(seed: u64, days: u32, quotas: Quotas) -> Outcome {
    run(Scenario {
        customers: 100,
        messages_per_day: 500.0,
        seed,
        days,
        quotas,
    })
    .unwrap()
}

/// Whatever was handed in, by customers and by agents, was delivered once, given up after all
/// attempts, or is still under way.
fn check(outcome: &Outcome) {
    let [dead, dead_replies] = outcome.dead_letters();
    let delivered = outcome.in_jira() + outcome.replied();
    let handed_in = outcome.written() + outcome.replies();
    assert_eq!(delivered + dead + dead_replies + outcome.left(), handed_in);
    assert!(outcome.left() < 10, "{}", outcome.left());
    assert_eq!(outcome.out_of_order(), 0);
    assert_eq!(outcome.second_notices(), 0);
}

#[test]
fn every_message_is_delivered_once_and_in_order() {
    let outcome = reduced(1, 3, Quotas::as_deployed());
    let written = outcome.written();
    assert!((1_200..2_000).contains(&written), "{written}");
    check(&outcome);
    assert_eq!(outcome.dead_letters(), [0, 0]);
    assert!(outcome.replies() > 1_000, "{}", outcome.replies());
    assert!(outcome.notices() > 20, "{}", outcome.notices());
    assert!(outcome.held() > 0 && outcome.duplicates() > 0);
}

#[test]
fn the_same_seed_is_the_same_week() {
    let told = |seed| {
        let outcome = reduced(seed, 1, Quotas::as_deployed());
        (report(&outcome), week(&outcome))
    };
    let first = told(7);
    assert_eq!(first, told(7));
    assert_ne!(first, told(8));
}

/// Jira lets hardly more through than comes, and at noon less.
#[test]
fn what_a_limit_holds_back_comes_later_and_once() {
    let narrow = Quotas::as_deployed().with_jira(0.000_5);
    let outcome = reduced(1, 1, narrow);
    check(&outcome);
    let refused = outcome.refused_by_jira();
    assert!(refused > 300, "{refused}");
}

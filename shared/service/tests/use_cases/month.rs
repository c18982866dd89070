//! A month of many conversations: what goes out by itself, against a model that knows nothing of
//! timers.
//!
//! Customers write, agents and rules answer, requests are done, some opt out: at random, but the same in
//! every run. The use cases play it in virtual time; the model looks at every minute with a handful
//! of flags and says what should have happened.

mod model;
mod play;
mod script;

use script::{END, Input, Script, is_quiet};

/// How many customers there are.
const CUSTOMERS: u64 = 150;

/// What happened by itself, and to replies, in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Notice,
    Question,
    Warning,
    Sent(u32),
    Held(u32),
    Released(u32),
    Expired(u32),
    /// An Automation rule's comment goes out.
    Rule,
}

/// By the minute of the month.
type Log = Vec<(u32, Event)>;

#[tokio::test]
async fn a_month_goes_by_as_the_model_says() {
    let mut all = Vec::new();
    for customer in 0..CUSTOMERS {
        let has_rule = customer % 3 == 0;
        let (script, played) = play::month(customer, has_rule).await;
        let expected = model::of(&script, has_rule);
        assert_eq!(played, expected, "customer {customer}");
        check(&script, &played);
        all.extend(played);
    }
    let count = |is: fn(&Event) -> bool| all.iter().filter(|(_, event)| is(event)).count();
    let counts = [
        count(|event| *event == Event::Notice),
        count(|event| *event == Event::Question),
        count(|event| *event == Event::Warning),
        count(|event| matches!(event, Event::Sent(_))),
        count(|event| matches!(event, Event::Held(_))),
        count(|event| matches!(event, Event::Released(_))),
        count(|event| matches!(event, Event::Expired(_))),
        count(|event| *event == Event::Rule),
    ];
    println!("notices, questions, warnings, sent, held, released, expired, rules: {counts:?}");
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
}

/// What must hold whatever the model says.
fn check(script: &Script, log: &Log) {
    let last = |before: u32, is: fn(&Input) -> bool| {
        let inputs = script.iter().rev();
        let mut earlier = inputs.filter(|(at, input)| *at <= before && is(input));
        earlier.next().map(|(at, _)| *at)
    };
    let mut last_notice = None;
    let mut asked = Vec::new();
    for (at, event) in log {
        let wrote = last(*at, |input| matches!(input, Input::Writes { .. }));
        let answered = last(*at, |input| matches!(input, Input::Answers(_)));
        match event {
            Event::Notice | Event::Question => {
                let wrote = wrote.unwrap();
                assert!(*at + 1 < wrote + 24 * 60, "outside the window: {at}");
                assert!(
                    answered.is_none_or(|answered| answered < wrote),
                    "answered: {at}"
                );
                let opted_out = last(*at, |input| *input == Input::OptsOut);
                assert_eq!(opted_out, None, "opted out: {at}");
            }
            Event::Sent(_) | Event::Released(_) | Event::Rule => {
                assert!(
                    *at + 1 < wrote.unwrap() + 24 * 60,
                    "outside the window: {at}"
                );
            }
            Event::Warning | Event::Held(_) | Event::Expired(_) => {}
        }
        match event {
            Event::Notice => {
                let between = script.iter().filter(|(when, input)| {
                    let ends = matches!(input, Input::Answers(_) | Input::IsDone);
                    last_notice.is_some_and(|last| *when >= last) && when <= at && ends
                });
                assert!(last_notice.is_none() || between.count() > 0, "twice: {at}");
                last_notice = Some(*at);
            }
            Event::Question => {
                assert!(!is_quiet(*at), "at night: {at}");
                assert!(!asked.contains(&wrote), "twice in a window: {at}");
                asked.push(wrote);
            }
            _ => {}
        }
    }
    // Every reply has an end, or still waits for one.
    for (at, input) in script {
        let Input::Answers(reply) = input else {
            continue;
        };
        let ends = |is: &dyn Fn(&Event) -> bool| log.iter().filter(|(_, event)| is(event)).count();
        let sent = ends(&|event| *event == Event::Sent(*reply));
        let held = ends(&|event| *event == Event::Held(*reply));
        let released = ends(&|event| *event == Event::Released(*reply));
        let expired = ends(&|event| *event == Event::Expired(*reply));
        assert_eq!(sent + held, 1, "{at}");
        assert!(released + expired <= held, "{at}");
        let written_since = script
            .iter()
            .any(|(when, input)| when > at && matches!(input, Input::Writes { .. }));
        if held == 1 && (written_since || at + 14 * 24 * 60 < END) {
            assert_eq!(released + expired, 1, "held for ever: {at}");
        }
    }
}

//! Checks agents' messages on phones, and when each was sent.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::order::{arrival, time, violations};
use super::person::spans;
use super::{Journals, Verdict, customer_of, is_ours, list, received, text, tokens};

/// How long a customer's message keeps the window open (Meta, "Send messages").
const WINDOW: TimeDelta = TimeDelta::hours(24);

/// Checks that each message of agents and rules for the customer is on the phone once and in order.
pub(super) fn outbound(
    verdict: &mut Verdict,
    journals: &Journals,
    chat: &[&Value],
    requests: &[&Value],
) {
    let received = received(chat.iter().copied());
    let mut arrivals = std::collections::BTreeMap::new();
    for comment in comments_of_others(requests) {
        let Some(token) = tokens(text(&comment["text"])).next() else {
            continue;
        };
        let parts: Vec<_> = received
            .iter()
            .filter(|(one, _)| *one == token)
            .map(|(_, message)| part(text(&message["text"])))
            .collect();
        let stays = comment["public"] != true
            || !comment["visibility"].is_null()
            || comment["author"]["accountType"] == "customer";
        if stays {
            verdict.kept_inside += 1;
            if !parts.is_empty() {
                verdict.leaked.push(token);
            }
            continue;
        }
        if comment["author"]["accountType"] == "app" && has_stopped(chat) {
            verdict.kept_inside += 1;
            if !parts.is_empty() {
                verdict.unwanted.push(token);
            }
            continue;
        }
        verdict.outbound += 1;
        let whole = parts.first().map_or(1, |(_, of)| *of);
        let expected: Vec<_> = (1..=whole).map(|number| (number, whole)).collect();
        if parts != expected {
            let mut once = parts.clone();
            once.sort_unstable();
            once.dedup();
            if once.len() < parts.len() {
                verdict.duplicated.push(format!("reply {token}"));
            }
            if once.len() < expected.len() {
                let (found, of) = (once.len(), expected.len());
                verdict
                    .lost
                    .push(format!("reply {token}, {found} of {of} parts are there"));
            }
            if once.len() == parts.len() && once.len() == expected.len() {
                verdict.out_of_order.push(format!("the parts of {token}"));
            }
        }
        let subject = format!("comment_created {}", text(&comment["id"]));
        let created = time(&comment["created"]);
        arrivals.insert(token, arrival(&journals.from_jira, &subject, created));
    }
    let mut seen: Vec<_> = received.into_iter().map(|(token, _)| token).collect();
    seen.dedup();
    verdict.out_of_order.extend(violations(&arrivals, &seen));
}

/// Checks that everything but templates was sent less than a day after a customer's message.
pub(super) fn window(verdict: &mut Verdict, chat: &[Value]) {
    let at = |message: &Value| DateTime::from_timestamp(message["timestamp"].as_i64()?, 0);
    let written: Vec<DateTime<Utc>> = chat
        .iter()
        .filter(|message| message["direction"] == "in" && message["type"] != "system")
        .filter_map(at)
        .collect();
    let ours = |message: &&Value| message["direction"] == "out" && message["sender"].is_null();
    for message in chat.iter().filter(ours) {
        verdict.sent += 1;
        if message["type"] == "template" {
            continue;
        }
        let sent = at(message);
        let is_open = sent.is_some_and(|sent| {
            written
                .iter()
                .any(|written| *written <= sent && sent - written < WINDOW)
        });
        // Meta's own statement that the window was closed.
        if !is_open || message["error"]["code"] == 131_047 {
            let cut: String = text(&message["text"]).chars().take(40).collect();
            verdict.outside_the_window.push(cut);
        }
    }
}

/// Whether the customer has said STOP. All comments of such a run are written afterwards.
fn has_stopped(chat: &[&Value]) -> bool {
    let mut written = chat.iter().filter(|message| message["direction"] == "in");
    written.any(|message| text(&message["text"]) == "STOP")
}

/// Checks that after a STOP everything sent has a token, which people and rules
/// write; [`outbound`] looks at those of rules. The STOP
/// has been processed by the time the customer next writes.
pub(super) fn unwanted(verdict: &mut Verdict, chat: &[&Value]) {
    let has_token = |message: &Value| tokens(text(&message["text"])).next().is_some();
    let mut later = chat
        .iter()
        .skip_while(|message| text(&message["text"]) != "STOP");
    let next = later.find(|message| message["direction"] == "in" && has_token(message));
    let by_itself = next
        .into_iter()
        .chain(later)
        .filter(|message| message["direction"] == "out" && !has_token(message));
    let cut = |message: &&Value| text(&message["text"]).chars().take(40).collect();
    verdict.unwanted.extend(by_itself.map(cut));
}

/// Finds tokens outside the customer's own chats and requests: on another phone, or in another
/// customer's request.
pub(super) fn strangers(verdict: &mut Verdict, journals: &Journals) {
    for span in journals.chats.values().flat_map(|chat| spans(chat)) {
        let others = received(span.chat)
            .into_iter()
            .filter(|(token, _)| Some(customer_of(token)) != span.owner);
        let others = others.map(|(token, _)| format!("{token} on another phone"));
        verdict.leaked.extend(others);
    }
    for request in &journals.requests {
        let written = list(&request["comments"]).filter(|comment| is_ours(comment));
        let mut customers: Vec<_> = written
            .flat_map(|comment| tokens(text(&comment["text"])).take(1).collect::<Vec<_>>())
            .map(|token| customer_of(&token))
            .collect();
        customers.sort();
        customers.dedup();
        if customers.len() > 1 {
            verdict.leaked.push(format!("{customers:?} in one request"));
        }
    }
}

fn comments_of_others<'a>(requests: &[&'a Value]) -> Vec<&'a Value> {
    let comments = requests
        .iter()
        .flat_map(|request| list(&request["comments"]));
    comments.filter(|comment| !is_ours(comment)).collect()
}

/// Returns the number of a part and of all parts, from a `(2/3)` in the text, else one of one.
fn part(text: &str) -> (usize, usize) {
    let marks = text.split('(').skip(1).filter_map(|rest| {
        let (number, of) = rest.split(')').next()?.split_once('/')?;
        Some((number.parse().ok()?, of.parse().ok()?))
    });
    marks.last().unwrap_or((1, 1))
}

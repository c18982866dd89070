//! Judges a long run solely by the simulators' records. Shares no code with the product or with the
//! driver of the run.
//!
//! Every text that a person writes in such a run contains a token, `c012-m00345`, whose first part
//! names the customer. The same token must appear on the other side: once, in order, and nowhere if
//! it is not for the customer. A phone belongs to whoever writes from it (`person`).

mod order;
mod person;
mod phone;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use self::person::{Person, persons};

/// The simulators' records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journals {
    /// The chat of each phone: `GET /api/customers/{phone}/messages`.
    pub chats: BTreeMap<String, Vec<Value>>,
    /// `GET /api/requests`.
    pub requests: Vec<Value>,
    /// Deliveries: `GET /api/webhooks/whatsapp`.
    pub from_whatsapp: Vec<Value>,
    /// Deliveries: `GET /api/webhooks/jira`.
    pub from_jira: Vec<Value>,
    /// `dead_letters` of `GET /api/state`.
    pub dead_letters: Vec<Value>,
}

/// The faults found, and how much was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The number of customers' messages, and of public comments for customers.
    pub inbound: usize,
    pub outbound: usize,
    /// The number of internal and restricted comments.
    pub kept_inside: usize,
    /// The number of messages from the business.
    pub sent: usize,
    pub lost: Vec<String>,
    pub duplicated: Vec<String>,
    pub out_of_order: Vec<String>,
    pub leaked: Vec<String>,
    pub outside_the_window: Vec<String>,
    /// Automatic messages to somebody who had opted out.
    pub unwanted: Vec<String>,
    /// Unnecessary requests: no request is closed or deleted in such a run.
    pub opened_twice: Vec<String>,
    pub dead: usize,
}

impl Verdict {
    /// Returns whether no fault was found and something was checked.
    pub(crate) fn is_right(&self) -> bool {
        let faults = [
            &self.lost,
            &self.duplicated,
            &self.out_of_order,
            &self.leaked,
            &self.outside_the_window,
            &self.unwanted,
            &self.opened_twice,
        ];
        self.inbound > 0 && self.dead == 0 && faults.iter().all(|found| found.is_empty())
    }
}

pub(crate) fn audit(journals: &Journals) -> Verdict {
    let mut verdict = Verdict {
        dead: journals.dead_letters.len(),
        ..Verdict::default()
    };
    for Person { chat, requests, .. } in &persons(journals) {
        let twice = requests.iter().skip(1);
        let key = |request: &&Value| format!("request {}", text(&request["key"]));
        verdict.opened_twice.extend(twice.map(key));
        inbound(&mut verdict, journals, chat, requests);
        elsewhere(&mut verdict, chat, requests);
        phone::outbound(&mut verdict, journals, chat, requests);
        phone::unwanted(&mut verdict, chat);
    }
    for chat in journals.chats.values() {
        phone::window(&mut verdict, chat);
    }
    phone::strangers(&mut verdict, journals);
    verdict
}

/// The mark of a customer's message to another sender of the number.
const TO_ANOTHER: &str = "[The customer writes to Meta's agent:]";

/// Checks that what other senders wrote to the customer is in the request once, for agents alone, and
/// so is each call.
fn elsewhere(verdict: &mut Verdict, chat: &[&Value], requests: &[&Value]) {
    let comments = || {
        requests
            .iter()
            .flat_map(|request| list(&request["comments"]))
    };
    let ours = || comments().filter(|comment| is_ours(comment));
    let echoes = chat.iter().filter(|message| message["sender"].is_string());
    for token in echoes.filter_map(|echo| tokens(text(&echo["text"])).next()) {
        verdict.inbound += 1;
        let shown = ours().filter(|comment| tokens(text(&comment["text"])).any(|one| one == token));
        match shown
            .map(|comment| comment["public"] == true)
            .collect::<Vec<_>>()[..]
        {
            [false] => {}
            [] => verdict.lost.push(format!("the other sender's {token}")),
            [true] => verdict.leaked.push(format!("the other sender's {token}")),
            _ => verdict
                .duplicated
                .push(format!("the other sender's {token}")),
        }
    }
    let calls = chat
        .iter()
        .filter(|message| message["type"] == "call")
        .count();
    let shown = ours().filter(|comment| text(&comment["text"]).starts_with("[The customer called"));
    match shown.count().cmp(&calls) {
        Ordering::Less => verdict.lost.push("a call".to_owned()),
        Ordering::Equal => verdict.inbound += calls,
        Ordering::Greater => verdict.duplicated.push("a call".to_owned()),
    }
}

/// Checks that each of the customer's messages is in the customer's requests once and in order.
fn inbound(verdict: &mut Verdict, journals: &Journals, chat: &[&Value], requests: &[&Value]) {
    let mut found: Vec<(u64, String)> = Vec::new();
    for request in requests {
        for comment in list(&request["comments"]) {
            let shown = text(&comment["text"]);
            // What a customer writes to another sender is for agents alone.
            let is_message = comment["public"] == true || shown.starts_with(TO_ANOTHER);
            if is_message && is_ours(comment) {
                let number = number(&comment["id"]);
                found.extend(tokens(shown).map(|token| (number, token)));
            }
        }
    }
    found.sort();
    let written = chat.iter().filter(|message| message["direction"] == "in");
    let written: Vec<_> = written
        .filter_map(|message| Some((tokens(text(&message["text"])).next()?, message)))
        .collect();
    verdict.inbound += written.len();
    for (token, _) in &written {
        match found.iter().filter(|(_, one)| one == token).count() {
            0 => verdict.lost.push(format!("message {token}")),
            1 => {}
            _ => verdict.duplicated.push(format!("message {token}")),
        }
    }
    let arrivals = written.iter().map(|(token, message)| {
        let subject = format!("message {}", text(&message["wamid"]));
        (
            token.clone(),
            order::arrival(&journals.from_whatsapp, &subject, None),
        )
    });
    let seen: Vec<_> = found.into_iter().map(|(_, token)| token).collect();
    verdict
        .out_of_order
        .extend(order::violations(&arrivals.collect(), &seen));
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            inbound,
            outbound,
            kept_inside,
            sent,
            ..
        } = self;
        writeln!(
            f,
            "{inbound} messages of customers, {outbound} replies for them, {kept_inside} comments \
             that must stay inside, {sent} messages sent by the business.\n"
        )?;
        writeln!(f, "| Violation | Count |\n|---|---:|")?;
        let rows = [
            ("lost", &self.lost),
            ("duplicated", &self.duplicated),
            ("out of order", &self.out_of_order),
            ("leaked", &self.leaked),
            ("sent outside the window", &self.outside_the_window),
            ("sent by itself after a STOP", &self.unwanted),
            ("requests opened twice", &self.opened_twice),
        ];
        for (name, found) in rows {
            writeln!(f, "| {name} | {} |", found.len())?;
        }
        writeln!(f, "| dead letters | {} |", self.dead)?;
        for (name, found) in rows {
            for one in found.iter().take(20) {
                writeln!(f, "{name}: {one}")?;
            }
        }
        Ok(())
    }
}

/// Returns the tokens in a text.
fn tokens(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| is_token(word)).map(str::to_owned)
}

fn is_token(word: &str) -> bool {
    let Some((customer, message)) = word.split_once('-') else {
        return false;
    };
    let numbered = |part: &str, letter: char| {
        part.strip_prefix(letter).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    numbered(customer, 'c') && numbered(message, 'm')
}

/// Returns whether Casement's own account has written a comment.
fn is_ours(comment: &Value) -> bool {
    comment["author"]["displayName"] == "Casement"
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(id: &Value) -> u64 {
    text(id).parse().unwrap_or_default()
}

fn customer_of(token: &str) -> String {
    token.split('-').next().unwrap_or_default().to_owned()
}

/// Returns the tokens of a chat's messages from the business, in order, without failed messages.
fn received<'a>(chat: impl IntoIterator<Item = &'a Value>) -> Vec<(String, &'a Value)> {
    let from_us = chat
        .into_iter()
        .filter(|message| message["direction"] == "out" && message["status"] != "failed");
    from_us
        .flat_map(|message| {
            // A message may quote another's token, but its own comes first.
            let own: BTreeSet<_> = tokens(text(&message["text"])).take(1).collect();
            own.into_iter().map(move |token| (token, message))
        })
        .collect()
}

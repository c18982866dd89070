//! The owners of phones: numbers are passed on to other people.

use serde_json::Value;

use super::{Journals, customer_of, is_ours, list, text, tokens};

/// The messages and requests of one person.
pub(super) struct Person<'a> {
    pub name: String,
    /// The messages on the phones that the person has had, one phone after the other.
    pub chat: Vec<&'a Value>,
    pub requests: Vec<&'a Value>,
}

/// A part of a phone's chat during which the phone had one owner, if any.
pub(super) struct Span<'a> {
    pub owner: Option<String>,
    pub chat: &'a [Value],
}

/// Splits a phone's chat where somebody else writes, and where the owner moves to another number.
pub(super) fn spans(chat: &[Value]) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut owner = chat.iter().find_map(written_by);
    let mut start = 0;
    for (index, message) in chat.iter().enumerate() {
        let next = match written_by(message) {
            _ if message["type"] == "system" => None,
            Some(writer) => Some(writer),
            None => continue,
        };
        if next != owner {
            spans.push(Span {
                owner: owner.take(),
                chat: &chat[start..index],
            });
            (owner, start) = (next, index);
        }
    }
    spans.push(Span {
        owner,
        chat: &chat[start..],
    });
    spans
}

/// Returns all people with their messages and requests.
pub(super) fn persons(journals: &Journals) -> Vec<Person<'_>> {
    let mut persons: Vec<Person<'_>> = Vec::new();
    let mut phones: Vec<(&str, usize)> = Vec::new();
    let mut spans: Vec<(&str, Span<'_>)> = Vec::new();
    for (phone, chat) in &journals.chats {
        spans.extend(
            self::spans(chat)
                .into_iter()
                .map(|span| (phone.as_str(), span)),
        );
    }
    spans.sort_by_key(|(_, span)| span.chat.first().map(|first| first["timestamp"].as_i64()));
    for (phone, span) in spans {
        let Some(name) = span.owner else { continue };
        let index = persons.iter().position(|person| person.name == name);
        let index = index.unwrap_or_else(|| {
            let (chat, requests) = (Vec::new(), Vec::new());
            persons.push(Person {
                name,
                chat,
                requests,
            });
            persons.len() - 1
        });
        persons[index].chat.extend(span.chat);
        phones.push((phone, index));
    }
    for request in &journals.requests {
        // Assigned by the tokens it shows; an empty request by its name.
        let ours = list(&request["comments"]).filter(|comment| is_ours(comment));
        let shown = ours.flat_map(|comment| tokens(text(&comment["text"])).collect::<Vec<_>>());
        let by_token = shown.map(|token| customer_of(&token)).next();
        let summary = text(&request["summary"]);
        let index = match by_token {
            Some(name) => persons.iter().position(|person| person.name == name),
            None => phones
                .iter()
                .find(|(phone, _)| summary.contains(phone))
                .map(|(_, index)| *index),
        };
        if let Some(index) = index {
            persons[index].requests.push(request);
        }
    }
    persons
}

/// Returns the customer whose token a message from the phone contains.
fn written_by(message: &Value) -> Option<String> {
    let token = tokens(text(&message["text"])).next()?;
    (message["direction"] == "in").then(|| customer_of(&token))
}

//! Inputs that resemble real ones.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Texts with a special meaning somewhere on the way.
const ODD_TEXTS: [&str; 24] = [
    "",
    " ",
    "\0",
    "\n\n",
    "../../etc/passwd",
    "http://169.254.169.254/latest/meta-data",
    "https://lookaside.fbsbx.com@evil.example/",
    "-1",
    "99999999999999999999999",
    "1e400",
    "NaN",
    "0x1F",
    "-271821-04-20T00:00:00Z",
    "+262143-12-31T23:59:59Z",
    "999999999999d",
    "00:00-24:00",
    "\u{202e}\u{feff}\u{fffd}",
    "👨‍👩‍👧‍👦",
    "{quote}{code}{panel}||[~a]",
    "{name}{next_opening}%Q%",
    "#",
    "DE.ENT.1",
    "edit",
    "user_changed_number",
];

/// The longest input, in bytes: about twice Jira's longest comment.
const LONGEST: usize = 60_000;

/// A change at one place of an input.
#[derive(Clone, Debug)]
enum Tampering {
    Remove,
    Replace(Value),
    /// Puts another part of the same document in its place.
    Transplant(Index),
    Repeat(usize),
    Nest(usize),
    /// Ends the bytes here.
    Cut,
    Byte(u8),
    Insert(&'static str),
    /// Repeats the line.
    Double,
}

fn odd_value() -> impl Strategy<Value = Value> {
    let numbers = prop::sample::select(vec![
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e308),
        json!(-1e308),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(8_210_266_876_799_i64),
        json!(true),
        json!(null),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"": null}),
    ]);
    let odd = prop::sample::select(ODD_TEXTS.to_vec());
    let long = (odd.clone(), 1_usize..2_000).prop_map(|(text, times)| json!(text.repeat(times)));
    prop_oneof![
        3 => numbers,
        3 => odd.prop_map(|text| json!(text)),
        1 => long,
        1 => any::<String>().prop_map(|text| json!(text)),
    ]
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        2 => Just(Tampering::Remove),
        4 => odd_value().prop_map(Tampering::Replace),
        2 => any::<Index>().prop_map(Tampering::Transplant),
        2 => (2_usize..60).prop_map(Tampering::Repeat),
        1 => (1_usize..200).prop_map(Tampering::Nest),
        1 => Just(Tampering::Cut),
        1 => any::<u8>().prop_map(Tampering::Byte),
        2 => prop::sample::select(ODD_TEXTS.to_vec()).prop_map(Tampering::Insert),
        1 => Just(Tampering::Double),
    ]
}

/// Generates seeds with some places tampered with.
pub(crate) fn tampered(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let tamperings = prop::collection::vec((any::<Index>(), tampering()), 0..5);
    (prop::sample::select(seeds), tamperings).prop_map(|(seed, tamperings)| {
        tamperings
            .into_iter()
            .fold(seed, |bytes, (place, tampering)| {
                let tampered = apply(&bytes, place, tampering);
                if tampered.len() > LONGEST {
                    bytes
                } else {
                    tampered
                }
            })
    })
}

fn apply(bytes: &[u8], place: Index, tampering: Tampering) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<Value>(bytes) else {
        return apply_to_text(bytes, place, tampering);
    };
    let count = places(&document);
    let chosen = place.index(count);
    let new = match tampering {
        Tampering::Cut | Tampering::Byte(_) | Tampering::Insert(_) | Tampering::Double => {
            return apply_to_text(bytes, place, tampering);
        }
        Tampering::Remove => json!(null),
        Tampering::Replace(value) => value,
        Tampering::Transplant(from) => value_at(&mut document, from.index(count)).clone(),
        Tampering::Repeat(times) => {
            let value = value_at(&mut document, chosen).clone();
            match value {
                Value::Array(items) => Value::Array(vec![items; times].concat()),
                Value::String(text) => json!(text.repeat(times)),
                value => Value::Array(vec![value; times]),
            }
        }
        Tampering::Nest(depth) => {
            let value = value_at(&mut document, chosen).clone();
            (0..depth).fold(value, |value, _| json!([value]))
        }
    };
    *value_at(&mut document, chosen) = new;
    document.to_string().into_bytes()
}

/// Counts the values in a document, itself included.
fn places(value: &Value) -> usize {
    1 + children(value).map(places).sum::<usize>()
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn value_at(value: &mut Value, place: usize) -> &mut Value {
    if place == 0 {
        return value;
    }
    let mut left = place - 1;
    let children: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(members) => Box::new(members.values_mut()),
        _ => Box::new(std::iter::empty()),
    };
    for child in children {
        let inside = places(child);
        if left < inside {
            return value_at(child, left);
        }
        left -= inside;
    }
    unreachable!("the place is one of the document's")
}

fn apply_to_text(bytes: &[u8], place: Index, tampering: Tampering) -> Vec<u8> {
    let at = place.index(bytes.len() + 1);
    let (before, after) = bytes.split_at(at);
    let line_end = after
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(after.len());
    let rest_of_line = &after[..line_end];
    match tampering {
        Tampering::Cut => before.to_vec(),
        Tampering::Byte(byte) => [before, &[byte], after.get(1..).unwrap_or_default()].concat(),
        Tampering::Insert(text) => [before, text.as_bytes(), after].concat(),
        Tampering::Remove | Tampering::Transplant(_) => [before, &after[line_end..]].concat(),
        Tampering::Replace(value) => {
            [before, value.to_string().as_bytes(), &after[line_end..]].concat()
        }
        Tampering::Repeat(times) => [before, &rest_of_line.repeat(times), after].concat(),
        Tampering::Nest(depth) => [before, &b"{quote}".repeat(depth), after].concat(),
        Tampering::Double => [before, rest_of_line, b"\n", after].concat(),
    }
}

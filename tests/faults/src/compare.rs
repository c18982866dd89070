//! The differences that are allowed after a fault, and those that are not.
//!
//! Nothing may differ that a customer or an agent sees. The rules, one by one:
//!
//! - The same requests, with the same title, description, phone number and state.
//! - The same public comments, each once and in order, with the same files, byte for byte.
//! - The same internal notes, each as often. Their order and the times in them may differ, because
//!   a repeat comes later.
//! - The same messages on every phone, each once and in order, including templates, buttons and
//!   files. A message that the business sends to a closed window would show up as failed.
//! - The same windows, awaiting replies and held replies.
//! - The same progress of every reply, once the customer has read everything. Jira learns of it
//!   when it can, and the next status makes up for whatever it missed.
//! - Nothing left in a queue, and no dead letters: a single fault is no reason to give up. No
//!   webhook is given up either.
//!
//! Only if two messages of a customer race may either be the first, and the first determines the
//! title. They race when the webhook of one is not accepted at once: WhatsApp repeats it while the
//! next is on its way, and the messages count in the order of their arrival.

use crate::observe::{Observation, Request};

/// Returns the faults of `seen`, compared with the run without a fault.
pub(crate) fn differences(expected: &Observation, seen: &Observation, racing: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut see = |what: &str, expected: String, seen: String| {
        if expected != seen {
            found.push(format!("{what}: expected {expected}, seen {seen}"));
        }
    };
    see(
        "requests",
        expected.requests.len().to_string(),
        seen.requests.len().to_string(),
    );
    for (expected, seen) in expected.requests.iter().zip(&seen.requests) {
        let (expected, seen) = (in_order(expected, racing), in_order(seen, racing));
        if !racing {
            see("title", expected.summary, seen.summary);
        }
        see("description", expected.description, seen.description);
        see("number", expected.phone, seen.phone);
        see("state", expected.category, seen.category);
        see("public", listed(&expected.public), listed(&seen.public));
        see(
            "internal",
            listed(&expected.internal),
            listed(&seen.internal),
        );
    }
    for (phone, messages) in &expected.phones {
        let (mut expected, mut seen) = (
            messages.clone(),
            seen.phones.get(phone).cloned().unwrap_or_default(),
        );
        if racing {
            expected.sort();
            seen.sort();
        }
        see("phone", listed(&expected), listed(&seen));
    }
    see(
        "conversations",
        listed(&expected.conversations),
        listed(&seen.conversations),
    );
    see("queued", "{}".to_owned(), format!("{:?}", seen.queued));
    see("dead letters", listed(&[]), listed(&seen.dead));
    see("dropped webhooks", listed(&[]), listed(&seen.dropped));
    found
}

fn in_order(request: &Request, racing: bool) -> Request {
    let mut request = request.clone();
    if racing {
        request.public.sort();
    }
    request
}

/// Shortens long texts to their beginning and end, which identify each text. The length shows
/// whether the text was complete.
fn listed(items: &[String]) -> String {
    let short = items.iter().map(|item| {
        let length = item.chars().count();
        if length <= 160 {
            item.clone()
        } else {
            let begin: String = item.chars().take(120).collect();
            let end: String = item.chars().skip(length - 30).collect();
            format!("{begin}… {end} ({length} characters)")
        }
    });
    format!("{:?}", short.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    fn seen(public: &[&str], internal: &[&str], phone: &[&str]) -> Observation {
        Observation {
            requests: vec![Request {
                summary: "WhatsApp".to_owned(),
                description: String::new(),
                phone: "+49".to_owned(),
                category: "new".to_owned(),
                public: words(public),
                internal: words(internal),
            }],
            phones: BTreeMap::from([("49".to_owned(), words(phone))]),
            ..Observation::default()
        }
    }

    #[test]
    fn every_loss_repetition_and_disorder_is_found() {
        let expected = seen(&["one", "two"], &["note"], &["hello"]);
        let with = |change: fn(&mut Observation)| {
            let mut seen = expected.clone();
            change(&mut seen);
            seen
        };
        assert!(differences(&expected, &expected, false).is_empty());
        for (what, wrong) in [
            ("requests", with(|seen| seen.requests.clear())),
            ("public", self::seen(&["one"], &["note"], &["hello"])),
            ("public", self::seen(&["two", "one"], &["note"], &["hello"])),
            (
                "public",
                self::seen(&["one", "two", "two"], &["note"], &["hello"]),
            ),
            ("internal", self::seen(&["one", "two"], &[], &["hello"])),
            (
                "internal",
                self::seen(&["one", "two"], &["note", "note"], &["hello"]),
            ),
            ("phone", self::seen(&["one", "two"], &["note"], &[])),
            (
                "phone",
                self::seen(&["one", "two"], &["note"], &["hello", "hello"]),
            ),
            ("number", with(|seen| seen.requests[0].phone.clear())),
            (
                "state",
                with(|seen| "done".clone_into(&mut seen.requests[0].category)),
            ),
            (
                "queued",
                with(|seen| seen.queued.extend([("inbound".to_owned(), 1)])),
            ),
            ("dead", with(|seen| seen.dead.push("inbound".to_owned()))),
            (
                "dropped",
                with(|seen| seen.dropped.push("status".to_owned())),
            ),
        ] {
            let found = differences(&expected, &wrong, false);
            assert_eq!(found.len(), 1, "{what}: {found:?}");
            assert!(found[0].starts_with(what), "{found:?}");
        }
        let raced = seen(&["two", "one"], &["note"], &["hello"]);
        assert!(differences(&expected, &raced, true).is_empty());
    }

    #[test]
    fn long_texts_are_named_by_beginning_and_length() {
        let text = listed(&["word ".repeat(100)]);
        assert!(
            text.contains("(500 characters)") && text.len() < 250,
            "{text}"
        );
    }
}

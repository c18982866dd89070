//! Decides which messages of a batch a function has processed: the rules of partial batch responses
//! (Lambda developer guide, "Implementing partial batch responses").

use serde_json::Value;

/// The decision about the messages of a batch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// Delete all but these, which are delivered again.
    Keep(Vec<String>),
    /// Leave all in the queue, for this reason.
    KeepAll(&'static str),
}

/// Interprets a function's response to the batch of messages with these ids.
pub(super) fn verdict(ids: &[&str], response: &[u8], report_item_failures: bool) -> Verdict {
    if !report_item_failures {
        return Verdict::Keep(Vec::new());
    }
    let Ok(response) = serde_json::from_slice::<Value>(response) else {
        return Verdict::KeepAll("the response is not JSON");
    };
    let failures = match response.get("batchItemFailures") {
        None | Some(Value::Null) => return Verdict::Keep(Vec::new()),
        Some(Value::Array(failures)) => failures,
        Some(_) => return Verdict::KeepAll("batchItemFailures is no list"),
    };
    let mut kept = Vec::new();
    for failure in failures {
        match failure.get("itemIdentifier").and_then(Value::as_str) {
            None | Some("") => return Verdict::KeepAll("an itemIdentifier is missing or empty"),
            Some(id) if !ids.contains(&id) => {
                return Verdict::KeepAll("an itemIdentifier is not in the batch");
            }
            Some(id) => kept.push(id.to_owned()),
        }
    }
    Verdict::Keep(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(ids: &[&str]) -> Verdict {
        Verdict::Keep(ids.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn partial_batch_responses_follow_the_rules() {
        let all = |reason| Verdict::KeepAll(reason);
        for (response, expected) in [
            (r#"{"batchItemFailures":[]}"#, keep(&[])),
            (r#"{"batchItemFailures":null}"#, keep(&[])),
            ("{}", keep(&[])),
            ("null", keep(&[])),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#,
                keep(&["b"]),
            ),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"a"}]}"#,
                keep(&["b", "a"]),
            ),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
                all("an itemIdentifier is missing or empty"),
            ),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
                all("an itemIdentifier is missing or empty"),
            ),
            (
                r#"{"batchItemFailures":[{"id":"a"}]}"#,
                all("an itemIdentifier is missing or empty"),
            ),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}"#,
                all("an itemIdentifier is not in the batch"),
            ),
            (
                r#"{"batchItemFailures":"a"}"#,
                all("batchItemFailures is no list"),
            ),
            ("not json", all("the response is not JSON")),
            ("", all("the response is not JSON")),
        ] {
            let verdict = verdict(&["a", "b"], response.as_bytes(), true);
            assert_eq!(verdict, expected, "{response}");
        }
    }

    #[test]
    fn without_the_setting_the_response_is_ignored() {
        let response = br#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#;
        assert_eq!(verdict(&["a"], response, false), keep(&[]));
    }
}

//! Rules that all batch operations share (SQS API reference, `SendMessageBatch`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::error::SqsError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct BatchRequest<E> {
    #[serde(default)]
    pub(super) queue_url: String,
    #[serde(default = "Vec::new")]
    entries: Vec<Entry<E>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<E> {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    content: E,
}

/// The outcome of each entry. A batch with failed entries is still answered with 200.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct BatchResponse<R> {
    successful: Vec<Success<R>>,
    failed: Vec<Failure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Success<R> {
    id: String,
    #[serde(flatten)]
    content: R,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    id: String,
    sender_fault: bool,
    code: String,
    message: String,
}

impl<E> BatchRequest<E> {
    pub(super) fn contents(&self) -> impl Iterator<Item = &E> {
        self.entries.iter().map(|entry| &entry.content)
    }

    /// Checks the batch as a whole.
    pub(super) fn check(&self) -> Result<(), SqsError> {
        if self.entries.is_empty() {
            return Err(SqsError::EmptyBatchRequest);
        }
        if self.entries.len() > 10 {
            return Err(SqsError::TooManyEntriesInBatchRequest(self.entries.len()));
        }
        let mut ids = BTreeSet::new();
        for Entry { id, .. } in &self.entries {
            let is_allowed = (1..=80).contains(&id.len())
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            if !is_allowed {
                return Err(SqsError::InvalidBatchEntryId);
            }
            if !ids.insert(id) {
                return Err(SqsError::BatchEntryIdsNotDistinct(id.clone()));
            }
        }
        Ok(())
    }

    /// Processes each entry by itself. An entry that fails does not affect the others.
    pub(super) fn for_each<R>(
        self,
        mut work: impl FnMut(E) -> Result<R, SqsError>,
    ) -> BatchResponse<R> {
        let mut response = BatchResponse {
            successful: Vec::new(),
            failed: Vec::new(),
        };
        for Entry { id, content } in self.entries {
            match work(content) {
                Ok(content) => response.successful.push(Success { id, content }),
                Err(error) => response.failed.push(Failure {
                    id,
                    sender_fault: error.is_sender_fault(),
                    code: error.query_code(),
                    message: error.to_string(),
                }),
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Nothing {}

    fn batch(ids: &[&str]) -> BatchRequest<Nothing> {
        BatchRequest {
            queue_url: "q".to_owned(),
            entries: ids
                .iter()
                .map(|id| Entry {
                    id: (*id).to_owned(),
                    content: Nothing {},
                })
                .collect(),
        }
    }

    #[test]
    fn a_batch_has_one_to_ten_entries_with_distinct_plain_ids() {
        let eleven: Vec<_> = (0..11).map(|n| n.to_string()).collect();
        let eleven: Vec<_> = eleven.iter().map(String::as_str).collect();
        let long = "x".repeat(81);
        let cases: &[(&[&str], &str)] = &[
            (&[], "EmptyBatchRequest"),
            (&eleven, "TooManyEntriesInBatchRequest"),
            (&["a", "b", "a"], "BatchEntryIdsNotDistinct"),
            (&["a b"], "InvalidBatchEntryId"),
            (&[""], "InvalidBatchEntryId"),
            (&[&long], "InvalidBatchEntryId"),
        ];
        for (ids, shape) in cases {
            assert_eq!(batch(ids).check().unwrap_err().shape(), *shape, "{ids:?}");
        }
        assert_eq!(batch(&eleven[..10]).check(), Ok(()));
    }

    #[test]
    fn one_bad_entry_harms_no_other() {
        let mut n = 0;
        let response = batch(&["a", "b", "c"]).for_each(|_| {
            n += 1;
            if n == 2 {
                Err(SqsError::MessageNotInflight)
            } else {
                Ok(n)
            }
        });
        let ids: Vec<_> = response.successful.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["a", "c"]);
        assert_eq!(response.failed[0].id, "b");
        assert_eq!(
            response.failed[0].code,
            "AWS.SimpleQueueService.MessageNotInflight"
        );
    }
}

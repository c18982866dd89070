//! A queue's attributes, typed and checked.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::content::MAXIMUM_MESSAGE_SIZE;
use super::error::SqsError;

/// Integer attributes: name, allowed values, default. Source: SQS API reference,
/// `SetQueueAttributes`.
const NUMBERS: &[(&str, RangeInclusive<u32>, u32)] = &[
    ("DelaySeconds", 0..=900, 0),
    ("KmsDataKeyReusePeriodSeconds", 60..=86_400, 300),
    ("MaximumMessageSize", 1_024..=1_048_576, 1_048_576),
    ("MessageRetentionPeriod", 60..=1_209_600, 345_600),
    ("ReceiveMessageWaitTimeSeconds", 0..=20, 0),
    ("VisibilityTimeout", 0..=43_200, 30),
];

/// Attributes that take one of a few words: name, allowed values, default on queues that have the
/// attribute, whether only FIFO queues have it.
const WORDS: &[(&str, &[&str], &str, bool)] = &[
    (
        "ContentBasedDeduplication",
        &["true", "false"],
        "false",
        true,
    ),
    (
        "DeduplicationScope",
        &["queue", "messageGroup"],
        "queue",
        true,
    ),
    ("FifoQueue", &["true"], "true", true),
    (
        "FifoThroughputLimit",
        &["perQueue", "perMessageGroupId"],
        "perQueue",
        true,
    ),
    ("SqsManagedSseEnabled", &["true", "false"], "true", false),
];

/// Attributes that are stored and returned but have no effect here.
const TEXTS: &[&str] = &["KmsMasterKeyId", "Policy", "RedriveAllowPolicy"];

/// The attributes of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The attributes as they were set.
    set: BTreeMap<String, String>,
    pub(super) fifo: bool,
    pub(super) content_based_deduplication: bool,
    /// Whether a de-duplication id counts only within its message group.
    pub(super) deduplication_per_group: bool,
    pub(super) delay_ms: i64,
    pub(super) maximum_message_size: usize,
    pub(super) retention_ms: i64,
    pub(super) wait_time_s: u64,
    pub(super) visibility_timeout_ms: i64,
    pub(super) redrive: Option<RedrivePolicy>,
}

/// Which dead-letter queue a message goes to, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RedrivePolicy {
    /// The physical name of the dead-letter queue.
    pub(super) dead_letter_queue: String,
    /// A message that was received this many times is not delivered again.
    pub(super) max_receive_count: u32,
}

impl Attributes {
    /// Checks attributes as `CreateQueue` takes them.
    pub(super) fn parse(set: BTreeMap<String, String>) -> Result<Self, SqsError> {
        let fifo = set.contains_key("FifoQueue");
        for (name, value) in &set {
            check(name, value, fifo)?;
        }
        let number = |name: &str| -> u32 {
            set.get(name)
                .and_then(|value| value.parse().ok())
                .unwrap_or_else(|| default_number(name))
        };
        let is = |name: &str, value: &str| set.get(name).is_some_and(|v| v == value);
        if is("FifoThroughputLimit", "perMessageGroupId")
            && !is("DeduplicationScope", "messageGroup")
        {
            return Err(invalid(
                "FifoThroughputLimit",
                Some("perMessageGroupId needs DeduplicationScope messageGroup".to_owned()),
            ));
        }
        let redrive = set
            .get("RedrivePolicy")
            .map(|policy| parse_redrive(policy))
            .transpose()?;
        Ok(Self {
            fifo,
            content_based_deduplication: is("ContentBasedDeduplication", "true"),
            deduplication_per_group: is("DeduplicationScope", "messageGroup"),
            delay_ms: i64::from(number("DelaySeconds")) * 1_000,
            maximum_message_size: usize::try_from(number("MaximumMessageSize"))
                .unwrap_or(MAXIMUM_MESSAGE_SIZE),
            retention_ms: i64::from(number("MessageRetentionPeriod")) * 1_000,
            wait_time_s: number("ReceiveMessageWaitTimeSeconds").into(),
            visibility_timeout_ms: i64::from(number("VisibilityTimeout")) * 1_000,
            redrive,
            set,
        })
    }

    /// Returns these attributes with some changed. An empty value removes an attribute.
    pub(super) fn with(&self, changes: BTreeMap<String, String>) -> Result<Self, SqsError> {
        let mut set = self.set.clone();
        for (name, value) in changes {
            if name == "FifoQueue" && set.get(&name) != Some(&value) {
                return Err(SqsError::InvalidAttributeName(name));
            }
            if value.is_empty() {
                set.remove(&name);
            } else {
                set.insert(name, value);
            }
        }
        Self::parse(set)
    }

    /// Returns the attributes as they were set.
    pub(super) fn as_set(&self) -> &BTreeMap<String, String> {
        &self.set
    }

    /// Returns the attributes as `GetQueueAttributes` shows them, with defaults filled in.
    pub(super) fn effective(&self) -> BTreeMap<String, String> {
        let mut all = self.set.clone();
        for (name, _, default) in NUMBERS {
            if *name != "KmsDataKeyReusePeriodSeconds" {
                all.entry((*name).to_owned())
                    .or_insert_with(|| default.to_string());
            }
        }
        for (name, _, default, only_fifo) in WORDS {
            if self.fifo || !only_fifo {
                all.entry((*name).to_owned())
                    .or_insert_with(|| (*default).to_owned());
            }
        }
        all
    }
}

fn check(name: &str, value: &str, fifo: bool) -> Result<(), SqsError> {
    if let Some((_, range, _)) = NUMBERS.iter().find(|(known, ..)| *known == name) {
        let number: Option<u32> = value.parse().ok();
        return if number.is_some_and(|n| range.contains(&n)) {
            Ok(())
        } else {
            Err(invalid(name, None))
        };
    }
    if let Some((_, words, _, only_fifo)) = WORDS.iter().find(|(known, ..)| *known == name) {
        // A standard queue does not know the attributes of a FIFO queue.
        if *only_fifo && !fifo {
            return Err(SqsError::InvalidAttributeName(name.to_owned()));
        }
        return if words.contains(&value) {
            Ok(())
        } else {
            Err(invalid(name, None))
        };
    }
    if name == "RedrivePolicy" || TEXTS.contains(&name) {
        return Ok(());
    }
    Err(SqsError::InvalidAttributeName(name.to_owned()))
}

fn default_number(name: &str) -> u32 {
    NUMBERS
        .iter()
        .find(|(known, ..)| *known == name)
        .map_or(0, |(_, _, default)| *default)
}

// maxReceiveCount may be a number or its text. SQS takes both, from 1 to 1,000.
fn parse_redrive(policy: &str) -> Result<RedrivePolicy, SqsError> {
    let refuse = |reason: &str| SqsError::parameter("RedrivePolicy", policy, reason);
    let parsed: Value = serde_json::from_str(policy)
        .map_err(|_| refuse("Redrive policy is not a valid JSON map."))?;
    let dead_letter_queue = parsed
        .get("deadLetterTargetArn")
        .and_then(Value::as_str)
        .and_then(|arn| arn.rsplit(':').next())
        .ok_or_else(|| {
            refuse("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        })?;
    let max_receive_count = match parsed.get("maxReceiveCount") {
        Some(Value::Number(count)) => count.as_u64(),
        Some(Value::String(count)) => count.parse().ok(),
        _ => None,
    }
    .and_then(|count| u32::try_from(count).ok())
    .filter(|count| (1..=1_000).contains(count))
    .ok_or_else(|| refuse("maxReceiveCount must be an integer from 1 to 1000."))?;
    Ok(RedrivePolicy {
        dead_letter_queue: dead_letter_queue.to_owned(),
        max_receive_count,
    })
}

fn invalid(attribute: &str, reason: Option<String>) -> SqsError {
    SqsError::InvalidAttributeValue {
        attribute: attribute.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, the attributes, the error.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

    fn parse(pairs: &[(&str, &str)]) -> Result<Attributes, SqsError> {
        Attributes::parse(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let redrive = |count: &str| {
            format!(r#"{{"deadLetterTargetArn":"arn:aws:sqs:r:0:dlq","maxReceiveCount":{count}}}"#)
        };
        let (zero, high, no_target) = (redrive("0"), redrive("1001"), r#"{"maxReceiveCount":1}"#);
        let value = "InvalidAttributeValue";
        let policy = "InvalidParameterValue";
        let name = "InvalidAttributeName";
        let cases: &[Case<'_>] = &[
            ("visibility", &[("VisibilityTimeout", "43201")], value),
            ("negative", &[("VisibilityTimeout", "-1")], value),
            ("delay", &[("DelaySeconds", "901")], value),
            ("retention low", &[("MessageRetentionPeriod", "59")], value),
            (
                "retention high",
                &[("MessageRetentionPeriod", "1209601")],
                value,
            ),
            ("size low", &[("MaximumMessageSize", "1023")], value),
            ("size high", &[("MaximumMessageSize", "1048577")], value),
            ("wait", &[("ReceiveMessageWaitTimeSeconds", "21")], value),
            ("fifo false", &[("FifoQueue", "false")], value),
            (
                "scope on standard",
                &[("DeduplicationScope", "queue")],
                name,
            ),
            ("unknown", &[("Colour", "red")], name),
            (
                "scope",
                &[("FifoQueue", "true"), ("DeduplicationScope", "all")],
                value,
            ),
            (
                "throughput without scope",
                &[
                    ("FifoQueue", "true"),
                    ("FifoThroughputLimit", "perMessageGroupId"),
                ],
                value,
            ),
            ("redrive zero", &[("RedrivePolicy", &zero)], policy),
            ("redrive high", &[("RedrivePolicy", &high)], policy),
            ("redrive no target", &[("RedrivePolicy", no_target)], policy),
            ("redrive no JSON", &[("RedrivePolicy", "x")], policy),
        ];
        for (case, pairs, shape) in cases {
            assert_eq!(parse(pairs).unwrap_err().shape(), *shape, "{case}");
        }
    }

    #[test]
    fn numbers_and_their_texts_are_both_a_receive_count() {
        for count in ["5", "\"5\""] {
            let policy = format!(
                r#"{{"deadLetterTargetArn":"arn:aws:sqs:r:0:dlq","maxReceiveCount":{count}}}"#
            );
            let attributes = parse(&[("RedrivePolicy", &policy)]).unwrap();
            let redrive = attributes.redrive.unwrap();
            assert_eq!(redrive.max_receive_count, 5);
            assert_eq!(redrive.dead_letter_queue, "dlq");
        }
    }

    #[test]
    fn an_empty_value_takes_an_attribute_away() {
        let attributes = parse(&[("VisibilityTimeout", "5")]).unwrap();
        let without = attributes
            .with(BTreeMap::from([(
                "VisibilityTimeout".to_owned(),
                String::new(),
            )]))
            .unwrap();
        assert_eq!(without.visibility_timeout_ms, 30_000);
    }

    #[test]
    fn the_kind_of_a_queue_stays() {
        let standard = parse(&[]).unwrap();
        let to_fifo = BTreeMap::from([("FifoQueue".to_owned(), "true".to_owned())]);
        assert!(standard.with(to_fifo).is_err());
        assert!(!standard.effective().contains_key("FifoQueue"));
    }
}

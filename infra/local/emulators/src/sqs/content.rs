//! The content of a message and the rules for it.
//!
//! Rules: SQS API reference, `SendMessage`; SQS developer guide, "Amazon SQS message metadata".

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::SqsError;

/// The most bytes that a message may have, attributes included. A batch has the same limit.
pub(super) const MAXIMUM_MESSAGE_SIZE: usize = 1_048_576;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageAttribute {
    /// `String`, `Number` or `Binary`, with an optional `.label`.
    pub data_type: String,
    /// The value of a `String` or `Number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// The value of a `Binary`, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

impl MessageAttribute {
    pub(super) fn is_binary(&self) -> bool {
        self.data_type.starts_with("Binary")
    }

    /// Returns the bytes of the value, or `None` if no value fits the type.
    pub(super) fn value(&self) -> Option<Vec<u8>> {
        if self.is_binary() {
            STANDARD.decode(self.binary_value.as_deref()?).ok()
        } else {
            self.string_value.clone().map(String::into_bytes)
        }
    }
}

/// A message as `SendMessage` and the entries of `SendMessageBatch` carry it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Outgoing {
    pub(super) message_body: String,
    pub(super) delay_seconds: Option<i64>,
    pub(super) message_attributes: BTreeMap<String, MessageAttribute>,
    pub(super) message_system_attributes: BTreeMap<String, MessageAttribute>,
    pub(super) message_deduplication_id: Option<String>,
    pub(super) message_group_id: Option<String>,
}

impl Outgoing {
    /// Returns the bytes that count against the size limits: the body, and the name, type and value
    /// of each attribute.
    pub(super) fn size(&self) -> usize {
        let attributes: usize = self
            .message_attributes
            .iter()
            .map(|(name, attribute)| {
                name.len()
                    + attribute.data_type.len()
                    + attribute.value().map_or(0, |value| value.len())
            })
            .sum();
        self.message_body.len() + attributes
    }

    /// Checks everything that does not depend on the kind of queue.
    pub(super) fn check(&self, maximum_size: usize) -> Result<(), SqsError> {
        if self.message_body.is_empty() {
            return Err(SqsError::MissingParameter("MessageBody"));
        }
        if !self.message_body.chars().all(is_allowed) {
            return Err(SqsError::InvalidMessageContents);
        }
        if self.message_attributes.len() > 10 {
            return Err(SqsError::InvalidParameterValue(format!(
                "Number of message attributes [{}] exceeds the allowed maximum [10].",
                self.message_attributes.len()
            )));
        }
        for (name, attribute) in &self.message_attributes {
            check_attribute(name, attribute)?;
        }
        for (name, attribute) in &self.message_system_attributes {
            check_system_attribute(name, attribute)?;
        }
        if self.size() > maximum_size {
            return Err(SqsError::InvalidParameterValue(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {maximum_size} bytes."
            )));
        }
        if let Some(delay) = self.delay_seconds
            && !(0..=900).contains(&delay)
        {
            return Err(SqsError::parameter(
                "DelaySeconds",
                delay,
                "DelaySeconds must be >= 0 and <= 900.",
            ));
        }
        check_id("MessageGroupId", self.message_group_id.as_deref())?;
        check_id(
            "MessageDeduplicationId",
            self.message_deduplication_id.as_deref(),
        )
    }

    /// Returns the X-Ray trace header, the only system attribute that a sender may set.
    pub(super) fn trace_header(&self) -> Option<String> {
        self.message_system_attributes
            .get("AWSTraceHeader")?
            .string_value
            .clone()
    }
}

// XML 1.0 characters, the documented set for bodies.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn check_attribute(name: &str, attribute: &MessageAttribute) -> Result<(), SqsError> {
    let lower = name.to_ascii_lowercase();
    let name_is_allowed = (1..=256).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.");
    if !name_is_allowed {
        return Err(SqsError::InvalidParameterValue(format!(
            "The message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters."
        )));
    }
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    if !matches!(kind, "String" | "Number" | "Binary") {
        return Err(SqsError::InvalidParameterValue(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        )));
    }
    let value = attribute.value().unwrap_or_default();
    let number_is_bad = kind == "Number"
        && !std::str::from_utf8(&value).is_ok_and(|text| text.parse::<f64>().is_ok());
    if value.is_empty() || number_is_bad {
        return Err(SqsError::InvalidParameterValue(format!(
            "The message attribute '{name}' must contain a non-empty value of its type {kind}."
        )));
    }
    Ok(())
}

// SQS API reference, SendMessage: AWSTraceHeader is the only one, and it is a string.
fn check_system_attribute(name: &str, attribute: &MessageAttribute) -> Result<(), SqsError> {
    let is_text = attribute.data_type == "String" && attribute.string_value.is_some();
    if name == "AWSTraceHeader" && is_text {
        return Ok(());
    }
    Err(SqsError::InvalidParameterValue(format!(
        "Message system attribute '{name}' is invalid; the only one is AWSTraceHeader, of type String."
    )))
}

// Group and de-duplication ids have 1 to 128 letters, digits and punctuation marks.
fn check_id(parameter: &str, id: Option<&str>) -> Result<(), SqsError> {
    match id {
        Some(id) if !(1..=128).contains(&id.len()) || !id.chars().all(|c| c.is_ascii_graphic()) => {
            Err(SqsError::parameter(
                parameter,
                id,
                format!(
                    "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
                ),
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Outgoing {
        Outgoing {
            message_body: body.to_owned(),
            ..Outgoing::default()
        }
    }

    fn attributed(name: &str, data_type: &str, value: &str) -> Outgoing {
        let attribute = MessageAttribute {
            data_type: data_type.to_owned(),
            string_value: Some(value.to_owned()),
            binary_value: Some(value.to_owned()),
        };
        Outgoing {
            message_attributes: BTreeMap::from([(name.to_owned(), attribute)]),
            ..text("x")
        }
    }

    fn traced(name: &str, data_type: &str) -> Outgoing {
        let attribute = MessageAttribute {
            data_type: data_type.to_owned(),
            string_value: Some("Root=1".to_owned()),
            binary_value: None,
        };
        Outgoing {
            message_system_attributes: BTreeMap::from([(name.to_owned(), attribute)]),
            ..text("x")
        }
    }

    #[test]
    fn what_a_sender_may_not_put_into_a_message() {
        let delayed = |seconds| Outgoing {
            delay_seconds: Some(seconds),
            ..text("x")
        };
        let grouped = |id: &str| Outgoing {
            message_group_id: Some(id.to_owned()),
            ..text("x")
        };
        let cases = [
            ("no body", text(""), "MissingParameter"),
            (
                "a control character",
                text("a\u{0}"),
                "InvalidMessageContents",
            ),
            ("U+FFFE", text("\u{FFFE}"), "InvalidMessageContents"),
            ("delay below", delayed(-1), "InvalidParameterValue"),
            ("delay above", delayed(901), "InvalidParameterValue"),
            ("empty group", grouped(""), "InvalidParameterValue"),
            ("space in group", grouped("a b"), "InvalidParameterValue"),
            (
                "long group",
                grouped(&"g".repeat(129)),
                "InvalidParameterValue",
            ),
            (
                "reserved name",
                attributed("AWS.x", "String", "v"),
                "InvalidParameterValue",
            ),
            (
                "name with a space",
                attributed("a b", "String", "v"),
                "InvalidParameterValue",
            ),
            (
                "unknown type",
                attributed("a", "Text", "v"),
                "InvalidParameterValue",
            ),
            (
                "empty value",
                attributed("a", "String", ""),
                "InvalidParameterValue",
            ),
            (
                "not a number",
                attributed("a", "Number", "v"),
                "InvalidParameterValue",
            ),
            (
                "not base64",
                attributed("a", "Binary", "?"),
                "InvalidParameterValue",
            ),
            (
                "another system attribute",
                traced("SenderId", "String"),
                "InvalidParameterValue",
            ),
            (
                "a trace that is no text",
                traced("AWSTraceHeader", "Number"),
                "InvalidParameterValue",
            ),
        ];
        for (name, outgoing, shape) in cases {
            let error = outgoing.check(MAXIMUM_MESSAGE_SIZE).unwrap_err();
            assert_eq!(error.shape(), shape, "{name}");
        }
    }

    #[test]
    fn what_a_sender_may_put_into_a_message() {
        let cases = [
            ("line ends and emoji", text("a\r\n\t\u{1F44D}")),
            ("a labelled type", attributed("a", "Number.int", "3")),
            ("binary", attributed("a", "Binary", "AAEC")),
            ("a trace", traced("AWSTraceHeader", "String")),
        ];
        for (name, outgoing) in cases {
            assert_eq!(outgoing.check(MAXIMUM_MESSAGE_SIZE), Ok(()), "{name}");
        }
    }

    #[test]
    fn attributes_count_against_the_size() {
        let outgoing = attributed("name", "Binary", "AAEC");
        assert_eq!(outgoing.size(), 1 + 4 + 6 + 3);
        assert!(outgoing.check(14).is_ok());
        assert!(outgoing.check(13).is_err());
    }
}

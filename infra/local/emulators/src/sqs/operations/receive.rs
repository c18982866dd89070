//! `ReceiveMessage`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::content::MessageAttribute;
use super::super::digest;
use super::super::engine::Sqs;
use super::super::error::SqsError;
use super::super::message::ReceivedMessage;
use super::queue_name;

/// The request of `ReceiveMessage`. A `ReceiveRequestAttemptId` is accepted but has no effect.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct ReceiveMessageRequest {
    #[serde(default)]
    queue_url: String,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    /// The older name of `MessageSystemAttributeNames`.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
}

/// The answer of `ReceiveMessage`: an empty object without messages.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct ReceiveMessageResponse {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<WireMessage>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct WireMessage {
    message_id: String,
    receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    md5_of_body: String,
    body: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<&'static str, String>,
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_attributes: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    message_attributes: BTreeMap<String, MessageAttribute>,
}

impl Sqs {
    pub(in super::super) async fn receive_message(
        &self,
        request: ReceiveMessageRequest,
    ) -> Result<ReceiveMessageResponse, SqsError> {
        let name = queue_name(&request.queue_url)?;
        let maximum = in_range(
            "MaxNumberOfMessages",
            request.max_number_of_messages.unwrap_or(1),
            1..=10,
        )?;
        let visibility_timeout = request
            .visibility_timeout
            .map(|seconds| in_range("VisibilityTimeout", seconds, 0..=43_200))
            .transpose()?;
        let wait = match request.wait_time_seconds {
            Some(seconds) => in_range("WaitTimeSeconds", seconds, 0..=20)?.into(),
            None => self.transact(|state, _| Ok(state.queue(name)?.attributes().wait_time_s))?,
        };
        let received = self
            .receive_waiting(
                name,
                usize::from(maximum),
                visibility_timeout.map(|seconds| i64::from(seconds) * 1_000),
                Duration::from_secs(wait),
            )
            .await?;
        let messages = received
            .into_iter()
            .map(|message| request.answer(message))
            .collect();
        Ok(ReceiveMessageResponse { messages })
    }
}

impl ReceiveMessageRequest {
    fn answer(&self, received: ReceivedMessage) -> WireMessage {
        let mut attributes = received.system_attributes();
        attributes.retain(|name, _| {
            let asked = |wanted: &String| wanted == "All" || wanted == name;
            self.message_system_attribute_names.iter().any(asked)
                || self.attribute_names.iter().any(asked)
        });
        let mut message_attributes = received.message.attributes;
        message_attributes.retain(|name, _| {
            self.message_attribute_names
                .iter()
                .any(|wanted| selects(wanted, name))
        });
        WireMessage {
            message_id: received.message.message_id,
            receipt_handle: received.receipt_handle,
            md5_of_body: digest::md5_of_body(&received.message.body),
            body: received.message.body,
            attributes,
            md5_of_message_attributes: digest::md5_of_attributes(&message_attributes),
            message_attributes,
        }
    }
}

/// Returns whether a wanted name (`All`, `.*` or a prefix as in `trace.*`) selects an attribute.
fn selects(wanted: &str, name: &str) -> bool {
    match wanted.strip_suffix(".*") {
        Some(prefix) => name.starts_with(prefix),
        None => wanted == "All" || wanted == name,
    }
}

fn in_range(
    parameter: &str,
    value: i64,
    range: std::ops::RangeInclusive<u16>,
) -> Result<u16, SqsError> {
    u16::try_from(value)
        .ok()
        .filter(|value| range.contains(value))
        .ok_or_else(|| {
            SqsError::parameter(
                parameter,
                value,
                format!(
                    "Must be between {} and {}, if provided.",
                    range.start(),
                    range.end()
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_prefixes_select_attributes() {
        for (wanted, name, selected) in [
            ("All", "a", true),
            (".*", "a", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("tr.*", "trace", true),
            ("tr.*", "other", false),
        ] {
            assert_eq!(selects(wanted, name), selected, "{wanted} {name}");
        }
    }
}

//! Raises requests and issues: the rules of the forms.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::jira::account::Account;
use crate::jira::adf;
use crate::jira::config::Config;
use crate::jira::errors::JiraError;
use crate::jira::state::NewIssue;
use crate::jira::state::attachment::Attachment;

/// The longest summary, in characters. Source: Atlassian Support, on the limit of the summary
/// field.
const LONGEST_SUMMARY: usize = 255;

/// The longest text, and the longest document as JSON, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;

/// `POST /rest/servicedeskapi/request`. Source: Atlassian, schema `RequestCreateDTO`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RaiseRequest {
    service_desk_id: Option<String>,
    request_type_id: Option<String>,
    #[serde(default)]
    request_field_values: Map<String, Value>,
    raise_on_behalf_of: Option<String>,
}

impl RaiseRequest {
    /// Returns the issue to be created.
    ///
    /// # Errors
    /// The service desk, the type or a field is wrong.
    pub(crate) fn check(self, config: &Config) -> Result<NewIssue, JiraError> {
        if self.service_desk_id.as_deref() != Some(config.service_desk_id.as_str()) {
            return Err(JiraError::not_found("The service desk does not exist."));
        }
        let request_type = self
            .request_type_id
            .filter(|id| config.request_type(id).is_some());
        if request_type.is_none() {
            return Err(JiraError::bad_request("The request type does not exist."));
        }
        let reporter = match self.raise_on_behalf_of {
            None => Account::Bridge,
            Some(id) => Account::ALL
                .into_iter()
                .find(|account| account.account_id() == id)
                .ok_or_else(|| JiraError::bad_request("The customer does not exist."))?,
        };
        let mut values = self.request_field_values;
        let summary = check_summary(values.remove("summary").as_ref())?;
        let description = match values.remove("description") {
            None | Some(Value::Null) => None,
            // Jira parses this as wiki markup. It never contains a customer's words.
            Some(Value::String(text)) => {
                check_length("description", &text)?;
                Some(adf::from_text(&text))
            }
            Some(_) => {
                return Err(JiraError::field(
                    "description",
                    "Operation value must be a string",
                ));
            }
        };
        for id in values.keys() {
            if config.form_field(id).is_none() {
                return Err(not_on_screen(id));
            }
        }
        Ok(NewIssue {
            summary,
            description,
            request_type,
            fields: values.into_iter().collect(),
            reporter,
        })
    }
}

pub(crate) fn not_on_screen(field: &str) -> JiraError {
    JiraError::field(
        field,
        format!("Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."),
    )
}

/// Checks a summary: one line, not empty, not too long.
pub(crate) fn check_summary(value: Option<&Value>) -> Result<String, JiraError> {
    let summary = value.and_then(Value::as_str).unwrap_or_default();
    let wrong = |message: &str| Err(JiraError::field("summary", message));
    if summary.trim().is_empty() {
        return wrong("You must specify a summary of the issue.");
    }
    if summary.contains(['\n', '\r']) {
        return wrong("The summary is invalid because it contains newline characters.");
    }
    if summary.encode_utf16().count() > LONGEST_SUMMARY {
        return wrong("Summary can't exceed 255 characters.");
    }
    Ok(summary.to_owned())
}

/// Checks labels: no spaces, at most 255 characters each.
pub(crate) fn check_labels(value: &Value) -> Result<Vec<String>, JiraError> {
    let labels = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(labels) => labels,
        _ => return Err(JiraError::field("labels", "data was not an array")),
    };
    let check = |label: &Value| {
        let label = label.as_str().unwrap_or_default();
        if label.is_empty() || label.contains(char::is_whitespace) {
            let message = format!("The label '{label}' contains spaces which is invalid.");
            return Err(JiraError::field("labels", message));
        }
        if label.encode_utf16().count() > 255 {
            let message = format!("The label '{label}' exceeds 255 characters.");
            return Err(JiraError::field("labels", message));
        }
        Ok(label.to_owned())
    };
    labels.iter().map(check).collect()
}

/// Checks the length of a text of the older APIs.
pub(crate) fn check_length(field: &str, text: &str) -> Result<(), JiraError> {
    if text.encode_utf16().count() > LONGEST_TEXT {
        Err(JiraError::too_long(field))
    } else {
        Ok(())
    }
}

/// Checks a document: well formed, and its JSON not too long.
pub(crate) fn check_document(field: &str, document: &Value) -> Result<(), JiraError> {
    adf::check(document).map_err(|reason| {
        tracing::debug!(field, reason, "refused a document");
        JiraError::bad_request("INVALID_INPUT")
    })?;
    check_length(field, &document.to_string())
}

/// Checks that the issue has all files that a document names.
pub(crate) fn check_media(document: &Value, attachments: &[Attachment]) -> Result<(), JiraError> {
    let known: Vec<String> = attachments
        .iter()
        .map(|attachment| attachment.media.to_string())
        .collect();
    let named = adf::media_ids(document);
    if named.iter().all(|media| known.iter().any(|id| id == media)) {
        Ok(())
    } else {
        Err(JiraError::unknown_media())
    }
}

#[cfg(test)]
mod tests {
    use local_clock::Clock;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_on_the_form() {
        let config = Config::new(Clock::default());
        let body = |fields: Value| json!({"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": fields});
        let table = [
            (body(json!({"summary": "Hi"})), Ok("Hi")),
            (
                body(json!({"summary": "Hi", "customfield_10050": "+1"})),
                Ok("Hi"),
            ),
            (
                body(json!({"summary": "Hi", "labels": ["x"]})),
                Err(
                    "labels: Field 'labels' cannot be set. It is not on the appropriate screen, or unknown.",
                ),
            ),
            (
                body(json!({"summary": "x".repeat(256)})),
                Err("summary: Summary can't exceed 255 characters."),
            ),
            (
                body(json!({"summary": ""})),
                Err("summary: You must specify a summary of the issue."),
            ),
            (
                body(json!({"summary": "a\nb"})),
                Err("summary: The summary is invalid because it contains newline characters."),
            ),
            (
                body(json!({"summary": "Hi", "description": "x".repeat(32_768)})),
                Err(
                    "description: The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
                ),
            ),
            (
                json!({"serviceDeskId": "2", "requestTypeId": "10"}),
                Err("The service desk does not exist."),
            ),
            (
                json!({"serviceDeskId": "1", "requestTypeId": "99"}),
                Err("The request type does not exist."),
            ),
        ];
        for (body, expected) in table {
            let request: RaiseRequest = serde_json::from_value(body.clone()).unwrap();
            let got = request.check(&config);
            let got = got.map(|new| new.summary).map_err(|error| error.message());
            assert_eq!(got.as_deref().map_err(String::as_str), expected, "{body}");
        }
    }

    #[test]
    fn a_document_is_not_longer_than_its_json_may_be() {
        let text = |length: usize| adf::from_text(&"x".repeat(length));
        let around = text(1).to_string().len() - 1;
        assert!(check_document("comment", &text(LONGEST_TEXT - around)).is_ok());
        let error = check_document("comment", &text(LONGEST_TEXT - around + 1)).unwrap_err();
        assert!(error.message().contains("32,767"));
    }
}

//! Checks whether Casement may send a file that it names by id.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::kind::{HEAD, Kind, is_animated};
use super::library::{Library, Medium};
use crate::whatsapp::errors::GraphError;

impl Library {
    /// Checks the file that `message` names by id, if any. Returns why the message will fail
    /// although Meta accepts the call: the file does not fit the kind it is sent as.
    ///
    /// # Errors
    /// Meta's answer to an unknown id.
    pub(crate) fn check_sent(
        &self,
        message: &Value,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<GraphError>, GraphError> {
        let kind = message["type"].as_str().and_then(Kind::from_name);
        let id = kind.and_then(|kind| message[kind.name()]["id"].as_str());
        let (Some(kind), Some(id)) = (kind, id) else {
            return Ok(None);
        };
        let medium = self.known(id, Some(number), now).ok_or_else(|| {
            let name = kind.name();
            GraphError::new(
                100,
                format!("Param {name}['id'] names no media of this business account."),
            )
        })?;
        Ok(unfit(kind, medium))
    }
}

/// Returns why the file cannot be sent as `kind`. Source: Meta, "Media", supported media types;
/// "Error codes", 131053.
fn unfit(kind: Kind, medium: &Medium) -> Option<GraphError> {
    let (name, mime_type) = (kind.name(), &medium.mime_type);
    let limit = kind.limit(is_animated(&medium.content.head(HEAD)));
    let details = if Kind::sendable(mime_type) != Some(kind) {
        format!("A file of type {mime_type} cannot be sent as {name}.")
    } else if medium.content.size() > limit {
        format!("A file that is sent as {name} has at most {limit} bytes.")
    } else {
        return None;
    };
    Some(GraphError::new(131_053, details))
}

//! Requests raised by our account.

use casement_core::decide::inbound::NewRequest;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::IssueRef;
use casement_service::ports::JiraCredentials;
use serde::Deserialize;
use serde_json::Value;

use super::issue;
use crate::client::{Call, JiraCloud};
use crate::wire::NumericId;

/// The most requests on a page.
const PAGE_SIZE: usize = 50;

/// How many pages to search: as many requests as a busy desk touches in some minutes.
const PAGES: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    is_last_page: bool,
    values: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    issue_id: NumericId,
    issue_key: String,
    #[serde(default)]
    request_field_values: Vec<FieldValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldValue {
    #[serde(default)]
    field_id: String,
    #[serde(default)]
    value: Value,
}

impl Listed {
    /// Whether the field has the reference, as text or as a document.
    fn has(&self, request: &NewRequest) -> bool {
        let mut values = self.request_field_values.iter();
        values.any(|field| {
            field.field_id == request.reference_field
                && field.value.to_string().contains(&request.reference)
        })
    }
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// JSM Cloud REST API, "Get customer requests": those with the latest activity come first, so a
    /// request that was just opened is on one of the first pages. Returns the oldest of several.
    pub(super) async fn find_among_own(
        &self,
        request: &NewRequest,
    ) -> Result<Option<IssueRef>, CallFailure> {
        let limit = PAGE_SIZE.to_string();
        let path = ["rest", "servicedeskapi", "request"];
        let mut found: Vec<Listed> = Vec::new();
        for page in 0..PAGES {
            let start = (page * PAGE_SIZE).to_string();
            let query = [
                ("requestOwnership", "OWNED_REQUESTS"),
                ("serviceDeskId", &*request.service_desk_id),
                ("start", &*start),
                ("limit", &*limit),
            ];
            let listed: Page = self.call(&Call::get(&path, &query)).await?;
            let is_last = listed.is_last_page || listed.values.is_empty();
            found.extend(listed.values.into_iter().filter(|one| one.has(request)));
            if is_last || !found.is_empty() {
                break;
            }
        }
        if found.len() > 1 {
            let reference = &*request.reference;
            tracing::warn!(
                reference,
                "two requests have the same reference; the older is used"
            );
        }
        let oldest = found.into_iter().min_by_key(|one| one.issue_id.number());
        Ok(oldest.map(|one| issue(one.issue_id, one.issue_key)))
    }
}

//! Further details of a request in Jira.

use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{IssueId, IssueRef};

/// The service desk and request type of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The request.
    pub issue: IssueRef,
    /// The service desk.
    pub service_desk_id: String,
    /// The request type.
    pub request_type_id: String,
}

/// Further details of a request in Jira.
pub trait RequestDetails {
    /// Returns the request's service desk and request type.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; an issue that is not a request is gone.
    async fn origin(&self, issue: &IssueId) -> Result<Origin, CallFailure>;

    /// Returns a field of the request as text. `None`: the field is empty or does not exist.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn field(&self, issue: &IssueId, field: &str) -> Result<Option<String>, CallFailure>;

    /// Returns the newest attachment of the request with this name, ignoring case.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn file_named(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<CommentFile>, CallFailure>;
}

//! What else Jira knows of a request.

use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{IssueId, IssueRef};

/// Where a request belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The request.
    pub issue: IssueRef,
    /// Its service desk.
    pub service_desk_id: String,
    /// Its request type.
    pub request_type_id: String,
}

/// What else Jira knows of a request.
pub trait RequestDetails {
    /// Where the request belongs.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; an issue that is no request is gone.
    async fn origin(&self, issue: &IssueId) -> Result<Origin, CallFailure>;

    /// What a field of the request says, as text. `None`: it is empty, or there is no such field.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn field(&self, issue: &IssueId, field: &str) -> Result<Option<String>, CallFailure>;

    /// The newest attachment of the request with this name, whatever its case.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn file_named(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<CommentFile>, CallFailure>;
}

//! Message templates.

use std::sync::Arc;

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{
    BusinessAccountId, MediaId, PhoneNumber, PhoneNumberId, Recipient, Wamid,
};
use casement_core::model::status::TemplateHold;
use casement_core::say::template::{FilledTemplate, Template};
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// A template message of ours.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingTemplate<'a> {
    /// The template with its values.
    pub template: &'a FilledTemplate,
    /// The uploaded file of its header, if it has one.
    pub header: Option<&'a MediaId>,
}

/// A message that WhatsApp has accepted, a template in most cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedTemplate {
    /// WhatsApp's id of it.
    pub wamid: Wamid,
    /// The number as WhatsApp writes it, in which the customer's answer will come: some countries
    /// have two ways to write one number. `None`: WhatsApp does not say.
    pub phone: Option<PhoneNumber>,
    /// Why it is not on its way yet. `None`: it is.
    pub hold: Option<TemplateHold>,
}

impl From<Wamid> for AcceptedTemplate {
    fn from(wamid: Wamid) -> Self {
        Self {
            wamid,
            phone: None,
            hold: None,
        }
    }
}

/// Template messages on WhatsApp.
pub trait TemplateMessages {
    /// The templates of a business account, whatever their state, in a list that was not made
    /// before `fresh_since`.
    ///
    /// # Errors
    /// Never [`CallFailure::Unknown`]: nothing changes by asking.
    async fn templates(
        &self,
        account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Vec<Template>>, CallFailure>;

    /// Sends a template message. `callback` comes back with every status of it.
    ///
    /// # Errors
    /// [`CallFailure::Unknown`] when the message may have been accepted.
    async fn send_template(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingTemplate<'_>,
        callback: &str,
    ) -> Result<AcceptedTemplate, CallFailure>;
}

/// When Meta last told of a change to a business account's templates. Every worker sees it, so
/// that a list from before is used by none.
pub trait TemplateChanges {
    /// Puts down that a template has changed by `at`. May be repeated.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn templates_changed(
        &self,
        account: &BusinessAccountId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFailure>;

    /// When that was. `None`: never, or so long ago that no list is older.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn last_template_change(
        &self,
        account: &BusinessAccountId,
    ) -> Result<Option<DateTime<Utc>>, StoreFailure>;
}

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
    /// The uploaded file of the template's header, if any.
    pub header: Option<&'a MediaId>,
}

/// A message that WhatsApp has accepted, in most cases a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedTemplate {
    /// WhatsApp's id of the message.
    pub wamid: Wamid,
    /// The number in WhatsApp's spelling, which the customer's answer will carry: some countries
    /// have two ways to write one number. `None`: WhatsApp does not say.
    pub phone: Option<PhoneNumber>,
    /// The reason why the message is not on its way yet. `None`: it is.
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
    /// Returns the templates of a business account, whatever their state, from a list made no
    /// earlier than `fresh_since`.
    ///
    /// # Errors
    /// Never [`CallFailure::Unknown`]: asking changes nothing.
    async fn templates(
        &self,
        account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Vec<Template>>, CallFailure>;

    /// Sends a template message. `callback` comes back with every status of the message.
    ///
    /// # Errors
    /// [`CallFailure::Unknown`] when WhatsApp may have accepted the message.
    async fn send_template(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingTemplate<'_>,
        callback: &str,
    ) -> Result<AcceptedTemplate, CallFailure>;
}

/// The time of Meta's latest report of a changed template, for each business account. All workers
/// share the times, so none uses a list from before a change.
pub trait TemplateChanges {
    /// Records that a template has changed by `at`. Idempotent.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn templates_changed(
        &self,
        account: &BusinessAccountId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFailure>;

    /// Returns the time of the last recorded change. `None`: there was none, or it was so long ago
    /// that no list is older.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn last_template_change(
        &self,
        account: &BusinessAccountId,
    ) -> Result<Option<DateTime<Utc>>, StoreFailure>;
}

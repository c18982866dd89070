//! Sending on WhatsApp.

use casement_core::model::attachment::{FileForm, Sendable};
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{MediaId, PhoneNumberId, Recipient, Wamid};

use super::{FileContent, ReadReceipts, TemplateMessages};

/// A message of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OutgoingMessage<'a> {
    /// A text, at most [`casement_core::text::MESSAGE_LIMIT`] long.
    Text(&'a str),
    /// A text with a button under it that the customer can tap.
    Question {
        /// The text, at most 1024 UTF-16 units long.
        text: &'a str,
        /// The button.
        button: Button<'a>,
    },
    /// A file that was uploaded.
    File {
        /// As what it is shown.
        form: FileForm,
        /// The file.
        media: &'a MediaId,
        /// Its name.
        name: &'a str,
        /// The text under it, if the form takes one.
        caption: Option<&'a str>,
    },
    /// A message that shows one of the customer's above it.
    Answer {
        /// The customer's.
        to: &'a Wamid,
        /// Ours.
        message: &'a OutgoingMessage<'a>,
    },
}

/// A button under a message. A tap on it comes back as a message of the customer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Button<'a> {
    /// What the tap says to us.
    pub id: &'a str,
    /// What the customer reads, at most 20 UTF-16 units long.
    pub title: &'a str,
}

/// Sends on WhatsApp.
pub trait Messenger: ReadReceipts + TemplateMessages {
    /// Sends a message. `callback` comes back with every status of it.
    ///
    /// # Errors
    /// [`CallFailure::Unknown`] when the message may have been accepted.
    async fn send(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingMessage<'_>,
        callback: &str,
    ) -> Result<Wamid, CallFailure>;

    /// Uploads a file, to be sent from this number within 30 days.
    ///
    /// # Errors
    /// Never [`CallFailure::Unknown`]: an upload that nobody refers to is nothing.
    async fn upload(
        &self,
        number: &PhoneNumberId,
        name: &str,
        how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure>;
}

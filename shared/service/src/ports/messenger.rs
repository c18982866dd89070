//! Sends on WhatsApp.

use casement_core::model::attachment::{FileForm, Sendable};
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{MediaId, PhoneNumberId, Recipient, Wamid};

use super::{FileContent, ReadReceipts, TemplateMessages};

/// A message of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OutgoingMessage<'a> {
    /// A text, at most [`casement_core::text::MESSAGE_LIMIT`] long.
    Text(&'a str),
    /// A text above a button that the customer can tap.
    Question {
        /// The text, at most 1024 UTF-16 units long.
        text: &'a str,
        /// The button.
        button: Button<'a>,
    },
    /// A text above a button with which the customer shares the phone number.
    PhoneQuestion {
        /// The text, at most 1024 UTF-16 units long.
        text: &'a str,
    },
    /// An uploaded file.
    File {
        /// The form in which the file is shown.
        form: FileForm,
        /// The file.
        media: &'a MediaId,
        /// The file's name.
        name: &'a str,
        /// The text under the file, if the form takes one.
        caption: Option<&'a str>,
    },
    /// A message that quotes one of the customer's messages above it.
    Answer {
        /// The customer's message.
        to: &'a Wamid,
        /// Our message.
        message: &'a OutgoingMessage<'a>,
    },
}

/// A button under a message. A tap on it comes back as a message of the customer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Button<'a> {
    /// The id that the tap sends back to us.
    pub id: &'a str,
    /// The label, at most 20 UTF-16 units long.
    pub title: &'a str,
}

/// Sends on WhatsApp.
pub trait Messenger: ReadReceipts + TemplateMessages {
    /// Sends a message. `callback` comes back with every status of the message.
    ///
    /// # Errors
    /// [`CallFailure::Unknown`] when WhatsApp may have accepted the message.
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
    /// Never [`CallFailure::Unknown`]: an upload that no message refers to has no effect.
    async fn upload(
        &self,
        number: &PhoneNumberId,
        name: &str,
        how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure>;
}

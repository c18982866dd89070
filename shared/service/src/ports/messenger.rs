//! Sending on WhatsApp.

use casement_core::attachment::{FileForm, Sendable};
use casement_core::fate::CallFailure;
use casement_core::identity::{MediaId, PhoneNumberId, Recipient, Wamid};

use super::FileContent;

/// A message of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OutgoingMessage<'a> {
    /// A text, at most [`casement_core::text::MESSAGE_LIMIT`] long.
    Text(&'a str),
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

/// Sends on WhatsApp.
pub trait Messenger {
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

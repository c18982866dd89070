//! Telling customers that their messages are seen.

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{PhoneNumberId, Wamid};

/// What the customer's phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadReceipt {
    /// The message, and all before it, as read.
    Read,
    /// The same, and that an answer is being written, until it comes or for 25 seconds.
    ReadAndTyping,
}

/// Tells customers on WhatsApp that their messages are seen.
pub trait ReadReceipts {
    /// Shows `receipt` to the customer who sent `message` to `number`. May be repeated.
    ///
    /// # Errors
    /// Nothing depends on it: count it and go on.
    async fn show_receipt(
        &self,
        number: &PhoneNumberId,
        message: &Wamid,
        receipt: ReadReceipt,
    ) -> Result<(), CallFailure>;
}

//! Tells customers that their messages are seen.

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{PhoneNumberId, Wamid};

/// The receipt that the customer's phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadReceipt {
    /// The message and all before it are marked as read.
    Read,
    /// As [`Self::Read`], with a typing indicator until the answer comes or for 25 seconds.
    ReadAndTyping,
}

/// Tells customers on WhatsApp that their messages are seen.
pub trait ReadReceipts {
    /// Shows `receipt` to the customer who sent `message` to `number`. Idempotent.
    ///
    /// # Errors
    /// Nothing depends on the receipt: count the failure and go on.
    async fn show_receipt(
        &self,
        number: &PhoneNumberId,
        message: &Wamid,
        receipt: ReadReceipt,
    ) -> Result<(), CallFailure>;
}

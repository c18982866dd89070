//! Shows customers that their messages are seen.

use casement_core::model::identity::{PhoneNumberId, Wamid};

use crate::event::Event;
use crate::ports::{ReadReceipt, ReadReceipts};

/// Shows `receipt`. Nothing depends on it, so a failure is counted and stops nothing.
pub(crate) async fn show(
    whatsapp: &impl ReadReceipts,
    number: &PhoneNumberId,
    message: &Wamid,
    receipt: ReadReceipt,
) {
    if let Err(failure) = whatsapp.show_receipt(number, message, receipt).await {
        Event::NotShown("receipt").count();
        tracing::warn!(%failure, "the customer does not see that it was read");
    }
}

//! Shows the customer that a reply is on its way.

use casement_core::model::conversation::Conversation;
use casement_core::settings::MarkRead;

use crate::app::{Outbound, Ports};
use crate::ports::*;
use crate::receipt;

/// Marks the customer's latest message as read, or shows a typing indicator, as the owner's
/// settings say. WhatsApp has no typing indicator without the mark, so where messages are never
/// marked there is none. A failure here stops no reply.
pub(crate) async fn show_typing<P: Ports>(outbound: &Outbound<P>, conversation: &Conversation) {
    let number = &conversation.key.phone_number_id;
    let message = conversation.last_inbound_wamid.as_ref();
    let Some(message) = message.filter(|message| message.is_of_a_message()) else {
        return;
    };
    if conversation.is_held_by_another(outbound.app.clock.now()) {
        return;
    }
    let Ok(settings) = outbound.app.settings.current().await else {
        return;
    };
    let wanted = settings.number(number);
    let wanted = wanted.map(|number| (number.mark_read, number.typing_indicator));
    let receipt = match wanted {
        Some((MarkRead::Stored | MarkRead::Answered, true)) => ReadReceipt::ReadAndTyping,
        Some((MarkRead::Answered, false)) => ReadReceipt::Read,
        Some((MarkRead::Stored, false) | (MarkRead::Never, _)) | None => return,
    };
    receipt::show(&outbound.whatsapp, number, message, receipt).await;
}

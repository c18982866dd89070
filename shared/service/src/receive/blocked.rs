//! Recognizes blocked customers who hide their phone number.

use casement_core::model::content::InboundMessage;
use casement_core::model::identity::{ConversationKey, CustomerIdentity, PhoneNumber};
use casement_core::settings::NumberSettings;

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::ports::*;

/// Returns the message with its sender's blocked number, if the sender's BSUID once came with that
/// number. `None`: the message needs no change.
///
/// The table remembers the pair as fingerprints, so that nothing is kept of a customer who is to be
/// ignored. The pair counts for as long as the number is blocked.
pub(super) async fn unmasked<P: Ports>(
    app: &App<P>,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> Result<Option<InboundMessage>, Failure> {
    let number = &message.phone_number_id;
    let Some(bsuid) = message.from.bsuid() else {
        return Ok(None);
    };
    let stands_for = |identifier: &str| ConversationKey::new(number, identifier).fingerprint();
    let remembered = stands_for(bsuid.as_str());
    match (
        message.from.phone(),
        settings.senders.blocked_by(&message.from),
    ) {
        (Some(phone), Some(blocked)) if blocked == phone.as_str() => {
            let to = ConversationKey::new(number, stands_for(blocked));
            if app.store.of_alias(number, &remembered).await?.as_ref() != Some(&to) {
                app.store.link_alias(&remembered, &to).await?;
            }
            Ok(None)
        }
        (None, None) if settings.senders.blocked().next().is_some() => {
            let Some(to) = app.store.of_alias(number, &remembered).await? else {
                return Ok(None);
            };
            let mut blocked = settings.senders.blocked();
            let blocked = blocked.find(|blocked| stands_for(blocked) == to.customer);
            let phone = blocked.map(PhoneNumber::new);
            let known =
                phone.and_then(|phone| CustomerIdentity::new(Some(bsuid.clone()), Some(phone)));
            Ok(known.map(|from| InboundMessage {
                from,
                ..message.clone()
            }))
        }
        _ => Ok(None),
    }
}

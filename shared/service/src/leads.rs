//! Looks up the conversation that an identifier leads to.

use casement_core::decide::leads::{Free, Lead, Place, Seen, decide_lead};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, PhoneNumberId};

use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;
use crate::ports::{Conversations, Links};
use crate::saving::load_joined;

/// Finds the conversation that a customer's identifier leads to, or the place where one may begin.
/// `sent_at` is the time of the message that came from the identifier, if any.
///
/// # Errors
/// The store failed; try later.
pub async fn lead(
    store: &(impl Conversations + Links),
    number: &PhoneNumberId,
    identifier: &str,
    sent_at: Option<DateTime<Utc>>,
) -> Result<Result<Conversation, Free>, StoreFailure> {
    let mut seen = Vec::new();
    loop {
        let place = match decide_lead(number, identifier, sent_at, &seen) {
            Lead::To(found) => return Ok(Ok(*found)),
            Lead::Nowhere(free) => return Ok(Err(free)),
            Lead::Look(place) => place,
        };
        let (key, absent) = match place {
            Place::Key(key) => (key, Seen::Nothing),
            Place::Alias(name) => match store.of_alias(number, &name).await? {
                Some(key) => (key, Seen::Forgotten),
                None => {
                    seen.push(Seen::Nothing);
                    continue;
                }
            },
        };
        let Some(found) = store.load(&key).await? else {
            seen.push(absent);
            continue;
        };
        seen.push(match &found.joined {
            None => Seen::Conversation(found.into()),
            Some(next) => match load_joined(store, next).await? {
                Some(by) => Seen::TakenOver {
                    left: found.into(),
                    by: by.into(),
                },
                None => Seen::Forgotten,
            },
        });
    }
}

/// Makes `identifier`, which leads nowhere yet, lead to the conversation at `key`. `has`: the
/// identifier is the customer's now. Idempotent.
///
/// # Errors
/// The store failed; try later.
pub(crate) async fn take(
    store: &impl Links,
    identifier: &str,
    free: &Free,
    key: &ConversationKey,
    has: bool,
) -> Result<(), StoreFailure> {
    for (name, to) in free.aliases(identifier, key, has) {
        store.link_alias(&name, &to).await?;
    }
    Ok(())
}

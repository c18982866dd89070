//! Changes a conversation that other workers may change at the same time.

use casement_core::decide::fields::with_fields_armed;
use casement_core::decide::notice::with_notice;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::identity::ConversationKey;

use chrono::{DateTime, Duration, Utc};

use crate::failure::{Failure, StoreFailure};
use crate::ports::{Conversations, Saved};

/// The delay before another attempt after another worker has changed the conversation.
pub(crate) const SOON: Duration = Duration::seconds(1);

/// Writes a conversation, unless another worker has written it since it was loaded. Afterwards
/// `conversation` has its new version and can be written again.
///
/// # Errors
/// The store failed.
pub(crate) async fn save(
    store: &impl Conversations,
    conversation: &mut Conversation,
) -> Result<Saved, StoreFailure> {
    let saved = store.save(conversation).await?;
    if saved == Saved::Yes {
        conversation.version += 1;
    }
    Ok(saved)
}

/// Writes a new conversation, with the aliases that lead to it, as [`save`] does.
///
/// # Errors
/// The store failed.
pub(crate) async fn begin(
    store: &impl Conversations,
    conversation: &mut Conversation,
    aliases: &[String],
) -> Result<Saved, StoreFailure> {
    let saved = store.begin(conversation, aliases).await?;
    if saved == Saved::Yes {
        conversation.version += 1;
    }
    Ok(saved)
}

/// Writes a conversation as [`save`] does, for work that starts over after another worker's change.
///
/// # Errors
/// [`Failure::NotYet`] when another worker has written; or the store failed.
pub(crate) async fn save_or_later(
    store: &impl Conversations,
    conversation: &mut Conversation,
) -> Result<(), Failure> {
    match save(store, conversation).await? {
        Saved::Yes => Ok(()),
        Saved::Conflict => Err(Failure::NotYet("the conversation has just changed", SOON)),
    }
}

/// Applies `change` to the newest state of a conversation and writes it, until no other write comes
/// in between. Returns the written conversation. `None`: the conversation does not exist.
///
/// # Errors
/// The store failed.
pub(crate) async fn change(
    store: &impl Conversations,
    loaded: Conversation,
    change: impl Fn(Conversation) -> Conversation,
) -> Result<Option<Conversation>, StoreFailure> {
    let key = loaded.key.clone();
    let mut current = Some(loaded);
    while let Some(conversation) = current {
        let mut changed = change(conversation.clone());
        if changed == conversation || save(store, &mut changed).await? == Saved::Yes {
            return Ok(Some(changed));
        }
        current = store.load(&key).await?;
    }
    Ok(None)
}

/// Loads the conversation at `key`, or the one that has taken it over.
///
/// # Errors
/// The store failed.
pub(crate) async fn load_joined(
    store: &impl Conversations,
    key: &ConversationKey,
) -> Result<Option<Conversation>, StoreFailure> {
    let mut found = store.load(key).await?;
    let mut seen = vec![key.clone()];
    while let Some(next) = found.as_ref().and_then(|found| found.joined.clone())
        && !seen.contains(&next)
    {
        found = store.load(&next).await?;
        seen.push(next);
    }
    Ok(found)
}

/// Changes a conversation as [`change`] does, from the stored state of the one at `key`, or of the
/// one that has taken it over.
///
/// # Errors
/// The store failed.
pub(crate) async fn change_joined(
    store: &impl Conversations,
    key: &ConversationKey,
    how: impl Fn(Conversation) -> Conversation,
) -> Result<Option<Conversation>, StoreFailure> {
    match load_joined(store, key).await? {
        Some(loaded) => change(store, loaded, how).await,
        None => Ok(None),
    }
}

/// Changes a conversation as [`change`] does, from the stored state.
///
/// # Errors
/// The store failed.
pub(crate) async fn change_stored(
    store: &impl Conversations,
    key: &ConversationKey,
    how: impl Fn(Conversation) -> Conversation,
) -> Result<Option<Conversation>, StoreFailure> {
    match store.load(key).await? {
        Some(loaded) => change(store, loaded, how).await,
        None => Ok(None),
    }
}

/// Puts the notice of the wait `generation` into `state`, with its timer off. A notice of
/// another wait, or one that is decided, stays as it is.
///
/// # Errors
/// The store failed.
pub(crate) async fn leave_notice(
    store: &impl Conversations,
    loaded: Conversation,
    generation: u32,
    state: NoticeState,
) -> Result<(), StoreFailure> {
    change(store, loaded, |current| {
        let undecided = matches!(
            current.notice_state,
            NoticeState::Armed | NoticeState::Queued
        );
        if undecided && current.notice_generation == generation {
            with_notice(current, state)
        } else {
            current
        }
    })
    .await?;
    Ok(())
}

/// Ends the wait `generation`: its request is done, so nobody waits for an answer. A later
/// message begins another wait.
///
/// # Errors
/// The store failed.
pub(crate) async fn end_wait(
    store: &impl Conversations,
    loaded: Conversation,
    generation: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreFailure> {
    change(store, loaded, |current| {
        if current.notice_generation == generation {
            with_fields_armed(current.answered(), now)
        } else {
            current
        }
    })
    .await?;
    Ok(())
}

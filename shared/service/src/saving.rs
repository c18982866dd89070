//! Changing a conversation that others may change at the same time.

use casement_core::decide::notice::with_notice;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::identity::ConversationKey;

use crate::failure::StoreFailure;
use crate::ports::{Conversations, Saved};

/// Applies `change` to the newest state of a conversation and writes it, until nobody wrote in
/// between. Returns what was written; `None`: there is no such conversation.
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
        let changed = change(conversation.clone());
        if changed == conversation {
            return Ok(Some(conversation));
        }
        if store.save(&changed).await? == Saved::Yes {
            return Ok(Some(raised(changed)));
        }
        current = store.load(&key).await?;
    }
    Ok(None)
}

/// The conversation at `key`, or the one that has taken it over.
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

/// As [`change`], from the stored state.
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

/// Leaves the notice of the silence `generation` in `state`, with its timer off. A notice of
/// another silence, or one that is decided, stays as it is.
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

/// Ends the silence `generation`: its request is done, so nobody waits for an answer. A message
/// that comes after all begins another one.
///
/// # Errors
/// The store failed.
pub(crate) async fn end_silence(
    store: &impl Conversations,
    loaded: Conversation,
    generation: u32,
) -> Result<(), StoreFailure> {
    change(store, loaded, |current| {
        if current.notice_generation == generation {
            current.answered()
        } else {
            current
        }
    })
    .await?;
    Ok(())
}

/// The conversation as it stands after it was written.
pub(crate) fn raised(mut conversation: Conversation) -> Conversation {
    conversation.version += 1;
    conversation
}

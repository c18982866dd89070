//! Customers who want no automatic messages.
//!
//! A message that says STOP and nothing else suppresses what Casement sends by itself: delay
//! notices, prompts, templates. What agents write goes out as before. START takes it back.
//!
//! Some of these words mean something else to a help desk as well: "Darme de baja" may end a
//! contract. They are heeded too, and still wait for somebody to answer.

use crate::model::content::{InboundContent, InboundMessage};
use crate::model::conversation::Conversation;
use crate::model::wish::Wish;
use crate::say::languages;
use crate::settings::NumberSettings;
use crate::text::{asks, words};

/// Puts down in `conversation` what `message` asks of automatic messages. `None`: nothing, or
/// nothing that is not so already, or something that the customer has changed since: wishes come
/// late and in any order, and the one that was sent last counts.
///
/// The conversation may have been written with this very message before, in an attempt that was
/// cut short: it is asked for by that message all the same.
pub(crate) fn heed(
    conversation: &mut Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> Option<Wish> {
    let wish = wish(&message.content, settings)?;
    let opted_out = wish.is_stop();
    let is_known = conversation.opted_by.as_ref() == Some(&message.wamid);
    let is_outdated = conversation
        .opted_at
        .is_some_and(|last| last > message.sent_at);
    if is_outdated && !is_known {
        return None;
    }
    if !is_outdated {
        conversation.opted_at = Some(message.sent_at);
    }
    if conversation.opted_out == opted_out {
        return is_known.then_some(wish);
    }
    conversation.opted_out = opted_out;
    conversation.opted_by = Some(message.wamid.clone());
    Some(wish)
}

/// Whether nobody has to answer `message`, since it is about automatic messages alone. `heeded` is
/// what [`heed`] made of it. A STOP is one each time, and a START only where there was a STOP.
pub(crate) fn needs_no_answer(
    heeded: Option<Wish>,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> bool {
    let is_plain = |wish: Wish| !wish.is_ambiguous();
    heeded.is_some_and(is_plain) || wish(&message.content, settings) == Some(Wish::Stop)
}

/// What the whole message asks for.
fn wish(content: &InboundContent, settings: &NumberSettings) -> Option<Wish> {
    match content {
        InboundContent::Text { body } => said(body, settings),
        InboundContent::Choice(choice) => said(&choice.title, settings)
            .or_else(|| stopped_by_payload(choice.id.as_deref()?, settings)),
        _ => None,
    }
}

/// What a button's payload asks for, whose label says nothing that is known. Whoever made the
/// button may have called another thing a stop.
fn stopped_by_payload(payload: &str, settings: &NumberSettings) -> Option<Wish> {
    let stop = said(payload, settings).filter(|wish| wish.is_stop())?;
    let names_what = words(payload).contains(' ');
    Some(if names_what {
        stop
    } else {
        Wish::AmbiguousStop
    })
}

/// What words ask for. A question asks for an answer.
fn said(text: &str, settings: &NumberSettings) -> Option<Wish> {
    if asks(text) {
        return None;
    }
    let said = words(text);
    if said.is_empty() {
        return None;
    }
    let is_one_of = |own: &[String]| own.iter().any(|entry| words(entry) == said);
    if is_one_of(&settings.stop_words) {
        Some(Wish::Stop)
    } else if is_one_of(&settings.start_words) {
        Some(Wish::Start)
    } else {
        languages::asked(&said)
    }
}

#[cfg(test)]
mod tests;

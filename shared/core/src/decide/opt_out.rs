//! Opt-outs from automatic messages.
//!
//! A message that says STOP and nothing else suppresses what Casement sends by itself: delay
//! notices, prompts, templates. Agents' replies are sent as before. START lifts the opt-out.
//!
//! Some of these words also mean something else to a help desk: "Darme de baja" may end a contract.
//! They count too, and the customer still awaits a reply.

use crate::model::content::{InboundContent, InboundMessage};
use crate::model::conversation::Conversation;
use crate::model::opt_out::OptOut;
use crate::say::languages;
use crate::settings::NumberSettings;
use crate::text::{asks, words};

/// Records in `conversation` the wish about automatic messages in `message`, and returns it.
///
/// Returns `None` if the message expresses no wish, if nothing changes, or if the customer has sent
/// another wish since: wishes arrive late and in any order, and the one that was sent last counts.
///
/// An earlier attempt that was cut short may have recorded this very message. Its wish is returned
/// all the same.
pub(crate) fn heed(
    conversation: &mut Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> Option<OptOut> {
    let opt_out = expressed(&message.content, settings)?;
    let opted_out = opt_out.is_stop();
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
        return is_known.then_some(opt_out);
    }
    conversation.opted_out = opted_out;
    conversation.opted_by = Some(message.wamid.clone());
    Some(opt_out)
}

/// Returns whether `message` needs no answer because it is about automatic messages alone. `heeded`
/// is the result of [`heed`]. Every STOP qualifies, but a START only after a STOP.
pub(crate) fn needs_no_answer(
    heeded: Option<OptOut>,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> bool {
    let is_plain = |opt_out: OptOut| !opt_out.is_ambiguous();
    heeded.is_some_and(is_plain) || expressed(&message.content, settings) == Some(OptOut::Stop)
}

/// Returns the wish that the whole message expresses.
fn expressed(content: &InboundContent, settings: &NumberSettings) -> Option<OptOut> {
    match content {
        InboundContent::Text { body } => said(body, settings),
        InboundContent::Choice(choice) => said(&choice.title, settings)
            .or_else(|| stopped_by_payload(choice.id.as_deref()?, settings)),
        _ => None,
    }
}

/// Returns the opt-out in the payload of a button whose label is unknown. A payload of one word is
/// ambiguous: the button's author may have meant another kind of stop.
fn stopped_by_payload(payload: &str, settings: &NumberSettings) -> Option<OptOut> {
    let stop = said(payload, settings).filter(|opt_out| opt_out.is_stop())?;
    let names_what = words(payload).contains(' ');
    Some(if names_what {
        stop
    } else {
        OptOut::AmbiguousStop
    })
}

/// Returns the wish that `text` expresses. A question is none, since it asks for an answer.
fn said(text: &str, settings: &NumberSettings) -> Option<OptOut> {
    if asks(text) {
        return None;
    }
    let said = words(text);
    if said.is_empty() {
        return None;
    }
    let is_one_of = |own: &[String]| own.iter().any(|entry| words(entry) == said);
    if is_one_of(&settings.stop_words) {
        Some(OptOut::Stop)
    } else if is_one_of(&settings.start_words) {
        Some(OptOut::Start)
    } else {
        languages::asked(&said)
    }
}

#[cfg(test)]
mod tests;

//! What other senders of a business number do, and calls.

use casement_core::model::content::{Call, Context, Handover, InboundContent, InboundMessage, Via};
use casement_core::model::conversation::Holder;
use casement_core::model::identity::{ConversationKey, PhoneNumberId, Wamid};
use casement_core::text;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::id::wamid;
use super::lenient::{Each, Written, instant, wire};
use super::message::Around;
use super::sender::{Contacts, Identifiers, identify};
use super::{SkipReason, content};

/// The longest summary of a conversation that is passed on, in characters. It fits into one comment.
const LONGEST_SUMMARY: usize = 20_000;

/// Meta's names for its agent, as a role in a conversation and as the role of its app.
const AGENT: [&str; 2] = ["ai_agent", "meta_business_agent"];

wire! {
    struct WireEcho {
        id: Written,
        timestamp: Written,
        group_id: Written,
        to: Written,
        to_user_id: Written,
        message: WireRecipient,
        message_creation_type: String,
    }
}
wire! {
    struct WireRecipient { to: Written, recipient: Written, to_user_id: Written }
}

/// Reads a message of another sender to a customer. Its content is in the item itself, or in the
/// object `message`.
pub(super) fn echo(item: &Value, via: Via, around: &Around) -> Result<InboundMessage, SkipReason> {
    if !item.is_object() {
        return Err(SkipReason::Unreadable);
    }
    let wire = WireEcho::deserialize(item).map_err(|_| SkipReason::Unreadable)?;
    if wire.group_id.is_some() {
        return Err(SkipReason::Group);
    }
    let nested = wire.message.unwrap_or_default();
    let own = Identifiers::of([
        wire.to.as_ref(),
        wire.to_user_id.as_ref(),
        nested.to.as_ref(),
        nested.recipient.as_ref(),
        nested.to_user_id.as_ref(),
    ]);
    let (from, _) = identify(own, &around.contacts, around.alone).ok_or(SkipReason::NoSender)?;
    let said = match &item["message"] {
        message @ Value::Object(_) if !item["type"].is_string() => message,
        _ => item,
    };
    let is_bots = wire.message_creation_type.as_deref() == Some("created_by_1p_bot");
    let via = match via {
        Via::OtherEcho if is_bots => Via::BotEcho,
        via => via,
    };
    Ok(InboundMessage {
        phone_number_id: around.number.clone().ok_or(SkipReason::NoNumber)?,
        wamid: wamid(wire.id.as_ref()).ok_or(SkipReason::NoId)?.of_echo(),
        from,
        via,
        profile_name: None,
        sent_at: instant(wire.timestamp.as_ref(), around.received_at),
        content: said_by_business(said),
        context: Context::default(),
    })
}

/// Reads the content of a message of a business. Its questions have their text in another place
/// than a customer's answers.
fn said_by_business(item: &Value) -> InboundContent {
    match (content::read(item), &item["interactive"]["body"]["text"]) {
        (InboundContent::Other { .. }, Value::String(question)) => InboundContent::Text {
            body: question.clone(),
        },
        (content, _) => content,
    }
}

wire! {
    struct WireHandover {
        r#type: String,
        timestamp: Written,
        sender: WireParty,
        recipient: WireParty,
        control_passed: WireChange,
        control_taken: WireChange,
        conversation_context: WireContext,
    }
}
wire! {
    struct WireParty { phone_number: Written, wa_id: Written, user_id: Written, phone_number_id: Written }
}
wire! {
    struct WireChange {
        previous_owner_role: String,
        previous_owner_app_role: String,
        new_owner_role: String,
        new_owner_app_role: String,
        conversation_context: WireContext,
    }
}
wire! {
    struct WireContext { summary: WireText, history: WireHistory }
}
wire! {
    struct WireHistory { items: Each<WireSaid> }
}
wire! {
    struct WireSaid { role: String, text: WireText }
}
wire! {
    struct WireText { text: String, body: String }
}

/// Reads the value of a change of the field `messaging_handovers`, which has no `metadata`.
pub(super) fn handover(value: &Value, around: &Around) -> Result<InboundMessage, SkipReason> {
    if !value.is_object() {
        return Err(SkipReason::Unreadable);
    }
    let wire = WireHandover::deserialize(value).map_err(|_| SkipReason::Unreadable)?;
    let kind = wire.r#type.as_deref();
    let change = wire
        .control_passed
        .or(wire.control_taken)
        .unwrap_or_default();
    let to = holder(kind, &change).ok_or(SkipReason::UnknownHandover)?;
    let customer = wire.sender.unwrap_or_default();
    let own = Identifiers::of([
        customer.phone_number.as_ref(),
        customer.wa_id.as_ref(),
        customer.user_id.as_ref(),
    ]);
    let (from, profile_name) =
        identify(own, &around.contacts, around.alone).ok_or(SkipReason::NoSender)?;
    let number = wire
        .recipient
        .and_then(|number| number.phone_number_id?.text());
    let number = number.map(PhoneNumberId::new).or(around.number.clone());
    let sent_at = instant(wire.timestamp.as_ref(), around.received_at);
    let number = number.ok_or(SkipReason::NoNumber)?;
    let who = from.identifiers().next().unwrap_or_default();
    let event = format!("handover:{}:{to:?}", sent_at.timestamp());
    let wamid = Wamid::of_event(&ConversationKey::new(&number, who), &event);
    let context = change.conversation_context.or(wire.conversation_context);
    Ok(InboundMessage {
        phone_number_id: number,
        wamid,
        from,
        via: Via::Direct,
        profile_name: profile_name.map(Into::into),
        sent_at,
        content: InboundContent::Handover(Handover {
            to,
            summary: context.and_then(summary).map(Into::into),
        }),
        context: Context::default(),
    })
}

/// Decides who holds the conversation. The new owner is told that it was passed, the former one that
/// it was taken (Cloud API, "`messaging_handovers` webhook"); roles say more.
fn holder(kind: Option<&str>, change: &WireChange) -> Option<Holder> {
    let is_agent = |roles: [&Option<String>; 2]| {
        let mut roles = roles.into_iter().flatten();
        roles.any(|role| AGENT.contains(&role.as_str()))
    };
    if is_agent([&change.new_owner_role, &change.new_owner_app_role]) {
        return Some(Holder::Another);
    }
    if is_agent([&change.previous_owner_role, &change.previous_owner_app_role]) {
        return Some(Holder::Casement);
    }
    match kind {
        Some("control_passed") => Some(Holder::Casement),
        Some("control_taken") => Some(Holder::Another),
        _ => None,
    }
}

fn summary(context: WireContext) -> Option<String> {
    let said = |text: WireText| {
        text.text
            .or(text.body)
            .filter(|text| !text.trim().is_empty())
    };
    let summary = context.summary.and_then(said);
    let summary = summary.or_else(|| {
        let items = context.history?.items?.0.into_iter();
        let lines = items.filter_map(|item| {
            let words = said(item.text?)?;
            Some(match item.role {
                Some(role) => format!("{role}: {words}"),
                None => words,
            })
        });
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    });
    summary.map(|summary| text::truncated(&summary, LONGEST_SUMMARY))
}

wire! {
    struct WireCall {
        id: Written,
        from: Written,
        from_user_id: Written,
        event: String,
        direction: String,
        timestamp: Written,
        status: String,
        start_time: Written,
        duration: Written,
    }
}

/// Reads one of `calls[]`. `display` is the business number as people write it.
pub(super) fn call(
    item: &Value,
    display: Option<&Written>,
    around: &Around,
) -> Result<InboundMessage, SkipReason> {
    if !item.is_object() {
        return Err(SkipReason::Unreadable);
    }
    let wire = WireCall::deserialize(item).map_err(|_| SkipReason::Unreadable)?;
    let bare = |written: Option<&Written>| {
        let text = written.and_then(Written::text)?;
        Some(
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>(),
        )
    };
    let is_ours = match wire.direction.as_deref() {
        Some("USER_INITIATED") => false,
        Some("BUSINESS_INITIATED") => true,
        _ => display.is_some() && bare(wire.from.as_ref()) == bare(display),
    };
    if is_ours {
        return Err(SkipReason::BusinessCall);
    }
    let own = Identifiers::of([wire.from.as_ref(), wire.from_user_id.as_ref()]);
    let (from, profile_name) =
        identify(own, &around.contacts, around.alone).ok_or(SkipReason::NoSender)?;
    let id = wamid(wire.id.as_ref()).ok_or(SkipReason::NoId)?;
    let seconds = wire.duration.as_ref().and_then(Written::integer);
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let seconds = seconds.filter(|seconds| *seconds > 0);
    let (wamid, call) = match wire.event.as_deref() {
        Some("connect") => (
            Wamid::new(format!("{}#ringing", id.as_str())),
            Call::Ringing,
        ),
        Some("terminate") => {
            let status = wire.status.unwrap_or_default();
            let was_answered = seconds.is_some() || status.contains("COMPLETED");
            let call = if was_answered {
                Call::Answered { seconds }
            } else {
                Call::Missed
            };
            (id, call)
        }
        _ => return Err(SkipReason::UnknownCall),
    };
    Ok(InboundMessage {
        phone_number_id: around.number.clone().ok_or(SkipReason::NoNumber)?,
        wamid,
        from,
        via: Via::Direct,
        profile_name: profile_name.map(Into::into),
        sent_at: began_at(
            wire.start_time.as_ref(),
            wire.timestamp.as_ref(),
            seconds,
            around.received_at,
        ),
        content: InboundContent::Call(call),
        context: Context::default(),
    })
}

/// Returns when a call began, which is when the window opened.
fn began_at(
    start: Option<&Written>,
    event: Option<&Written>,
    seconds: Option<u32>,
    received_at: DateTime<Utc>,
) -> DateTime<Utc> {
    match start {
        Some(start) => instant(Some(start), received_at),
        None => instant(event, received_at) - Duration::seconds(seconds.unwrap_or_default().into()),
    }
}

/// Reads the surroundings of the items in `value`, whose business number is in `metadata`.
pub(super) fn around(
    value: &Value,
    inner: &Value,
    alone: bool,
    received_at: DateTime<Utc>,
) -> Around {
    let number = Written::deserialize(&value["metadata"]["phone_number_id"]).ok();
    let contacts = inner["contacts"]
        .as_array()
        .or_else(|| value["contacts"].as_array());
    Around {
        number: number.and_then(|id| id.text()).map(PhoneNumberId::new),
        contacts: Contacts::read(contacts.map(Vec::as_slice).unwrap_or_default()),
        alone,
        via: Via::Direct,
        received_at,
    }
}

#[cfg(test)]
mod tests;

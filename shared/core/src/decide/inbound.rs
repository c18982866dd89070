//! What happens to a customer's message.

mod elsewhere;
mod request;

use chrono::{DateTime, Utc};

pub use self::request::NewRequest;
use self::request::{new_request, reference};

use crate::decide::agent_alert::arm_alert;
use crate::decide::fields::{Wanted, arm_fields};
use crate::decide::keep_open::arm_keep_open;
use crate::decide::notice::notice_due;
use crate::decide::opt_out;
use crate::decide::routing::{RequestState, Route, decide_route};
use crate::model::content::{Call, InboundContent, InboundMessage, Via};
use crate::model::conversation::{
    Conversation, Ended, FormerRequest, Holder, NoticeState, Opening, RuleMessages,
};
use crate::model::identity::IssueRef;
use crate::model::many_messages::Hour;
use crate::model::opt_out::OptOut;
use crate::model::timer::Timer;
use crate::model::window;
use crate::say::thanks::is_thanks_only;
use crate::settings::{NumberSettings, Unwanted};

/// The plan for a customer's message. Carried out in the order of the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundPlan {
    /// The conversation to save before Jira is asked: the window is open from now on, whatever
    /// happens to Jira.
    pub conversation: Conversation,
    /// The timers that this message armed or moved, with their times.
    pub armed: Vec<(Timer, DateTime<Utc>)>,
    /// The request that the message goes to.
    pub request: RequestStep,
    /// Whether to tell the customer that a file did not get through.
    pub tell_of_lost_file: bool,
    /// The customer's wish about automatic messages, to be confirmed.
    pub opt_out: Option<OptOut>,
    /// Whether to release held replies.
    pub release_held: bool,
    /// Whether the message itself is to be written into the request.
    pub is_shown: bool,
    /// Whether a request may be opened for the message if the known one cannot take it.
    pub may_open: bool,
    /// Who holds the conversation since this message, if that is to be told in a note.
    pub came_to: Option<Holder>,
}

impl InboundPlan {
    /// Creates the plan that changes the conversation from `current`, and does nothing more than
    /// write the message into the request.
    fn new(conversation: Conversation, current: &Conversation, request: RequestStep) -> Self {
        Self {
            armed: conversation.timers.armed_since(&current.timers),
            conversation,
            request,
            tell_of_lost_file: false,
            opt_out: None,
            release_held: false,
            is_shown: true,
            may_open: true,
            came_to: None,
        }
    }
}

/// The request that a message goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStep {
    /// None: the message concerns the conversation's request, and there is none.
    Nowhere,
    /// None: the owner does not accept messages from this customer.
    Unwanted(Unwanted),
    /// None: it is not for agents, as things stand. The conversation is saved.
    Quiet,
    /// The request that is just being opened for an earlier message. Try again later.
    Wait,
    /// The conversation's request, if Jira says that it is open. Ask, and continue with
    /// [`decide_routed`] or [`decide_after_gone`].
    Ask(IssueRef),
    /// The conversation's request.
    Append(IssueRef),
    /// The conversation's request, to be reopened first.
    Reopen {
        issue: IssueRef,
        /// The time when it was closed, if Jira says so.
        since: Option<DateTime<Utc>>,
    },
    /// A new request.
    Open(NewRequest),
    /// A request that an earlier attempt may have opened. Look it up by its reference, and open it
    /// if it does not exist.
    Resume(NewRequest),
}

/// Decides what to do with `message`. `current` is the conversation as stored, or a new one. It may
/// have seen this very message before, in an attempt that was cut short.
#[must_use]
pub fn decide_inbound(
    current: &Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> InboundPlan {
    use InboundContent as C;
    let event = elsewhere::Event {
        current,
        message,
        settings,
        now,
    };
    match (message.via, &message.content) {
        (Via::Direct, C::Handover(handover)) => {
            event.handover(handover.to, handover.summary.is_some())
        }
        (Via::Direct, C::Call(Call::Ringing)) => event.call(false),
        (Via::Direct, C::Call(Call::Answered { .. })) => event.call(true),
        (Via::Direct, _) => decide_direct(current, message, settings, now),
        (Via::Standby, _) => event.standby(),
        (Via::AgentEcho | Via::BotEcho | Via::AppEcho | Via::OtherEcho, _) => event.echo(),
    }
}

/// Decides what to do with a message to us.
fn decide_direct(
    current: &Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> InboundPlan {
    let by = message.wamid.fingerprint();
    let mut conversation = noted(current, message, now);
    if message.content.is_from_a_person() && message.is_written_to_us() {
        conversation = conversation.held_by(Holder::Casement, message.sent_at, &by);
    }
    if let Some(unwanted) = settings.senders.unwanted(&conversation.identity) {
        return unwanted_plan(conversation, unwanted);
    }
    let opt_out = opt_out::heed(&mut conversation, message, settings);
    // Another sender's answer may arrive before the message.
    let was_answered = conversation.answered_elsewhere_at > Some(message.sent_at);
    let needs_answer = !was_answered && !opt_out::needs_no_answer(opt_out, message, settings);
    let came_to = conversation.changed_hands_by(&by);
    if message.content.is_from_a_person() {
        // An earlier attempt has begun the wait. It may be over by now, because held replies
        // were sent.
        let begun = current.last_inbound_wamid.as_ref() == Some(&message.wamid);
        let waited = begun || conversation.awaiting_since.is_some();
        // The answer was held and never sent, and the customer was not told of a delay either. Or
        // another sender held the conversation meanwhile.
        let waits_again = !begun
            && conversation.awaiting_since.is_some()
            && (conversation.notice_state == NoticeState::Idle || came_to.is_some());
        if (!waited || waits_again) && needs_answer {
            arm_notice(&mut conversation, message, settings);
        }
        if !waited || conversation.window_expires_at != current.window_expires_at {
            arm_for_window(&mut conversation, settings, now);
        }
        arm_fields(&mut conversation, Wanted::by(settings), now);
    }
    let request = match (&conversation.issue, &conversation.opening) {
        (_, Some(opening)) => RequestStep::Resume(new_request(opening, message, settings)),
        (Some(issue), None) if message.content.is_from_a_person() => {
            RequestStep::Ask(issue.clone())
        }
        (Some(issue), None) => RequestStep::Append(issue.clone()),
        (None, None) if is_system(&message.content) => RequestStep::Nowhere,
        (None, None) => open(&mut conversation, None, message, settings, now),
    };
    InboundPlan {
        tell_of_lost_file: message.content.is_lost_file(),
        opt_out,
        release_held: conversation.may_release(now),
        came_to,
        ..InboundPlan::new(conversation, current, request)
    }
}

/// Returns the plan for a customer whose messages the owner does not accept.
fn unwanted_plan(conversation: Conversation, unwanted: Unwanted) -> InboundPlan {
    let current = conversation.clone();
    InboundPlan::new(conversation, &current, RequestStep::Unwanted(unwanted))
}

/// Continues after Jira reported the state of the conversation's request ([`RequestStep::Ask`]). If
/// the new plan changes the conversation, save it before the plan is carried out.
#[must_use]
pub fn decide_routed(
    mut plan: InboundPlan,
    issue: &IssueRef,
    state: RequestState,
    message: &InboundMessage,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> InboundPlan {
    let is_thanks =
        said(&message.content).is_some_and(|text| is_thanks_only(text, &settings.thanks_words));
    let needs_no_answer = is_thanks || opt_out::needs_no_answer(plan.opt_out, message, settings);
    let route = decide_route(
        state,
        needs_no_answer,
        message.sent_at,
        settings.reopen_within,
    );
    plan.request = match route {
        Route::Append => RequestStep::Append(issue.clone()),
        Route::AppendQuietly => {
            plan.conversation = plan.conversation.without_wait_since(message.sent_at);
            RequestStep::Append(issue.clone())
        }
        Route::Reopen { since } => RequestStep::Reopen {
            issue: issue.clone(),
            since,
        },
        Route::Follow => {
            let former = FormerRequest {
                issue: issue.clone(),
                ended: Ended::Done,
            };
            open(&mut plan.conversation, Some(former), message, settings, now)
        }
    };
    plan
}

/// Decides again after the conversation's request turned out to be deleted, or to take nothing
/// more. Save the conversation of the new plan before the plan is carried out.
#[must_use]
pub fn decide_after_gone(
    mut plan: InboundPlan,
    gone: &IssueRef,
    ended: Ended,
    message: &InboundMessage,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> InboundPlan {
    let former = FormerRequest {
        issue: gone.clone(),
        ended,
    };
    plan.request = open(&mut plan.conversation, Some(former), message, settings, now);
    plan
}

/// Records in the conversation that a request is being opened.
fn open(
    conversation: &mut Conversation,
    former: Option<FormerRequest>,
    message: &InboundMessage,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> RequestStep {
    let opening = Opening {
        reference: reference(&conversation.key, &message.wamid, former.as_ref()),
        former,
        since: now,
    };
    let request = new_request(&opening, message, settings);
    conversation.opening = Some(opening);
    conversation.opened_in = Some(conversation.notice_generation);
    RequestStep::Open(request)
}

/// Returns the customer's words if the message is nothing else.
fn said(content: &InboundContent) -> Option<&str> {
    match content {
        InboundContent::Text { body } => Some(body),
        _ => None,
    }
}

/// Returns whether WhatsApp itself wrote the message, about the customer.
fn is_system(content: &InboundContent) -> bool {
    matches!(content, InboundContent::System { .. }) || content.kind() == "system"
}

/// Returns the conversation with what the message tells about the customer. A person's message or
/// call opens the window.
fn noted(current: &Conversation, message: &InboundMessage, now: DateTime<Utc>) -> Conversation {
    let mut conversation = current.clone();
    conversation = conversation.heard_from(&message.from, message.sent_at);
    if current.version == 0 {
        conversation.begun_at.get_or_insert(now);
    }
    if message.content.is_from_a_person() {
        conversation.window_expires_at = Some(window::extended(
            conversation.window_expires_at,
            message.sent_at,
        ));
    }
    if conversation.last_inbound_wamid.as_ref() != Some(&message.wamid) {
        conversation.hour = Some(Hour::with(conversation.hour, message.sent_at));
    }
    if message.profile_name.is_some() {
        conversation.profile_name.clone_from(&message.profile_name);
    }
    if conversation
        .last_inbound_at
        .is_none_or(|last| last <= message.sent_at)
    {
        conversation.last_inbound_at = Some(message.sent_at);
        conversation.last_inbound_wamid = Some(message.wamid.clone());
    }
    conversation
}

/// Begins a new wait, with one notice due for it.
fn arm_notice(
    conversation: &mut Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
) {
    if conversation.awaiting_since.is_none() {
        conversation.rules = RuleMessages::default();
    }
    conversation.awaiting_since.get_or_insert(message.sent_at);
    conversation.notice_generation += 1;
    if conversation.opted_out {
        conversation.notice_state = NoticeState::Skipped;
        conversation.timers.set(Timer::DelayNotice, None);
    } else {
        conversation.notice_state = NoticeState::Armed;
        let due_at = notice_due(message.sent_at, message.sent_at, settings);
        conversation.timers.set(Timer::DelayNotice, due_at);
    }
}

/// Arms the timers that depend on the end of the window, which has moved.
fn arm_for_window(conversation: &mut Conversation, settings: &NumberSettings, now: DateTime<Utc>) {
    if !conversation.window_is_open(now) {
        return;
    }
    if conversation.awaiting_since.is_some() {
        arm_alert(conversation, settings.alert_lead);
        arm_keep_open(conversation, settings);
    }
}

#[cfg(test)]
mod tests;

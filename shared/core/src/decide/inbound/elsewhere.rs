//! What happens beside the messages to us: calls, and what other senders of the number do.

use chrono::{DateTime, Duration, Utc};

use super::{
    InboundPlan, RequestStep, arm_for_window, arm_notice, new_request, noted, open, unwanted_plan,
};
use crate::decide::fields::{Wanted, arm_fields};
use crate::decide::opt_out;
use crate::model::content::{InboundMessage, Via};
use crate::model::conversation::{Control, Conversation, Holder};
use crate::model::window;
use crate::settings::{NumberSettings, Standby};

/// An event of a conversation.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    pub current: &'a Conversation,
    pub message: &'a InboundMessage,
    pub settings: &'a NumberSettings,
    pub now: DateTime<Utc>,
}

impl Event<'_> {
    /// Decides about a customer's message to another sender. It opens the window, and begins no
    /// wait: the other sender answers. It opens no request.
    pub(super) fn standby(self) -> InboundPlan {
        let Self {
            current,
            message,
            settings,
            now,
        } = self;
        let by = message.wamid.fingerprint();
        let conversation = noted(current, message, now);
        let mut conversation = conversation.held_by(Holder::Another, message.sent_at, &by);
        if let Some(unwanted) = settings.senders.unwanted(&conversation.identity) {
            return unwanted_plan(conversation, unwanted);
        }
        let opt_out = opt_out::heed(&mut conversation, message, settings);
        arm_fields(&mut conversation, Wanted::by(settings), now);
        let came_to = conversation.changed_hands_by(&by);
        let release_held = conversation.may_release(now);
        let is_shown = self.shows_other_senders();
        let request = if is_shown || came_to.is_some() || opt_out.is_some() || release_held {
            self.in_known_request(&conversation)
        } else {
            RequestStep::Quiet
        };
        InboundPlan {
            opt_out,
            release_held,
            is_shown,
            may_open: false,
            came_to,
            ..InboundPlan::new(conversation, current, request)
        }
    }

    /// Decides about a message that another sender wrote to the customer. It ends the wait.
    pub(super) fn echo(self) -> InboundPlan {
        let Self {
            current,
            message,
            settings,
            now,
        } = self;
        let mut conversation = current.clone();
        if conversation.version == 0 {
            return InboundPlan::new(conversation, current, RequestStep::Nowhere);
        }
        let by = message.wamid.fingerprint();
        if message.via == Via::AgentEcho {
            conversation = conversation.held_by(Holder::Another, message.sent_at, &by);
        }
        // A change or a reaction is no answer.
        if message.content.is_from_a_person() {
            conversation = conversation.answered_elsewhere(message.sent_at);
        }
        arm_fields(&mut conversation, Wanted::by(settings), now);
        let came_to = conversation.changed_hands_by(&by);
        let is_agents = matches!(message.via, Via::AgentEcho | Via::BotEcho);
        let is_shown = !is_agents || self.shows_other_senders();
        let request = if is_shown || came_to.is_some() {
            self.in_known_request(&conversation)
        } else {
            RequestStep::Quiet
        };
        InboundPlan {
            is_shown,
            may_open: false,
            came_to,
            ..InboundPlan::new(conversation, current, request)
        }
    }

    /// Decides about a call that begins, or that somebody has answered. It opens the window, and
    /// nobody waits for an answer. `is_over`: agents are to read of it.
    pub(super) fn call(self, is_over: bool) -> InboundPlan {
        let Self {
            current,
            message,
            settings,
            now,
        } = self;
        let mut conversation = noted(current, message, now);
        if let Some(unwanted) = settings.senders.unwanted(&conversation.identity) {
            return unwanted_plan(conversation, unwanted);
        }
        if conversation.window_expires_at != current.window_expires_at {
            arm_for_window(&mut conversation, settings, now);
        }
        arm_fields(&mut conversation, Wanted::by(settings), now);
        let release_held = conversation.may_release(now);
        let request = if is_over || release_held {
            self.in_known_request(&conversation)
        } else {
            RequestStep::Quiet
        };
        InboundPlan {
            release_held,
            is_shown: is_over,
            may_open: false,
            ..InboundPlan::new(conversation, current, request)
        }
    }

    /// Decides about a change of hands. When the conversation comes to us, the customer waits for a
    /// person.
    pub(super) fn handover(self, to: Holder, has_summary: bool) -> InboundPlan {
        let Self {
            current,
            message,
            settings,
            now,
        } = self;
        let by = message.wamid.fingerprint();
        let at = message.sent_at;
        let mut conversation = current.clone();
        if to == Holder::Another {
            if conversation.version == 0 {
                return InboundPlan::new(conversation, current, RequestStep::Nowhere);
            }
            conversation = conversation.held_by(to, at, &by);
            let request = match conversation.changed_hands_by(&by) {
                Some(_) => self.in_known_request(&conversation),
                None => RequestStep::Quiet,
            };
            return self.inside(conversation, request);
        }
        conversation = conversation.heard_from(&message.from, at);
        if conversation.version == 0 {
            conversation.begun_at.get_or_insert(now);
        }
        // Without standby webhooks this is the first that we hear of the other sender. If the
        // customer has written to us since, it is no news.
        if current.control.is_none() && current.last_inbound_at.is_none_or(|last| last <= at) {
            conversation.control = Some(Control {
                holder: Holder::Another,
                since: at,
                seen_at: at - Duration::seconds(1),
                by: String::new(),
            });
        }
        conversation = conversation.held_by(to, at, &by);
        if let Some(unwanted) = settings.senders.unwanted(&conversation.identity) {
            return unwanted_plan(conversation, unwanted);
        }
        if conversation.changed_hands_by(&by).is_none() {
            // What the other sender sums up is news to the agents all the same.
            let request = if has_summary {
                self.in_known_request(&conversation)
            } else {
                RequestStep::Quiet
            };
            return self.inside(conversation, request);
        }
        if current.changed_hands_by(&by).is_none() {
            if !conversation.window_is_open(now) {
                conversation.window_expires_at = Some(window::extended(
                    conversation.window_expires_at,
                    at - ANSWERED_WITHIN,
                ));
            }
            arm_notice(&mut conversation, message, settings);
            arm_for_window(&mut conversation, settings, now);
            arm_fields(&mut conversation, Wanted::by(settings), now);
        }
        let request = match (&conversation.issue, &conversation.opening) {
            (_, Some(opening)) => RequestStep::Resume(new_request(opening, message, settings)),
            (Some(issue), None) => RequestStep::Ask(issue.clone()),
            (None, None) => open(&mut conversation, None, message, settings, now),
        };
        InboundPlan {
            release_held: conversation.may_release(now),
            ..InboundPlan::new(conversation, current, request)
        }
    }

    /// Returns the plan that writes the message into the known request, and opens none.
    fn inside(self, conversation: Conversation, request: RequestStep) -> InboundPlan {
        InboundPlan {
            may_open: false,
            ..InboundPlan::new(conversation, self.current, request)
        }
    }

    /// Returns the conversation's request, whatever its state. None is opened, and one that is being
    /// opened is waited for.
    fn in_known_request(self, conversation: &Conversation) -> RequestStep {
        match (&conversation.issue, &conversation.opening) {
            (_, Some(opening)) if self.now - opening.since < OPENED_WITHIN => RequestStep::Wait,
            (Some(issue), _) => RequestStep::Append(issue.clone()),
            (None, _) => RequestStep::Quiet,
        }
    }

    fn shows_other_senders(self) -> bool {
        self.settings.standby != Some(Standby::Count)
    }
}

/// A conversation that another sender hands over is in full swing. Where we were not told of the
/// customer's messages to it, the latest is taken to be this old. If it is older, Meta refuses the
/// agent's reply, which is then held.
const ANSWERED_WITHIN: Duration = Duration::minutes(5);

/// After this long, what was to open a request has failed, and the customer's next message goes on.
const OPENED_WITHIN: Duration = Duration::minutes(10);

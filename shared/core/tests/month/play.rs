//! The decisions of the crate, played through a month.

use casement_core::decide::agent_alert::{alerted, decide_alert};
use casement_core::decide::due::{Ring, decide_ring, rung};
use casement_core::decide::hold_expiry::{has_expired, with_expiry, with_one_more};
use casement_core::decide::inbound::{RequestStep, decide_inbound, decide_routed};
use casement_core::decide::keep_open::{KeepOpenDecision, asked, decide_keep_open};
use casement_core::decide::notice::{NoticeDecision, decide_notice, with_notice};
use casement_core::decide::reply::answered_by;
use casement_core::decide::routing::RequestState;
use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::identity::{
    ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId, Wamid,
};
use casement_core::model::queue::{OutboundQueueMessage, SilenceTask, WindowTask};
use casement_core::model::timer::Timer;
use casement_core::settings::{NumberSettings, Settings};
use chrono::{DateTime, Duration, Utc};

use super::script::{Chance, END, Input, Script};
use crate::{Event, Log};

struct World {
    settings: NumberSettings,
    conversation: Conversation,
    /// Since when the request is done.
    done_since: Option<DateTime<Utc>>,
    /// The replies that are held, and since when.
    held: Vec<(u32, DateTime<Utc>)>,
    requests: u32,
    log: Log,
}

/// A month of one customer: what people did, and what came of it.
pub(crate) fn month(customer: u64) -> (Script, Log) {
    let mut chance = Chance::new(customer + 1);
    let mut world = World::new(customer);
    let mut script = Script::new();
    let (mut replies, mut tap) = (0, None);
    // How often this one writes, and how well this one's agents answer.
    let (writes, answers) = (300 + chance.below(4000), 20 + chance.below(2500));
    let leaves = chance.below(2 * END);
    for minute in 0..END {
        let answer = Input::Answers(replies);
        let works = (8..18).contains(&(minute / 60 % 24));
        let thanks = chance.one_in(6);
        let input = if tap == Some(minute) {
            Some(Input::Writes { thanks: false })
        } else if minute < leaves && chance.one_in(writes) {
            Some(Input::Writes { thanks })
        } else if works && world.conversation.issue.is_some() && chance.one_in(answers) {
            replies += 1;
            Some(answer)
        } else if works && world.conversation.issue.is_some() && chance.one_in(6000) {
            Some(Input::IsDone)
        } else if chance.one_in(150_000) {
            Some(Input::OptsOut)
        } else {
            None
        };
        if let Some(input) = input {
            script.push((minute, input));
            world.happens(minute, input);
        }
        let before = world.log.len();
        world.rings(minute);
        let is_asked = world.log[before..].contains(&(minute, Event::Question));
        if is_asked && chance.one_in(2) {
            tap = Some(minute + 1 + chance.below(200));
        }
    }
    (script, world.log)
}

fn at(minute: u32) -> DateTime<Utc> {
    // A Sunday, at midnight.
    DateTime::from_timestamp(1_793_491_200, 0).unwrap() + Duration::minutes(minute.into())
}

impl World {
    fn new(customer: u64) -> Self {
        let number = PhoneNumberId::new("1065");
        let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\n\
                        request_type_id = \"10\"\ndelay_after = \"30m\"\n\
                        quiet_hours = \"21:00-08:00\"\n";
        let settings = Settings::from_toml(document).unwrap();
        let phone = PhoneNumber::new(format!("4915{customer:06}"));
        let key = ConversationKey::new(&number, phone.as_str());
        let identity = CustomerIdentity::new(None, Some(phone)).unwrap();
        Self {
            settings: settings.number(&number).unwrap().clone(),
            conversation: Conversation::new(key, identity),
            done_since: None,
            held: Vec::new(),
            requests: 0,
            log: Log::new(),
        }
    }

    fn happens(&mut self, minute: u32, input: Input) {
        match input {
            Input::Writes { thanks } => self.writes(minute, thanks),
            Input::Answers(reply) => self.answers(minute, reply),
            Input::IsDone => self.done_since = Some(at(minute)),
            Input::OptsOut => self.conversation.opted_out = true,
        }
    }

    fn writes(&mut self, minute: u32, thanks: bool) {
        let now = at(minute);
        let body = if thanks { "Thank you!" } else { "Where is it?" };
        let message = InboundMessage {
            phone_number_id: self.settings.phone_number_id.clone(),
            wamid: Wamid::new(format!("wamid.{minute}")),
            from: self.conversation.identity.clone(),
            profile_name: None,
            sent_at: now,
            content: InboundContent::Text {
                body: body.to_owned(),
            },
            context: Context::default(),
        };
        let mut plan = decide_inbound(&self.conversation, &message, &self.settings, now);
        let release = plan.release_held;
        if let RequestStep::Ask(issue) = plan.request.clone() {
            let open = RequestState::Open;
            let done = |since| RequestState::Done { since: Some(since) };
            let state = self.done_since.map_or(open, done);
            plan = decide_routed(plan, &issue, state, &message, &self.settings, now);
        }
        self.conversation = plan.conversation;
        match plan.request {
            RequestStep::Open(_) => {
                self.requests += 1;
                self.done_since = None;
                let key = format!("SUP-{}", self.requests);
                let id = IssueId::new(self.requests.to_string());
                self.conversation = self.conversation.clone().in_request(IssueRef { id, key });
            }
            RequestStep::Reopen { .. } => self.done_since = None,
            _ => {}
        }
        if release {
            for (reply, _) in std::mem::take(&mut self.held) {
                self.log.push((minute, Event::Released(reply)));
                self.conversation.held_count -= 1;
                self.conversation = self.conversation.clone().answered();
            }
            self.conversation.timers.set(Timer::HoldExpiry, None);
        }
    }

    fn answers(&mut self, minute: u32, reply: u32) {
        let now = at(minute);
        let mut conversation = self.conversation.clone();
        let held = !conversation.window_is_open(now);
        if !held {
            self.log.push((minute, Event::Sent(reply)));
        } else {
            self.log.push((minute, Event::Held(reply)));
            self.held.push((reply, now));
            conversation.held_count += 1;
            conversation = with_one_more(conversation, now, self.settings.hold_for);
        }
        self.conversation = answered_by(conversation, now, held);
    }

    fn rings(&mut self, minute: u32) {
        let now = at(minute);
        let due: Vec<_> = self.conversation.timers.due_until(now).collect();
        for (timer, due_at) in due {
            let ring = decide_ring(&self.conversation, timer, due_at, now);
            self.conversation = rung(self.conversation.clone(), timer, due_at, &ring);
            if let Ring::Due(message) = ring {
                self.carries_out(minute, &message);
            }
        }
    }

    fn carries_out(&mut self, minute: u32, message: &OutboundQueueMessage) {
        let now = at(minute);
        let conversation = self.conversation.clone();
        let is_done = self.done_since.is_some();
        let happened = match message {
            OutboundQueueMessage::DelayNotice(SilenceTask { generation, .. }) => {
                let decision = decide_notice(&conversation, *generation, now);
                matches!(decision, NoticeDecision::Send { .. }).then(|| {
                    let sent = with_notice(conversation.clone(), NoticeState::Sent);
                    (Event::Notice, sent)
                })
            }
            OutboundQueueMessage::KeepOpen(WindowTask { window_ends, .. }) => {
                let decision = decide_keep_open(&conversation, *window_ends, &self.settings, now);
                matches!(decision, KeepOpenDecision::Ask { .. })
                    .then(|| (Event::Question, asked(conversation.clone(), *window_ends)))
            }
            OutboundQueueMessage::AgentAlert(WindowTask { window_ends, .. }) => {
                let decision = decide_alert(&conversation, *window_ends, now);
                let warned = || (Event::Warning, alerted(conversation.clone(), *window_ends));
                decision.is_ok().then(warned)
            }
            OutboundQueueMessage::ExpireHeld(_) => {
                self.expires(minute);
                None
            }
            other => panic!("{other:?}"),
        };
        if let Some((event, after)) = happened {
            if is_done {
                self.conversation = conversation.answered();
            } else {
                self.conversation = after;
                self.log.push((minute, event));
            }
        }
    }

    fn expires(&mut self, minute: u32) {
        let hold_for = self.settings.hold_for;
        let is_over = |since| has_expired(since, hold_for, at(minute));
        let (expired, held): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|(_, since)| is_over(*since));
        self.held = held;
        for (reply, _) in expired {
            self.log.push((minute, Event::Expired(reply)));
            self.conversation.held_count -= 1;
        }
        let since = self.held.iter().map(|(_, since)| *since);
        self.conversation = with_expiry(self.conversation.clone(), since, hold_for);
    }
}

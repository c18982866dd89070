//! The answer to `/window`: the state of a conversation.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{CostReport, spoken};
use crate::model::adf::Paragraph;
use crate::model::conversation::{Conversation, NoticeState};
use crate::model::fate::{WhatsappCode, explain};
use crate::model::timer::Timer;

/// The state of a conversation, with times in the agents' time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowReport {
    window_is_open: bool,
    window_expires_at: Option<DateTime<Tz>>,
    waiting_since: Option<DateTime<Tz>>,
    /// The time since which the customer has waited for a reply that is held.
    unreceived_since: Option<DateTime<Tz>>,
    has_written: bool,
    notice: NoticeReport,
    /// The time since which another sender holds the conversation.
    another_holds_since: Option<DateTime<Tz>>,
    /// The time at which another sender last answered.
    answered_elsewhere_at: Option<DateTime<Tz>>,
    /// The time at which WhatsApp last accepted a rule's message in this wait.
    rule_sent_at: Option<DateTime<Tz>>,
    held: usize,
    held_since: Option<DateTime<Tz>>,
    held_until: Option<DateTime<Tz>>,
    last_reply: LastReply,
    cost: CostReport,
}

/// The replies that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldReport {
    pub count: usize,
    /// The time since which the first one is held.
    pub since: Option<DateTime<Utc>>,
    /// The time until which the first one is held.
    pub until: Option<DateTime<Utc>>,
}

/// The state of the delay notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoticeReport {
    NotDue,
    DueAt(DateTime<Tz>),
    OnItsWay,
    Sent,
    Skipped,
    OptedOut,
    HeldByAnother,
}

/// The state of the last reply, ordered by progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LastReply {
    /// Nobody has replied yet.
    None,
    /// It waits for the window to open.
    Held,
    /// It is about to be sent, or its outcome is not known yet.
    OnItsWay,
    /// WhatsApp has it.
    Accepted,
    /// It is on the customer's phone.
    Delivered,
    /// The customer has read it.
    Read,
    /// It will not arrive. `None` if Meta gave no code, or an agent took it back.
    Failed(Option<WhatsappCode>),
}

impl WindowReport {
    /// Creates the report on `conversation` at `now`.
    #[must_use]
    pub fn of(
        conversation: &Conversation,
        held: HeldReport,
        (last_reply, cost): (LastReply, CostReport),
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Self {
        let local = |at: Option<DateTime<Utc>>| at.map(|at| at.with_timezone(&zone));
        let waiting_since = local(conversation.awaiting_since);
        let due_at = local(conversation.timers.due_at(Timer::DelayNotice));
        let notice = match (conversation.notice_state, due_at) {
            _ if conversation.opted_out => NoticeReport::OptedOut,
            (NoticeState::Sent, _) => NoticeReport::Sent,
            _ if waiting_since.is_none() => NoticeReport::NotDue,
            _ if conversation.is_held_by_another(now) => NoticeReport::HeldByAnother,
            (NoticeState::Armed, Some(due_at)) => NoticeReport::DueAt(due_at),
            (NoticeState::Queued, _) => NoticeReport::OnItsWay,
            (NoticeState::Skipped, _) => NoticeReport::Skipped,
            (NoticeState::Idle | NoticeState::Armed, _) => NoticeReport::NotDue,
        };
        Self {
            window_is_open: conversation.window_is_open(now),
            window_expires_at: local(conversation.window_expires_at),
            waiting_since,
            unreceived_since: local(conversation.unreceived_since()),
            has_written: conversation.last_inbound_at.is_some(),
            notice,
            another_holds_since: local(conversation.another_holds_since(now)),
            answered_elsewhere_at: local(conversation.answered_elsewhere_at),
            rule_sent_at: local(conversation.rules.sent_at),
            held: held.count,
            held_since: local(held.since),
            held_until: local(held.until),
            last_reply,
            cost,
        }
    }

    pub(super) fn written_in(&self, paragraph: Paragraph) -> Paragraph {
        let rest = [
            self.held_by_another(),
            Some(self.waiting()),
            self.elsewhere(),
            Some(self.held()),
            self.by_rule(),
            Some(self.notice()),
            Some(self.last_reply()),
            Some(self.cost.sentence()),
        ];
        let rest: Vec<String> = rest.into_iter().flatten().collect();
        paragraph
            .strong(&self.window())
            .text(&format!("\n{}", rest.join("\n")))
    }

    fn window(&self) -> String {
        match self.window_expires_at {
            Some(ends) if self.window_is_open => format!("Open until {}.", spoken(ends)),
            Some(ended) => format!("Closed since {}.", spoken(ended)),
            None => "Closed: the customer has not written on WhatsApp yet.".to_owned(),
        }
    }

    fn waiting(&self) -> String {
        if let Some(since) = self.waiting_since {
            return format!("The customer has waited since {}.", spoken(since));
        }
        let Some(held) = self.held_since.filter(|_| self.held > 0) else {
            return "Nobody waits for an answer.".to_owned();
        };
        let answered = if self.has_written {
            "Answered, not received"
        } else {
            "Not received"
        };
        let waits = self.unreceived_since.map_or_else(String::new, |since| {
            format!(" The customer has waited since {}.", spoken(since))
        });
        format!("{answered}: held since {}.{waits}", spoken(held))
    }

    fn held(&self) -> String {
        let replies = match self.held {
            0 => return "No reply is held.".to_owned(),
            1 => "1 reply is held".to_owned(),
            held => format!("{held} replies are held"),
        };
        let until = self.held_until.map_or_else(String::new, |until| {
            format!(", the first of them until {}", spoken(until))
        });
        format!("{replies}{until}, and sent as soon as the customer writes again.")
    }

    fn notice(&self) -> String {
        match self.notice {
            NoticeReport::NotDue => "No delay notice is due.".to_owned(),
            NoticeReport::DueAt(at) => format!("The delay notice is due on {}.", spoken(at)),
            NoticeReport::OnItsWay => "The delay notice is on its way.".to_owned(),
            NoticeReport::Sent => "The customer got the delay notice.".to_owned(),
            NoticeReport::Skipped => "No delay notice was sent this time.".to_owned(),
            NoticeReport::HeldByAnother => {
                "No delay notice is sent while another sender holds the conversation.".to_owned()
            }
            NoticeReport::OptedOut => {
                "The customer wants no automatic messages, so no delay notice is sent.".to_owned()
            }
        }
    }

    fn held_by_another(&self) -> Option<String> {
        let since = self.another_holds_since?;
        Some(format!(
            "Another sender, such as Meta's agent, has held the conversation since {}.",
            spoken(since)
        ))
    }

    fn elsewhere(&self) -> Option<String> {
        let at = self.answered_elsewhere_at?;
        Some(format!("Answered elsewhere on {}.", spoken(at)))
    }

    fn by_rule(&self) -> Option<String> {
        let sent = self.rule_sent_at?;
        Some(format!(
            "An automatic comment was sent on {}; it answers nobody.",
            spoken(sent)
        ))
    }

    fn last_reply(&self) -> String {
        match self.last_reply {
            LastReply::None => "There is no reply yet.".to_owned(),
            LastReply::Held => "The last reply is held.".to_owned(),
            LastReply::OnItsWay => "The last reply is on its way to WhatsApp.".to_owned(),
            LastReply::Accepted => {
                "WhatsApp has the last reply; it is not on the customer's phone yet.".to_owned()
            }
            LastReply::Delivered => "The last reply is on the customer's phone.".to_owned(),
            LastReply::Read => "The customer has read the last reply.".to_owned(),
            LastReply::Failed(None) => "The customer did not get the last reply.".to_owned(),
            LastReply::Failed(code @ Some(_)) => {
                format!("The customer did not get the last reply. {}", explain(code))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::conversation::Holder;
    use crate::model::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn conversation() -> Conversation {
        let phone = PhoneNumber::new("49151");
        Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        )
    }

    fn told(
        change: impl Fn(&mut Conversation),
        (count, until): (usize, Option<DateTime<Utc>>),
        last: LastReply,
    ) -> String {
        let mut conversation = conversation();
        change(&mut conversation);
        let since = (count > 0).then(|| at(-30));
        let held = HeldReport {
            count,
            since,
            until,
        };
        let report = WindowReport::of(
            &conversation,
            held,
            (last, CostReport::default()),
            Tz::Europe__Berlin,
            at(0),
        );
        let paragraph = report.written_in(Paragraph::default());
        let document = crate::model::adf::Document::new(vec![paragraph]);
        serde_json::to_string(&document).unwrap()
    }

    #[test]
    fn every_line_says_how_it_stands() {
        let waiting = |state| {
            move |c: &mut Conversation| {
                c.window_expires_at = Some(at(7_200));
                c.awaiting_since = Some(at(-600));
                c.notice_state = state;
                c.timers.set(Timer::DelayNotice, at(1_200));
            }
        };
        let open = told(waiting(NoticeState::Armed), (0, None), LastReply::Read);
        for line in [
            "Open until 2026-09-21 at 18:13 CEST.",
            "The customer has waited since 2026-09-21 at 16:03 CEST.",
            "No reply is held.",
            "The delay notice is due on 2026-09-21 at 16:33 CEST.",
            "The customer has read the last reply.",
        ] {
            assert!(open.contains(line), "{line}: {open}");
        }
        let closed = told(
            |c| {
                c.window_expires_at = Some(at(-60));
                c.last_inbound_at = Some(at(-86_460));
                c.awaiting_since = Some(at(-86_460));
                *c = c.clone().answered_with(at(-30), true);
            },
            (2, Some(at(86_400))),
            LastReply::Held,
        );
        for line in [
            "Closed since 2026-09-21 at 16:12 CEST.",
            "Answered, not received: held since 2026-09-21 at 16:12 CEST.",
            "The customer has waited since 2026-09-20 at 16:12 CEST.",
            "2 replies are held, the first of them until 2026-09-22 at 16:13 CEST, and sent",
            "No delay notice is due.",
            "The last reply is held.",
        ] {
            assert!(closed.contains(line), "{line}: {closed}");
        }
        for (state, line) in [
            (NoticeState::Queued, "is on its way."),
            (NoticeState::Sent, "got the delay notice."),
            (NoticeState::Skipped, "No delay notice was sent this time."),
            (NoticeState::Idle, "No delay notice is due."),
        ] {
            let told = told(waiting(state), (1, None), LastReply::None);
            assert!(told.contains(line), "{line}: {told}");
            assert!(told.contains("1 reply is held, and sent"));
        }
        let by_rule = told(
            |c| {
                waiting(NoticeState::Skipped)(c);
                c.rules.sent_at = Some(at(-60));
            },
            (0, None),
            LastReply::None,
        );
        for line in [
            "The customer has waited since 2026-09-21 at 16:03 CEST.",
            "An automatic comment was sent on 2026-09-21 at 16:12 CEST",
            "No delay notice was sent this time.",
        ] {
            assert!(by_rule.contains(line), "{line}: {by_rule}");
        }
        let held = told(
            |c| {
                waiting(NoticeState::Armed)(c);
                *c = c.clone().held_by(Holder::Another, at(-60), "1");
            },
            (0, None),
            LastReply::None,
        );
        assert!(
            held.contains("No delay notice is sent while another"),
            "{held}"
        );
        let elsewhere = told(
            |c| {
                c.window_expires_at = Some(at(7_200));
                *c = c.clone().held_by(Holder::Another, at(-60), "1");
                *c = c.clone().answered_elsewhere(at(-30));
            },
            (0, None),
            LastReply::None,
        );
        for line in [
            "has held the conversation since 2026-09-21 at 16:12 CEST.",
            "Nobody waits for an answer.",
            "Answered elsewhere on 2026-09-21 at 16:12 CEST.",
        ] {
            assert!(elsewhere.contains(line), "{line}: {elsewhere}");
        }
        let never = told(|c| c.opted_out = true, (0, None), LastReply::OnItsWay);
        assert!(never.contains("Closed: the customer has not written"));
        assert!(never.contains("wants no automatic messages"));
        assert!(never.contains("Nobody waits for an answer."));
        let begun = told(|_| (), (1, None), LastReply::Held);
        assert!(begun.contains("Not received: held since"), "{begun}");
        let code = Some(WhatsappCode(131_026));
        let failed = told(|_| (), (0, None), LastReply::Failed(code));
        assert!(failed.contains("did not get the last reply. WhatsApp cannot deliver"));
    }
}

//! What becomes of a comment in Jira.
//!
//! This is the gate between the service desk's inside and a customer's phone. Whatever is not
//! plainly meant for the customer stays inside.

mod answer;
mod name;
mod quoted;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::answer::{Answer, AnswerPart, decide_answer};
pub use self::name::shown_name;
pub use self::quoted::{Answered, Answering, REPLY, find_quoted, plain_words};
use crate::conversation::Conversation;
use crate::identity::{AccountId, CommentId, Recipient, Wamid};
use crate::text::{MediaRef, OutboundText};

/// A comment as it was just read from Jira. Never filled from a webhook: its `jsdPublic` is
/// known to be wrong.
#[derive(Clone, PartialEq)]
pub struct Comment {
    /// Jira's id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: AccountId,
    /// The name in the author's profile. `None`: Jira does not say, or an app wrote it, such as
    /// Automation, whose name says nothing to a customer.
    pub author_name: Option<String>,
    /// The comment that it answers in a thread.
    pub parent: Option<CommentId>,
    /// `public` of JSM's own comment resource. `None`: the field was missing.
    pub public: Option<bool>,
    /// `jsdPublic` of the platform's comment. `None`: the field was missing.
    pub jsd_public: Option<bool>,
    /// Restricted to a role or a group. Jira calls such a comment public all the same.
    pub restricted: bool,
    /// Whether it carries the property that we put on what we write.
    pub written_by_us: bool,
    /// The host of the Jira site, whose links are left out ([`OutboundText::of_body`]). `None`:
    /// not known.
    pub site: Option<String>,
    /// When it was written.
    pub created: DateTime<Utc>,
    /// When it was last edited.
    pub updated: DateTime<Utc>,
    /// What it says, as ADF or, if it is a string, as wiki markup.
    pub body: Value,
}

// The body is what an agent wrote to a customer.
impl std::fmt::Debug for Comment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Comment({})", self.id.as_str())
    }
}

/// What to do with a comment.
#[derive(Clone, PartialEq, Eq)]
pub enum ReplyDecision {
    /// It is not for the customer.
    Ignore(IgnoreReason),
    /// The window is closed: keep what was not sent before until the customer writes again, and
    /// tell the agent.
    Hold(Sending),
    /// It is for the customer but there is nothing in it that can be sent: tell the agent.
    NothingToSend,
    /// Send it.
    Send(Sending),
}

/// How a comment is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// With the author's name in front ([`shown_name`]).
    pub named: bool,
    /// As an answer to this message of the customer.
    pub in_answer_to: Option<Wamid>,
}

/// A comment that is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Sending {
    /// To whom.
    pub recipient: Recipient,
    /// The customer's message that the first one answers.
    pub in_answer_to: Option<Wamid>,
    /// The text messages, in order.
    pub parts: Vec<String>,
    /// The files that the comment shows ([`decide_answer`]).
    pub files: Vec<MediaRef>,
}

// The parts are the agent's words.
impl std::fmt::Debug for ReplyDecision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ignore(reason) => write!(f, "Ignore({reason:?})"),
            Self::Hold(sending) => write!(f, "Hold({} parts)", sending.parts.len()),
            Self::NothingToSend => f.write_str("NothingToSend"),
            Self::Send(sending) => write!(f, "Send({} parts)", sending.parts.len()),
        }
    }
}

impl ReplyDecision {
    /// Whether the comment is meant to reach the customer, now or later.
    #[must_use]
    pub fn is_for_the_customer(&self) -> bool {
        matches!(self, Self::Send(_) | Self::Hold(_))
    }
}

/// Why a comment stays inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoreReason {
    /// Jira does not say, in so many words, that it is public.
    NotPublic,
    /// Only a role or a group may read it.
    Restricted,
    /// We wrote it: it is the customer's own message, or a note of ours.
    Own,
}

impl IgnoreReason {
    /// The word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotPublic => "not_public",
            Self::Restricted => "restricted",
            Self::Own => "own",
        }
    }
}

/// Decides what becomes of `comment`. `own_account` is the account that Casement writes with.
///
/// Comments by Automation go out like an agent's. Whether the comment was sent before is the
/// ledger's to say.
#[must_use]
pub fn decide_reply(
    comment: &Comment,
    own_account: &AccountId,
    conversation: &Conversation,
    manner: &Manner,
    now: DateTime<Utc>,
) -> ReplyDecision {
    if comment.author == *own_account || comment.written_by_us {
        return ReplyDecision::Ignore(IgnoreReason::Own);
    }
    if comment.public != Some(true) || comment.jsd_public == Some(false) {
        return ReplyDecision::Ignore(IgnoreReason::NotPublic);
    }
    if comment.restricted {
        return ReplyDecision::Ignore(IgnoreReason::Restricted);
    }
    let text = OutboundText::of_body(&comment.body, comment.site.as_deref());
    let text = match shown_name(comment).filter(|_| manner.named) {
        Some(name) => text.named(&name),
        None => text,
    };
    let parts = text.parts();
    let recipient = conversation.identity.recipient();
    match recipient {
        Some(recipient) if !parts.is_empty() || !text.files.is_empty() => {
            let sending = Sending {
                recipient,
                in_answer_to: manner.in_answer_to.clone(),
                parts,
                files: text.files,
            };
            if conversation.window_is_open(now) {
                ReplyDecision::Send(sending)
            } else {
                ReplyDecision::Hold(sending)
            }
        }
        _ => ReplyDecision::NothingToSend,
    }
}

/// The same conversation after a comment of `created` answered it. A customer who wrote after
/// the comment still waits.
#[must_use]
pub fn answered_by(conversation: Conversation, created: DateTime<Utc>) -> Conversation {
    if conversation
        .awaiting_since
        .is_none_or(|since| created >= since)
    {
        conversation.answered()
    } else {
        conversation
    }
}

#[cfg(test)]
mod leaks;

#[cfg(test)]
pub(crate) mod tests {
    use chrono::Duration;
    use serde_json::json;

    use super::*;
    use crate::conversation::NoticeState;
    use crate::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId};
    use crate::text::MediaSource;
    use crate::timer::Timer;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn document(text: &str) -> Value {
        json!({"type": "doc", "version": 1, "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
    }

    pub(super) fn comment() -> Comment {
        Comment {
            id: CommentId::new("10100"),
            author: AccountId::new("agent"),
            author_name: None,
            parent: None,
            public: Some(true),
            jsd_public: Some(true),
            restricted: false,
            written_by_us: false,
            site: Some("help.example".to_owned()),
            created: at(0),
            updated: at(0),
            body: document("Hello"),
        }
    }

    fn conversation() -> Conversation {
        let phone = PhoneNumber::new("4915112345678");
        let mut conversation = Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str()),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        );
        conversation.window_expires_at = Some(at(3600));
        conversation
    }

    fn decide_in(comment: &Comment, manner: &Manner, now: i64) -> ReplyDecision {
        let own_account = AccountId::new("bridge");
        decide_reply(comment, &own_account, &conversation(), manner, at(now))
    }

    fn decide(comment: &Comment, now: i64) -> ReplyDecision {
        decide_in(comment, &Manner::default(), now)
    }

    #[test]
    fn only_what_is_plainly_public_goes_out() {
        let ignore = ReplyDecision::Ignore;
        for (name, change, expected) in [
            (
                "JSM says internal",
                (|c| c.public = Some(false)) as fn(&mut Comment),
                ignore(IgnoreReason::NotPublic),
            ),
            (
                "JSM says nothing",
                |c| c.public = None,
                ignore(IgnoreReason::NotPublic),
            ),
            (
                "platform says internal",
                |c| c.jsd_public = Some(false),
                ignore(IgnoreReason::NotPublic),
            ),
            (
                "role restricted",
                |c| c.restricted = true,
                ignore(IgnoreReason::Restricted),
            ),
            (
                "our account",
                |c| c.author = AccountId::new("bridge"),
                ignore(IgnoreReason::Own),
            ),
            (
                "our mark",
                |c| c.written_by_us = true,
                ignore(IgnoreReason::Own),
            ),
            (
                "no text",
                |c| c.body = document(""),
                ReplyDecision::NothingToSend,
            ),
        ] {
            let mut comment = comment();
            change(&mut comment);
            assert_eq!(decide(&comment, 0), expected, "{name}");
        }
        let mut silent_platform = comment();
        silent_platform.jsd_public = None;
        for comment in [comment(), silent_platform] {
            assert_eq!(
                decide(&comment, 0),
                ReplyDecision::Send(Sending {
                    recipient: Recipient::Phone(PhoneNumber::new("4915112345678")),
                    in_answer_to: None,
                    parts: vec!["Hello".to_owned()],
                    files: Vec::new(),
                })
            );
        }
    }

    #[test]
    fn free_text_never_leaves_a_closed_window() {
        for now in [3600 - 60, 90_000] {
            let decision = decide(&comment(), now);
            assert!(matches!(decision, ReplyDecision::Hold(_)), "{decision:?}");
        }
        assert!(matches!(
            decide(&comment(), 3600 - 61),
            ReplyDecision::Send(_)
        ));
    }

    #[test]
    fn files_go_along() {
        let mut comment = comment();
        comment.body["content"].as_array_mut().unwrap().push(
            json!({"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]}),
        );
        let ReplyDecision::Send(sending) = decide(&comment, 0) else {
            panic!("not sent")
        };
        let source = MediaSource::Media("x".to_owned());
        assert!(sending.files == [MediaRef { source, alt: None }]);
    }

    #[test]
    fn the_text_is_made_for_whatsapp_and_for_customers() {
        let mut comment = comment();
        comment.body = Value::String("*Done*: https://help.example/browse/AB-1".to_owned());
        let ReplyDecision::Send(sending) = decide(&comment, 0) else {
            panic!("not sent")
        };
        assert_eq!(sending.parts, ["*Done*:"]);
    }

    #[test]
    fn a_name_stands_before_the_text_and_counts() {
        let named = Manner {
            named: true,
            in_answer_to: None,
        };
        let parts = |comment: &Comment, manner: &Manner| match decide_in(comment, manner, 0) {
            ReplyDecision::Send(sending) => sending.parts,
            other => panic!("{other:?}"),
        };
        let mut comment = comment();
        comment.author_name = Some("Ben *Okafor*".to_owned());
        assert_eq!(parts(&comment, &named), ["*Ben Okafor:*\nHello"]);
        assert_eq!(parts(&comment, &Manner::default()), ["Hello"]);
        comment.body = document(&"word ".repeat(819));
        assert_eq!(parts(&comment, &Manner::default()).len(), 1);
        let long = parts(&comment, &named);
        assert!(long[0].starts_with("(1/2)\n*Ben Okafor:*\nword"));
        assert!(long[1].starts_with("(2/2)\nword"));
        assert!(long.iter().all(|part| part.encode_utf16().count() <= 4096));
        // Files alone have no text to stand before.
        comment.body = json!({"type": "doc", "version": 1, "content": [
            {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]}]});
        assert!(parts(&comment, &named).is_empty());
    }

    #[test]
    fn an_answer_ends_the_silence_but_not_a_later_one() {
        let waiting_since = |since| {
            let mut conversation = conversation();
            conversation.awaiting_since = Some(at(since));
            conversation.notice_state = NoticeState::Armed;
            for timer in [Timer::DelayNotice, Timer::KeepOpen, Timer::AgentAlert] {
                let due_at = at(since) + Duration::minutes(10);
                conversation.timers.set(timer, due_at);
            }
            conversation
        };
        for (since, answered) in [(-10, true), (0, true), (10, false)] {
            let after = answered_by(waiting_since(since), comment().created);
            assert_eq!(after.awaiting_since.is_none(), answered, "{since}");
            assert_eq!(after.timers.next().is_none(), answered);
        }
    }
}

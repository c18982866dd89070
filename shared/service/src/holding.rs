//! Holding a reply until the customer writes again.

use casement_core::conversation::Conversation;
use casement_core::identity::{ConversationKey, IssueId};
use casement_core::notes::Note;
use casement_core::reply;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::{Comments, Conversations, Held, HeldReplies, HeldReply, SettingsSource};

/// Why a reply is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Because {
    /// Our clock says that the window is closed.
    OurClock,
    /// Meta says so, whatever our clock says.
    Meta,
}

impl Because {
    /// The word for metrics.
    fn as_str(self) -> &'static str {
        match self {
            Self::OurClock => "our_clock",
            Self::Meta => "meta",
        }
    }
}

/// Holds `held` and tells the agent, with the time in `zone`. May be repeated.
///
/// # Errors
/// The store or Jira failed; repeat it.
pub(crate) async fn hold(
    store: &(impl Conversations + HeldReplies),
    jira: &impl Comments,
    key: &ConversationKey,
    held: &HeldReply,
    because: Because,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    while let Some(conversation) = store.load(key).await? {
        let changed = with_one_more(conversation, held, because, now);
        let before = match store.hold(&changed, held).await? {
            Held::Now => {
                Event::Held.count();
                Event::WindowMissed(because.as_str()).count();
                Before::No
            }
            Held::Already => Before::Perhaps,
            Held::Conflict => continue,
        };
        let note = Note::Held {
            window_ended: changed
                .window_expires_at
                .map(|ended| ended.with_timezone(&zone)),
        };
        let about = format!("held:{}", held.comment_id.as_str());
        note::leave(jira, &held.issue_id, &note, about, before).await?;
        return Ok(());
    }
    Ok(())
}

/// The time zone of the agents of a conversation.
///
/// # Errors
/// There are no settings.
pub(crate) async fn zone_of(
    settings: &impl SettingsSource,
    key: &ConversationKey,
) -> Result<Tz, Failure> {
    let settings = settings.current().await?;
    let number = settings.number(&key.phone_number_id);
    Ok(number.map_or(Tz::UTC, |number| number.time_zone))
}

fn with_one_more(
    mut conversation: Conversation,
    held: &HeldReply,
    because: Because,
    now: DateTime<Utc>,
) -> Conversation {
    conversation.held_count += 1;
    if because == Because::Meta {
        conversation = conversation.closed_by_meta(now);
    }
    // The agent has answered; that the customer cannot read it yet is no reason for a notice.
    reply::answered_by(conversation, held.created)
}

/// The held reply that a comment becomes.
pub(crate) fn held_reply(
    comment: &casement_core::reply::Comment,
    issue_id: &IssueId,
    now: DateTime<Utc>,
) -> HeldReply {
    HeldReply {
        comment_id: comment.id.clone(),
        issue_id: issue_id.clone(),
        created: comment.created,
        held_since: now,
    }
}

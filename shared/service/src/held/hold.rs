//! Holds a reply until the customer writes again.

use casement_core::decide::fields::{Wanted, arm_fields};
use casement_core::decide::{hold_expiry, reply};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, IssueId};
use casement_core::say::notes::Note;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::app::{App, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{Removed, remove};
use crate::note::{self, Attempted};
use crate::ports::*;
use crate::saving::{SOON, load_joined};

/// The reason why a reply is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Because {
    /// The window is closed by our clock.
    OurClock,
    /// Meta says that the window was closed at this time, whatever our clock says.
    Meta(DateTime<Utc>),
}

impl Because {
    /// Returns the word for metrics.
    fn as_str(self) -> &'static str {
        match self {
            Self::OurClock => "our_clock",
            Self::Meta(_) => "meta",
        }
    }
}

/// The time for which replies are held if their number is no longer in the settings.
const HOLD_FOR: Duration = Duration::days(14);

/// The owner's settings for held replies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// The time zone of the agents.
    pub(crate) zone: Tz,
    /// The time for which a reply is held.
    pub(crate) hold_for: Duration,
    /// What requests show.
    pub(crate) fields: Wanted,
}

/// Holds `held` and tells the agent. Idempotent. Returns whether there still is a conversation to
/// hold it in.
///
/// # Errors
/// The store or Jira failed; repeat it.
pub(crate) async fn hold<P: Ports>(
    app: &App<P>,
    key: &ConversationKey,
    held: &HeldReply,
    because: Because,
    terms: Terms,
) -> Result<bool, Failure> {
    while let Some(conversation) = load_joined(&app.store, key).await? {
        let mut changed = with_one_more(conversation, held, because, terms.hold_for);
        arm_fields(&mut changed, terms.fields, app.clock.now());
        let before = match app.store.hold(&changed, held).await? {
            Held::Now => {
                Event::Held.count();
                Event::WindowMissed(because.as_str()).count();
                Attempted::Never
            }
            Held::Already => Attempted::Maybe,
            Held::Conflict => continue,
        };
        let note = Note::Held {
            window_ended: changed
                .window_expires_at
                .map(|ended| ended.with_timezone(&terms.zone)),
        };
        let about = format!("held:{}", held.comment_id.as_str());
        note::leave(&app.jira, &held.issue_id, &note, about, before).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Moves a held reply from the conversation `from` to `to`. Idempotent.
///
/// # Errors
/// The store failed, or `to` is gone and the reply stays where it is; repeat it.
pub(crate) async fn hand_over<P: Ports>(
    app: &App<P>,
    from: &ConversationKey,
    to: &ConversationKey,
    held: &HeldReply,
    terms: Terms,
) -> Result<(), Failure> {
    loop {
        let Some(current) = app.store.load(to).await? else {
            return Err(Failure::NotYet("the conversation is gone", SOON));
        };
        let mut current = with_one_more(current, held, Because::OurClock, terms.hold_for);
        arm_fields(&mut current, terms.fields, app.clock.now());
        if app.store.hold(&current, held).await? != Held::Conflict {
            break;
        }
    }
    remove(app, from, held, Removed::Elsewhere).await
}

/// Returns the terms for the held replies of a conversation.
///
/// # Errors
/// There are no settings.
pub(crate) async fn terms_of<P: Ports>(
    app: &App<P>,
    key: &ConversationKey,
) -> Result<Terms, Failure> {
    let settings = app.settings.current().await?;
    let number = settings.number(&key.phone_number_id);
    Ok(Terms {
        zone: number.map_or(Tz::UTC, |number| number.time_zone),
        hold_for: number.map_or(HOLD_FOR, |number| number.hold_for),
        fields: number.map_or(Wanted::NOTHING_NEW, Wanted::by),
    })
}

/// Counts `held` in the conversation. An agent's reply answers the customer, although it cannot be
/// read yet.
fn with_one_more(
    mut conversation: Conversation,
    held: &HeldReply,
    because: Because,
    hold_for: Duration,
) -> Conversation {
    conversation.held_count += 1;
    conversation = hold_expiry::with_one_more(conversation, held.held_since, hold_for);
    if let Because::Meta(at) = because {
        conversation = conversation.closed_by_meta(at);
    }
    if held.by_rule {
        return conversation;
    }
    // The agent has answered, so no notice is due although the customer cannot read the reply yet.
    reply::answered_by(conversation, held.created, true)
}

/// Makes a held reply from a comment. `by_rule`: it is a rule's notice.
pub(crate) fn held_reply(
    comment: &casement_core::model::comment::Comment,
    issue_id: &IssueId,
    by_rule: bool,
    now: DateTime<Utc>,
) -> HeldReply {
    HeldReply {
        comment_id: comment.id.clone(),
        issue_id: issue_id.clone(),
        created: comment.created,
        held_since: now,
        by_rule,
    }
}

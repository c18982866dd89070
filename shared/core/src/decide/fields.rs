//! What a request shows of its conversation, for queues, JQL and SLAs: the end of the window, since
//! when the customer waits, and how many replies are held.
//!
//! The owner's fields are written together, shortly after something changed, once for a whole burst.
//! The end of the window that is shown is up to [`TOLERANCE`] too early, never too late.

use chrono::{DateTime, Duration, Utc};

use crate::model::conversation::{Conversation, ShownWait, ShownWindow};
use crate::model::identity::IssueId;
use crate::model::private::Private;
use crate::model::timer::Timer;
use crate::settings::NumberSettings;

/// How much later than shown a window may end before the field is written again.
pub const TOLERANCE: Duration = Duration::minutes(10);

/// The delay between a change and the write, so that a burst causes one write. The sweep comes
/// every minute, so the write is never later than that.
const AFTER: Duration = Duration::seconds(30);

/// The delay before a failed write is retried.
const AGAIN_AFTER: Duration = Duration::minutes(5);

/// What the owner wants to see in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The end of the window.
    pub window: bool,
    /// The wait, or the number of held replies.
    pub wait: bool,
}

impl Wanted {
    /// Nothing but what the request shows already.
    pub const NOTHING_NEW: Self = Self {
        window: false,
        wait: false,
    };

    /// Returns what the number's settings have fields for.
    #[must_use]
    pub fn by(number: &NumberSettings) -> Self {
        Self {
            window: number.window_field.is_some(),
            wait: number.waiting_field.is_some() || number.held_field.is_some(),
        }
    }
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A time, or an empty field.
    Time(Option<DateTime<Utc>>),
    /// A number.
    Count(u32),
    /// A text.
    Text(Private<String>),
}

/// What is to be written into one request, in one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWrite {
    pub issue_id: IssueId,
    /// The fields, by id.
    pub fields: Vec<(String, FieldValue)>,
}

/// Arms the write of the fields, if the request shows something outdated. A write that is already
/// armed keeps its time, so that a long burst does not postpone it.
pub fn arm_fields(conversation: &mut Conversation, wanted: Wanted, now: DateTime<Utc>) {
    let window = wanted.window || conversation.shown_window.is_some();
    let wait = wanted.wait || conversation.shown_wait.is_some();
    let is_outdated = (window && window_to_write(conversation).is_some())
        || (wait && wait_is_outdated(conversation));
    let is_armed = conversation.timers.due_at(Timer::WindowField).is_some();
    if is_outdated && !is_armed {
        conversation.timers.set(Timer::WindowField, now + AFTER);
    }
}

/// Returns the conversation after [`arm_fields`], for changes that know no settings: what the
/// request shows already is kept up to date.
#[must_use]
pub fn with_fields_armed(mut conversation: Conversation, now: DateTime<Utc>) -> Conversation {
    arm_fields(&mut conversation, Wanted::NOTHING_NEW, now);
    conversation
}

/// Returns what is to be written: into the request, and first into a former one that would go on
/// showing the wait. Empty if what they show is good enough.
#[must_use]
pub fn fields_to_write(conversation: &Conversation, number: &NumberSettings) -> Vec<FieldWrite> {
    let Some(issue) = &conversation.issue else {
        return Vec::new();
    };
    let shown = conversation.shown_wait.as_ref();
    let is_here = |shown: &&ShownWait| shown.issue_id == issue.id;
    let former = match shown {
        Some(shown) if !is_here(&shown) => cleared(conversation, number),
        _ => None,
    };
    let shown = shown.filter(is_here);
    let (since, held) = (conversation.awaiting_since, conversation.held_count);
    let since_changed = shown.is_none_or(|shown| shown.waiting_since != since);
    let held_changed = shown.is_none_or(|shown| shown.held != held);
    let mut fields = wait_fields(
        number,
        since_changed.then_some(since),
        held_changed.then_some(held),
    );
    let window = number.window_field.clone();
    if let Some((field, ends)) = window.zip(window_to_write(conversation)) {
        fields.push((field, FieldValue::Time(Some(ends))));
    }
    let current = FieldWrite {
        issue_id: issue.id.clone(),
        fields,
    };
    let writes = former.into_iter().chain([current]);
    writes.filter(|write| !write.fields.is_empty()).collect()
}

/// Returns what makes the request that shows the wait show that nobody waits. `None`: nothing does.
#[must_use]
pub fn cleared(conversation: &Conversation, number: &NumberSettings) -> Option<FieldWrite> {
    let shown = conversation.shown_wait.as_ref()?;
    let since = shown.waiting_since.map(|_| None);
    let held = (shown.held > 0).then_some(0);
    let fields = wait_fields(number, since, held);
    (!fields.is_empty()).then(|| FieldWrite {
        issue_id: shown.issue_id.clone(),
        fields,
    })
}

fn wait_fields(
    number: &NumberSettings,
    since: Option<Option<DateTime<Utc>>>,
    held: Option<u32>,
) -> Vec<(String, FieldValue)> {
    let since = number.waiting_field.clone().zip(since);
    let held = number.held_field.clone().zip(held);
    let since = since.map(|(field, since)| (field, FieldValue::Time(since)));
    let held = held.map(|(field, held)| (field, FieldValue::Count(held)));
    since.into_iter().chain(held).collect()
}

/// Returns the end that the request should show, or `None` if the shown one is good enough.
fn window_to_write(conversation: &Conversation) -> Option<DateTime<Utc>> {
    let ends = conversation.window_expires_at?;
    let shown = conversation.shown_window.as_ref();
    let is_fine = |shown: &ShownWindow| {
        let later = ends - shown.ends;
        is_in(conversation, &shown.issue_id) && (Duration::zero()..TOLERANCE).contains(&later)
    };
    (!shown.is_some_and(is_fine)).then_some(ends)
}

fn wait_is_outdated(conversation: &Conversation) -> bool {
    conversation.shown_wait.as_ref().is_none_or(|shown| {
        !is_in(conversation, &shown.issue_id)
            || shown.waiting_since != conversation.awaiting_since
            || shown.held != conversation.held_count
    })
}

fn is_in(conversation: &Conversation, issue: &IssueId) -> bool {
    let current = conversation.issue.as_ref();
    current.is_some_and(|current| current.id == *issue)
}

/// Returns `current` after its request was made to show what `written` says, as far as the number
/// has fields. Arms another write if something has changed in the meantime.
#[must_use]
pub fn showing(
    mut current: Conversation,
    written: &Conversation,
    number: Option<&NumberSettings>,
    now: DateTime<Utc>,
) -> Conversation {
    let wanted = number.map_or(Wanted::NOTHING_NEW, Wanted::by);
    let issue_id = written.issue.as_ref().map(|issue| &issue.id);
    current.shown_window = match (issue_id, window_to_write(written)) {
        (Some(issue_id), Some(ends)) if wanted.window => Some(ShownWindow {
            issue_id: issue_id.clone(),
            ends,
        }),
        _ => current.shown_window.filter(|_| wanted.window),
    };
    let shown_wait = issue_id.map(|issue_id| ShownWait {
        issue_id: issue_id.clone(),
        waiting_since: written.awaiting_since,
        held: written.held_count,
    });
    current.shown_wait = shown_wait.filter(|_| wanted.wait);
    with_fields_armed(current, now)
}

/// Returns the conversation with the write armed for a retry.
#[must_use]
pub fn to_be_shown_later(mut conversation: Conversation, now: DateTime<Utc>) -> Conversation {
    conversation
        .timers
        .set(Timer::WindowField, now + AGAIN_AFTER);
    conversation
}

#[cfg(test)]
mod tests;

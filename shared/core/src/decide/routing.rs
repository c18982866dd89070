//! Which request a message goes to when its conversation already has one.

use chrono::{DateTime, Duration, Utc};

/// The state of a request, as Jira reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Its status is in any category but "done".
    Open,
    /// Its status is in the category "done".
    Done {
        /// The time when it was closed. `None` if Jira gave no readable time.
        since: Option<DateTime<Utc>>,
    },
}

impl RequestState {
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

/// The destination of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Into the request.
    Append,
    /// Into the request, which stays done: nobody has to answer.
    AppendQuietly,
    /// Into the request, which is reopened first.
    Reopen {
        /// The time when it was closed, if Jira says so.
        since: Option<DateTime<Utc>>,
    },
    /// Into a new request that names this one.
    Follow,
}

/// Decides where a message written at `written` goes.
///
/// The time of writing counts, so that a webhook that took days changes nothing. A message from
/// before the request was closed reopens it, because whoever closed it had not seen that message.
#[must_use]
pub fn decide_route(
    state: RequestState,
    is_thanks_only: bool,
    written: DateTime<Utc>,
    reopen_within: Duration,
) -> Route {
    match state {
        RequestState::Open => Route::Append,
        RequestState::Done { .. } if is_thanks_only => Route::AppendQuietly,
        RequestState::Done { since } => {
            let is_soon = |since| written - since < reopen_within;
            if !reopen_within.is_zero() && since.is_none_or(is_soon) {
                Route::Reopen { since }
            } else {
                Route::Follow
            }
        }
    }
}

/// A transition out of a request's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The id in Jira, which differs between workflows.
    pub id: String,
    /// Whether the new status is in the category "done".
    pub leads_to_done: bool,
}

/// Returns the transition that reopens a request: the first in Jira's order that leads to a status
/// that is not done. Names and ids differ between workflows and languages.
#[must_use]
pub fn reopening(transitions: &[Transition]) -> Option<&Transition> {
    transitions
        .iter()
        .find(|transition| !transition.leads_to_done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + hours * 3600, 0).unwrap()
    }

    #[test]
    fn the_state_of_the_request_decides() {
        let open = RequestState::Open;
        let done = |hours| RequestState::Done {
            since: Some(at(hours)),
        };
        let unknown = RequestState::Done { since: None };
        let reopen = |hours| Route::Reopen {
            since: Some(at(hours)),
        };
        for (case, state, thanks, written, expected) in [
            ("open", open, false, 100, Route::Append),
            ("thanks on an open one", open, true, 100, Route::Append),
            ("just done", done(100), false, 100, reopen(100)),
            ("written before the end", done(100), false, 90, reopen(100)),
            ("within three days", done(0), false, 71, reopen(0)),
            ("after three days", done(0), false, 72, Route::Follow),
            ("thanks", done(0), true, 1, Route::AppendQuietly),
            ("late thanks", done(0), true, 500, Route::AppendQuietly),
            (
                "done without a time",
                unknown,
                false,
                500,
                Route::Reopen { since: None },
            ),
        ] {
            let route = decide_route(state, thanks, at(written), Duration::days(3));
            assert_eq!(route, expected, "{case}");
        }
        for (state, written) in [(done(0), 0), (done(1), 0), (unknown, 0)] {
            let never = decide_route(state, false, at(written), Duration::zero());
            assert_eq!(never, Route::Follow, "{state:?}");
        }
    }

    #[test]
    fn the_first_way_out_of_done_reopens() {
        let way = |id: &str, leads_to_done| Transition {
            id: id.to_owned(),
            leads_to_done,
        };
        for (ways, expected) in [
            (vec![], None),
            (vec![way("1", true)], None),
            (
                vec![way("1", true), way("2", false), way("3", false)],
                Some("2"),
            ),
        ] {
            let chosen = reopening(&ways).map(|way| way.id.as_str());
            assert_eq!(chosen, expected, "{ways:?}");
        }
    }
}

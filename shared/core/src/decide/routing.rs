//! Which request a message goes to when its conversation has one already.

use chrono::{DateTime, Duration, Utc};

/// What Jira says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Its status is in any category but "done".
    Open,
    /// Its status is in the category "done".
    Done {
        /// Since when. `None`: Jira gave no time that can be read.
        since: Option<DateTime<Utc>>,
    },
}

impl RequestState {
    /// Whether it is done.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Into the request.
    Append,
    /// Into the request, which stays done: nobody has to answer.
    AppendQuietly,
    /// Into the request, which is reopened first.
    Reopen {
        /// Since when it is done, if Jira says so.
        since: Option<DateTime<Utc>>,
    },
    /// Into a new request that names this one.
    Follow,
}

/// Decides where a message goes that was written at `written`.
///
/// What counts is when the customer wrote, so that a webhook that was days under way changes nothing. A message that is older
/// than the end of the request was not seen by whoever ended it, so it reopens.
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
            if since.is_none_or(|since| written - since < reopen_within) {
                Route::Reopen { since }
            } else {
                Route::Follow
            }
        }
    }
}

/// A way out of the status of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Jira's id of it, which is another one in each workflow.
    pub id: String,
    /// Whether it leads to a status of the category "done".
    pub leads_to_done: bool,
}

/// The transition that reopens a request: the first, in Jira's order, that leads to a status
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
        let never = decide_route(done(0), false, at(0), Duration::zero());
        assert_eq!(never, Route::Follow);
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

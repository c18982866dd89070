//! The statuses of the service project and the transitions between them.

use serde::Deserialize;

/// The kind of a status, whatever its name in the site's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Category {
    New,
    Indeterminate,
    Done,
}

impl Category {
    /// Returns the key in the platform API. The service desk API writes it in capitals.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Indeterminate => "indeterminate",
            Self::Done => "done",
        }
    }

    pub(crate) fn id(self) -> u32 {
        match self {
            Self::New => 2,
            Self::Indeterminate => 4,
            Self::Done => 3,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "To Do",
            Self::Indeterminate => "In Progress",
            Self::Done => "Done",
        }
    }

    pub(crate) fn color(self) -> &'static str {
        match self {
            Self::New => "blue-gray",
            Self::Indeterminate => "yellow",
            Self::Done => "green",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    WaitingForSupport,
    /// Only the preset rules lead here.
    WaitingForCustomer,
    InProgress,
    Resolved,
}

impl Status {
    /// The status of a new request.
    pub(crate) const FIRST: Self = Self::WaitingForSupport;

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Open => "1",
            Self::InProgress => "3",
            Self::Resolved => "5",
            Self::WaitingForSupport => "10001",
            Self::WaitingForCustomer => "10002",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::WaitingForSupport => "Waiting for support",
            Self::WaitingForCustomer => "Waiting for customer",
            Self::InProgress => "In progress",
            Self::Resolved => "Resolved",
        }
    }

    pub(crate) fn category(self) -> Category {
        match self {
            Self::Open => Category::New,
            Self::WaitingForSupport | Self::WaitingForCustomer | Self::InProgress => {
                Category::Indeterminate
            }
            Self::Resolved => Category::Done,
        }
    }

    /// Returns the status that an agent means by moving a request to `category`.
    pub(crate) fn of_category(category: Category) -> Self {
        match category {
            Category::New => Self::Open,
            Category::Indeterminate => Self::InProgress,
            Category::Done => Self::Resolved,
        }
    }
}

/// A transition from one status to another. Its id differs between workflows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transition {
    pub id: &'static str,
    pub name: &'static str,
    pub from: Status,
    pub to: Status,
}

const TRANSITIONS: [Transition; 11] = [
    transition(
        "11",
        "Start work",
        Status::WaitingForSupport,
        Status::InProgress,
    ),
    transition(
        "21",
        "Resolve this issue",
        Status::WaitingForSupport,
        Status::Resolved,
    ),
    transition("31", "Put back", Status::WaitingForSupport, Status::Open),
    transition(
        "41",
        "Wait for support",
        Status::InProgress,
        Status::WaitingForSupport,
    ),
    transition(
        "51",
        "Resolve this issue",
        Status::InProgress,
        Status::Resolved,
    ),
    transition("61", "Start work", Status::Open, Status::InProgress),
    transition("71", "Resolve this issue", Status::Open, Status::Resolved),
    transition("81", "Back to open", Status::Resolved, Status::Open),
    transition("91", "Reopen", Status::Resolved, Status::WaitingForSupport),
    transition(
        "101",
        "Respond to support",
        Status::WaitingForCustomer,
        Status::WaitingForSupport,
    ),
    transition(
        "111",
        "Resolve this issue",
        Status::WaitingForCustomer,
        Status::Resolved,
    ),
];

const fn transition(id: &'static str, name: &'static str, from: Status, to: Status) -> Transition {
    Transition { id, name, from, to }
}

/// Returns the transitions out of `status`.
pub(crate) fn transitions(status: Status) -> impl Iterator<Item = Transition> {
    TRANSITIONS
        .into_iter()
        .filter(move |way| way.from == status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_open_status_leads_to_done_and_done_leads_back() {
        for status in [
            Status::Open,
            Status::WaitingForSupport,
            Status::WaitingForCustomer,
            Status::InProgress,
        ] {
            let mut ways = transitions(status);
            assert!(
                ways.any(|way| way.to.category() == Category::Done),
                "{status:?}"
            );
        }
        let mut back = transitions(Status::Resolved);
        assert!(back.all(|way| way.to.category() != Category::Done));
    }
}

//! What operators want to know the last time of.

use crate::model::queue::Door;

/// Something that happens now and then, and whose absence or presence says something about the
/// setup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sighting {
    /// Jira told of a comment by this door.
    Door(Door),
    /// Another sender held a conversation of ours.
    AnotherSender,
}

impl Sighting {
    /// Returns the word for keys and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Door(door) => door.as_str(),
            Self::AnotherSender => "another_sender",
        }
    }
}

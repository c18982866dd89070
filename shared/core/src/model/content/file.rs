//! What became of the file of a message in Jira.

use crate::model::private::Private;

/// The outcome for the file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOutcome {
    Attached(AttachedFile),
    /// It is not attached, and will not be.
    Missing(FileProblem),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name in Jira.
    pub name: Private<String>,
    /// Its id in Jira's media service, which shows it within a comment. `None` if Jira did not give
    /// one.
    pub media_id: Option<String>,
}

/// The reason why a file is not in Jira. The error messages are for agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// It is larger than the site accepts.
    #[error("it is larger than the {} MB that this Jira site takes", .limit / 1_000_000)]
    TooLarge {
        /// Jira's limit in bytes.
        limit: u64,
    },
    /// The site accepts no attachments at all.
    #[error("attachments are switched off in this Jira site")]
    AttachmentsOff,
    /// Jira refused this file.
    #[error("Jira refused it with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// WhatsApp no longer has it: files are kept for seven days.
    #[error("WhatsApp no longer has it")]
    Gone,
    /// WhatsApp gave an address that our credentials must not be sent to.
    #[error("WhatsApp gave an address for it that is not one of WhatsApp's own")]
    ForeignAddress,
    /// WhatsApp did not hand it over despite several attempts.
    #[error("WhatsApp did not hand it over, although we asked several times")]
    NotHandedOver,
}

impl FileProblem {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::AttachmentsOff => "attachments_off",
            Self::Refused { .. } => "refused",
            Self::Gone => "gone",
            Self::ForeignAddress => "foreign_address",
            Self::NotHandedOver => "not_handed_over",
        }
    }
}

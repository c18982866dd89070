//! Why something automatic waits or is not sent.

use chrono::Duration;

/// How long a timer waits for a request that Jira has not opened yet.
pub const UNTIL_OPENED: Duration = Duration::seconds(60);

/// The reason why something automatic is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// It belongs to an earlier wait or window.
    Superseded,
    /// The customer has been answered.
    Answered,
    /// It was already sent.
    AlreadySent,
    /// The customer wants no automatic messages.
    OptedOut,
    /// The window is closed.
    WindowClosed,
    /// The request is done.
    RequestDone,
    /// The customer was already asked as often as the owner allows.
    AskedOften,
    /// Quiet hours last until the window closes.
    QuietHours,
    /// Another sender holds the conversation, and the message would take it over.
    HeldByAnother,
    /// WhatsApp refuses it.
    Refused,
}

impl SkipReason {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Answered => "answered",
            Self::AlreadySent => "already_sent",
            Self::OptedOut => "opted_out",
            Self::WindowClosed => "window_closed",
            Self::RequestDone => "request_done",
            Self::AskedOften => "asked_often",
            Self::QuietHours => "quiet_hours",
            Self::HeldByAnother => "held_by_another",
            Self::Refused => "refused",
        }
    }
}

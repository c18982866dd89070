//! Why something that goes out by itself waits, or does not go out.

use chrono::Duration;

/// How long a timer waits for a request that Jira has not opened yet.
pub const UNTIL_OPENED: Duration = Duration::seconds(60);

/// Why something that goes out by itself does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// It belongs to an earlier silence or window.
    Superseded,
    /// The customer has been answered.
    Answered,
    /// It went out.
    AlreadySent,
    /// The customer wants no automatic messages.
    OptedOut,
    /// The window is closed.
    WindowClosed,
    /// The request is done.
    RequestDone,
    /// The customer was asked as often as the owner allows.
    AskedOften,
    /// It is night where the customers are, and stays so until the window closes.
    QuietHours,
    /// WhatsApp does not take it.
    Refused,
}

impl SkipReason {
    /// The word for logs and metrics.
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
            Self::Refused => "refused",
        }
    }
}

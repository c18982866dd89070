//! The commands that agents write.

/// Cancels all held replies.
pub const CANCEL: &str = "/cancel";

/// Shows the state of the conversation.
pub const WINDOW: &str = "/window";

/// Sends a template message.
pub const TEMPLATE: &str = "/template";

/// The commands as agents write them, and what each does.
pub const COMMANDS: [(&str, &str); 4] = [
    (WINDOW, "shows the window, held replies and delivery"),
    (CANCEL, "cancels all held replies"),
    (
        "/template NAME LANGUAGE \"value\"",
        "sends an approved template",
    ),
    (
        REPLY,
        "at the start of a public comment: quotes the customer's last message",
    ),
];

/// The word in front of a public comment that quotes the customer's latest message.
pub const REPLY: &str = "/reply";

//! The commands that agents write.

/// The command that cancels all held replies.
pub const CANCEL: &str = "/cancel";

/// The command that shows the state of the conversation.
pub const WINDOW: &str = "/window";

/// The command that sends a template message.
pub const TEMPLATE: &str = "/template";

/// The command that asks the customer for the phone number.
pub const PHONE: &str = "/phone";

/// The commands as agents write them, and what each does.
pub const COMMANDS: [(&str, &str); 5] = [
    (WINDOW, "shows the window, held replies and delivery"),
    (CANCEL, "cancels all held replies"),
    (
        "/template NAME LANGUAGE \"value\"",
        "sends an approved template",
    ),
    (PHONE, "asks the customer for the phone number"),
    (
        REPLY,
        "at the start of a public comment: quotes the customer's last message",
    ),
];

/// The word in front of a public comment that quotes the customer's latest message.
pub const REPLY: &str = "/reply";

//! Messages that did not reach us, and what agents can do about them.
//!
//! The comment in the request says what came. This is for agents alone, as an internal note.

/// Something that WhatsApp did not pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// The new text of an edited message.
    Edit,
    /// A poll.
    Poll,
    /// Content that may be viewed only once.
    ViewOnce,
    /// A picture or a file.
    Picture,
    /// A location, perhaps a live one.
    Location,
    /// A message that WhatsApp cannot show at present.
    Unavailable,
    /// A message of a kind that is not for businesses.
    Message,
    /// A file that WhatsApp does not have.
    File,
    /// A file that did not get through WhatsApp, and the customer could not be told.
    LostFile,
}

impl Unseen {
    /// Returns the word that distinguishes the note about it from notes about others.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Poll => "poll",
            Self::ViewOnce => "view-once",
            Self::Picture => "picture",
            Self::Location => "location",
            Self::Unavailable => "unavailable",
            Self::Message => "message",
            Self::File => "file",
            Self::LostFile => "lost-file",
        }
    }

    /// Returns what is missing, and what an agent can do.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Edit => (
                "The new text of a changed message is not shown here. ",
                "WhatsApp says that the customer changed a message, and not how. Please ask for \
                 it if it matters.",
            ),
            Self::Poll => (
                "A poll is not shown here. ",
                "WhatsApp does not pass polls on to businesses. Please ask for the question as \
                 text.",
            ),
            Self::ViewOnce => (
                "Something that may be viewed only once is not shown here. ",
                "WhatsApp does not pass it on to businesses. Please ask for it as an ordinary \
                 message.",
            ),
            Self::Picture => (
                "A picture or a file is not here. ",
                "WhatsApp did not pass it on. Please ask for it again, as an ordinary photo or \
                 document.",
            ),
            Self::Location => (
                "A location is not shown here. ",
                "WhatsApp does not pass live locations on to businesses. Please ask for a fixed \
                 one.",
            ),
            Self::Unavailable => (
                "A message is not shown here. ",
                "WhatsApp cannot show it to us at present. Please ask the customer to send it \
                 again.",
            ),
            Self::Message => (
                "A message is not shown here. ",
                "WhatsApp does not pass messages of its kind on to businesses. Please ask for it \
                 another way.",
            ),
            Self::File => (
                "A file of the customer is not here. ",
                "WhatsApp did not pass it on, and the customer sees it as sent. Please ask for it \
                 again.",
            ),
            Self::LostFile => (
                "A file did not arrive, and the customer was not told. ",
                "It is larger than 100 MB, or its transfer failed; the customer sees it as sent. \
                 Please ask for a smaller one, or for another way to get it.",
            ),
        }
    }
}

//! Files that agents attach: whether WhatsApp takes them, and as what.

use serde::{Deserialize, Serialize};

use crate::fate::WhatsappCode;
use crate::identity::AttachmentId;

/// A file of a comment in Jira.
#[derive(Clone, PartialEq, Eq)]
pub struct CommentFile {
    /// Jira's id.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Its type, as Jira says.
    pub mime_type: String,
    /// In bytes.
    pub size: u64,
}

// Names of files tell what they are about.
impl std::fmt::Debug for CommentFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CommentFile({})", self.id.as_str())
    }
}

/// As what WhatsApp shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileForm {
    /// A picture in the chat.
    Image,
    /// A video in the chat.
    Video,
    /// A recording that plays in the chat.
    Audio,
    /// A sticker.
    Sticker,
    /// A file by its name.
    Document,
}

impl FileForm {
    /// The Cloud API's name of the message type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Sticker => "sticker",
            Self::Document => "document",
        }
    }

    /// Whether a text may stand under it.
    #[must_use]
    pub fn takes_caption(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }

    /// The largest that WhatsApp takes, in bytes (Cloud API, "Media": supported media types), in
    /// the stricter reading of a megabyte.
    fn limit(self) -> u64 {
        match self {
            Self::Image => 5_000_000,
            Self::Video | Self::Audio => 16_000_000,
            Self::Sticker => 100_000,
            Self::Document => 100_000_000,
        }
    }
}

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sendable {
    /// As what.
    pub form: FileForm,
    /// The type to upload it with, without parameters.
    pub mime_type: &'static str,
}

/// Why WhatsApp does not take a file. The words are for agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSendable {
    /// Not a type that WhatsApp knows.
    #[error(
        "WhatsApp does not take files of this type. It takes JPEG, PNG, MP4, 3GP, MP3, AAC, OGG, \
         PDF, plain text, and Word, Excel and PowerPoint documents"
    )]
    Type,
    /// Larger than WhatsApp takes.
    #[error("it is larger than the {} kB that WhatsApp takes of this type", .limit / 1000)]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// Jira does not list it among the comment's.
    #[error("Jira does not have it among the files of the comment")]
    Missing,
    /// It is a picture from elsewhere in the web.
    #[error("it is not attached but shown from elsewhere in the web")]
    Elsewhere,
    /// WhatsApp does not take it after all.
    #[error("WhatsApp refused it{}", .code.map_or_else(String::new, |code| format!(" (WhatsApp code {code})")))]
    Refused {
        /// Meta's code.
        code: Option<WhatsappCode>,
    },
}

/// Decides how a file is sent.
///
/// # Errors
/// It cannot be sent; say so in the request.
pub fn sendable(file: &CommentFile) -> Result<Sendable, NotSendable> {
    let mime_type = file.mime_type.split(';').next().unwrap_or_default();
    let mime_type = mime_type.trim().to_ascii_lowercase();
    let known = KNOWN.iter().find(|(known, _)| *known == mime_type);
    let (mime_type, form) = match known {
        Some(known) => *known,
        // Lists and logs are of use as what they are.
        None if mime_type.starts_with("text/") => (PLAIN_TEXT, FileForm::Document),
        None => return Err(NotSendable::Type),
    };
    let limit = form.limit();
    match file.size {
        0 => Err(NotSendable::Empty),
        size if size > limit => Err(NotSendable::TooLarge { limit }),
        _ => Ok(Sendable { form, mime_type }),
    }
}

const PLAIN_TEXT: &str = "text/plain";

/// Cloud API, "Media": supported media types.
const KNOWN: [(&str, FileForm); 18] = [
    ("image/jpeg", FileForm::Image),
    ("image/png", FileForm::Image),
    ("image/webp", FileForm::Sticker),
    ("video/mp4", FileForm::Video),
    ("video/3gpp", FileForm::Video),
    ("audio/aac", FileForm::Audio),
    ("audio/amr", FileForm::Audio),
    ("audio/mpeg", FileForm::Audio),
    ("audio/mp4", FileForm::Audio),
    ("audio/ogg", FileForm::Audio),
    (PLAIN_TEXT, FileForm::Document),
    ("application/pdf", FileForm::Document),
    ("application/msword", FileForm::Document),
    ("application/vnd.ms-excel", FileForm::Document),
    ("application/vnd.ms-powerpoint", FileForm::Document),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        FileForm::Document,
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileForm::Document,
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        FileForm::Document,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(mime_type: &str, size: u64) -> Result<(FileForm, &'static str), NotSendable> {
        let file = CommentFile {
            id: AttachmentId::new("1"),
            name: "a".to_owned(),
            mime_type: mime_type.to_owned(),
            size,
        };
        sendable(&file).map(|how| (how.form, how.mime_type))
    }

    #[test]
    fn files_are_sent_as_what_they_are() {
        for (mime_type, expected) in [
            ("image/jpeg", (FileForm::Image, "image/jpeg")),
            ("IMAGE/PNG", (FileForm::Image, "image/png")),
            ("image/webp", (FileForm::Sticker, "image/webp")),
            ("video/mp4", (FileForm::Video, "video/mp4")),
            ("audio/ogg; codecs=opus", (FileForm::Audio, "audio/ogg")),
            ("application/pdf", (FileForm::Document, "application/pdf")),
            ("text/csv;charset=utf-8", (FileForm::Document, "text/plain")),
        ] {
            assert_eq!(decided(mime_type, 1000), Ok(expected), "{mime_type}");
        }
    }

    #[test]
    fn what_whatsapp_does_not_take_is_known_before() {
        for (mime_type, size, expected) in [
            ("image/heic", 1000, NotSendable::Type),
            ("application/zip", 1000, NotSendable::Type),
            ("", 1000, NotSendable::Type),
            ("image/png", 0, NotSendable::Empty),
            (
                "image/png",
                5_000_001,
                NotSendable::TooLarge { limit: 5_000_000 },
            ),
            (
                "image/webp",
                100_001,
                NotSendable::TooLarge { limit: 100_000 },
            ),
        ] {
            assert_eq!(
                decided(mime_type, size),
                Err(expected),
                "{mime_type} {size}"
            );
        }
        assert!(decided("image/png", 5_000_000).is_ok());
        assert!(decided("application/pdf", 100_000_000).is_ok());
    }
}

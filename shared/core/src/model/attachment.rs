//! Files that agents attach: whether WhatsApp accepts them, and in which form.

mod media_type;

use serde::{Deserialize, Serialize};

use self::media_type::{Known, judge};
pub(crate) use self::media_type::{canonical, says_nothing};

use crate::model::fate::WhatsappCode;
use crate::model::identity::AttachmentId;

/// A file attached to a comment in Jira.
#[derive(Clone, PartialEq, Eq)]
pub struct CommentFile {
    pub id: AttachmentId,
    pub name: String,
    /// The media type, as Jira reports it.
    pub mime_type: String,
    /// The size in bytes.
    pub size: u64,
}

// File names can reveal what the files are about.
impl std::fmt::Debug for CommentFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CommentFile({})", self.id.as_str())
    }
}

/// The form in which WhatsApp shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileForm {
    /// A picture in the chat.
    Image,
    /// A video in the chat.
    Video,
    /// A recording that plays in the chat.
    Audio,
    Sticker,
    /// A file shown by its name.
    Document,
}

impl FileForm {
    /// Returns the Cloud API's name of the message type.
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

    /// Returns whether the file may have a caption.
    #[must_use]
    pub fn takes_caption(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }

    /// Returns the largest size that WhatsApp accepts, in bytes (Cloud API, "Media": supported
    /// media types), in the stricter reading of a megabyte.
    fn limit(self) -> u64 {
        match self {
            Self::Image => 5_000_000,
            Self::Video | Self::Audio => 16_000_000,
            Self::Sticker => 100_000,
            Self::Document => 100_000_000,
        }
    }
}

/// The way a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sendable {
    pub form: FileForm,
    /// The media type to upload it with, without parameters.
    pub mime_type: &'static str,
}

/// The reason why a part of a comment is not sent. The error messages are for agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSendable {
    /// WhatsApp does not know the media type.
    #[error(
        "WhatsApp does not take files of this type. It takes JPEG, PNG, WebP, MP4, 3GP, MP3, M4A, \
         AAC, AMR, OGG, PDF, plain text, and Word, Excel and PowerPoint documents"
    )]
    Type,
    /// Neither the media type nor the name says what the file is.
    #[error(
        "neither its type nor its name says what it is. Attach it again under a name with an \
         ending, such as .jpg or .docx"
    )]
    UnknownType,
    /// The file is larger than WhatsApp accepts.
    #[error("it is larger than the {} kB that WhatsApp takes of this type", .limit / 1000)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file is empty.
    #[error("it is empty")]
    Empty,
    /// Jira does not list the file among those of the comment.
    #[error("Jira does not have it among the files of the comment")]
    Missing,
    /// The picture is on another web site.
    #[error("it is not attached but shown from elsewhere in the web")]
    Elsewhere,
    /// The link leads to the inside of Jira.
    #[error("customers have no access there")]
    Inside,
    /// The link does not lead to the web.
    #[error("a phone cannot follow it")]
    NoWebLink,
    /// An app shows the content, or Casement does not know its kind.
    #[error("it has no text that WhatsApp could carry")]
    NoText,
    /// WhatsApp refused the file after all.
    #[error("WhatsApp refused it{}", .code.map_or_else(String::new, |code| format!(" (WhatsApp code {code})")))]
    Refused {
        /// Meta's error code.
        code: Option<WhatsappCode>,
    },
}

impl NotSendable {
    /// Returns whether the reason concerns a file.
    #[must_use]
    pub fn is_about_a_file(self) -> bool {
        !matches!(self, Self::Inside | Self::NoWebLink | Self::NoText)
    }
}

/// Decides how a file is sent.
///
/// # Errors
/// The file cannot be sent; say so in the request.
pub fn sendable(file: &CommentFile) -> Result<Sendable, NotSendable> {
    let (mime_type, form) = match judge(&file.mime_type, &file.name) {
        Known::Taken(mime_type, form) => (mime_type, form),
        Known::NotTaken => return Err(NotSendable::Type),
        Known::Unknown => return Err(NotSendable::UnknownType),
    };
    let limit = form.limit();
    match file.size {
        0 => Err(NotSendable::Empty),
        size if size > limit => Err(NotSendable::TooLarge { limit }),
        _ => Ok(Sendable { form, mime_type }),
    }
}

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
            ("", 1000, NotSendable::UnknownType),
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

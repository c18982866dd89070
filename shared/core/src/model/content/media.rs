//! Photos, videos, recordings, documents and stickers.

use serde::{Deserialize, Serialize};

use super::file::{AttachedFile, FileOutcome};
use super::pages::{Pages, label};
use crate::model::adf::File;
use crate::model::fate::WhatsappCode;
use crate::text;

/// Meta could not download the customer's file, usually because it is larger than 100 MB (Cloud
/// API, "Error codes", 131052).
pub(super) const NOT_DOWNLOADED: WhatsappCode = WhatsappCode(131_052);

/// A file that WhatsApp keeps for us (Cloud API, "Media"). This is only a description: the file
/// itself is not here.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub kind: MediaKind,
    /// Meta's id of the file, valid for seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The media type given by the customer's phone, for example `audio/ogg; codecs=opus`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The SHA-256 that Meta gives, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A document's name, given by the customer's phone: not safe as a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The customer's words under the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The reason why Meta could not get the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<WhatsappCode>,
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A photo or another picture.
    Image,
    /// A video.
    Video,
    /// An audio file.
    Audio,
    /// A voice message, recorded in WhatsApp.
    VoiceNote,
    /// Any other file.
    Document,
    Sticker,
    /// A sticker that moves.
    AnimatedSticker,
}

impl MediaKind {
    /// Returns Meta's name of the message type.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio | Self::VoiceNote => "audio",
            Self::Document => "document",
            Self::Sticker | Self::AnimatedSticker => "sticker",
        }
    }

    /// Returns whether the file is shown in place rather than as a card.
    fn is_seen(self) -> bool {
        !matches!(self, Self::Audio | Self::VoiceNote | Self::Document)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Image => "Photo",
            Self::Video => "Video",
            Self::Audio => "Audio file",
            Self::VoiceNote => "Voice note",
            Self::Document => "Document",
            Self::Sticker => "Sticker",
            Self::AnimatedSticker => "Animated sticker",
        }
    }
}

impl Media {
    fn label(&self) -> String {
        let words = self.kind.words();
        let name = self.file_name.as_deref().map(text::one_line);
        match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("[{words}: {}]", label(&name)),
            None => format!("[{words}]"),
        }
    }

    pub(super) fn first_line(&self) -> String {
        let label = self.label();
        match self.caption.as_deref().and_then(text::first_line) {
            Some(caption) => format!("{label} {caption}"),
            None => label,
        }
    }

    /// Returns whether WhatsApp keeps the file for us.
    pub(super) fn is_held(&self) -> bool {
        self.id.is_some() && self.error.is_none()
    }

    pub(super) fn write(&self, pages: &mut Pages, file: Option<&FileOutcome>) {
        pages.ours(&self.label());
        pages.text(self.caption.as_deref().unwrap_or_default());
        match file {
            Some(FileOutcome::Attached(file)) => self.show(file, pages),
            Some(FileOutcome::Missing(problem)) => {
                pages.ours(&format!("The file is not here: {problem}."));
            }
            None if !self.is_held() => pages.ours(self.lost()),
            None => {}
        }
    }

    fn show(&self, file: &AttachedFile, pages: &mut Pages) {
        match &file.media_id {
            Some(id) if self.kind.is_seen() => pages.block(File::large(id, &file.name)),
            Some(id) => pages.block(File::card(id, &file.name)),
            None => pages.ours(&format!("Attached to the request as {}", file.name.get())),
        }
    }

    /// Explains why WhatsApp has no file for us.
    fn lost(&self) -> &'static str {
        if self.error == Some(NOT_DOWNLOADED) {
            "WhatsApp could not pass the file on: it is larger than 100 MB, or its transfer failed."
        } else {
            "WhatsApp did not pass the file on."
        }
    }
}

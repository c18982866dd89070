//! The kinds of file, and WhatsApp's limits for each.

use serde::Deserialize;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// The largest file that the Cloud API takes, from Casement and from customers.
///
/// Source: Meta, "Media": documents to send, and all media that are received.
pub(crate) const LARGEST: u64 = 100 * MB;

/// The largest file that a phone sends.
pub(crate) const LARGEST_ON_PHONE: u64 = 2 * 1024 * MB;

/// How many bytes [`is_animated`] looks at.
pub(crate) const HEAD: usize = 21;

/// The media types that Casement may send.
///
/// Source: Meta, "Media", supported media types. The error that names them has `audio/opus` too.
const SENDABLE: [(Kind, &[&str]); 5] = [
    (Kind::Image, &["image/jpeg", "image/png"]),
    (Kind::Video, &["video/mp4", "video/3gpp"]),
    (
        Kind::Audio,
        &[
            "audio/aac",
            "audio/amr",
            "audio/mpeg",
            "audio/mp4",
            "audio/ogg",
            "audio/opus",
        ],
    ),
    (
        Kind::Document,
        &[
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ],
    ),
    (Kind::Sticker, &["image/webp"]),
];

/// A kind of message that carries a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Image,
    Video,
    Audio,
    Document,
    Sticker,
}

impl Kind {
    /// Returns the name used in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        SENDABLE
            .into_iter()
            .map(|(kind, _)| kind)
            .find(|kind| kind.name() == name)
    }

    /// Returns the kind that a phone uses for a file of this media type.
    pub(crate) fn on_phone(mime_type: &str) -> Self {
        match mime_type.split('/').next() {
            _ if mime_type.starts_with("image/webp") => Self::Sticker,
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }

    /// Returns the kind that Casement must use for a file of this media type, or `None` if it may
    /// not be sent. Meta takes no media types with parameters.
    pub(crate) fn sendable(mime_type: &str) -> Option<Self> {
        SENDABLE
            .into_iter()
            .find(|(_, types)| types.contains(&mime_type))
            .map(|(kind, _)| kind)
    }

    /// Returns all media types that Casement may send.
    pub(crate) fn sendable_types() -> Vec<&'static str> {
        SENDABLE
            .into_iter()
            .flat_map(|(_, types)| types)
            .copied()
            .collect()
    }

    /// Returns the most bytes that a file of this kind may have when Casement sends it.
    ///
    /// Source: Meta, "Media", supported media types.
    pub(crate) fn limit(self, animated: bool) -> u64 {
        match self {
            Self::Image => 5 * MB,
            Self::Video | Self::Audio => 16 * MB,
            Self::Document => LARGEST,
            Self::Sticker if animated => 500 * KB,
            Self::Sticker => 100 * KB,
        }
    }

    /// Returns whether a file of this kind may have a caption.
    pub(crate) fn takes_caption(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }
}

/// Returns whether a WebP image that begins with these bytes is animated.
///
/// Source: WebP container specification, flags of the `VP8X` chunk.
pub(crate) fn is_animated(head: &[u8]) -> bool {
    let extended = head.get(8..16) == Some(b"WEBPVP8X");
    extended && head.get(20).is_some_and(|flags| flags & 0x02 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_decide_the_kind() {
        let table = [
            ("image/jpeg", Kind::Image, Some(Kind::Image)),
            ("image/heic", Kind::Image, None),
            ("image/webp", Kind::Sticker, Some(Kind::Sticker)),
            ("video/mp4", Kind::Video, Some(Kind::Video)),
            ("audio/ogg", Kind::Audio, Some(Kind::Audio)),
            ("audio/ogg; codecs=opus", Kind::Audio, None),
            ("application/pdf", Kind::Document, Some(Kind::Document)),
            ("application/zip", Kind::Document, None),
            ("text/csv", Kind::Document, None),
            ("", Kind::Document, None),
        ];
        for (mime_type, on_phone, sendable) in table {
            assert_eq!(Kind::on_phone(mime_type), on_phone, "{mime_type}");
            assert_eq!(Kind::sendable(mime_type), sendable, "{mime_type}");
        }
        assert_eq!(Kind::sendable_types().len(), 19);
    }

    #[test]
    fn names_lead_back_to_their_kinds() {
        for (kind, _) in SENDABLE {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("text"), None);
    }

    #[test]
    fn only_the_flag_makes_a_sticker_move() {
        let head = |flags: u8| [b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[flags]].concat();
        assert_eq!(head(0).len(), HEAD);
        for (head, animated) in [
            (head(0x02), true),
            (head(0x12), true),
            (head(0x10), false),
            (b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\x02".to_vec(), false),
            (b"RIFF".to_vec(), false),
        ] {
            assert_eq!(is_animated(&head), animated, "{head:?}");
        }
    }
}

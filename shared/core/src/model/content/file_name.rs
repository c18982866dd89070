//! The name of a message's file in Jira.

use super::{Media, MediaKind};
use crate::model::attachment::{canonical, says_nothing};
use crate::model::identity::Wamid;
use crate::text;

/// The longest name without its extension, in characters. File systems accept 255 bytes, and a
/// character may have four.
const STEM_LIMIT: usize = 40;

/// The longest text that counts as an extension, in characters.
const ENDING_LIMIT: usize = 10;

impl Media {
    /// Returns the name under which the file of the message `wamid` is attached. It is safe as a
    /// file name and in all of Jira's markup, and unique to this message.
    #[must_use]
    pub fn attachment_name(&self, wamid: &Wamid) -> String {
        let given = self.file_name.as_deref().map(text::composed);
        let given = given.as_deref().map(text::one_line);
        let given = given
            .as_deref()
            .and_then(|name| name.rsplit(['/', '\\']).next());
        let (stem, ending) = match given.and_then(|name| name.rsplit_once('.')) {
            Some((stem, ending)) if is_ending(ending) => (Some(stem), Some(ending)),
            _ => (given, None),
        };
        let stem = stem.map(safe).filter(|stem| !stem.is_empty());
        let stem = stem.unwrap_or_else(|| self.kind.stem().to_owned());
        let ending = ending
            .map(str::to_ascii_lowercase)
            .or_else(|| self.ending());
        let mark = &wamid.fingerprint()[..8];
        match ending {
            Some(ending) => format!("{stem}-{mark}.{ending}"),
            None => format!("{stem}-{mark}"),
        }
    }

    /// Returns the usual extension for files of this type.
    fn ending(&self) -> Option<String> {
        let mime_type = canonical(self.mime_type.as_deref()?);
        let ending = match mime_type.as_str() {
            // Players know these better than `oga` and `mpga`.
            "audio/ogg" => Some("ogg"),
            "audio/mpeg" => Some("mp3"),
            "audio/mp4" => Some("m4a"),
            // An extension that says nothing would only get in the way of opening the file.
            other if says_nothing(other) => None,
            other => mime2ext::mime2ext(other),
        };
        ending.map(str::to_owned)
    }
}

impl MediaKind {
    fn stem(self) -> &'static str {
        match self {
            Self::Image => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::VoiceNote => "voice-note",
            Self::Document => "document",
            Self::Sticker | Self::AnimatedSticker => "sticker",
        }
    }
}

fn is_ending(text: &str) -> bool {
    (1..=ENDING_LIMIT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Keeps letters, digits and a few marks. Everything else means something to a shell, a browser or
/// Jira's wiki markup, where `!name|thumbnail!` shows a file.
fn safe(stem: &str) -> String {
    let mut is_in_word = false;
    let kept = stem.chars().map(|c| {
        // A combining mark belongs to its letter, and so does a joiner to the next letter.
        let belongs = is_in_word && (text::is_mark(c) || text::is_joiner(c));
        is_in_word = belongs || c.is_alphanumeric();
        let is_plain = matches!(c, '-' | '_' | '.' | ' ' | ',' | '(' | ')');
        if is_in_word || is_plain { c } else { '_' }
    });
    let kept: String = kept.collect();
    let kept = text::prefix_within(&kept, STEM_LIMIT);
    kept.trim_matches(|c| matches!(c, '.' | ' ') || text::is_joiner(c))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: MediaKind, name: Option<&str>, mime_type: Option<&str>) -> String {
        let media = Media {
            kind,
            id: None,
            mime_type: mime_type.map(str::to_owned),
            sha256: None,
            file_name: name.map(str::to_owned),
            caption: None,
            error: None,
        };
        let mark = &Wamid::new("wamid.1").fingerprint()[..8];
        let name = media.attachment_name(&Wamid::new("wamid.1"));
        assert!(name.contains(mark), "{name}");
        assert_ne!(name, media.attachment_name(&Wamid::new("wamid.2")));
        name.replace(mark, "#")
    }

    #[test]
    fn names_are_safe_and_unique() {
        let long = "ü".repeat(300);
        // There is no single character for this letter.
        let marked = "q\u{323}\u{307}".repeat(100);
        let document = MediaKind::Document;
        for (kind, name, mime_type, expected) in [
            (document, Some("Offer 3.PDF"), None, "Offer 3-#.pdf"),
            (
                document,
                Some("Rechnung | März!].pdf"),
                None,
                "Rechnung _ März__-#.pdf",
            ),
            (document, Some("../../etc/passwd"), None, "passwd-#"),
            (document, Some("C:\\secret\\a.txt"), None, "a-#.txt"),
            (document, Some("a\u{0}b\nc.txt"), None, "a b c-#.txt"),
            (document, Some("x\u{202e}fdp.exe"), None, "xfdp-#.exe"),
            (document, Some("[^a]{b}*.csv"), None, "__a__b__-#.csv"),
            (document, Some(".htaccess"), None, "document-#.htaccess"),
            // As an Apple device names it.
            (document, Some("Gro\u{308}ße.pdf"), None, "Größe-#.pdf"),
            (document, Some("रसीद हिन्दी.pdf"), None, "रसीद हिन्दी-#.pdf"),
            (document, Some("ใบเสร็จรับเงิน.pdf"), None, "ใบเสร็จรับเงิน-#.pdf"),
            (document, Some("فاتورةٌ.pdf"), None, "فاتورةٌ-#.pdf"),
            (
                document,
                Some("می\u{200c}خواهم.pdf"),
                None,
                "می\u{200c}خواهم-#.pdf",
            ),
            (document, Some("\u{301}\u{200d}a.pdf"), None, "__a-#.pdf"),
            (
                document,
                Some(marked.as_str()),
                None,
                &*format!("{}-#", "q\u{323}\u{307}".repeat(13)),
            ),
            (
                document,
                Some("..."),
                Some("application/pdf"),
                "document-#.pdf",
            ),
            (
                document,
                Some("v1.2 final"),
                Some("application/pdf"),
                "v1.2 final-#.pdf",
            ),
            (
                document,
                Some(long.as_str()),
                None,
                &*format!("{}-#", "ü".repeat(40)),
            ),
            (
                document,
                None,
                Some("application/x-unheard-of"),
                "document-#",
            ),
            (
                document,
                Some("contract"),
                Some("application/octet-stream"),
                "contract-#",
            ),
            (
                document,
                Some("contract.pdf"),
                Some("multipart/form-data"),
                "contract-#.pdf",
            ),
            (
                document,
                Some("scan"),
                Some("binary/octet-stream"),
                "scan-#",
            ),
            (
                document,
                Some("\u{1112}\u{1161}\u{11ab}.pdf"),
                None,
                "\u{d55c}-#.pdf",
            ),
            (document, Some("Ho\u{31b}\u{323}p.pdf"), None, "Hợp-#.pdf"),
            (MediaKind::Image, None, Some("image/jpeg"), "photo-#.jpg"),
            (
                MediaKind::VoiceNote,
                None,
                Some("audio/ogg; codecs=opus"),
                "voice-note-#.ogg",
            ),
            (
                MediaKind::Sticker,
                None,
                Some("image/webp"),
                "sticker-#.webp",
            ),
            (MediaKind::Video, None, Some("video/mp4"), "video-#.mp4"),
            (MediaKind::Audio, None, Some("audio/mpeg"), "audio-#.mp3"),
            (MediaKind::Audio, None, None, "audio-#"),
        ] {
            assert_eq!(named(kind, name, mime_type), expected, "{name:?}");
        }
    }
}

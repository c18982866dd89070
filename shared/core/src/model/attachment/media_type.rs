//! The media types that WhatsApp knows, and which one a file has.
//!
//! Jira passes on the media type that came with the file: browsers go by the file name extension,
//! programs often say nothing, and portals report the type of the upload itself. So a type is
//! recognized in all its spellings, and where it says too little the extension decides. The first
//! bytes would tell more, but the file is not opened before its form is decided.

use super::FileForm;

pub(super) const PLAIN_TEXT: &str = "text/plain";

/// Cloud API, "Media": supported media types.
const TAKEN: [(&str, FileForm); 18] = [
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

/// Other spellings of these types, used by browsers, phones and libraries.
const SPELLINGS: [(&str, &[&str]); 12] = [
    (
        "image/jpeg",
        &[
            "image/jpg",
            "image/pjpeg",
            "image/jpe",
            "image/jfif",
            "image/pipeg",
            "image/x-jpeg",
            "image/x-jpg",
        ],
    ),
    ("image/png", &["image/x-png"]),
    ("image/webp", &["image/x-webp"]),
    (
        "video/mp4",
        &[
            "video/x-mp4",
            "video/x-m4v",
            "video/m4v",
            "video/mpeg4",
            "video/h264",
            "application/mp4",
        ],
    ),
    (
        "video/3gpp",
        &["video/3gp", "video/x-3gpp", "video/3gpp-encrypted"],
    ),
    (
        "audio/aac",
        &[
            "audio/x-aac",
            "audio/aacp",
            "audio/x-hx-aac-adts",
            "audio/vnd.dlna.adts",
        ],
    ),
    ("audio/amr", &["audio/x-amr", "audio/amr-nb"]),
    (
        "audio/mpeg",
        &[
            "audio/mp3",
            "audio/x-mp3",
            "audio/mpeg3",
            "audio/x-mpeg",
            "audio/x-mpeg-3",
            "audio/mpg",
            "audio/x-mpg",
        ],
    ),
    (
        "audio/mp4",
        &[
            "audio/m4a",
            "audio/x-m4a",
            "audio/x-mp4",
            "audio/mp4a-latm",
            "audio/mpeg4",
        ],
    ),
    (
        "audio/ogg",
        &[
            "audio/x-ogg",
            "audio/opus",
            "audio/x-opus",
            "audio/x-opus+ogg",
            "application/ogg",
        ],
    ),
    (
        "application/pdf",
        &[
            "application/x-pdf",
            "application/acrobat",
            "application/vnd.pdf",
            "applications/vnd.pdf",
            "text/pdf",
            "text/x-pdf",
        ],
    ),
    (
        "application/msword",
        &[
            "application/vnd.msword",
            "application/vnd.ms-word",
            "application/x-msword",
            "application/word",
            "application/doc",
        ],
    ),
];

/// Likewise for Excel and `PowerPoint`, whose types come with every combination of "x" and "ms" in
/// front.
const OFFICE: [(&str, &[&str]); 2] = [
    (
        "application/vnd.ms-excel",
        &[
            "application/excel",
            "application/msexcel",
            "application/x-excel",
            "application/x-msexcel",
            "application/xls",
            "application/x-xls",
        ],
    ),
    (
        "application/vnd.ms-powerpoint",
        &[
            "application/powerpoint",
            "application/mspowerpoint",
            "application/x-powerpoint",
            "application/x-mspowerpoint",
            "application/ppt",
        ],
    ),
];

/// Media types that say nothing about a file.
const SAYING_NOTHING: [&str; 12] = [
    "application/octet-stream",
    "application/octetstream",
    "application/x-octet-stream",
    "binary/octet-stream",
    "application/binary",
    "application/x-binary",
    "application/unknown",
    "application/x-unknown",
    "application/download",
    "application/x-download",
    "application/force-download",
    "application/x-www-form-urlencoded",
];

/// Text under other names, useful to people who can read it.
const WRITTEN: [&str; 10] = [
    "application/json",
    "application/xml",
    "application/yaml",
    "application/x-yaml",
    "application/csv",
    "application/x-csv",
    "application/sql",
    "application/javascript",
    "application/x-javascript",
    "application/x-sh",
];

/// A file as far as its media type and its name identify it.
pub(super) enum Known {
    /// WhatsApp accepts it with this media type, in this form.
    Taken(&'static str, FileForm),
    /// WhatsApp does not accept it.
    NotTaken,
    /// Neither type nor name identifies it.
    Unknown,
}

/// Identifies a file by its media type and its name.
pub(super) fn judge(media_type: &str, name: &str) -> Known {
    let declared = canonical(media_type);
    let by_name = ending_of(name).map(|ending| of_ending(&ending));
    let named = by_name.flatten();
    let taken = match (taken(&declared), named) {
        // Programs that look at the first bytes of a file find text in everything, and see the same
        // container in a recording and in a film.
        (Some((PLAIN_TEXT, _)), Some(named)) => Some(named),
        (Some(("video/mp4", _)), Some(named @ ("audio/mp4", _))) => Some(named),
        (Some(declared), _) => Some(declared),
        (None, Some(named)) => Some(named),
        (None, None) if is_text(&declared) => taken(PLAIN_TEXT),
        (None, None) => None,
    };
    match taken {
        Some((media_type, form)) => Known::Taken(media_type, form),
        None if says_nothing(&declared) && by_name.is_none() => Known::Unknown,
        None => Known::NotTaken,
    }
}

/// Returns the usual spelling of a media type, in lowercase and without parameters.
pub(crate) fn canonical(media_type: &str) -> String {
    let media_type = media_type.split([';', ',']).next().unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    let mut spellings = SPELLINGS.iter().chain(&OFFICE);
    let usual = spellings.find(|(_, others)| others.contains(&media_type.as_str()));
    usual.map_or(media_type, |(usual, _)| (*usual).to_owned())
}

fn taken(media_type: &str) -> Option<(&'static str, FileForm)> {
    let known = TAKEN.iter().find(|(known, _)| *known == media_type);
    // Lists and logs are useful as plain text.
    let text = || is_text(media_type).then_some((PLAIN_TEXT, FileForm::Document));
    known.copied().or_else(text)
}

fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/") || WRITTEN.contains(&media_type)
}

pub(crate) fn says_nothing(media_type: &str) -> bool {
    let has_both = media_type
        .split_once('/')
        .is_some_and(|(kind, sort)| !kind.is_empty() && !sort.is_empty());
    !has_both
        || media_type.contains('*')
        || media_type.starts_with("multipart/")
        || SAYING_NOTHING.contains(&media_type)
}

/// Returns the extension of a file name in lowercase, if it has one.
fn ending_of(name: &str) -> Option<String> {
    let (stem, ending) = name.trim().rsplit_once('.')?;
    let is_ending = (1..=10).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        && !stem.is_empty();
    is_ending.then(|| ending.to_ascii_lowercase())
}

/// Returns the type and form in which WhatsApp accepts a file with this extension.
fn of_ending(ending: &str) -> Option<(&'static str, FileForm)> {
    let usual = match ending {
        // The usual list of extensions lacks these, or gives another type.
        "amr" => Some("audio/amr"),
        "jfif" => Some("image/jpeg"),
        "opus" => Some("audio/ogg"),
        "m4a" => Some("audio/mp4"),
        "3gp" => Some("video/3gpp"),
        _ => mime_guess::from_ext(ending).first_raw(),
    };
    taken(&canonical(usual?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the type that a file is sent with.
    fn sent(media_type: &str, name: &str) -> &'static str {
        match judge(media_type, name) {
            Known::Taken(media_type, _) => media_type,
            Known::NotTaken => "not taken",
            Known::Unknown => "unknown",
        }
    }

    #[test]
    fn a_type_is_known_in_every_spelling() {
        for (media_type, expected) in [
            ("image/jpeg", "image/jpeg"),
            ("image/jpg", "image/jpeg"),
            ("IMAGE/PJPEG", "image/jpeg"),
            ("image/x-png", "image/png"),
            (" image/webp ", "image/webp"),
            ("audio/x-m4a", "audio/mp4"),
            ("audio/m4a", "audio/mp4"),
            ("audio/mp3", "audio/mpeg"),
            ("audio/ogg; codecs=opus", "audio/ogg"),
            ("audio/opus", "audio/ogg"),
            ("video/x-m4v", "video/mp4"),
            ("video/3gp", "video/3gpp"),
            ("application/x-pdf", "application/pdf"),
            ("text/pdf", "application/pdf"),
            ("Application/PDF; name=\"a.pdf\"", "application/pdf"),
            ("application/x-msexcel", "application/vnd.ms-excel"),
            ("text/csv;charset=utf-8", "text/plain"),
            ("text/x-log", "text/plain"),
            ("application/json", "text/plain"),
            ("image/heic", "not taken"),
            ("image/svg+xml", "not taken"),
            ("application/zip", "not taken"),
            ("video/quicktime", "not taken"),
        ] {
            assert_eq!(sent(media_type, "a"), expected, "{media_type}");
        }
    }

    #[test]
    fn a_type_that_says_nothing_leaves_it_to_the_name() {
        for media_type in [
            "",
            "application/octet-stream",
            "binary/octet-stream",
            "APPLICATION/OCTET-STREAM; charset=binary",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "*/*",
            "application/*",
            "unknown",
            "application/x-something-of-ours",
        ] {
            for (name, expected) in [
                ("contract.pdf", "application/pdf"),
                ("Scan 1.JPG", "image/jpeg"),
                ("a.b.jpeg ", "image/jpeg"),
                ("a.png", "image/png"),
                ("a.webp", "image/webp"),
                ("a.mp4", "video/mp4"),
                ("a.m4v", "video/mp4"),
                ("a.3gp", "video/3gpp"),
                ("a.mp3", "audio/mpeg"),
                ("a.m4a", "audio/mp4"),
                ("a.aac", "audio/aac"),
                ("a.amr", "audio/amr"),
                ("a.ogg", "audio/ogg"),
                ("a.opus", "audio/ogg"),
                ("a.doc", "application/msword"),
                ("a.docx", TAKEN[15].0),
                ("a.xls", "application/vnd.ms-excel"),
                ("a.xlsx", TAKEN[16].0),
                ("a.ppt", "application/vnd.ms-powerpoint"),
                ("a.pptx", TAKEN[17].0),
                ("a.txt", "text/plain"),
                ("a.csv", "text/plain"),
                ("server.log", "text/plain"),
                ("a.heic", "not taken"),
                ("a.zip", "not taken"),
                ("contract.pdf.zip", "not taken"),
            ] {
                assert_eq!(sent(media_type, name), expected, "{media_type} {name}");
            }
        }
        for name in ["contract", "", "Offer 3. final version", ".", ".pdf"] {
            assert_eq!(sent("application/octet-stream", name), "unknown", "{name}");
        }
    }

    #[test]
    fn a_type_that_says_too_little_gives_way_to_the_name() {
        for (media_type, name, expected) in [
            ("text/plain", "contract.pdf", "application/pdf"),
            ("text/html", "photo.jpg", "image/jpeg"),
            ("application/zip", "offer.docx", TAKEN[15].0),
            (
                "application/x-ole-storage",
                "a.xls",
                "application/vnd.ms-excel",
            ),
            ("video/mp4", "memo.m4a", "audio/mp4"),
            ("text/plain", "main.ts", "text/plain"),
            ("text/plain", "archive.zip", "text/plain"),
            // A type that says enough is trusted.
            ("image/png", "photo.jpg", "image/png"),
            ("application/pdf", "contract.txt", "application/pdf"),
            ("audio/mp4", "film.mp4", "audio/mp4"),
        ] {
            assert_eq!(sent(media_type, name), expected, "{media_type} {name}");
        }
    }
}

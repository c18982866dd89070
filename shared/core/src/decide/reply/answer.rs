//! The messages that a comment with files becomes.

use chrono::{DateTime, Duration, Utc};

use super::Sending;
use crate::model::attachment::{CommentFile, NotSendable, Sendable, sendable};
use crate::model::comment::Comment;
use crate::text::{CAPTION_LIMIT, LeftOut, MediaRef, MediaSource, is_same_name, utf16_len};

/// How long Jira may take to list a comment's files.
const LISTED_WITHIN: Duration = Duration::minutes(2);

/// The delay before Jira is asked again.
const ASKED_AGAIN: Duration = Duration::seconds(5);

/// The WhatsApp messages for a comment.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The messages, in order.
    pub parts: Vec<AnswerPart>,
    /// The names of parts that are not sent, with reasons.
    pub left_out: Vec<(String, NotSendable)>,
}

/// One message of an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum AnswerPart {
    Text(String),
    File {
        file: CommentFile,
        /// The form in which the file is sent.
        how: Sendable,
        /// The text under the file.
        caption: Option<String>,
    },
}

impl AnswerPart {
    /// Returns the file if the message has none of the agent's words. Other messages do not depend
    /// on it.
    #[must_use]
    pub fn bare_file(&self) -> Option<&CommentFile> {
        match self {
            Self::File {
                file,
                caption: None,
                ..
            } => Some(file),
            _ => None,
        }
    }
}

// `Debug` must not print the texts and names: an agent wrote them to a customer.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (parts, left_out) = (self.parts.len(), self.left_out.len());
        write!(f, "Answer({parts} parts, {left_out} left out)")
    }
}

/// Decides which messages the comment becomes. `listed` are its files as Jira lists them. Returns
/// `Err` if Jira does not list every file of the comment yet; ask again after this long.
///
/// The text comes first and the files follow in Jira's order. A single file with a short text is
/// one message.
pub fn decide_answer(
    sending: &Sending,
    comment: &Comment,
    listed: Vec<CommentFile>,
    now: DateTime<Utc>,
) -> Result<Answer, Duration> {
    let missing = missing(&sending.files, &listed);
    if !missing.is_empty() && now < comment.created + LISTED_WITHIN {
        return Err(ASKED_AGAIN);
    }
    let mut files = Vec::new();
    let mut left_out = Vec::new();
    for file in listed {
        match sendable(&file) {
            Ok(how) => files.push((file, how)),
            Err(reason) => left_out.push((file.name, reason)),
        }
    }
    left_out.extend(missing.into_iter().map(|file| (file, NotSendable::Missing)));
    left_out.extend(elsewhere(&sending.files).map(|file| (file, NotSendable::Elsewhere)));
    left_out.extend(unsaid(&sending.left_out));
    let mut texts = sending.parts.get().clone();
    let caption = caption(&texts, &files);
    if caption.is_some() {
        texts.clear();
    }
    let texts = texts.into_iter().map(AnswerPart::Text);
    let files = files.into_iter().map(|(file, how)| AnswerPart::File {
        file,
        how,
        caption: caption.clone(),
    });
    Ok(Answer {
        parts: texts.chain(files).collect(),
        left_out,
    })
}

/// Returns the text if it may stand under the only file.
fn caption(texts: &[String], files: &[(CommentFile, Sendable)]) -> Option<String> {
    let ([text], [(_, how)]) = (texts, files) else {
        return None;
    };
    let fits = how.form.takes_caption() && utf16_len(text) <= CAPTION_LIMIT;
    fits.then(|| text.clone())
}

/// Names what the text omits besides files, each kind once.
fn unsaid(left_out: &[LeftOut]) -> impl Iterator<Item = (String, NotSendable)> {
    let kinds = [LeftOut::InsideLink, LeftOut::OtherLink, LeftOut::Content];
    kinds.into_iter().filter_map(|kind| {
        let count = left_out.iter().filter(|other| **other == kind).count();
        let (one, several, why) = match kind {
            LeftOut::InsideLink => (
                "a link to the inside of Jira",
                "links to the inside of Jira",
                NotSendable::Inside,
            ),
            LeftOut::OtherLink => ("a link", "links", NotSendable::NoWebLink),
            LeftOut::Content => (
                "a part of the comment",
                "parts of the comment",
                NotSendable::NoText,
            ),
        };
        match count {
            0 => None,
            1 => Some((one.to_owned(), why)),
            count => Some((format!("{count} {several}"), why)),
        }
    })
}

/// Returns the names of the comment's files that Jira does not list. A file without a name counts
/// as missing only when fewer files are listed than shown.
fn missing(shown: &[MediaRef], listed: &[CommentFile]) -> Vec<String> {
    let mut attached: Vec<&MediaRef> = Vec::new();
    for file in shown {
        let is_attached = !matches!(file.source, MediaSource::Address(_));
        if is_attached && !attached.contains(&file) {
            attached.push(file);
        }
    }
    let is_listed = |name: &str| listed.iter().any(|file| is_same_name(&file.name, name));
    let named = attached.iter().filter_map(|file| name(file));
    let missing: Vec<String> = named
        .filter(|name| !is_listed(name))
        .map(str::to_owned)
        .collect();
    if missing.is_empty() && attached.len() > listed.len() {
        return vec!["a file".to_owned()];
    }
    missing
}

fn name(file: &MediaRef) -> Option<&str> {
    file.alt.as_deref().filter(|name| !name.is_empty())
}

fn elsewhere(shown: &[MediaRef]) -> impl Iterator<Item = String> {
    let pictures = shown
        .iter()
        .filter(|file| matches!(file.source, MediaSource::Address(_)));
    pictures.map(|file| name(file).unwrap_or("a picture").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::reply::tests::comment;
    use crate::model::attachment::FileForm;
    use crate::model::identity::{AttachmentId, PhoneNumber, Recipient};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn file(name: &str, mime_type: &str) -> CommentFile {
        CommentFile {
            id: AttachmentId::new(name),
            name: name.to_owned(),
            mime_type: mime_type.to_owned(),
            size: 1000,
        }
    }

    fn shown(id: &str, alt: Option<&str>) -> MediaRef {
        MediaRef {
            source: MediaSource::Media(id.to_owned()),
            alt: alt.map(str::to_owned),
        }
    }

    /// The messages in short form, and what is left out.
    type Short = (Vec<String>, Vec<(String, NotSendable)>);

    fn decided(
        texts: &[&str],
        shown: &[MediaRef],
        listed: &[CommentFile],
        now: i64,
    ) -> Result<Short, Duration> {
        let sending = Sending {
            in_answer_to: None,
            recipient: Recipient::Phone(PhoneNumber::new("49151")),
            parts: Vec::from_iter(texts.iter().map(|text| (*text).to_owned())).into(),
            files: shown.to_vec().into(),
            left_out: Vec::new(),
            by_rule: false,
        };
        let answer = decide_answer(&sending, &comment(), listed.to_vec(), at(now))?;
        let parts = answer.parts.into_iter().map(|part| match part {
            AnswerPart::Text(text) => text,
            AnswerPart::File { file, how, caption } => {
                let caption = caption.unwrap_or_default();
                format!("{} {} {caption}", how.form.as_str(), file.name)
                    .trim_end()
                    .to_owned()
            }
        });
        Ok((parts.collect(), answer.left_out))
    }

    fn sent(texts: &[&str], listed: &[CommentFile]) -> Vec<String> {
        decided(texts, &[], listed, 0).unwrap().0
    }

    #[test]
    fn a_short_text_stands_under_the_only_file() {
        let photo = file("a.jpg", "image/jpeg");
        let voice = file("a.ogg", "audio/ogg");
        let (long, longest) = ("x".repeat(1025), "x".repeat(1024));
        for (texts, files, expected) in [
            (vec!["hi"], vec![photo.clone()], vec!["image a.jpg hi"]),
            (vec![], vec![photo.clone()], vec!["image a.jpg"]),
            (vec!["hi"], vec![voice.clone()], vec!["hi", "audio a.ogg"]),
            (
                vec!["hi"],
                vec![photo.clone(), voice],
                vec!["hi", "image a.jpg", "audio a.ogg"],
            ),
            (
                vec!["(1/2)\na", "(2/2)\nb"],
                vec![photo.clone()],
                vec!["(1/2)\na", "(2/2)\nb", "image a.jpg"],
            ),
            (vec![&long], vec![photo.clone()], vec![&long, "image a.jpg"]),
            (vec!["hi"], vec![], vec!["hi"]),
        ] {
            assert_eq!(sent(&texts, &files), expected);
        }
        assert_eq!(sent(&[&longest], &[photo]).len(), 1);
    }

    #[test]
    fn what_cannot_be_sent_is_left_out_and_said() {
        let files = [
            file("a.zip", "application/zip"),
            file("b.pdf", "application/pdf"),
        ];
        let elsewhere = MediaRef {
            source: MediaSource::Address("https://pictures.example/1".to_owned()),
            alt: None,
        };
        let (parts, left_out) = decided(&["hi"], &[elsewhere], &files, 0).unwrap();
        assert_eq!(parts, ["document b.pdf hi"]);
        assert_eq!(
            left_out,
            [
                ("a.zip".to_owned(), NotSendable::Type),
                ("a picture".to_owned(), NotSendable::Elsewhere),
            ]
        );
        assert_eq!(FileForm::Document.as_str(), "document");
    }

    #[test]
    fn what_the_text_does_not_say_is_counted_once_a_kind() {
        use LeftOut::{Content, InsideLink, OtherLink};
        for (left_out, expected) in [
            (vec![], vec![]),
            (
                vec![InsideLink],
                vec![("a link to the inside of Jira", NotSendable::Inside)],
            ),
            (
                vec![Content, InsideLink, OtherLink, InsideLink],
                vec![
                    ("2 links to the inside of Jira", NotSendable::Inside),
                    ("a link", NotSendable::NoWebLink),
                    ("a part of the comment", NotSendable::NoText),
                ],
            ),
        ] {
            let said: Vec<_> = unsaid(&left_out).collect();
            let said: Vec<_> = said.iter().map(|(what, why)| (&**what, *why)).collect();
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn files_that_jira_does_not_list_yet_are_waited_for() {
        let pdf = file("b.pdf", "application/pdf");
        let decomposed = file("Gro\u{308}ße.pdf", "application/pdf");
        for (shown, listed, is_missing) in [
            (vec![shown("u1", Some("b.pdf"))], vec![], Some("b.pdf")),
            (vec![shown("u1", Some("b.pdf"))], vec![pdf.clone()], None),
            (vec![shown("u1", Some("Größe.pdf"))], vec![decomposed], None),
            (vec![shown("u1", None)], vec![], Some("a file")),
            (vec![shown("u1", None)], vec![pdf.clone()], None),
            // One file shown twice.
            (vec![shown("u1", None), shown("u1", None)], vec![pdf], None),
        ] {
            let early = decided(&["hi"], &shown, &listed, 60);
            let late = decided(&["hi"], &shown, &listed, 120).unwrap();
            match is_missing {
                Some(name) => {
                    assert_eq!(early, Err(ASKED_AGAIN));
                    assert_eq!(late.1, [(name.to_owned(), NotSendable::Missing)]);
                    assert_eq!(late.0, ["hi"]);
                }
                None => assert_eq!(early, Ok(late)),
            }
        }
    }
}

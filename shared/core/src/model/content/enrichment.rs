//! Facts about a message that are found outside it, in Jira and at WhatsApp.

use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::file::{AttachedFile, FileOutcome};
use crate::model::content::Quotation;
use crate::text;

/// The longest line that is quoted, in characters.
const QUOTED_LIMIT: usize = 200;

/// The beginnings of our own marks that stand before a message's words ([`super::Context`]).
const MARKS: [&str; 7] = [
    "[Forwarded",
    "[In reply to",
    "[About the product",
    "[The customer writes to",
    "[Meta's agent answered",
    "[Answered in the",
    "[Another sender of",
];

/// Facts about a message, found before it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrichment {
    /// The earlier message that this one replies to, changes, deletes or reacts to. `None` if there
    /// is none, or if nothing of it may be shown.
    pub earlier: Option<Quotation>,
    /// The outcome for its file, if it has one.
    pub file: Option<FileOutcome>,
    /// The file with the rest of the message ([`super::InboundContent::documents`]). `None` if the
    /// comments show all of it.
    pub rest: Option<AttachedFile>,
    /// The beginning of a call, in the agents' time zone.
    pub called_at: Option<DateTime<Tz>>,
}

/// Returns the line by which a comment in Jira is quoted, at most 200 characters.
///
/// That is the first of its own words, without quotations and without the marks that we put before
/// a customer's message. If it has none, that is our word for it, such as `[Photo]`. `body` is its
/// ADF document.
#[must_use]
pub(crate) fn first_line_of(body: &Value) -> Option<String> {
    let blocks = body["content"].as_array()?;
    let lines: Vec<Line> = blocks.iter().filter_map(Line::of).collect();
    let own = lines.iter().find(|line| !line.is_ours);
    let ours = || lines.iter().find(|line| !line.is_mark());
    let line = own.or_else(ours)?;
    Some(text::truncated(&line.words, QUOTED_LIMIT))
}

/// Returns the line by which an internal note about one of Casement's own messages is quoted.
///
/// That is the first line of what the customer was sent. It follows our words for agents, which are
/// in bold. `body` is the note's ADF document.
pub(crate) fn sent_line_of(body: &Value) -> Option<String> {
    let mut sent = None;
    inlines(body["content"].get(0)?, &mut |inline| {
        if has_mark(inline, "strong") {
            sent = Some(String::new());
        } else if let Some(sent) = &mut sent {
            sent.push_str(&words_of(inline));
        }
    });
    let line = text::first_line(&sent?)?;
    Some(text::truncated(&line, QUOTED_LIMIT))
}

/// The first line of a block.
struct Line {
    words: String,
    /// Whether all of it is in italics, as our own words are.
    is_ours: bool,
}

impl Line {
    fn of(block: &Value) -> Option<Self> {
        if matches!(
            block["type"].as_str(),
            Some("blockquote" | "codeBlock" | "rule")
        ) {
            return None;
        }
        let mut words = String::new();
        let mut is_ours = true;
        inlines(block, &mut |inline| {
            words.push_str(&words_of(inline));
            is_ours &= is_emphasis(inline);
        });
        let words = text::first_line(&words)?;
        Some(Self { words, is_ours })
    }

    fn is_mark(&self) -> bool {
        MARKS.iter().any(|mark| self.words.starts_with(mark))
    }
}

fn inlines(node: &Value, visit: &mut impl FnMut(&Value)) {
    match node["content"].as_array() {
        Some(children) => {
            children.iter().for_each(|child| inlines(child, visit));
            // The next node starts a new line.
            visit(&json!({"type": "hardBreak"}));
        }
        None => visit(node),
    }
}

fn words_of(inline: &Value) -> String {
    let attribute = |name: &str| inline["attrs"][name].as_str();
    let words = match inline["type"].as_str() {
        Some("text") => inline["text"].as_str(),
        Some("hardBreak") => Some("\n"),
        Some("emoji") => attribute("text").or(attribute("shortName")),
        _ => attribute("text"),
    };
    words.unwrap_or_default().to_owned()
}

fn is_emphasis(inline: &Value) -> bool {
    has_mark(inline, "em") || inline["type"] == "hardBreak"
}

fn has_mark(inline: &Value, name: &str) -> bool {
    let marks = inline["marks"].as_array();
    marks.is_some_and(|marks| marks.iter().any(|mark| mark["type"] == name))
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Forwarded, InboundContent, Media, MediaKind};
    use super::*;
    use crate::model::adf::Document;
    use crate::model::identity::Wamid;
    use crate::model::opt_out::OptOut;
    use crate::model::private::Private;
    use crate::say::notes::{Note, OptOutNote, TemplateNote, TimerNote};

    fn value(document: &Document) -> Value {
        serde_json::to_value(document).unwrap()
    }

    fn photo(caption: Option<&str>) -> InboundContent {
        InboundContent::Media(Media {
            kind: MediaKind::Image,
            id: Some("55".to_owned()),
            mime_type: None,
            sha256: None,
            file_name: None,
            caption: caption.map(str::to_owned),
            error: None,
        })
    }

    #[test]
    fn a_message_is_quoted_by_its_own_words() {
        let text = |body: &str| InboundContent::Text {
            body: body.to_owned(),
        };
        let plain = Context::default();
        let marked = Context {
            forwarded: Some(Forwarded::Once),
            reply_to: Some(Wamid::new("wamid.1")),
            ..Context::default()
        };
        let earlier = Enrichment {
            earlier: Some(Quotation::line("the question")),
            file: None,
            rest: None,
            called_at: None,
        };
        let long = "long ".repeat(100);
        for (content, context, expected) in [
            (text("\n \nIt broke\nagain"), &plain, "It broke"),
            (text("Yes"), &marked, "Yes"),
            (photo(Some("the wheel")), &plain, "the wheel"),
            (photo(None), &marked, "[Photo]"),
            (text("[Forwarded to you]"), &marked, "[Forwarded to you]"),
        ] {
            let documents = content.documents(context, &earlier);
            let line = first_line_of(&value(&documents[0]));
            assert_eq!(line.as_deref(), Some(expected));
        }
        let long = first_line_of(&value(&Document::literal(&long))).unwrap();
        assert_eq!(long.chars().count(), QUOTED_LIMIT);
    }

    #[test]
    fn an_agents_comment_is_quoted_whatever_it_is_made_of() {
        let mention = json!({"type": "mention", "attrs": {"id": "1", "text": "@Kim"}});
        let word = |text: &str| json!({"type": "text", "text": text});
        let paragraph = |content: Value| json!({"type": "paragraph", "content": content});
        let doc = |content: Value| json!({"type": "doc", "version": 1, "content": content});
        let item = |text| json!({"type": "listItem", "content": [paragraph(json!([word(text)]))]});
        let list = json!({"type": "bulletList", "content": [item("first"), item("second")]});
        let quote = json!({"type": "blockquote", "content": [
            paragraph(json!([word("what you wrote")]))]});
        for (content, expected) in [
            (
                json!([quote, paragraph(json!([word("Hello "), mention]))]),
                Some("Hello @Kim"),
            ),
            (json!([list]), Some("first")),
            (json!([quote]), None),
            (json!([]), None),
            (json!("text"), None),
        ] {
            assert_eq!(first_line_of(&doc(content)).as_deref(), expected);
        }
        assert_eq!(first_line_of(&Value::Null), None);
    }

    #[test]
    fn of_a_note_what_the_customer_was_sent_is_quoted() {
        let text = || Private::from("We will be back\nsoon");
        for (note, expected) in [
            (Note::NoticeSent { text: text() }, Some("We will be back")),
            (Note::LostFileTold { text: text() }, Some("We will be back")),
            (
                Note::Template(TemplateNote::Sent {
                    text: text(),
                    to: Some("…678".into()),
                    window_is_closed: true,
                }),
                Some("We will be back"),
            ),
            (
                Note::Template(TemplateNote::Announced {
                    text: text(),
                    hold: None,
                }),
                Some("We will be back"),
            ),
            (
                Note::Timer(TimerNote::AskedToKeepOpen {
                    text: "Still there?".into(),
                    button: "Yes".to_owned(),
                }),
                Some("Still there? [Yes]"),
            ),
            (
                Note::OptOut(OptOutNote {
                    opt_out: OptOut::Stop,
                    confirmed: Some("You get no more of these".into()),
                }),
                Some("You get no more of these"),
            ),
        ] {
            let line = sent_line_of(&value(&note.document()));
            assert_eq!(line.as_deref(), expected);
        }
        for odd in [Value::Null, json!({"content": []}), json!({"content": [7]})] {
            assert_eq!(sent_line_of(&odd), None);
        }
    }
}

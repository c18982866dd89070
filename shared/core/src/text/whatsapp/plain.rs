//! The plain text of a comment, character by character, without its formatting.
//!
//! A word is the same in bold, in a heading, in a list, in a table, in a panel or as code.

use serde_json::Value;

use super::adf::{self, Chips};
use super::link::{is_same_address, written_out};
use super::tree::{Block, Source, Span};
use crate::text::{Site, is_blank, is_blank_char};

/// The mentions that count as words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mentions {
    /// All but those at the start, which only address somebody.
    BehindText,
    /// No mentions.
    None,
}

/// Returns the words of a comment's body, an ADF document or a string.
///
/// Blocks and line breaks end a line. Chips give the text that customers see: a card its address,
/// or the key of an issue at `site`; a date its day; a file within a sentence its name. Other
/// files, and mentions at the start, leave nothing.
#[must_use]
pub fn plain_text(body: &Value, site: Option<&Site>) -> String {
    read(body, site, Mentions::BehindText)
}

/// Does the same as [`plain_text`], without mentions.
pub(crate) fn text_without_mentions(body: &Value) -> String {
    read(body, None, Mentions::None)
}

fn read(body: &Value, site: Option<&Site>, mentions: Mentions) -> String {
    let mut plain = Plain {
        site,
        mentions,
        text: String::new(),
    };
    plain.write(&adf::read(body, Chips::Bare).blocks);
    plain.text.trim_matches(is_blank_char).to_owned()
}

struct Plain<'a> {
    site: Option<&'a Site>,
    mentions: Mentions,
    text: String,
}

impl Plain<'_> {
    fn write(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.paragraph(spans),
                Block::Code(code) => {
                    self.text.push_str(code);
                    self.end_line();
                }
                Block::Quote(blocks) => self.write(blocks),
                Block::List(items) => items.iter().for_each(|item| self.write(&item.content)),
                Block::Table(rows) => rows.iter().flatten().for_each(|cell| self.write(cell)),
            }
        }
    }

    fn paragraph(&mut self, spans: &[Span]) {
        let mut in_front = is_blank(&self.text);
        let mut words: Vec<Span> = Vec::new();
        for span in spans {
            let is_mention = span.source == Source::Mention;
            if is_mention && (in_front || self.mentions == Mentions::None) {
                continue;
            }
            in_front &= is_blank(&span.text) && span.link.is_none();
            words.push(as_typed(span));
        }
        for span in written_out(&words, self.site, &mut Vec::new()) {
            self.text.push_str(&span.text);
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Drops a link that only repeats the span's text, since the text stays as typed.
fn as_typed(span: &Span) -> Span {
    let repeats = |href: &String| !span.text.is_empty() && is_same_address(&span.text, href);
    Span {
        link: span.link.clone().filter(|href| !repeats(href)),
        ..span.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HELP: Site = Site::at(std::borrow::Cow::Borrowed("help.example"));
    const SITE: Option<&Site> = Some(&HELP);

    #[test]
    fn every_character_stays_as_it_was_typed() {
        let text = |text: &str| json!({"type": "text", "text": text});
        let marked = json!({"type": "text", "text": "_b_*", "marks": [{"type": "strong"}]});
        let paragraph = |content: Vec<Value>| json!({"type": "paragraph", "content": content});
        let document = |content: Vec<Value>| json!({"type": "doc", "content": content});
        for (body, expected) in [
            (json!(" /cancel "), "/cancel"),
            (json!("a_b_c *d*"), "a_b_c *d*"),
            (document(vec![paragraph(vec![text("a"), marked])]), "a_b_*"),
            (
                document(vec![
                    paragraph(vec![text("a"), json!({"type": "hardBreak"}), text("b")]),
                    paragraph(vec![text("c")]),
                ]),
                "a\nb\nc",
            ),
            (
                document(vec![
                    json!({"type": "codeBlock", "content": [text("x  \"y\"")]}),
                ]),
                "x  \"y\"",
            ),
            (
                document(vec![
                    paragraph(vec![
                        json!({"type": "mention", "attrs": {"text": "@Ana"}}),
                        text("\u{a0}see "),
                        json!({"type": "mention", "attrs": {"text": "@Ben"}}),
                        json!({"type": "emoji", "attrs": {"shortName": ":a:", "text": "🙂"}}),
                        json!({"type": "inlineCard", "attrs": {"url": "https://a.example"}}),
                    ]),
                    json!({"type": "mediaSingle", "content": [{"type": "media"}]}),
                ]),
                "see @Ben🙂https://a.example",
            ),
            (
                document(vec![json!({"type": "taskList", "content": [
                    {"type": "taskItem", "content": [text("a")]},
                    {"type": "taskItem", "content": [text("b")]},
                ]})]),
                "a\nb",
            ),
            (
                document(vec![paragraph(vec![
                    text("/template t de \""),
                    json!({"type": "inlineCard", "attrs": {"url": "https://help.example/browse/AB-1"}}),
                    text("\" \""),
                    json!({"type": "date", "attrs": {"timestamp": "1792281600000"}}),
                    text("\" \""),
                    json!({"type": "status", "attrs": {"text": "on hold", "color": "red"}}),
                    text("\" "),
                    json!({"type": "mediaInline", "attrs": {"id": "1", "alt": "a.jpg"}}),
                    text(" \""),
                    json!({"type": "text", "text": "shop.example", "marks": [
                        {"type": "link", "attrs": {"href": "https://shop.example/"}}]}),
                    text("\""),
                ])]),
                "/template t de \"AB-1\" \"2026-10-18\" \"on hold\" a.jpg \"shop.example\"",
            ),
            (json!(null), ""),
            (json!({"type": "doc", "content": "?"}), ""),
        ] {
            assert_eq!(plain_text(&body, SITE), expected, "{body}");
        }
    }
}

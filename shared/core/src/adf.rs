//! The part of the Atlassian Document Format that Casement writes.
//!
//! A [`Document`] can hold paragraphs of text, line breaks and our own emphasis, and nothing
//! else. Whatever a customer types becomes a text node and so stays literal: it cannot turn
//! into a mention, a link, an image or a macro (Atlassian Document Format, JSON schema 1).

use serde::Serialize;

/// A document, ready to be sent as the `body` of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    version: u8,
    #[serde(rename = "type")]
    kind: &'static str,
    content: Vec<Paragraph>,
}

/// One paragraph of a [`Document`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    #[serde(rename = "type")]
    kind: &'static str,
    content: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Inline {
    Text {
        text: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
    HardBreak,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Mark {
    Strong,
    Em,
}

impl Document {
    /// A document of these paragraphs.
    #[must_use]
    pub fn new(content: Vec<Paragraph>) -> Self {
        Self {
            version: 1,
            kind: "doc",
            content,
        }
    }

    /// A document that shows `text` literally.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::new(vec![Paragraph::default().text(text)])
    }

    /// How many characters the document has as JSON, which is what Jira counts.
    #[must_use]
    pub fn serialized_len(&self) -> usize {
        serde_json::to_string(self).map_or(0, |json| json.chars().count())
    }
}

impl Default for Paragraph {
    fn default() -> Self {
        Self {
            kind: "paragraph",
            content: Vec::new(),
        }
    }
}

impl Paragraph {
    /// Adds literal text. Line ends become line breaks; characters that Jira refuses are dropped.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.marked(text, &[])
    }

    /// Adds literal text in bold.
    #[must_use]
    pub fn strong(self, text: &str) -> Self {
        self.marked(text, &[Mark::Strong])
    }

    /// Adds literal text in italics.
    #[must_use]
    pub fn em(self, text: &str) -> Self {
        self.marked(text, &[Mark::Em])
    }

    fn marked(mut self, text: &str, marks: &[Mark]) -> Self {
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.content.push(Inline::HardBreak);
            }
            let line: String = line.chars().filter(|c| is_writable(*c)).collect();
            // Jira refuses an empty text node.
            if !line.is_empty() {
                self.content.push(Inline::Text {
                    text: line,
                    marks: marks.to_vec(),
                });
            }
        }
        self
    }
}

/// Whether a character may stand in a text node: no control characters but the tab.
fn is_writable(c: char) -> bool {
    c == '\t' || !c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_become_breaks_and_stay_literal() {
        let document = Document::literal("[~accountid:1] !http://evil/x.png!\r\n\n*b*");
        assert_eq!(
            serde_json::to_value(&document).unwrap(),
            json!({"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [
                {"type": "text", "text": "[~accountid:1] !http://evil/x.png!"},
                {"type": "hardBreak"},
                {"type": "hardBreak"},
                {"type": "text", "text": "*b*"},
            ]}]})
        );
    }

    #[test]
    fn control_characters_and_empty_nodes_never_reach_jira() {
        let document = Document::literal("\u{0}a\u{7}\tb\n\u{1b}");
        assert_eq!(
            serde_json::to_value(&document).unwrap()["content"][0]["content"],
            json!([{"type": "text", "text": "a\tb"}, {"type": "hardBreak"}])
        );
    }

    #[test]
    fn our_own_frame_may_be_bold_or_italic() {
        let paragraph = Paragraph::default()
            .strong("Held")
            .text(" since ")
            .em("noon");
        let value = serde_json::to_value(Document::new(vec![paragraph])).unwrap();
        assert_eq!(
            value["content"][0]["content"],
            json!([
                {"type": "text", "text": "Held", "marks": [{"type": "strong"}]},
                {"type": "text", "text": " since "},
                {"type": "text", "text": "noon", "marks": [{"type": "em"}]},
            ])
        );
    }
}

//! The rules for nodes and marks (Atlassian Document Format, JSON schema 1).

/// The rule for a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum NodeRule {
    /// Part of the text.
    Inline,
    /// Its children stand apart from their surroundings.
    Section,
    /// A link on a line of its own.
    Card,
    /// A horizontal rule.
    Rule,
    /// A file.
    Media,
    /// Bold text.
    Heading,
    /// Text as typed.
    Code,
    /// Text after `> `.
    Quote,
    /// A bold title, then its children.
    Expand,
    /// Its items, one per line.
    List,
    /// Its rows, one per line.
    Table,
    /// An app's content on a line of its own: the fallback text that the app provides.
    App,
    /// An app's content within a line.
    InlineApp,
}

impl NodeRule {
    /// Returns the rule for a type of node, if the type is known.
    pub(in super::super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "text" | "hardBreak" | "mention" | "emoji" | "date" | "status" | "inlineCard"
            | "mediaInline" => Self::Inline,
            "doc" | "paragraph" | "mediaSingle" | "mediaGroup" | "caption" | "layoutSection"
            | "layoutColumn" | "listItem" | "taskItem" | "blockTaskItem" | "decisionItem"
            | "tableRow" | "tableCell" | "tableHeader" | "bodiedSyncBlock" | "bodiedExtension" => {
                Self::Section
            }
            "blockCard" | "embedCard" => Self::Card,
            "rule" => Self::Rule,
            "media" => Self::Media,
            "heading" => Self::Heading,
            "codeBlock" => Self::Code,
            "blockquote" | "panel" => Self::Quote,
            "expand" | "nestedExpand" => Self::Expand,
            "bulletList" | "orderedList" | "taskList" | "decisionList" => Self::List,
            "table" => Self::Table,
            "extension" | "syncBlock" => Self::App,
            "inlineExtension" | "placeholder" => Self::InlineApp,
            _ => return None,
        })
    }
}

/// The rule for a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum MarkRule {
    /// `*bold*`
    Strong,
    /// `_italic_`
    Em,
    /// `~struck~`
    Strike,
    /// `` `code` ``
    Code,
    /// The address, written out.
    Link,
    /// Written with Unicode's raised or lowered digits and letters.
    Script,
    /// WhatsApp has no form for it, and the text says enough without.
    Dropped,
}

impl MarkRule {
    /// Returns the rule for a type of mark, if the type is known.
    pub(in super::super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "strong" => Self::Strong,
            "em" => Self::Em,
            "strike" => Self::Strike,
            "code" => Self::Code,
            "link" => Self::Link,
            "subsup" => Self::Script,
            "underline" | "textColor" | "backgroundColor" | "fontSize" | "alignment"
            | "indentation" | "border" | "breakout" | "annotation" | "dataConsumer"
            | "fragment" => Self::Dropped,
            _ => return None,
        })
    }
}

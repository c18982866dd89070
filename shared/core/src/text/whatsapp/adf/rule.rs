//! What becomes of each node and mark (Atlassian Document Format, JSON schema 1).

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum NodeRule {
    /// Stands in the text.
    Inline,
    /// Its children stand apart from what is around.
    Section,
    /// A link on a line of its own.
    Card,
    /// A line across.
    Rule,
    /// A file.
    Media,
    /// Bold.
    Heading,
    /// As it is typed.
    Code,
    /// Behind `> `.
    Quote,
    /// A bold title, then its children.
    Expand,
    /// Its items, one a line.
    List,
    /// Its rows, one a line.
    Table,
    /// What an app shows, on a line of its own: the text that it brings for the case.
    App,
    /// The same within a line.
    InlineApp,
}

impl NodeRule {
    /// The rule for the nodes of a type. `None`: the type is not known.
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

/// What becomes of a mark.
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
    /// The address is written out.
    Link,
    /// Written with the digits and letters that Unicode has for it.
    Script,
    /// WhatsApp has no form for it, and the text says enough without.
    Dropped,
}

impl MarkRule {
    /// The rule for the marks of a type. `None`: the type is not known.
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

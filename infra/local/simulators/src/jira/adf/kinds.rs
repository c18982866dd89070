//! The kinds of nodes and marks, with their required attributes and allowed content.
//!
//! Source: Atlassian, "Atlassian Document Format" and its JSON schema.

#[derive(Debug)]
pub(super) struct Kind {
    /// The required attributes. In a name with `|`, either alternative will do.
    pub required: &'static [&'static str],
    /// The kinds allowed inside; `None` if the node holds no content.
    pub holds: Option<&'static [&'static str]>,
    /// The smallest number of children.
    pub at_least: usize,
}

const INLINE: &[&str] = &[
    "text",
    "hardBreak",
    "mention",
    "emoji",
    "date",
    "status",
    "inlineCard",
    "inlineExtension",
    "mediaInline",
    "placeholder",
];

const CAPTION: &[&str] = &[
    "text",
    "hardBreak",
    "mention",
    "emoji",
    "date",
    "status",
    "inlineCard",
    "placeholder",
];

const QUOTED: &[&str] = &[
    "paragraph",
    "bulletList",
    "orderedList",
    "codeBlock",
    "mediaSingle",
    "mediaGroup",
    "extension",
];

const LIST_ITEM: &[&str] = &[
    "paragraph",
    "bulletList",
    "orderedList",
    "taskList",
    "codeBlock",
    "mediaSingle",
    "extension",
];

const PANEL: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockCard",
    "codeBlock",
    "mediaGroup",
    "mediaSingle",
    "rule",
    "taskList",
    "decisionList",
    "extension",
];

const NESTED: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockquote",
    "codeBlock",
    "mediaGroup",
    "mediaSingle",
    "panel",
    "rule",
    "taskList",
    "decisionList",
    "extension",
];

const CELL: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockquote",
    "blockCard",
    "embedCard",
    "codeBlock",
    "mediaGroup",
    "mediaSingle",
    "nestedExpand",
    "panel",
    "rule",
    "taskList",
    "decisionList",
    "extension",
];

const EXPANDED: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockquote",
    "blockCard",
    "embedCard",
    "codeBlock",
    "mediaGroup",
    "mediaSingle",
    "nestedExpand",
    "panel",
    "rule",
    "table",
    "taskList",
    "decisionList",
    "extension",
];

const COLUMN: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockquote",
    "blockCard",
    "embedCard",
    "codeBlock",
    "expand",
    "mediaGroup",
    "mediaSingle",
    "panel",
    "rule",
    "table",
    "taskList",
    "decisionList",
    "extension",
    "bodiedExtension",
];

const TOP: &[&str] = &[
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "blockquote",
    "blockCard",
    "embedCard",
    "codeBlock",
    "expand",
    "layoutSection",
    "mediaGroup",
    "mediaSingle",
    "panel",
    "rule",
    "table",
    "taskList",
    "decisionList",
    "extension",
    "bodiedExtension",
    "syncBlock",
    "bodiedSyncBlock",
];

const EXTENSION: &[&str] = &["extensionKey", "extensionType"];

/// Returns the rules for a node of this name, or `None` if there is no such kind.
pub(super) fn node(name: &str) -> Option<Kind> {
    let kind = |required, holds, at_least| {
        Some(Kind {
            required,
            holds,
            at_least,
        })
    };
    match name {
        "doc" => kind(&[], Some(TOP), 0),
        "paragraph" => kind(&[], Some(INLINE), 0),
        "heading" => kind(&["level"], Some(INLINE), 0),
        "text" | "hardBreak" | "rule" => kind(&[], None, 0),
        "bulletList" | "orderedList" => kind(&[], Some(&["listItem"]), 1),
        "listItem" => kind(&[], Some(LIST_ITEM), 1),
        "taskList" => kind(
            &["localId"],
            Some(&["taskItem", "blockTaskItem", "taskList"]),
            1,
        ),
        "taskItem" => kind(&["localId", "state"], Some(INLINE), 0),
        "blockTaskItem" => kind(&["localId", "state"], Some(&["paragraph", "extension"]), 1),
        "decisionList" => kind(&["localId"], Some(&["decisionItem"]), 1),
        "decisionItem" => kind(&["localId", "state"], Some(INLINE), 0),
        "blockquote" => kind(&[], Some(QUOTED), 1),
        "codeBlock" => kind(&[], Some(&["text"]), 0),
        "panel" => kind(&["panelType"], Some(PANEL), 1),
        "expand" => kind(&[], Some(EXPANDED), 1),
        "nestedExpand" => kind(&[], Some(NESTED), 1),
        "layoutSection" => kind(&[], Some(&["layoutColumn"]), 1),
        "layoutColumn" => kind(&["width"], Some(COLUMN), 1),
        "table" => kind(&[], Some(&["tableRow"]), 1),
        "tableRow" => kind(&[], Some(&["tableCell", "tableHeader"]), 0),
        "tableCell" | "tableHeader" => kind(&[], Some(CELL), 1),
        "mention" => kind(&["id"], None, 0),
        "emoji" => kind(&["shortName"], None, 0),
        "date" => kind(&["timestamp"], None, 0),
        "status" => kind(&["text", "color"], None, 0),
        "placeholder" => kind(&["text"], None, 0),
        "inlineCard" | "blockCard" => kind(&["url|data|datasource"], None, 0),
        "embedCard" => kind(&["url", "layout"], None, 0),
        "mediaSingle" => kind(&[], Some(&["media", "caption"]), 1),
        "mediaGroup" => kind(&[], Some(&["media"]), 1),
        "media" => kind(&["type", "id|url"], None, 0),
        "mediaInline" => kind(&["id", "collection"], None, 0),
        "caption" => kind(&[], Some(CAPTION), 0),
        "extension" | "inlineExtension" => kind(EXTENSION, None, 0),
        "bodiedExtension" => kind(EXTENSION, Some(EXPANDED), 1),
        "syncBlock" => kind(&["resourceId", "localId"], None, 0),
        "bodiedSyncBlock" => kind(&["resourceId", "localId"], Some(COLUMN), 1),
        _ => None,
    }
}

/// Returns the attributes that a mark of this name requires, or `None` if there is no such mark.
pub(super) fn mark(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "strong" | "em" | "strike" | "code" | "underline" => Some(&[]),
        "link" => Some(&["href"]),
        "subsup" => Some(&["type"]),
        "textColor" | "backgroundColor" => Some(&["color"]),
        "annotation" => Some(&["id", "annotationType"]),
        "border" => Some(&["size", "color"]),
        "alignment" => Some(&["align"]),
        "indentation" => Some(&["level"]),
        "fontSize" => Some(&["fontSize"]),
        "breakout" => Some(&["mode"]),
        "dataConsumer" => Some(&["sources"]),
        "fragment" => Some(&["localId"]),
        _ => None,
    }
}

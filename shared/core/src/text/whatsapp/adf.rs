//! Reading ADF: one rule for every node and every mark.
//!
//! A node without a rule gives its `text` and its children, so nothing that an agent wrote is
//! dropped because it is new. A node with neither counts as left out.

mod attributes;
mod marks;
mod rule;
mod script;

use serde_json::Value;

use self::attributes::{attribute, card, children, date, first_number, kind};
use self::marks::Marks;
#[cfg(test)]
pub(super) use self::rule::MarkRule;
pub(super) use self::rule::NodeRule;
use super::emoji::emoji;
use super::mention::mention;
use super::tree::{Block, Flow, Item, Source, Span, Tree, is_empty, strengthen, title};
use super::{LeftOut, MediaRef, MediaSource};
use crate::text::one_line;

/// The deepest nesting of nodes, deeper than Jira's editor creates. Anything deeper is read as
/// text.
const DEEPEST: usize = 64;

/// The ways to read chips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chips {
    /// The form that customers see.
    Shown,
    /// The words alone.
    Bare,
}

/// Reads a document. Jira gives no other body; a string would be a paragraph as it was typed.
pub(super) fn read(body: &Value, chips: Chips) -> Tree {
    let mut reader = Reader {
        files: Vec::new(),
        left_out: Vec::new(),
        chips,
        depth: 0,
    };
    let blocks = match body {
        Value::String(text) => vec![Block::Paragraph(vec![Span::new(text)])],
        document => reader.blocks(document),
    };
    Tree {
        blocks,
        files: reader.files,
        left_out: reader.left_out,
    }
}

struct Reader {
    files: Vec<MediaRef>,
    left_out: Vec<LeftOut>,
    chips: Chips,
    depth: usize,
}

impl Reader {
    /// Reads a node and its content into blocks of its own.
    fn blocks(&mut self, node: &Value) -> Vec<Block> {
        let mut flow = Flow::default();
        self.node(node, false, &mut flow);
        flow.into_blocks()
    }

    /// Reads the content of a node into blocks of its own.
    fn content(&mut self, node: &Value) -> Vec<Block> {
        let mut flow = Flow::default();
        self.children(node, &mut flow);
        flow.into_blocks()
    }

    fn children(&mut self, node: &Value, flow: &mut Flow) {
        let in_line = holds_text(node);
        for child in children(node) {
            self.node(child, in_line, flow);
        }
    }

    /// Reads a node. `in_line` means that a node of an unknown type stands within a line.
    fn node(&mut self, node: &Value, in_line: bool, flow: &mut Flow) {
        if self.depth == DEEPEST {
            self.as_text(node, flow);
            return;
        }
        self.depth += 1;
        match NodeRule::of(kind(node)) {
            Some(NodeRule::Inline) => {
                let span = self.inline(node);
                flow.inline(span);
            }
            Some(NodeRule::Section) => {
                flow.end_paragraph();
                self.children(node, flow);
                self.link_of_picture(node, flow);
                flow.end_paragraph();
            }
            Some(NodeRule::Card) => flow.block(Block::Paragraph(vec![card(node)])),
            Some(NodeRule::Rule) if self.chips == Chips::Bare => flow.end_paragraph(),
            Some(NodeRule::Rule) => flow.block(Block::Paragraph(vec![Span::new("---")])),
            Some(NodeRule::Media) => {
                self.file(node);
                if let Some(link) = Marks::of(node).link {
                    flow.inline(Span::card("", Some(link)));
                }
            }
            Some(NodeRule::Heading) => {
                let mut blocks = self.content(node);
                strengthen(&mut blocks);
                blocks.into_iter().for_each(|block| flow.block(block));
            }
            Some(NodeRule::Code) => {
                let blocks = self.content(node);
                code(blocks).into_iter().for_each(|block| flow.block(block));
            }
            Some(NodeRule::Quote) => {
                let content = self.content(node);
                flow.block(Block::Quote(content));
            }
            Some(NodeRule::Expand) => {
                flow.block(title(attribute(node, "title")));
                self.content(node)
                    .into_iter()
                    .for_each(|block| flow.block(block));
            }
            Some(NodeRule::List) => {
                let list = self.list(node);
                flow.block(list);
            }
            Some(NodeRule::Table) => {
                let rows = children(node).map(|row| self.row(row)).collect();
                flow.block(Block::Table(rows));
            }
            Some(NodeRule::InlineApp) => self.unknown(node, flow),
            None if in_line => self.unknown(node, flow),
            Some(NodeRule::App) | None => {
                flow.end_paragraph();
                self.unknown(node, flow);
                flow.end_paragraph();
            }
        }
        self.depth -= 1;
    }

    /// Reads a node of an unknown type: its own text, and its children. An app's text is for
    /// readers that cannot show the children.
    fn unknown(&mut self, node: &Value, flow: &mut Flow) {
        let is_alone = children(node).next().is_none();
        let stand_in = Some(attribute(node, "text")).filter(|_| is_alone);
        let text = node["text"].as_str().or(stand_in).unwrap_or_default();
        if !text.is_empty() {
            flow.inline(Span::new(text).of(Source::Chip));
        } else if is_alone && !kind(node).is_empty() {
            self.left_out.push(LeftOut::Content);
        }
        self.children(node, flow);
    }

    /// Reads the text of a node that is nested too deeply, without recursion.
    fn as_text(&mut self, node: &Value, flow: &mut Flow) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if NodeRule::of(kind(node)) == Some(NodeRule::Inline) {
                let span = self.inline(node);
                flow.inline(span);
                continue;
            }
            if !holds_text(node) {
                flow.end_paragraph();
            }
            let texts = [node["text"].as_str(), node["attrs"]["title"].as_str()];
            let stand_in = node["attrs"]["text"].as_str();
            for text in texts.into_iter().chain([stand_in]).flatten() {
                flow.inline(Span::new(text));
            }
            match NodeRule::of(kind(node)) {
                Some(NodeRule::Media) => self.file(node),
                Some(NodeRule::Card) => flow.block(Block::Paragraph(vec![card(node)])),
                _ => {}
            }
            let first = open.len();
            open.extend(children(node));
            open[first..].reverse();
        }
        flow.end_paragraph();
    }

    fn list(&mut self, node: &Value) -> Block {
        let mut number = first_number(node);
        let mut items = Vec::new();
        for child in children(node) {
            let marker = match kind(child) {
                "listItem" if kind(node) == "orderedList" => {
                    number = number.saturating_add(1);
                    format!("{}. ", number - 1)
                }
                "taskItem" | "blockTaskItem" => match attribute(child, "state") {
                    "DONE" => "☑ ".to_owned(),
                    _ => "☐ ".to_owned(),
                },
                "listItem" | "decisionItem" => "- ".to_owned(),
                // A task list may stand in another without an item between them.
                _ => String::new(),
            };
            let content = self.place(child);
            items.push(Item { marker, content });
        }
        Block::List(items)
    }

    fn row(&mut self, row: &Value) -> Vec<Vec<Block>> {
        if kind(row) != "tableRow" {
            return vec![self.blocks(row)];
        }
        let cell = |cell| {
            let mut content = self.place(cell);
            if kind(cell) == "tableHeader" {
                strengthen(&mut content);
            }
            content
        };
        children(row).map(cell).collect()
    }

    /// Reads content whose position matters: a list entry or a cell. If it holds only files, their
    /// names fill the place.
    fn place(&mut self, node: &Value) -> Vec<Block> {
        let before = self.files.len();
        let mut blocks = self.blocks(node);
        if is_empty(&blocks) && self.files.len() > before {
            let names: Vec<String> = self.files[before..].iter().map(MediaRef::shown).collect();
            blocks.push(Block::Paragraph(vec![Span::new(&names.join(", "))]));
        }
        blocks
    }

    /// Collects a file, which is sent separately.
    fn file(&mut self, node: &Value) {
        let given = |name| Some(attribute(node, name)).filter(|value| !value.is_empty());
        let address = given("url").map(|url| MediaSource::Address(url.to_owned()));
        let media = given("id").map(|id| MediaSource::Media(id.to_owned()));
        self.files.push(MediaRef {
            source: address.or(media).unwrap_or(MediaSource::Unknown),
            alt: given("alt").map(str::to_owned),
        });
    }

    /// Adds the link of a picture to the text. Both the picture and the frame around it may have
    /// the link.
    fn link_of_picture(&mut self, frame: &Value, flow: &mut Flow) {
        let link = (kind(frame) == "mediaSingle")
            .then(|| Marks::of(frame).link)
            .flatten();
        let is_new = |link: &String| {
            children(frame).all(|media| Marks::of(media).link.as_ref() != Some(link))
        };
        if let Some(link) = link.filter(is_new) {
            flow.inline(Span::card("", Some(link)));
        }
    }

    fn inline(&mut self, node: &Value) -> Span {
        let Marks {
            style,
            link,
            script,
        } = Marks::of(node);
        let chip = |text: &str| Span::new(text).of(Source::Chip);
        match kind(node) {
            "inlineCard" => return card(node).styled(style),
            "text" => {
                let text = node["text"].as_str().unwrap_or_default();
                script.map_or_else(|| Span::new(text), |script| Span::new(&script.write(text)))
            }
            "hardBreak" => Span::new("\n"),
            "mention" => Span::new(&mention(node["attrs"]["text"].as_str())).of(Source::Mention),
            "emoji" => chip(&emoji(
                attribute(node, "text"),
                attribute(node, "shortName"),
                attribute(node, "id"),
            )),
            "date" => {
                let day = date(&node["attrs"]["timestamp"]);
                if day.is_none() {
                    self.left_out.push(LeftOut::Content);
                }
                Span::new(&day.unwrap_or_default()).of(Source::Apart)
            }
            "mediaInline" => {
                self.file(node);
                let name = self.files.last().map(MediaRef::shown);
                Span::new(&name.unwrap_or_default()).of(Source::Apart)
            }
            "status" => chip(&self.status(attribute(node, "text"))),
            _ => chip(attribute(node, "text")),
        }
        .styled(style)
        .linked(link)
    }

    fn status(&self, text: &str) -> String {
        match (text.trim(), self.chips) {
            ("", _) => String::new(),
            (text, Chips::Shown) => format!("[{text}]"),
            (text, Chips::Bare) => text.to_owned(),
        }
    }
}

impl MediaRef {
    /// Returns the text that replaces the file within a sentence. A name must not change the
    /// direction of the words after it.
    fn shown(&self) -> String {
        let name = self.alt.as_deref().map(one_line).unwrap_or_default();
        if name.is_empty() {
            "[file]".to_owned()
        } else {
            name
        }
    }
}

/// Returns whether the children of a node stand in a line.
fn holds_text(node: &Value) -> bool {
    match kind(node) {
        "paragraph" | "heading" | "caption" | "taskItem" | "decisionItem" | "codeBlock" => true,
        kind => {
            let is_inline = |child| NodeRule::of(self::kind(child)) == Some(NodeRule::Inline);
            NodeRule::of(kind).is_none() && children(node).any(is_inline)
        }
    }
}

/// Returns the text of a code block. Anything else found in one stays as it is.
fn code(blocks: Vec<Block>) -> Vec<Block> {
    let is_typed = |spans: &[Span]| spans.iter().all(|span| span.source == Source::Typed);
    match <[Block; 1]>::try_from(blocks) {
        Ok([Block::Paragraph(spans)]) if is_typed(&spans) => {
            let text = spans.into_iter().map(|span| span.text).collect();
            vec![Block::Code(text)]
        }
        Ok(one) => one.into(),
        Err(others) => others,
    }
}

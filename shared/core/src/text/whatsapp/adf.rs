//! Reading ADF: one rule for every node and every mark.
//!
//! What has no rule gives its children, or its `text`, so nothing that an agent wrote is dropped
//! because it is new. A document is as deep as JSON may be (`serde_json` stops at 128), so
//! walking down is safe.

mod rule;

use chrono::DateTime;
use serde_json::Value;

pub(super) use self::rule::{MarkRule, NodeRule};
use super::emoji::emoji;
use super::mention::mention;
use super::tree::{Block, Flow, Item, Span, Style, Tree, strengthen, title};
use super::{MediaRef, MediaSource};

pub(super) fn read(document: &Value) -> Tree {
    let mut reader = Reader::default();
    let blocks = reader.blocks(document);
    let files = reader.files;
    Tree { blocks, files }
}

#[derive(Default)]
struct Reader {
    files: Vec<MediaRef>,
}

impl Reader {
    /// A node and what is in it, for itself.
    fn blocks(&mut self, node: &Value) -> Vec<Block> {
        let mut flow = Flow::default();
        self.node(node, &mut flow);
        flow.into_blocks()
    }

    /// What is in a node, for itself.
    fn content(&mut self, node: &Value) -> Vec<Block> {
        let mut flow = Flow::default();
        self.children(node, &mut flow);
        flow.into_blocks()
    }

    fn children(&mut self, node: &Value, flow: &mut Flow) {
        for child in children(node) {
            self.node(child, flow);
        }
    }

    fn node(&mut self, node: &Value, flow: &mut Flow) {
        match NodeRule::of(kind(node)) {
            Some(NodeRule::Inline) => flow.inline(inline(node)),
            Some(NodeRule::Section) => {
                flow.end_paragraph();
                self.children(node, flow);
                flow.end_paragraph();
            }
            Some(NodeRule::Card) => flow.block(Block::Paragraph(vec![card(node)])),
            Some(NodeRule::Rule) => flow.block(Block::Paragraph(vec![Span::new("---")])),
            Some(NodeRule::Media) => self.media(node, flow),
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
            Some(NodeRule::Fallback) | None => self.fallback(node, flow),
        }
    }

    fn fallback(&mut self, node: &Value, flow: &mut Flow) {
        if children(node).next().is_some() {
            self.children(node, flow);
        } else {
            let text = node["text"].as_str();
            let text = text.unwrap_or_else(|| attribute(node, "text"));
            flow.inline(Span::new(text));
        }
    }

    fn list(&mut self, node: &Value) -> Block {
        let mut number = node["attrs"]["order"].as_u64().unwrap_or(1);
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
                // A list of tasks may stand in another without an item between them.
                _ => String::new(),
            };
            let content = self.blocks(child);
            items.push(Item { marker, content });
        }
        Block::List(items)
    }

    fn row(&mut self, row: &Value) -> Vec<Vec<Block>> {
        if kind(row) != "tableRow" {
            return vec![self.blocks(row)];
        }
        let cell = |cell| {
            let mut content = self.blocks(cell);
            if kind(cell) == "tableHeader" {
                strengthen(&mut content);
            }
            content
        };
        children(row).map(cell).collect()
    }

    /// The file goes on its own; only where a picture leads is a matter of the text.
    fn media(&mut self, node: &Value, flow: &mut Flow) {
        let given = |name| Some(attribute(node, name)).filter(|value| !value.is_empty());
        let address = given("url").map(|url| MediaSource::Address(url.to_owned()));
        let media = given("id").map(|id| MediaSource::Media(id.to_owned()));
        self.files.push(MediaRef {
            source: address.or(media).unwrap_or(MediaSource::Unknown),
            alt: given("alt").map(str::to_owned),
        });
        let (_, link) = marks(node);
        if let Some(link) = link {
            flow.inline(Span::new("").linked(Some(link)));
        }
    }
}

fn children(node: &Value) -> impl Iterator<Item = &Value> {
    node["content"].as_array().into_iter().flatten()
}

fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

fn attribute<'a>(node: &'a Value, name: &str) -> &'a str {
    node["attrs"][name].as_str().unwrap_or_default()
}

fn inline(node: &Value) -> Span {
    let (style, link) = marks(node);
    match kind(node) {
        "inlineCard" => return card(node).styled(style),
        "text" => Span::new(node["text"].as_str().unwrap_or_default()),
        "hardBreak" => Span::new("\n"),
        "mention" => Span::new(&mention(node["attrs"]["text"].as_str())),
        "emoji" => Span::new(&emoji(
            attribute(node, "text"),
            attribute(node, "shortName"),
            attribute(node, "id"),
        )),
        "date" => Span::new(&date(&node["attrs"]["timestamp"])),
        "status" => Span::new(&status(attribute(node, "text"))),
        _ => Span::new(attribute(node, "text")),
    }
    .styled(style)
    .linked(link)
}

fn status(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("[{text}]"),
    }
}

/// A day, of milliseconds in UTC. Jira writes them as a string.
fn date(timestamp: &Value) -> String {
    let number = timestamp.as_i64();
    let milliseconds = number.or_else(|| timestamp.as_str()?.parse().ok());
    milliseconds
        .and_then(DateTime::from_timestamp_millis)
        .map_or_else(String::new, |day| day.format("%Y-%m-%d").to_string())
}

/// A link that Jira shows as a card. It has no text of its own.
fn card(node: &Value) -> Span {
    let attributes = &node["attrs"];
    let url = attributes["url"].as_str();
    let url = url.or_else(|| attributes["data"]["url"].as_str());
    Span::new("").linked(url.map(str::to_owned))
}

/// The text of a code block. Whatever else is found in one stays what it is.
fn code(blocks: Vec<Block>) -> Vec<Block> {
    match <[Block; 1]>::try_from(blocks) {
        Ok([Block::Paragraph(spans)]) => {
            let text = spans.into_iter().map(|span| span.text).collect();
            vec![Block::Code(text)]
        }
        Ok(one) => one.into(),
        Err(others) => others,
    }
}

fn marks(node: &Value) -> (Style, Option<String>) {
    let mut style = Style::default();
    let mut link = None;
    for mark in node["marks"].as_array().into_iter().flatten() {
        match MarkRule::of(kind(mark)) {
            Some(MarkRule::Strong) => style.strong = true,
            Some(MarkRule::Em) => style.em = true,
            Some(MarkRule::Strike) => style.strike = true,
            Some(MarkRule::Code) => style.code = true,
            Some(MarkRule::Link) => link = mark["attrs"]["href"].as_str().map(str::to_owned),
            Some(MarkRule::Dropped) | None => {}
        }
    }
    (style, link)
}

//! Lists, whose depth is the number of their bullets.

use super::super::tree::{Block, Item, Span};

/// The depth that lists are read to.
const DEEPEST: usize = 10;

/// A line of a list.
pub(super) struct Entry {
    /// The kind of the list at each level.
    bullets: Vec<char>,
    pub(super) spans: Vec<Span>,
}

impl Entry {
    pub(super) fn new(bullets: &str, spans: Vec<Span>) -> Self {
        let bullets = bullets.chars().take(DEEPEST).collect();
        Self { bullets, spans }
    }
}

/// The lists that the entries make.
pub(super) fn nested(entries: Vec<Entry>) -> Vec<Block> {
    lists_at(entries, 0)
}

fn lists_at(entries: Vec<Entry>, level: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut kind = None;
    let mut number = 0_usize;
    let mut entries = entries.into_iter().peekable();
    while let Some(entry) = entries.next() {
        if entry.bullets.get(level) != kind.as_ref() {
            end_list(&mut items, &mut blocks);
            kind = entry.bullets.get(level).copied();
            number = 0;
        }
        let is_deeper = |entry: &Entry| entry.bullets.len() > level + 1;
        let (mut content, mut deeper) = (Vec::new(), Vec::new());
        if is_deeper(&entry) {
            deeper.push(entry);
        } else {
            content.push(Block::Paragraph(entry.spans));
        }
        let is_within =
            |entry: &Entry| is_deeper(entry) && entry.bullets.get(level) == kind.as_ref();
        while let Some(entry) = entries.next_if(is_within) {
            deeper.push(entry);
        }
        let is_bare = content.is_empty();
        if !deeper.is_empty() {
            content.append(&mut lists_at(deeper, level + 1));
        }
        let marker = match kind {
            _ if is_bare => String::new(),
            Some('#') => {
                number += 1;
                format!("{number}. ")
            }
            _ => "- ".to_owned(),
        };
        items.push(Item { marker, content });
    }
    end_list(&mut items, &mut blocks);
    blocks
}

fn end_list(items: &mut Vec<Item>, blocks: &mut Vec<Block>) {
    if !items.is_empty() {
        blocks.push(Block::List(std::mem::take(items)));
    }
}

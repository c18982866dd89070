//! The style and the link of a node.

use serde_json::Value;

use super::super::tree::Style;
use super::attributes::kind;
use super::rule::MarkRule;
use super::script::Script;

/// The effects of a node's marks.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) style: Style,
    pub(super) link: Option<String>,
    pub(super) script: Option<Script>,
}

impl Marks {
    pub(super) fn of(node: &Value) -> Self {
        let mut marks = Self::default();
        for mark in node["marks"].as_array().into_iter().flatten() {
            match MarkRule::of(kind(mark)) {
                Some(MarkRule::Strong) => marks.style.strong = true,
                Some(MarkRule::Em) => marks.style.em = true,
                Some(MarkRule::Strike) => marks.style.strike = true,
                Some(MarkRule::Code) => marks.style.code = true,
                Some(MarkRule::Link) => {
                    marks.link = mark["attrs"]["href"].as_str().map(str::to_owned);
                }
                Some(MarkRule::Script) => marks.script = Script::of(mark),
                Some(MarkRule::Dropped) | None => {}
            }
        }
        marks
    }
}

//! No part of a document is lost without a word, and none comes twice.
//!
//! Every node gets words of its own, so that each can be found individually.

use proptest::prelude::*;

use super::*;

/// A generator of words that occur once in a document.
#[derive(Default)]
struct Words {
    made: u32,
    /// The words that must be in the text, once.
    once: Vec<String>,
    /// The words that must be in the text at least as often as they are listed here.
    again: Vec<&'static str>,
    files: usize,
    left_out: usize,
}

impl Words {
    fn new_word(&mut self) -> String {
        self.made += 1;
        format!("w{}w", self.made)
    }

    fn shown(&mut self) -> String {
        let word = self.new_word();
        self.once.push(word.clone());
        word
    }
}

/// The shape of a document: a node, and its content.
#[derive(Clone, Debug)]
enum Shape {
    Text(usize),
    Chip(usize),
    Line(usize, Vec<Shape>),
    Block(usize, Vec<Shape>),
    Leaf(usize),
}

const CHIPS: usize = 20;
const LINES: usize = 6;
const BLOCKS: usize = 16;
const LEAVES: usize = 11;

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let inline = prop_oneof![
        3 => (0_usize..9).prop_map(Shape::Text),
        2 => (0..CHIPS).prop_map(Shape::Chip),
    ];
    let line = (0..LINES, prop::collection::vec(inline, 0..5))
        .prop_map(|(kind, inside)| Shape::Line(kind, inside));
    let leaf = prop_oneof![3 => line, 1 => (0..LEAVES).prop_map(Shape::Leaf)];
    let block = leaf.prop_recursive(5, 40, 4, |inner| {
        (0..BLOCKS, prop::collection::vec(inner, 1..4))
            .prop_map(|(kind, inside)| Shape::Block(kind, inside))
    });
    prop::collection::vec(block, 0..5)
}

fn nodes(shapes: &[Shape], words: &mut Words) -> Vec<Value> {
    shapes.iter().map(|shape| node(shape, words)).collect()
}

fn node(shape: &Shape, words: &mut Words) -> Value {
    match shape {
        Shape::Text(kind) => text(*kind, words),
        Shape::Chip(kind) => chip(*kind, words),
        Shape::Line(kind, inside) => {
            let kind = [
                "paragraph",
                "heading",
                "paragraph",
                "taskItem",
                "decisionItem",
                "caption",
            ][*kind];
            json!({"type": kind, "content": nodes(inside, words)})
        }
        Shape::Block(kind, inside) => block(*kind, inside, words),
        Shape::Leaf(kind) => leaf(*kind, words),
    }
}

fn text(kind: usize, words: &mut Words) -> Value {
    let marks = match kind {
        0 => json!([{"type": "strong"}]),
        1 => json!([{"type": "em"}, {"type": "strike"}]),
        2 => json!([{"type": "code"}]),
        3 => json!([{"type": "underline"}, {"type": "textColor", "attrs": {"color": "#ff0000"}}]),
        4 => {
            let href = format!("https://shop.example/{}", words.shown());
            json!([{"type": "link", "attrs": {"href": href}}])
        }
        5 => json!([{"type": "novelty"}]),
        6 => {
            let text = words.shown();
            let marks = json!([{"type": "subsup", "attrs": {"type": "sup"}}]);
            // There is no raised `%`, so the words stay unchanged.
            return json!({"type": "text", "text": format!("{text}%"), "marks": marks});
        }
        _ => json!([]),
    };
    let space = ["", " ", "- ", "> ", "1. "][kind % 5];
    json!({"type": "text", "text": format!("{space}{} ", words.shown()), "marks": marks})
}

fn chip(kind: usize, words: &mut Words) -> Value {
    let attributed = |kind: &str, attributes: Value| json!({"type": kind, "attrs": attributes});
    let inside = "https://help.example/wiki/x";
    match kind {
        0 => attributed(
            "mention",
            json!({"id": "1", "text": format!("@{}", words.shown())}),
        ),
        1 => {
            words.again.push("@agent");
            attributed("mention", json!({"id": "1"}))
        }
        2 => attributed("status", json!({"text": words.shown(), "color": "red"})),
        3 => {
            words.again.push("2026-10-18");
            attributed("date", json!({"timestamp": "1792281600000"}))
        }
        4 => {
            words.left_out += 1;
            attributed("date", json!({"timestamp": "soon"}))
        }
        5 => attributed("emoji", json!({"shortName": ":x:", "text": words.shown()})),
        6 => {
            words.again.push("❤");
            attributed("emoji", json!({"shortName": ":heart:"}))
        }
        7 => attributed(
            "emoji",
            json!({"shortName": format!(":{}:", words.shown())}),
        ),
        8 => attributed(
            "inlineCard",
            json!({"url": format!("https://shop.example/{}", words.shown())}),
        ),
        9 => {
            words.again.push("AB-1");
            attributed(
                "inlineCard",
                json!({"url": "https://help.example/browse/AB-1"}),
            )
        }
        10 => {
            words.left_out += 1;
            attributed("inlineCard", json!({"url": inside}))
        }
        11 => {
            words.left_out += 1;
            attributed(
                "inlineCard",
                json!({"data": {"url": inside, "name": words.shown()}}),
            )
        }
        12 => {
            words.files += 1;
            attributed(
                "mediaInline",
                json!({"id": "a", "collection": "", "alt": words.shown()}),
            )
        }
        13 => {
            words.files += 1;
            words.again.push("[file]");
            attributed("mediaInline", json!({"id": "b", "collection": ""}))
        }
        14 => attributed("placeholder", json!({"text": words.shown()})),
        15 => attributed(
            "inlineExtension",
            json!({"extensionKey": "k", "text": words.shown()}),
        ),
        16 => {
            words.left_out += 1;
            attributed(
                "inlineExtension",
                json!({"extensionKey": "k", "extensionType": "t"}),
            )
        }
        17 => json!({"type": "novelty", "text": words.shown()}),
        18 => {
            words.left_out += 1;
            json!({"type": "novelty"})
        }
        _ => json!({"type": "hardBreak"}),
    }
}

fn block(kind: usize, inside: &[Shape], words: &mut Words) -> Value {
    let list = |list: &str, item: &str, content: Vec<Value>| {
        let items = content
            .into_iter()
            .map(|content| json!({"type": item, "content": [content]}));
        json!({"type": list, "content": items.collect::<Vec<_>>()})
    };
    let titled = |kind: &str, words: &mut Words| {
        let title = words.shown();
        json!({"type": kind, "attrs": {"title": title}, "content": nodes(inside, words)})
    };
    match kind {
        0 => titled("expand", words),
        1 => titled("nestedExpand", words),
        2 => list("bulletList", "listItem", nodes(inside, words)),
        3 => list("orderedList", "listItem", nodes(inside, words)),
        4 => list("taskList", "blockTaskItem", nodes(inside, words)),
        5 => json!({"type": "table", "content": [
            list("tableRow", "tableHeader", nodes(inside, words)),
            list("tableRow", "tableCell", vec![])]}),
        6 => {
            json!({"type": "table", "content": [list("tableRow", "tableCell", nodes(inside, words))]})
        }
        kind => {
            let kind = [
                "panel",
                "blockquote",
                "layoutSection",
                "layoutColumn",
                "bodiedExtension",
                "multiBodiedExtension",
                "bodiedSyncBlock",
                "novelty",
                "listItem",
            ][kind - 7];
            json!({"type": kind, "content": nodes(inside, words)})
        }
    }
}

fn leaf(kind: usize, words: &mut Words) -> Value {
    let card = |kind: &str, url: &str| json!({"type": kind, "attrs": {"url": url}});
    match kind {
        0 => json!({"type": "codeBlock", "content": [{"type": "text", "text": words.shown()}]}),
        1 => {
            words.files += 1;
            json!({"type": "mediaGroup", "content": [
                {"type": "media", "attrs": {"type": "file", "id": "c", "collection": ""}}]})
        }
        2 => {
            words.files += 1;
            let href = format!("https://shop.example/{}", words.shown());
            json!({"type": "mediaSingle", "marks": [{"type": "link", "attrs": {"href": href}}],
                "content": [
                    {"type": "media", "attrs": {"type": "external", "url": "https://img.example/a"}},
                    {"type": "caption", "content": [{"type": "text", "text": words.shown()}]}]})
        }
        3 => card(
            "blockCard",
            &format!("https://shop.example/{}", words.shown()),
        ),
        4 => {
            words.again.push("AB-2");
            card("embedCard", "https://help.example/projects/AB/issues/AB-2")
        }
        5 => {
            words.left_out += 1;
            json!({"type": "blockCard", "attrs": {"datasource": {"id": "d"}}})
        }
        6 => json!({"type": "extension", "attrs": {"extensionKey": "k", "text": words.shown()}}),
        7 => {
            words.left_out += 1;
            json!({"type": "extension", "attrs": {"extensionKey": "k", "extensionType": "t"}})
        }
        8 => {
            words.left_out += 1;
            json!({"type": "syncBlock", "attrs": {"resourceId": "r", "localId": "l"}})
        }
        9 => json!({"type": "novelty", "attrs": {"text": words.shown()}}),
        _ => json!({"type": "rule"}),
    }
}

/// Folds raised characters back, and drops white space and the marks of the parts.
fn flat(parts: &[String]) -> String {
    parts.join("\n").replace(['\u{2060}', '\u{200A}'], "")
}

proptest! {
    #[test]
    fn nothing_falls_away_without_a_word_and_nothing_comes_twice(shapes in shapes()) {
        let mut words = Words::default();
        let document = json!({"type": "doc", "version": 1, "content": nodes(&shapes, &mut words)});
        let text = OutboundText::of_body(&document, SITE);
        let arrived = flat(&text.parts());
        for word in &words.once {
            prop_assert_eq!(arrived.matches(&**word).count(), 1, "{} in {:?}", word, arrived);
        }
        for word in &words.again {
            let wanted = words.again.iter().filter(|other| *other == word).count();
            prop_assert!(arrived.matches(word).count() >= wanted, "{} in {:?}", word, arrived);
        }
        prop_assert!(!arrived.contains("help.example"), "{:?}", arrived);
        prop_assert_eq!(text.files.len(), words.files);
        prop_assert_eq!(text.left_out.len(), words.left_out);
    }
}

#[test]
fn a_document_without_end_is_read_all_the_same() {
    for (kind, inner) in [
        ("blockquote", "paragraph"),
        ("novelty", "novelty"),
        ("bulletList", "listItem"),
    ] {
        let text = json!({"type": "text", "text": "deep"});
        let mut document = json!({"type": "paragraph", "content": [text]});
        // The macro would copy it, level by level.
        let within = |kind: &str, content: Value| {
            let mut node = json!({"type": kind});
            node["content"] = Value::Array(vec![content]);
            node
        };
        for _ in 0..1_000 {
            document = within(kind, within(inner, document));
        }
        let text = OutboundText::of_body(&document, SITE);
        assert!(text.parts().concat().contains("deep"), "{kind}");
        assert_eq!(plain_text(&document, SITE), "deep", "{kind}");
    }
}

/// Collects the words of every text node.
fn texts(node: &Value, found: &mut Vec<String>) {
    if node["type"] == "text" {
        let words = node["text"].as_str().unwrap_or_default().split_whitespace();
        found.extend(words.map(str::to_owned));
    }
    let children = node["content"].as_array().into_iter().flatten();
    children.for_each(|child| texts(child, found));
}

#[test]
fn every_word_of_what_others_have_written_arrives() {
    let mut documents = corpus();
    documents.extend(published_documents());
    // The marks of the parts, and the characters that stand for them in a text.
    let bare = |text: &str| text.replace(|c: char| "*_~`\\>-\u{2060}".contains(c), "");
    for document in &documents {
        let text = OutboundText::of_body(document, SITE);
        let arrived = bare(&text.parts().join("\n"));
        let mut words = Vec::new();
        texts(document, &mut words);
        for word in words {
            // An address may be left out if it is reported as such.
            let is_left_out = word.contains("://") && !text.left_out.is_empty();
            assert!(
                is_left_out || arrived.contains(&bare(&word)),
                "{word} is not in {arrived:?}"
            );
        }
    }
    println!("{} documents", documents.len());
}

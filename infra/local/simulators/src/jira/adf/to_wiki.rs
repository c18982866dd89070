//! A document as wiki markup: the form of comment bodies in webhooks and in the service desk API.

use serde_json::Value;

use super::{children, kind};

/// The document in wiki markup; characters of the text that mean something there are escaped
/// with a backslash.
///
/// Source: bodies of `comment_created` webhooks; Atlassian, "Wiki renderer notation guide".
pub(crate) fn to_wiki(document: &Value) -> String {
    let mut wiki = String::new();
    write_blocks(document, "", &mut wiki);
    wiki.trim_end().to_owned()
}

/// `bullets` is the prefix of the list that the blocks stand in.
fn write_blocks(node: &Value, bullets: &str, wiki: &mut String) {
    for child in children(node) {
        write_block(child, bullets, wiki);
    }
}

fn write_block(node: &Value, bullets: &str, wiki: &mut String) {
    match kind(node) {
        "paragraph" => {
            write_inlines(node, wiki);
            wiki.push_str(if bullets.is_empty() { "\n\n" } else { "\n" });
        }
        "heading" => {
            wiki.push_str(&format!("h{}. ", node["attrs"]["level"]));
            write_inlines(node, wiki);
            wiki.push_str("\n\n");
        }
        "bulletList" => write_list(node, &format!("{bullets}*"), wiki),
        "orderedList" => write_list(node, &format!("{bullets}#"), wiki),
        "codeBlock" => {
            wiki.push_str("{code}");
            for child in children(node) {
                wiki.push_str(child["text"].as_str().unwrap_or_default());
            }
            wiki.push_str("{code}\n\n");
        }
        "blockquote" => surrounded(node, "{quote}", wiki),
        "panel" => surrounded(node, "{panel}", wiki),
        "rule" => wiki.push_str("----\n\n"),
        "mediaSingle" => {
            write_inlines(node, wiki);
            wiki.push_str("\n\n");
        }
        "mediaGroup" => {
            for file in children(node) {
                let name = file["attrs"]["alt"].as_str().unwrap_or_default();
                wiki.push_str(&format!("[^{name}]\n"));
            }
            wiki.push('\n');
        }
        "blockCard" | "embedCard" => {
            write_inline(node, wiki);
            wiki.push_str("\n\n");
        }
        _ => write_blocks(node, bullets, wiki),
    }
}

fn write_list(node: &Value, bullets: &str, wiki: &mut String) {
    for item in children(node) {
        for (index, block) in children(item).iter().enumerate() {
            if index == 0 {
                wiki.push_str(&format!("{bullets} "));
            }
            write_block(block, bullets, wiki);
        }
    }
    if bullets.len() == 1 {
        wiki.push('\n');
    }
}

fn surrounded(node: &Value, tag: &str, wiki: &mut String) {
    let mut inner = String::new();
    write_blocks(node, "", &mut inner);
    wiki.push_str(&format!("{tag}{}{tag}\n\n", inner.trim_end()));
}

fn write_inlines(node: &Value, wiki: &mut String) {
    children(node)
        .iter()
        .for_each(|child| write_inline(child, wiki));
}

fn write_inline(node: &Value, wiki: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    match kind(node) {
        "text" => write_text(node, wiki),
        "hardBreak" => wiki.push('\n'),
        "mention" => wiki.push_str(&format!("[~accountid:{}]", attribute("id"))),
        "emoji" => wiki.push_str(attribute("text")),
        "inlineCard" | "blockCard" | "embedCard" => {
            let url = attribute("url");
            wiki.push_str(&format!("[{url}|{url}|smart-link] "));
        }
        "media" | "mediaInline" => wiki.push_str(&format!("!{}|thumbnail!", attribute("alt"))),
        "status" | "placeholder" => wiki.push_str(&escaped(attribute("text"))),
        _ => write_inlines(node, wiki),
    }
}

fn write_text(node: &Value, wiki: &mut String) {
    let mut text = escaped(node["text"].as_str().unwrap_or_default());
    let marks = node["marks"].as_array().map_or(&[][..], Vec::as_slice);
    for mark in marks {
        text = match kind(mark) {
            "strong" => format!("*{text}*"),
            "em" => format!("_{text}_"),
            "strike" => format!("-{text}-"),
            "underline" => format!("+{text}+"),
            "code" => format!("{{{{{text}}}}}"),
            "link" => {
                let href = mark["attrs"]["href"].as_str().unwrap_or_default();
                format!("[{text}|{href}]")
            }
            _ => text,
        };
    }
    wiki.push_str(&text);
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\!*_-{[|~^+".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jira::adf::{document, from_text};

    #[test]
    fn text_is_escaped() {
        let table = [
            ("ASAP!", "ASAP\\!"),
            ("a*b_c", "a\\*b\\_c"),
            ("[~accountid:x]", "\\[\\~accountid:x]"),
            ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ];
        for (text, wiki) in table {
            assert_eq!(to_wiki(&from_text(text)), wiki);
        }
    }

    #[test]
    fn nodes_have_their_markup() {
        let text = |text: &str, mark: Value| json!({"type": "paragraph", "content": [{"type": "text", "text": text, "marks": [mark]}]});
        let table = [
            (text("b", json!({"type": "strong"})), "*b*"),
            (text("c", json!({"type": "code"})), "{{c}}"),
            (
                text(
                    "t",
                    json!({"type": "link", "attrs": {"href": "https://example.com"}}),
                ),
                "[t|https://example.com]",
            ),
            (
                json!({"type": "paragraph", "content": [{"type": "mention", "attrs": {"id": "712020:1"}}]}),
                "[~accountid:712020:1]",
            ),
            (
                json!({"type": "bulletList", "content": [{"type": "listItem", "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": "one"}]},
                    {"type": "bulletList", "content": [{"type": "listItem", "content": [
                        {"type": "paragraph", "content": [{"type": "text", "text": "two"}]},
                    ]}]},
                ]}]}),
                "* one\n** two",
            ),
            (
                json!({"type": "mediaSingle", "content": [{"type": "media", "attrs": {"type": "file", "id": "1", "collection": "", "alt": "a.png"}}]}),
                "!a.png|thumbnail!",
            ),
            (
                json!({"type": "mediaGroup", "content": [{"type": "media", "attrs": {"type": "file", "id": "1", "collection": "", "alt": "a.pdf"}}]}),
                "[^a.pdf]",
            ),
            (
                json!({"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "q"}]}]}),
                "{quote}q{quote}",
            ),
        ];
        for (block, wiki) in table {
            assert_eq!(to_wiki(&document(vec![block])), wiki);
        }
    }
}

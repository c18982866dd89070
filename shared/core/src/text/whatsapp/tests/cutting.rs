//! The places where long replies are cut.

use super::*;
use crate::text::split::utf16_len;

fn cut(text: &str, limit: usize) -> Vec<String> {
    cut_body(&json!(text), limit)
}

fn cut_body(body: &Value, limit: usize) -> Vec<String> {
    let text = OutboundText::of_body(body, None);
    let parts = parts::parts(&text.lines, limit);
    assert!(
        parts.iter().all(|part| utf16_len(part) <= limit),
        "{parts:?}"
    );
    parts
}

#[test]
fn the_greatest_pause_is_taken() {
    for (text, expected) in [
        ("short", vec!["short"]),
        (
            "one two three\n\nfour\nfive six seven",
            vec!["(1/2)\none two three", "(2/2)\nfour\nfive six seven"],
        ),
        (
            "one two three\nfour five\nok\n\nseven eight",
            vec!["(1/2)\none two three\nfour five\nok", "(2/2)\nseven eight"],
        ),
        (
            "one\ntwo three four\nfive six seven eight",
            vec!["(1/2)\none\ntwo three four", "(2/2)\nfive six seven eight"],
        ),
        (
            "one two three four five six seven",
            vec!["(1/2)\none two three four five", "(2/2)\nsix seven"],
        ),
        (
            "go on now\n\nhttps://a.example/12345678",
            vec!["(1/2)\ngo on now", "(2/2)\nhttps://a.example/12345678"],
        ),
        (
            "abcdefghijklmnopqrstuvwxyz0123456789",
            vec!["(1/2)\nabcdefghijklmnopqrstuvwxyz", "(2/2)\n0123456789"],
        ),
    ] {
        assert_eq!(cut(text, 32), expected, "{text:?}");
    }
}

#[test]
fn formatting_is_closed_and_opened_again() {
    let words = "one two three four five six seven";
    let text = |text: &str, marks: &Value| json!({"type": "text", "text": text, "marks": marks});
    let node = |kind: &str, content: Value| json!({"type": kind, "content": [content]});
    let paragraph = node("paragraph", text(words, &json!([])));
    let code = text("the first line\nthe second line", &json!([]));
    for (body, expected) in [
        (
            text(words, &json!([{"type": "strong"}])),
            vec!["(1/2)\n*one two three four five*", "(2/2)\n*six seven*"],
        ),
        (
            node("codeBlock", code),
            vec![
                "(1/2)\n```\nthe first line\n```",
                "(2/2)\n```\nthe second line\n```",
            ],
        ),
        (
            node("blockquote", paragraph.clone()),
            vec!["(1/2)\n> one two three four five", "(2/2)\n> six seven"],
        ),
        (
            node("bulletList", node("listItem", paragraph)),
            vec!["(1/2)\n- one two three four five", "(2/2)\n  six seven"],
        ),
    ] {
        assert_eq!(cut_body(&body, 32), expected, "{body}");
    }
}

#[test]
fn a_family_is_not_torn_apart() {
    let family = "👨‍👩‍👧‍👦"; // 11 UTF-16 units
    assert_eq!(
        cut(&family.repeat(3), 32),
        [
            format!("(1/2)\n{}", family.repeat(2)),
            format!("(2/2)\n{family}")
        ]
    );
}

#[test]
fn a_monstrous_grapheme_still_ends() {
    let zalgo = format!("a{}", "\u{301}".repeat(50));
    let parts = cut(&zalgo, 32);
    let text: String = parts
        .iter()
        .filter_map(|part| part.split('\n').nth(1))
        .collect();
    assert_eq!(text, zalgo);
}

#[test]
fn many_parts_have_room_for_their_marks() {
    let parts = cut(&"word ".repeat(60), 32);
    assert!(parts.len() >= 10);
    let last = parts.last().unwrap();
    assert!(
        last.starts_with(&format!("({0}/{0})\n", parts.len())),
        "{last}"
    );
}

#[test]
fn no_message_is_blank_however_much_room_is_left() {
    for room in [
        "\n".repeat(10_000),
        " \n\t".repeat(5_000),
        "\u{A0}\n".repeat(6_000),
    ] {
        let text = json!({"type": "text", "text": format!("one{room}two")});
        let code = json!({"type": "codeBlock", "content": [text]});
        let paragraph = json!({"type": "paragraph", "content": [text]});
        for block in [paragraph, code] {
            let body = json!({"type": "doc", "version": 1, "content": [block]});
            let parts = OutboundText::of_body(&body, SITE).parts();
            let is_blank = |part: &String| part.replace('`', "").trim().is_empty();
            assert!(!parts.iter().any(is_blank), "{} parts", parts.len());
            assert!(parts[0].contains("one") && parts.concat().contains("two"));
        }
    }
}

use chrono::DateTime;
use serde_json::json;

use super::*;
use crate::decide::reply::tests::comment;
use crate::model::identity::AccountId;

fn paragraph(text: &str) -> Value {
    json!({"type": "paragraph", "content": [{"type": "text", "text": text}]})
}

fn document(blocks: &[Value]) -> Value {
    json!({"type": "doc", "version": 1, "content": blocks})
}

fn quotation(text: &str) -> Value {
    json!({"type": "blockquote", "content": [paragraph(text)]})
}

fn answering(body: Value) -> Option<(Answered, Value)> {
    let mut comment = comment();
    comment.body = body.into();
    let rest = |rest: Body| rest.to_send().clone();
    Answering::of(&comment).map(|answering| (answering.answered, rest(answering.rest)))
}

#[test]
fn the_command_is_the_first_word() {
    let bold = json!({"type": "text", "text": "now", "marks": [{"type": "strong"}]});
    let mixed = |first: Value| json!({"type": "paragraph", "content": [first, bold]});
    let text = |text: &str| json!({"type": "text", "text": text});
    let line_end = json!({"type": "hardBreak"});
    let mention = json!({"type": "mention", "attrs": {"text": "@Ana"}});
    let list = |items: &[&str]| {
        let items: Vec<Value> = items
            .iter()
            .map(|item| json!({"type": "listItem", "content": [paragraph(item)]}))
            .collect();
        json!({"type": "bulletList", "content": items})
    };
    for (body, rest) in [
        (
            document(&[paragraph("/reply Yes")]),
            Some(document(&[paragraph("Yes")])),
        ),
        (
            document(&[paragraph("/Reply"), paragraph("Yes")]),
            Some(document(&[paragraph("Yes")])),
        ),
        (
            document(&[mixed(text("/reply come "))]),
            Some(document(&[mixed(text("come "))])),
        ),
        (
            document(&[json!({"type": "paragraph",
                "content": [text("/reply"), line_end.clone(), text("Yes")]})]),
            Some(document(&[paragraph("Yes")])),
        ),
        (document(&[paragraph("/reply")]), Some(document(&[]))),
        (json!("/reply *Yes*"), Some(json!("*Yes*"))),
        (json!("/reply: Yes"), Some(json!("Yes"))),
        (
            document(&[json!({"type": "paragraph", "content": [
                {"type": "text", "text": "/reply", "marks": [{"type": "strong"}]}, text(" Yes")]})]),
            Some(document(&[paragraph("Yes")])),
        ),
        (
            document(&[json!({"type": "paragraph", "content": [
                text("\u{200b}/Re"), {"type": "text", "text": "ply", "marks": [{"type": "code"}]},
                text(":\u{a0}Yes")]})]),
            Some(document(&[paragraph("Yes")])),
        ),
        (
            document(&[json!({"type": "paragraph",
                "content": [line_end.clone(), text("/reply"), line_end.clone(), line_end.clone(), text(" Yes")]})]),
            Some(document(&[
                json!({"type": "paragraph", "content": [line_end, text("Yes")]}),
            ])),
        ),
        (
            document(&[
                json!({"type": "paragraph"}),
                paragraph("\u{a0}"),
                paragraph("/reply"),
                paragraph("Yes"),
            ]),
            Some(document(&[
                json!({"type": "paragraph"}),
                paragraph("\u{a0}"),
                paragraph("Yes"),
            ])),
        ),
        (
            document(&[json!({"type": "paragraph", "content": [mention, text(" /reply Yes")]})]),
            Some(document(&[
                json!({"type": "paragraph", "content": [mention, text(" "), text("Yes")]}),
            ])),
        ),
        (
            document(&[
                json!({"type": "paragraph", "content": [mention]}),
                paragraph("/reply Yes"),
            ]),
            Some(document(&[
                json!({"type": "paragraph", "content": [mention]}),
                paragraph("Yes"),
            ])),
        ),
        (
            document(&[list(&["/reply Yes", "No"])]),
            Some(document(&[list(&["Yes", "No"])])),
        ),
        (
            document(&[list(&["/reply"]), paragraph("Yes")]),
            Some(document(&[paragraph("Yes")])),
        ),
        (
            document(&[json!({"type": "heading", "content": [text("/REPLY. Yes")]})]),
            Some(document(&[
                json!({"type": "heading", "content": [text("Yes")]}),
            ])),
        ),
        (
            document(&[json!({"type": "codeBlock", "content": [text("/reply\nYes")]})]),
            Some(document(&[
                json!({"type": "codeBlock", "content": [text("Yes")]}),
            ])),
        ),
        (
            document(&[
                json!({"type": "mediaSingle", "content": [{"type": "media"}]}),
                paragraph("/reply Yes"),
            ]),
            Some(document(&[
                json!({"type": "mediaSingle", "content": [{"type": "media"}]}),
                paragraph("Yes"),
            ])),
        ),
        (document(&[paragraph("/reply/x")]), None),
        (document(&[list(&["Yes", "/reply"])]), None),
        (document(&[paragraph("/replying is easy")]), None),
        (document(&[paragraph("see /reply")]), None),
        (document(&[paragraph("Yes"), paragraph("/reply")]), None),
        (document(&[paragraph("/reé")]), None),
        (document(&[]), None),
        (Value::Null, None),
    ] {
        let expected = rest.map(|rest| (Answered::Latest, rest));
        assert_eq!(answering(body.clone()), expected, "{body}");
    }
}

#[test]
fn a_quotation_stands_in_front() {
    let quoted = |text: &str| Answered::Quoted(text.to_owned().into());
    for (body, expected) in [
        (
            document(&[quotation("Where  is\nit?"), paragraph("Here")]),
            Some((quoted("Where is it?"), document(&[paragraph("Here")]))),
        ),
        (
            document(&[
                json!({"type": "paragraph", "content": [{"type": "hardBreak"}]}),
                json!({"type": "paragraph"}),
                quotation("Where?"),
                paragraph("Here"),
            ]),
            Some((
                quoted("Where?"),
                document(&[
                    json!({"type": "paragraph", "content": [{"type": "hardBreak"}]}),
                    json!({"type": "paragraph"}),
                    paragraph("Here"),
                ]),
            )),
        ),
        (document(&[paragraph("Here"), quotation("Where?")]), None),
        (document(&[quotation(" "), paragraph("Here")]), None),
        (json!("{quote}Where?{quote}\nHere"), None),
    ] {
        assert_eq!(answering(body.clone()), expected, "{body}");
    }
}

#[test]
fn an_answer_in_a_thread_names_its_comment() {
    let mut comment = comment();
    comment.parent = Some(CommentId::new("10001"));
    let answering = Answering::of(&comment).unwrap();
    assert_eq!(
        answering.answered,
        Answered::Comment(CommentId::new("10001"))
    );
    assert_eq!(answering.rest.to_send(), comment.body.written());
}

fn listed(id: &str, text: &str) -> ListedComment {
    ListedComment {
        id: CommentId::new(id),
        author: AccountId::new("bridge"),
        account_type: crate::model::comment::AccountType::Person,
        inside: false,
        written_by_us: true,
        about: None,
        created: DateTime::UNIX_EPOCH,
        updated: DateTime::UNIX_EPOCH,
        body: document(&[paragraph(text), paragraph("")]).into(),
    }
}

#[test]
fn a_quotation_finds_the_latest_message_with_its_words() {
    let mut note = listed("9", "Where is my parcel?");
    note.inside = true;
    let mut agent = listed("8", "Where is my parcel?");
    agent.written_by_us = false;
    let comments = [
        note,
        agent,
        listed("7", "Where is my parcel? I waited all day"),
        listed("6", "Where is my parcel?"),
        listed("5", "ok"),
        listed("4", "ok"),
        listed("3", "It's \"late\" -- isn't it..."),
        listed("2", "Die Größe stimmt nicht"),
        listed("1", "👍"),
    ];
    for (quoted, expected) in [
        ("Where is my parcel?", Some("6")),
        ("I waited all day", Some("7")),
        ("my parcel?", Some("7")),
        ("ok", Some("5")),
        ("day", None),
        ("Where is my train?", None),
        ("where is my parcel", Some("6")),
        ("“Where is my parcel…", Some("6")),
        ("I waited all", Some("7")),
        ("OK!", Some("5")),
        ("it’s “late” – isn’t it…", Some("3")),
        ("its late isnt it", Some("3")),
        ("Die Gro\u{308}ße stimmt", Some("2")),
        ("👍\u{fe0f}", Some("1")),
        ("👎", None),
    ] {
        let found = find_quoted(quoted, &comments, |comment| comment.written_by_us);
        assert_eq!(found.map(CommentId::as_str), expected, "{quoted}");
    }
}

#[test]
fn words_are_plain() {
    let body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [
            {"type": "text", "text": "See"}, {"type": "hardBreak"},
            {"type": "text", "text": "this", "marks": [{"type": "em"}]},
            {"type": "text", "text": " "}, {"type": "emoji", "attrs": {"text": "👍"}},
        ]},
        {"type": "bulletList", "content": [
            {"type": "listItem", "content": [paragraph("one")]},
            {"type": "listItem", "content": [paragraph("two")]},
        ]},
    ]});
    assert_eq!(plain_words(&body), "See this 👍 one two");
    assert_eq!(plain_words(&json!(" a\n b ")), "a b");
}

use serde_json::json;

use super::*;

#[test]
fn lines_become_breaks_and_stay_literal() {
    let document = Document::literal("[~accountid:1] !http://evil/x.png!\r\n\n*b*");
    assert_eq!(
        serde_json::to_value(&document).unwrap(),
        json!({"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [
            {"type": "text", "text": "[~accountid:1] !http://evil/x.png!"},
            {"type": "hardBreak"},
            {"type": "hardBreak"},
            {"type": "text", "text": "*b*"},
        ]}]})
    );
}

#[test]
fn control_characters_and_empty_nodes_never_reach_jira() {
    let document = Document::literal("\u{0}a\u{7}\tb\n\u{1b}");
    assert_eq!(
        serde_json::to_value(&document).unwrap()["content"][0]["content"],
        json!([{"type": "text", "text": "a\tb"}, {"type": "hardBreak"}])
    );
}

#[test]
fn our_own_frame_may_be_bold_or_italic() {
    let paragraph = Paragraph::default()
        .strong("Held")
        .text(" since ")
        .em("noon");
    let value = serde_json::to_value(Document::new(vec![paragraph])).unwrap();
    assert_eq!(
        value["content"][0]["content"],
        json!([
            {"type": "text", "text": "Held", "marks": [{"type": "strong"}]},
            {"type": "text", "text": " since "},
            {"type": "text", "text": "noon", "marks": [{"type": "em"}]},
        ])
    );
}

#[test]
fn a_mention_names_the_account_and_what_jira_shows_of_it() {
    let account = crate::model::identity::AccountId::new("712020:1");
    let paragraph = Paragraph::default()
        .mention(&account, "Ben")
        .text(" please");
    let value = serde_json::to_value(Document::new(vec![paragraph])).unwrap();
    assert_eq!(
        value["content"][0]["content"],
        json!([
            {"type": "mention", "attrs": {"id": "712020:1", "text": "@Ben"}},
            {"type": "text", "text": " please"},
        ])
    );
    assert!(schema::atlassian().is_none_or(|schema| schema.accepts(&value)));
}

#[test]
fn tables_quotes_and_links_are_what_the_schema_knows() {
    let mut table = Table::new(&["Name", "Phones"]);
    assert!(table.is_empty());
    table.push(Row::literal(&["Ana", "+1\n+2"]));
    table.push(Row::literal(&["", "||"]));
    let link = Link::web("https://example.org/").unwrap();
    let quote = Blockquote::new(
        Paragraph::default().strong("Sale"),
        vec![Paragraph::default().link(&link)],
    );
    let value = serde_json::to_value(Document::new(vec![Block::from(table), quote.into()]));
    let value = value.unwrap();
    let cell = |kind: &str, content: serde_json::Value| json!({"type": kind, "content": [{"type": "paragraph", "content": content}]});
    let text = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        value["content"],
        json!([
            {"type": "table", "content": [
                {"type": "tableRow", "content": [
                    cell("tableHeader", json!([text("Name")])),
                    cell("tableHeader", json!([text("Phones")])),
                ]},
                {"type": "tableRow", "content": [
                    cell("tableCell", json!([text("Ana")])),
                    cell("tableCell", json!([text("+1"), {"type": "hardBreak"}, text("+2")])),
                ]},
                {"type": "tableRow", "content": [
                    cell("tableCell", json!([])),
                    cell("tableCell", json!([text("||")])),
                ]},
            ]},
            {"type": "blockquote", "content": [
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "Sale", "marks": [{"type": "strong"}]}]},
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "https://example.org/", "marks": [
                        {"type": "link", "attrs": {"href": "https://example.org/"}}]}]},
            ]},
        ])
    );
    if let Some(schema) = schema::atlassian() {
        assert!(schema.accepts(&value), "{value}");
    }
}

#[test]
fn lengths_add_up() {
    let paragraph = Paragraph::default().text("\"é\"🚲");
    let one = Document::new(vec![paragraph.clone()]);
    let two = Document::new(vec![paragraph.clone(), paragraph.clone()]);
    assert_eq!(
        two.serialized_len() - one.serialized_len(),
        Block::from(paragraph).serialized_len()
    );
}

#[test]
fn the_schema_check_refuses_what_is_wrong() {
    let Some(schema) = schema::atlassian() else {
        return;
    };
    let document =
        |content: serde_json::Value| json!({"version": 1, "type": "doc", "content": content});
    for wrong in [
        json!({"type": "doc", "content": []}),
        document(json!([{"type": "text", "text": "bare"}])),
        document(json!([{"type": "paragraph", "content": [{"type": "text", "text": ""}]}])),
        document(json!([{"type": "table", "content": []}])),
        document(json!([{"type": "blockquote", "content": []}])),
        document(
            json!([{"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"type": "link"}]}]}]),
        ),
    ] {
        assert!(!schema.accepts(&wrong), "{wrong}");
    }
}

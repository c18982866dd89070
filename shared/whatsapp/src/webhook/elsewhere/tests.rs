use casement_core::model::conversation::Holder::{Another, Casement};
use serde_json::json;

use super::*;
use crate::fixtures::signed;
use crate::webhook::{Parsed, parse};

const NOW: i64 = 1_795_000_000;

fn read(field: &str, value: &Value) -> Parsed {
    let body = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1022", "changes": [{"field": field, "value": value}]}]});
    let now = DateTime::from_timestamp(NOW, 0).unwrap();
    parse(signed(body.to_string().as_bytes()), now).unwrap()
}

/// Each message as its way, customer, content and age, and what was skipped.
fn seen(parsed: &Parsed) -> (Vec<String>, Vec<&'static str>) {
    let messages = parsed.messages.iter().map(|message| {
        assert_eq!(message.phone_number_id.as_str(), "1065");
        let content = match &message.content {
            InboundContent::Text { body } => body.clone(),
            InboundContent::Call(call) => format!("{call:?}"),
            InboundContent::Handover(handover) => {
                let summary = handover.summary.as_deref().map_or("-", |text| text);
                format!("{:?} {summary}", handover.to)
            }
            content => content.kind().to_owned(),
        };
        let who: Vec<_> = message.from.identifiers().collect();
        let age = NOW - message.sent_at.timestamp();
        format!("{:?} {} {content} {age}", message.via, who.join("+"))
    });
    let skipped = parsed.skipped.iter();
    let skipped = skipped.flat_map(|one| std::iter::repeat_n(one.reason.as_str(), one.count));
    (messages.collect(), skipped.collect())
}

fn metadata() -> Value {
    json!({"display_phone_number": "+49 30 555", "phone_number_id": "1065"})
}

fn standby(inner: Value) -> Value {
    json!({"messaging_product": "whatsapp", "metadata": metadata(), "standby": inner})
}

fn text(id: &str) -> Value {
    json!({"id": id, "from": "49151", "from_user_id": "DE.1", "timestamp": "1794999990",
           "type": "text", "text": {"body": "Where is it?"}})
}

#[test]
fn standby_has_both_sides_of_anothers_conversation() {
    let contacts = json!([{"wa_id": "49151", "user_id": "DE.1", "profile": {"name": "Ana"}}]);
    let answer = json!({"id": "wamid.2", "timestamp": 1_794_999_995, "message": {
        "to": "+49151", "recipient": "49151", "recipient_type": "individual",
        "type": "text", "text": {"body": "On its way"}}});
    let status = |id: &str| json!({"id": id, "status": "read", "recipient_id": "49151"});
    let inner = json!({"contacts": contacts, "messages": [text("wamid.1")],
        "message_echoes": [answer], "statuses": [status("wamid.2")]});
    let expected = [
        "Standby DE.1+49151 Where is it? 10",
        "AgentEcho DE.1+49151 On its way 5",
    ];
    let parsed = read("standby", &standby(inner.clone()));
    assert_eq!(
        seen(&parsed),
        (expected.map(str::to_owned).to_vec(), vec!["standby_status"])
    );
    assert_eq!(parsed.messages[0].profile_name.as_deref(), Some("Ana"));
    // The lists may be one level higher.
    let mut flat = inner;
    flat["metadata"] = metadata();
    assert_eq!(seen(&read("standby", &flat)).0, expected);
    let ours = json!({"statuses": [{"id": "wamid.3", "status": "read",
        "biz_opaque_callback_data": "comment:10/0"}]});
    assert_eq!(read("standby", &standby(ours)).statuses.len(), 1);
    let failed = json!({"statuses": [{"id": "wamid.3", "status": "failed",
        "errors": [{"code": 131_026}]}]});
    assert_eq!(read("standby", &standby(failed)).statuses.len(), 1);
    let moved = json!({"messages": [{"id": "wamid.4", "from": "49151", "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "49152"}}]});
    assert_eq!(read("standby", &standby(moved)).identity_changes.len(), 1);
}

#[test]
fn what_others_write_is_read_in_every_shape() {
    let item = |more: Value| {
        let mut item =
            json!({"id": "wamid.1", "from": "4930555", "to": "49151", "timestamp": "1794999990"});
        item.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"metadata": metadata(), "message_echoes": [item]})
    };
    let words = json!({"type": "text", "text": {"body": "Hello"}});
    let question = json!({"type": "interactive",
        "interactive": {"type": "button", "body": {"text": "Which one?"}}});
    let deleted = json!({"type": "revoke", "revoke": {"original_message_id": "wamid.0"}});
    for (field, value, expected, skipped) in [
        (
            "smb_message_echoes",
            item(words.clone()),
            vec!["AppEcho 49151 Hello 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(words.clone()),
            vec!["OtherEcho 49151 Hello 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(question),
            vec!["OtherEcho 49151 Which one? 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(deleted),
            vec!["OtherEcho 49151 revoke 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(json!({"type": "template"})),
            vec!["OtherEcho 49151 template 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(
                json!({"message_creation_type": "created_by_1p_bot", "type": "text",
                "text": {"body": "Hello"}}),
            ),
            vec!["BotEcho 49151 Hello 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(json!({})),
            vec!["OtherEcho 49151 unknown 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(json!({"to": null, "to_user_id": "DE.1"})),
            vec!["OtherEcho DE.1 unknown 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(json!({"to": null})),
            vec![],
            vec!["no_sender"],
        ),
        (
            "message_echoes",
            item(json!({"id": 7, "message": 5})),
            vec!["OtherEcho 49151 unknown 10"],
            vec![],
        ),
        (
            "message_echoes",
            item(json!({"id": ""})),
            vec![],
            vec!["no_id"],
        ),
        (
            "message_echoes",
            item(json!({"group_id": "1"})),
            vec![],
            vec!["group"],
        ),
        (
            "message_echoes",
            json!({"message_echoes": [words]}),
            vec![],
            vec!["no_sender"],
        ),
        (
            "message_echoes",
            json!({"metadata": metadata(), "message_echoes": {}}),
            vec![],
            vec!["unreadable"],
        ),
        (
            "standby",
            json!({"metadata": metadata(), "standby": []}),
            vec![],
            vec!["unreadable"],
        ),
        ("standby", json!(null), vec![], vec!["unreadable"]),
        (
            "standby",
            standby(json!({"message_echoes": [null, 5]})),
            vec![],
            vec!["unreadable", "unreadable"],
        ),
    ] {
        let expected: Vec<_> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(
            seen(&read(field, &value)),
            (expected, skipped),
            "{field} {value}"
        );
    }
}

#[test]
fn a_handover_says_who_holds_the_conversation() {
    let value = |kind: &str, change: Value| {
        json!({"messaging_product": "whatsapp", "timestamp": "1794999990", "type": kind, kind: change,
               "sender": {"phone_number": "49151"},
               "recipient": {"display_phone_number": "4930555", "phone_number_id": "1065"}})
    };
    let summed = json!({"previous_owner_role": "ai_agent", "conversation_context": {
        "type": "summary", "summary": {"text": "Asks for an order"}}});
    let history = json!({"conversation_context": {"type": "history", "history": {"items": [
        {"role": "user", "text": {"body": "Hi"}}, {"text": {"body": "Hello"}}, 5, {"role": "user"}]}}});
    for (kind, change, expected) in [
        ("control_passed", json!({}), Some((Casement, "-"))),
        (
            "control_passed",
            json!({"previous_owner_app_role": "meta_business_agent"}),
            Some((Casement, "-")),
        ),
        (
            "control_passed",
            json!({"new_owner_role": "ai_agent"}),
            Some((Another, "-")),
        ),
        (
            "control_taken",
            json!({"new_owner_role": "escalation"}),
            Some((Another, "-")),
        ),
        (
            "control_taken",
            json!({"previous_owner_role": "ai_agent"}),
            Some((Casement, "-")),
        ),
        ("control_taken", json!(null), Some((Another, "-"))),
        (
            "control_passed",
            summed,
            Some((Casement, "Asks for an order")),
        ),
        (
            "control_passed",
            history,
            Some((Casement, "user: Hi\nHello")),
        ),
        ("control_lent", json!({}), None),
    ] {
        let parsed = read("messaging_handovers", &value(kind, change));
        let (messages, skipped) = seen(&parsed);
        match expected {
            Some((to, summary)) => {
                assert_eq!(
                    messages,
                    [format!("Direct 49151 {to:?} {summary} 10")],
                    "{kind}"
                );
                assert!(!parsed.messages[0].wamid.as_str().contains("49151"));
            }
            None => assert_eq!(skipped, ["unknown_handover"]),
        }
    }
    for (value, reason) in [
        (json!([]), "unreadable"),
        (json!({"type": "control_taken"}), "no_sender"),
        (
            json!({"type": "control_taken", "sender": {"user_id": "DE.1"}}),
            "no_number",
        ),
        (json!({"type": 5, "sender": 7}), "unknown_handover"),
    ] {
        assert_eq!(
            seen(&read("messaging_handovers", &value)).1,
            [reason],
            "{value}"
        );
    }
}

#[test]
fn calls_are_the_customers_own_and_begin_when_they_rang() {
    let call = |more: Value| {
        let mut item = json!({"id": "wacid.1", "from": "49151", "to": "4930555", "event": "terminate",
            "direction": "USER_INITIATED", "timestamp": "1794999990"});
        item.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"metadata": metadata(), "calls": [item]})
    };
    let answered = json!({"status": "COMPLETED", "start_time": "1794999900", "duration": 80});
    for (value, expected) in [
        (
            call(json!({"event": "connect", "session": {"sdp": "v=0"}})),
            Ok("Ringing 10"),
        ),
        (call(json!({"status": "FAILED"})), Ok("Missed 10")),
        (
            call(json!({"status": "COMPLETED", "duration": 0})),
            Ok("Answered { seconds: None } 10"),
        ),
        (call(answered), Ok("Answered { seconds: Some(80) } 100")),
        (
            call(json!({"status": 5, "duration": "60"})),
            Ok("Answered { seconds: Some(60) } 70"),
        ),
        (call(json!({"direction": null})), Ok("Missed 10")),
        (
            call(json!({"direction": null, "from": "4930555", "to": "49151"})),
            Err("business_call"),
        ),
        (
            call(json!({"direction": "BUSINESS_INITIATED"})),
            Err("business_call"),
        ),
        (call(json!({"event": "hold"})), Err("unknown_call")),
        (call(json!({"id": null})), Err("no_id")),
        (call(json!({"from": null})), Err("no_sender")),
        (json!({"calls": [7]}), Err("unreadable")),
        (
            json!({"metadata": metadata(), "statuses": [{"type": "call"}]}),
            Err("business_call"),
        ),
        (json!({"metadata": metadata()}), Err("unreadable")),
    ] {
        let (messages, skipped) = seen(&read("calls", &value));
        match expected {
            Ok(call) => assert_eq!(messages, [format!("Direct 49151 {call}")], "{value}"),
            Err(reason) => assert_eq!((messages.len(), skipped), (0, vec![reason]), "{value}"),
        }
    }
    let both = json!({"metadata": metadata(), "calls": [
        {"id": "wacid.1", "from": "49151", "event": "connect", "direction": "USER_INITIATED"},
        {"id": "wacid.1", "from": "49151", "event": "terminate", "direction": "USER_INITIATED"}]});
    let parsed = read("calls", &both);
    let ids: Vec<_> = parsed
        .messages
        .iter()
        .map(|one| one.wamid.as_str())
        .collect();
    assert_eq!(ids, ["wacid.1#ringing", "wacid.1"]);
}

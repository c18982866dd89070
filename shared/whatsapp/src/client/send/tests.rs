use casement_core::model::identity::{Bsuid, MediaId, PhoneNumber};
use serde_json::json;

use super::*;

fn answered(status: StatusCode, headers: HeaderMap, body: String) -> Result<Wamid, CallFailure> {
    outcome(&Answer {
        status,
        headers,
        body: body.into(),
    })
}

#[test]
fn a_text_goes_to_the_number_with_plus_or_to_the_bsuid() {
    let phone = Recipient::Phone(PhoneNumber::new("4915112345678"));
    let bsuid = Recipient::Bsuid(Bsuid::new("DE.77"));
    for (to, field, address) in [
        (phone, "to", "+4915112345678"),
        (bsuid, "recipient", "DE.77"),
    ] {
        let text = OutgoingMessage::Text("See https://example.com");
        let message = Message::new(&to, text, "comment:1:0");
        let mut expected = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": "text",
            "text": {"preview_url": false, "body": "See https://example.com"},
            "biz_opaque_callback_data": "comment:1:0",
        });
        expected[field] = json!(address);
        assert_eq!(serde_json::to_value(&message).unwrap(), expected);
    }
}

#[test]
fn an_answer_names_the_message_that_it_answers() {
    let to = Recipient::Phone(PhoneNumber::new("49151"));
    let wamid = Wamid::new("wamid.A");
    let answer = OutgoingMessage::Answer {
        to: &wamid,
        message: &OutgoingMessage::Text("Yes"),
    };
    let message = serde_json::to_value(Message::new(&to, answer, "comment:1:0")).unwrap();
    assert_eq!(message["context"], json!({"message_id": "wamid.A"}));
    assert_eq!(message["type"], "text");
    assert_eq!(message["text"]["body"], "Yes");
}

#[test]
fn a_question_has_one_button() {
    let to = Recipient::Phone(PhoneNumber::new("49151"));
    let question = OutgoingMessage::Question {
        text: "Still there?",
        button: Button {
            id: "keep-open",
            title: "Yes",
        },
    };
    let message = serde_json::to_value(Message::new(&to, question, "keep-open:a:1/0")).unwrap();
    assert_eq!(message["type"], "interactive");
    assert_eq!(
        message["interactive"],
        json!({
            "type": "button",
            "body": {"text": "Still there?"},
            "action": {"buttons": [
                {"type": "reply", "reply": {"id": "keep-open", "title": "Yes"}},
            ]},
        })
    );
}

#[test]
fn a_question_for_the_phone_number_is_named() {
    let to = Recipient::Bsuid(Bsuid::new("DE.77"));
    let question = OutgoingMessage::PhoneQuestion {
        text: "Your number?",
    };
    let message = serde_json::to_value(Message::new(&to, question, "phone:1/0")).unwrap();
    let expected = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": "DE.77",
        "type": "interactive",
        "interactive": {
            "type": "request_contact_info",
            "body": {"text": "Your number?"},
            "action": {"name": "request_contact_info"},
        },
        "biz_opaque_callback_data": "phone:1/0",
    });
    assert_eq!(message, expected);
}

#[test]
fn files_are_named_and_captioned_where_whatsapp_allows_it() {
    let media = MediaId::new("77");
    let to = Recipient::Phone(PhoneNumber::new("49151"));
    for (form, expected) in [
        (FileForm::Image, json!({"id": "77", "caption": "here"})),
        (FileForm::Video, json!({"id": "77", "caption": "here"})),
        (
            FileForm::Document,
            json!({"id": "77", "caption": "here", "filename": "a.pdf"}),
        ),
        (FileForm::Audio, json!({"id": "77"})),
        (FileForm::Sticker, json!({"id": "77"})),
    ] {
        let file = OutgoingMessage::File {
            form,
            media: &media,
            name: "a.pdf",
            caption: Some("here"),
        };
        let message = serde_json::to_value(Message::new(&to, file, "comment:1:1")).unwrap();
        assert_eq!(message["type"], form.as_str());
        assert_eq!(message[form.as_str()], expected);
        assert_eq!(message["biz_opaque_callback_data"], "comment:1:1");
    }
}

#[test]
fn answers_are_told_apart() {
    let refused = |code| Err(CallFailure::whatsapp(WhatsappCode(code)));
    let unknown = || Err(CallFailure::Unknown(Side::Whatsapp));
    let error = |code| {
        json!({"error": {
            "message": "m", "type": "OAuthException", "code": code, "error_data": "text",
        }})
    };
    let accepted = json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": "DE.77", "user_id": "DE.77"}],
        "messages": [{"id": "wamid.A", "message_status": "accepted"}],
    });
    for (status, body, expected) in [
        (200, accepted, Ok(Wamid::new("wamid.A"))),
        (
            201,
            json!({"messages": [{"id": "wamid.B"}]}),
            Ok(Wamid::new("wamid.B")),
        ),
        (200, json!({"messages": []}), unknown()),
        (200, json!({"messages": [{"id": ""}]}), unknown()),
        (200, json!({"success": true}), unknown()),
        (200, json!("accepted"), unknown()),
        // The code counts, not the status.
        (400, error(json!(131_047)), refused(131_047)),
        (403, error(json!(130_429)), refused(130_429)),
        (401, error(json!(0)), refused(0)),
        (500, error(json!(131_000)), refused(131_000)),
        (503, error(json!("2")), refused(2)),
        (200, error(json!(131_056)), refused(131_056)),
        // No code that can be read.
        (400, error(json!(null)), refused(100)),
        (404, json!({"error": "gone"}), refused(100)),
        (413, json!(null), refused(100)),
        (401, json!({}), refused(190)),
        (429, json!([]), refused(130_429)),
        (408, json!({}), unknown()),
        (500, json!({"error": {"message": "m"}}), unknown()),
        (502, json!("<html>"), unknown()),
        (302, json!({}), unknown()),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let outcome = answered(status, HeaderMap::new(), body.to_string());
        assert_eq!(outcome, expected, "{status} {body}");
    }
    let bare = |status, body: &str| answered(status, HeaderMap::new(), body.to_owned());
    assert_eq!(bare(StatusCode::BAD_GATEWAY, "<html>"), unknown());
    assert_eq!(bare(StatusCode::OK, ""), unknown());
    assert_eq!(bare(StatusCode::FORBIDDEN, ""), refused(100));
}

#[test]
fn an_accepted_template_may_be_held_by_meta() {
    let said =
        |message: Value| template_hold(json!({"messages": [message]}).to_string().as_bytes());
    for (status, expected) in [
        (json!("accepted"), None),
        (
            json!("held_for_quality_assessment"),
            Some(TemplateHold::QualityCheck),
        ),
        (json!("paused"), Some(TemplateHold::Paused)),
        (json!("a new word"), None),
        (json!(null), None),
        (json!(7), None),
        (json!({"status": "paused"}), None),
    ] {
        let message = json!({"id": "wamid.A", "message_status": status.clone()});
        assert_eq!(said(message), expected, "{status}");
        // Whatever it says, the message is accepted and has its id.
        let body = json!({"messages": [{"id": "wamid.A", "message_status": status}]});
        let outcome = answered(StatusCode::OK, HeaderMap::new(), body.to_string());
        assert_eq!(outcome, Ok(Wamid::new("wamid.A")));
    }
    assert_eq!(said(json!({"id": "wamid.A"})), None);
    for body in ["", "[]", "{}", r#"{"messages": []}"#] {
        assert_eq!(template_hold(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn a_refusal_may_say_when_to_come_back() {
    let body = json!({"error": {"code": 130_429}}).to_string();
    let code = WhatsappCode(130_429);
    for (header, expected) in [
        (
            "30",
            CallFailure::Whatsapp {
                code,
                retry_after: Some(Duration::seconds(30)),
            },
        ),
        ("soon", CallFailure::whatsapp(code)),
        ("-1", CallFailure::whatsapp(code)),
    ] {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, header.parse().unwrap())]);
        let outcome = answered(StatusCode::BAD_REQUEST, headers, body.to_owned());
        assert_eq!(outcome, Err(expected), "{header}");
    }
}

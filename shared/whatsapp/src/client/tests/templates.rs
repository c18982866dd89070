use casement_core::model::attachment::FileForm;
use casement_core::model::identity::{BusinessAccountId, MediaId};
use casement_core::say::template::filling::ButtonValue;
use casement_core::say::template::{FilledButton, FilledHeader, FilledTemplate, Parameter};
use casement_service::ports::{OutgoingTemplate, TemplateMessages};
use chrono::{DateTime, Utc};
use wiremock::matchers::{query_param, query_param_is_missing};

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn account() -> BusinessAccountId {
    BusinessAccountId::new("1022")
}

fn value(name: Option<&str>, text: &str) -> Parameter {
    Parameter {
        name: name.map(str::to_owned),
        text: text.to_owned(),
    }
}

fn filled() -> FilledTemplate {
    FilledTemplate {
        name: "order".to_owned(),
        language: "en_US".to_owned(),
        header: None,
        body: Vec::new(),
        buttons: Vec::new(),
        text: "shown".to_owned(),
    }
}

#[tokio::test]
async fn templates_are_posted_as_documented() {
    let text = FilledTemplate {
        header: Some(FilledHeader::Text(value(None, "4711"))),
        body: vec![value(None, "Ana"), value(None, "Monday")],
        buttons: vec![
            FilledButton {
                index: 1,
                value: ButtonValue::UrlEnd("a1".to_owned()),
            },
            FilledButton {
                index: 2,
                value: ButtonValue::CouponCode("SALE".to_owned()),
            },
        ],
        ..filled()
    };
    let named = FilledTemplate {
        body: vec![value(Some("customer"), "Ana")],
        ..filled()
    };
    let with_file = |form| FilledTemplate {
        header: Some(FilledHeader::File {
            form,
            name: "a.pdf".to_owned(),
        }),
        ..filled()
    };
    let parameter = |text: &str| json!({"type": "text", "text": text});
    for (template, components) in [
        (filled(), json!(null)),
        (
            text,
            json!([
                {"type": "header", "parameters": [parameter("4711")]},
                {"type": "body", "parameters": [parameter("Ana"), parameter("Monday")]},
                {"type": "button", "sub_type": "url", "index": "1", "parameters": [parameter("a1")]},
                {"type": "button", "sub_type": "copy_code", "index": "2",
                 "parameters": [{"type": "coupon_code", "coupon_code": "SALE"}]},
            ]),
        ),
        (
            named,
            json!([{"type": "body", "parameters": [
                {"type": "text", "parameter_name": "customer", "text": "Ana"}]}]),
        ),
        (
            with_file(FileForm::Image),
            json!([{"type": "header", "parameters": [{"type": "image", "image": {"id": "77"}}]}]),
        ),
        (
            with_file(FileForm::Document),
            json!([{"type": "header", "parameters": [
                {"type": "document", "document": {"id": "77", "filename": "a.pdf"}}]}]),
        ),
    ] {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+4915112345678",
            "type": "template",
            "template": {"name": "order", "language": {"code": "en_US"}},
            "biz_opaque_callback_data": callback::sealed("template:1/0"),
        });
        if !components.is_null() {
            body["template"]["components"] = components;
        }
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v27.0/106540352242922/messages"))
            .and(bearer_token("token"))
            .and(body_json(&body))
            .respond_with(accepted())
            .mount(&server)
            .await;
        let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]));
        let media = MediaId::new("77");
        let message = OutgoingTemplate {
            template: &template,
            header: Some(&media),
        };
        let to = Recipient::Phone(PhoneNumber::new("4915112345678"));
        let number = PhoneNumberId::new("106540352242922");
        let sent = api
            .send_template(&number, &to, message, "template:1/0")
            .await;
        let sent = sent.unwrap();
        assert_eq!(sent.wamid, Wamid::new("wamid.OURS"));
        assert_eq!(sent.phone, Some(PhoneNumber::new("4915112345678")));
    }
}

fn listed(name: &str) -> Value {
    json!({"name": name, "language": "en", "status": "APPROVED", "components": []})
}

async fn list(
    api: &CloudApi<Tokens>,
    fresh_since: i64,
    now: i64,
) -> Result<Vec<String>, CallFailure> {
    let list = api.templates(&account(), at(fresh_since), at(now)).await?;
    Ok(list.iter().map(|one| one.name.clone()).collect())
}

#[tokio::test]
async fn the_list_is_read_to_its_end_and_kept() {
    let server = MockServer::start().await;
    let first = json!({"data": [listed("a"), {"broken": 1}], "paging": {
        "cursors": {"after": "MAZD"}, "next": "http://elsewhere.invalid/next"}});
    let last = json!({"data": [listed("b")], "paging": {"cursors": {"after": "END"}}});
    let page = || {
        Mock::given(method("GET"))
            .and(path("/v27.0/1022/message_templates"))
            .and(query_param(
                "fields",
                "name,language,status,category,components",
            ))
            .and(query_param("limit", "100"))
            .and(bearer_token("token"))
    };
    page()
        .and(query_param_is_missing("after"))
        .respond_with(ResponseTemplate::new(200).set_body_json(first))
        .mount(&server)
        .await;
    page()
        .and(query_param("after", "MAZD"))
        .respond_with(ResponseTemplate::new(200).set_body_json(last))
        .mount(&server)
        .await;
    let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]));
    for (fresh_since, now, calls) in [
        (-300, 0, 2),
        (-200, 100, 2),
        (50, 200, 4),
        (200, 200, 4),
        (-900, -600, 6),
    ] {
        assert_eq!(list(&api, fresh_since, now).await.unwrap(), ["a", "b"]);
        let asked = server.received_requests().await.unwrap().len();
        assert_eq!(asked, calls, "{fresh_since} {now}");
    }
}

#[tokio::test]
async fn a_list_that_fails_may_be_asked_for_again() {
    for (answer, expected) in [
        (refused(400, 100), code(100)),
        (refused(403, 200), code(200)),
        (ResponseTemplate::new(401), code(190)),
        (ResponseTemplate::new(404), code(100)),
        (ResponseTemplate::new(429), UNREACHABLE),
        (ResponseTemplate::new(502), UNREACHABLE),
        (ResponseTemplate::new(200).set_body_string("{"), UNREACHABLE),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]));
        assert_eq!(list(&api, 0, 0).await, Err(expected));
    }
    let cut = server_that_hangs_up("").await;
    let api = api(&cut, PATIENCE, Tokens::new(&[Ok("token")]));
    assert_eq!(list(&api, 0, 0).await, Err(UNREACHABLE));
}

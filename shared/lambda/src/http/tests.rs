use serde_json::{Value, json};

use super::*;

fn request(change: impl FnOnce(&mut Value)) -> Result<Request, BadRequest> {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "GET /whatsapp",
        "rawPath": "/whatsapp",
        "rawQueryString": "hub.mode=subscribe&hub.verify_token=a%2Cb%20c",
        "queryStringParameters": { "hub.mode": "subscribe", "hub.verify_token": "a,b c" },
        "headers": { "x-hub-signature-256": "sha256=00" },
        "requestContext": {
            "http": { "method": "GET", "path": "/whatsapp", "sourceIp": "192.0.2.1" },
            "requestId": "r",
            "timeEpoch": 1_790_000_000_000_i64,
        },
        "isBase64Encoded": false,
    });
    change(&mut event);
    Request::from_event(serde_json::from_value(event).unwrap())
}

#[test]
fn a_request_is_taken_apart() {
    let request = request(|_| {}).unwrap();
    assert_eq!((request.method(), request.path()), ("GET", "/whatsapp"));
    assert_eq!(request.query("hub.mode").as_deref(), Some("subscribe"));
    assert_eq!(request.query("hub.verify_token").as_deref(), Some("a,b c"));
    assert_eq!(request.query("hub.challenge"), None);
    assert_eq!(request.header("X-Hub-Signature-256"), Some("sha256=00"));
    assert_eq!(request.header("x-other"), None);
    assert!(request.body().is_empty());
    assert_eq!(format!("{request:?}"), "Request(GET /whatsapp, 0 bytes)");
}

#[test]
fn the_body_is_the_bytes_that_were_sent() {
    let just_fits = "x".repeat(LONGEST_BODY);
    let too_long = "x".repeat(LONGEST_BODY + 1);
    for (body, base64, expected) in [
        (
            r#"{"a":"\u00e9"}"#,
            false,
            Ok(br#"{"a":"\u00e9"}"#.to_vec()),
        ),
        ("é", false, Ok("é".as_bytes().to_vec())),
        ("AP8=", true, Ok(vec![0, 255])),
        ("AP8", true, Err(BadRequest::NotReadable)),
        (&just_fits, false, Ok(just_fits.clone().into_bytes())),
        (&too_long, false, Err(BadRequest::TooLong)),
        (
            &BASE64_STANDARD.encode(&just_fits),
            true,
            Ok(just_fits.clone().into_bytes()),
        ),
        (
            &BASE64_STANDARD.encode(&too_long),
            true,
            Err(BadRequest::TooLong),
        ),
        (
            &"?".repeat(LONGEST_BODY * 2),
            true,
            Err(BadRequest::TooLong),
        ),
    ] {
        let request = request(|event| {
            event["body"] = body.into();
            event["isBase64Encoded"] = base64.into();
        });
        let got = request.map(|request| request.body().to_vec());
        assert!(got == expected, "{} bytes, {base64}", body.len());
    }
}

#[test]
fn answers_have_a_type_that_browsers_do_not_guess() {
    for (answer, status, content_type, body) in [
        (
            Answer::text(200, "1158201444"),
            200,
            "text/plain; charset=utf-8",
            "1158201444",
        ),
        (
            Answer::problem(401, "Unauthorized", "The signature is wrong."),
            401,
            "application/problem+json",
            r#"{"detail":"The signature is wrong.","status":401,"title":"Unauthorized","type":"about:blank"}"#,
        ),
        (
            BadRequest::TooLong.into(),
            413,
            "application/problem+json",
            r#"{"detail":"The body has more bytes than any webhook sends.","status":413,"title":"Content Too Large","type":"about:blank"}"#,
        ),
        (
            BadRequest::NotReadable.into(),
            400,
            "application/problem+json",
            r#"{"detail":"The body cannot be decoded.","status":400,"title":"Bad Request","type":"about:blank"}"#,
        ),
    ] {
        assert_eq!(answer.status(), status);
        let response: ApiGatewayV2httpResponse = answer.into();
        let response = serde_json::to_value(response).unwrap();
        assert_eq!(response["statusCode"], status);
        assert_eq!(response["headers"]["content-type"], content_type);
        assert_eq!(response["headers"]["x-content-type-options"], "nosniff");
        assert_eq!(response["body"], body);
        assert_eq!(response["isBase64Encoded"], false);
    }
}

//! Converts an HTTP request to a function's event: payload format 2.0 (API Gateway developer guide,
//! "Create AWS Lambda proxy integrations for HTTP APIs").

use axum::http::{HeaderMap, header, request::Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use reqwest::Url;
use serde_json::{Map, Value, json};
use uuid::Uuid;

const ACCOUNT: &str = "000000000000";
const API_ID: &str = "local";
const SOURCE_IP: &str = "127.0.0.1";

/// Returns the event for a request to the route `route_key`, received at `now`.
pub(super) fn from_request(
    parts: &Parts,
    body: &[u8],
    route_key: &str,
    now: DateTime<Utc>,
) -> Value {
    let headers = headers(&parts.headers);
    let query = parts.uri.query().unwrap_or_default();
    let host = headers
        .get("host")
        .and_then(Value::as_str)
        .unwrap_or("localhost");
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": parts.uri.path(),
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": host,
            "domainPrefix": host.split('.').next(),
            "http": {
                "method": parts.method.as_str(),
                "path": parts.uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": headers.get("user-agent"),
            },
            "requestId": Uuid::new_v4().to_string(),
            "routeKey": route_key,
            "stage": "$default",
            "time": now.format("%d/%b/%Y:%H:%M:%S %z").to_string(),
            "timeEpoch": now.timestamp_millis(),
        },
        "isBase64Encoded": false,
    });
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = Value::Object(query_parameters(query));
    }
    if !body.is_empty() {
        match std::str::from_utf8(body) {
            Ok(text) => event["body"] = json!(text),
            Err(_) => {
                event["body"] = json!(STANDARD.encode(body));
                event["isBase64Encoded"] = json!(true);
            }
        }
    }
    event
}

// Names are lower-case, multiple values of one name are joined with commas, and cookies have a
// member of their own.
fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut joined = Map::new();
    for (name, value) in headers.iter().filter(|(name, _)| *name != header::COOKIE) {
        append(
            &mut joined,
            name.as_str(),
            &String::from_utf8_lossy(value.as_bytes()),
        );
    }
    append(&mut joined, "x-forwarded-for", SOURCE_IP);
    append(&mut joined, "x-forwarded-proto", "http");
    joined
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split("; ")
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn query_parameters(query: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    // The parser needs a complete address, but only the query matters.
    if let Ok(url) = Url::parse(&format!("http://localhost/?{query}")) {
        for (name, value) in url.query_pairs() {
            append(&mut parameters, &name, &value);
        }
    }
    parameters
}

fn append(members: &mut Map<String, Value>, name: &str, value: &str) {
    match members.get_mut(name) {
        Some(Value::String(joined)) => {
            joined.push(',');
            joined.push_str(value);
        }
        _ => {
            members.insert(name.to_owned(), json!(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn event(request: axum::http::request::Builder, body: &[u8]) -> Value {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let now = "2026-11-22T09:05:03Z".parse().unwrap();
        from_request(&parts, body, "POST /whatsapp", now)
    }

    #[test]
    fn a_request_becomes_payload_2_0() {
        let request = Request::post("/whatsapp?hub.mode=subscribe&a=1&a=2&t=a%20b%2Bc")
            .header("Host", "api.example.com")
            .header("X-Hub-Signature-256", "sha256=00")
            .header("Accept", "text/plain")
            .header("Accept", "*/*")
            .header("User-Agent", "probe")
            .header("Cookie", "a=1; b=2");
        let event = event(request, "{\"text\":\"é\"}".as_bytes());
        for (pointer, expected) in [
            ("/version", json!("2.0")),
            ("/routeKey", json!("POST /whatsapp")),
            ("/rawPath", json!("/whatsapp")),
            (
                "/rawQueryString",
                json!("hub.mode=subscribe&a=1&a=2&t=a%20b%2Bc"),
            ),
            ("/headers/x-hub-signature-256", json!("sha256=00")),
            ("/headers/accept", json!("text/plain,*/*")),
            ("/headers/cookie", Value::Null),
            ("/cookies", json!(["a=1", "b=2"])),
            ("/queryStringParameters/hub.mode", json!("subscribe")),
            ("/queryStringParameters/a", json!("1,2")),
            ("/queryStringParameters/t", json!("a b+c")),
            ("/requestContext/http/method", json!("POST")),
            ("/requestContext/http/userAgent", json!("probe")),
            ("/requestContext/domainPrefix", json!("api")),
            ("/requestContext/time", json!("22/Nov/2026:09:05:03 +0000")),
            ("/requestContext/timeEpoch", json!(1_795_338_303_000_i64)),
            ("/body", json!("{\"text\":\"é\"}")),
            ("/isBase64Encoded", json!(false)),
        ] {
            let found = event.pointer(pointer).cloned().unwrap_or_default();
            assert_eq!(found, expected, "{pointer}");
        }
    }

    #[test]
    fn a_body_that_is_no_text_is_encoded() {
        let event = event(Request::post("/whatsapp"), &[0xff, 0x00]);
        assert_eq!(event["body"], "/wA=");
        assert_eq!(event["isBase64Encoded"], true);
    }

    #[test]
    fn what_is_not_there_is_left_out() {
        let event = event(Request::get("/whatsapp"), b"");
        for member in ["body", "cookies", "queryStringParameters"] {
            assert_eq!(event.get(member), None, "{member}");
        }
    }
}

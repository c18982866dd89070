//! Converts a function's result to an HTTP response.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    multi_value_headers: Option<BTreeMap<String, Vec<Value>>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: Option<bool>,
}

/// Converts a function's result to a response. JSON without a `statusCode` is the body of a 200
/// (payload format 2.0 infers the rest).
///
/// # Errors
/// Says what is wrong with the result. The caller answers 500, as API Gateway does.
pub(super) fn to_response(result: &[u8]) -> Result<Response, String> {
    let value: Value = serde_json::from_slice(result).map_err(|error| error.to_string())?;
    if value.get("statusCode").is_none() {
        return Ok(axum::Json(value).into_response());
    }
    let answer: Answer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let encoded = answer.is_base64_encoded.unwrap_or(false);
    let body = match answer.body.unwrap_or_default() {
        body if encoded => STANDARD.decode(body).map_err(|error| error.to_string())?,
        body => body.into_bytes(),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status_code).map_err(|error| error.to_string())?;
    for (name, value) in answer.headers.into_iter().flatten() {
        set(&mut response, &name, &value)?;
    }
    for (name, values) in answer.multi_value_headers.into_iter().flatten() {
        for value in values {
            set(&mut response, &name, &value)?;
        }
    }
    for cookie in answer.cookies.into_iter().flatten() {
        set(
            &mut response,
            header::SET_COOKIE.as_str(),
            &Value::String(cookie),
        )?;
    }
    response
        .headers_mut()
        .entry(header::CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("text/plain; charset=utf-8"));
    Ok(response)
}

fn set(response: &mut Response, name: &str, value: &Value) -> Result<(), String> {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let name: HeaderName = name.parse().map_err(|_| format!("header {name:?}"))?;
    // The server frames the body itself.
    if name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING {
        return Ok(());
    }
    let value: HeaderValue = text.parse().map_err(|_| format!("value of {name}"))?;
    response.headers_mut().append(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn results_become_responses() {
        for (result, status, kind, body) in [
            (
                json!({"statusCode": 200, "body": "1158201444", "headers": {"content-type": "text/plain"}}),
                200,
                "text/plain",
                "1158201444",
            ),
            (
                json!({"statusCode": 401}),
                401,
                "text/plain; charset=utf-8",
                "",
            ),
            (
                json!({"statusCode": 200, "body": "aGk=", "isBase64Encoded": true, "headers": null}),
                200,
                "text/plain; charset=utf-8",
                "hi",
            ),
            (
                json!({"hello": "there"}),
                200,
                "application/json",
                "{\"hello\":\"there\"}",
            ),
            (
                json!({"statusCode": 200, "multiValueHeaders": {"content-type": ["a/b"]}}),
                200,
                "a/b",
                "",
            ),
        ] {
            let response = to_response(result.to_string().as_bytes()).unwrap();
            assert_eq!(response.status(), status, "{result}");
            assert_eq!(response.headers()["content-type"], kind, "{result}");
            let bytes = to_bytes(response.into_body(), 1024).await.unwrap();
            assert_eq!(bytes, body, "{result}");
        }
    }

    #[test]
    fn cookies_are_set_one_by_one() {
        let result = json!({"statusCode": 204, "cookies": ["a=1", "b=2"]}).to_string();
        let response = to_response(result.as_bytes()).unwrap();
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for result in [
            "",
            "nonsense",
            r#"{"statusCode":"teapot"}"#,
            r#"{"statusCode":99}"#,
            r#"{"statusCode":200,"headers":{"a b":"c"}}"#,
            r#"{"statusCode":200,"body":"?","isBase64Encoded":true}"#,
        ] {
            assert!(to_response(result.as_bytes()).is_err(), "{result}");
        }
    }
}

//! Answers with the bytes of a file, in whole or in part.

use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::jira::errors::JiraError;
use crate::jira::state::attachment::File;

/// The part that a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Everything: there is no such header, or it names several ranges and may be ignored.
    All,
    Part(Range<usize>),
    /// A part beyond the end of the file.
    Outside,
    Malformed,
}

/// Answers with the file, or with the part that the `Range` header asks for.
///
/// Source: Atlassian, "Get attachment content"; RFC 9110, section 14.
///
/// # Errors
/// The content was not kept, or the header is malformed.
pub(crate) fn answer(file: &File, headers: &HeaderMap) -> Result<Response, JiraError> {
    let content = file.content.clone().ok_or_else(JiraError::not_kept)?;
    let length = content.len();
    let (status, part, range) = match asked(headers, length) {
        Asked::All => (StatusCode::OK, content, None),
        Asked::Part(part) => (
            StatusCode::PARTIAL_CONTENT,
            content.slice(part.clone()),
            Some(format!("bytes {}-{}/{length}", part.start, part.end - 1)),
        ),
        Asked::Outside => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Bytes::new(),
            Some(format!("bytes */{length}")),
        ),
        Asked::Malformed => return Err(JiraError::bad_request("The Range header is malformed.")),
    };
    let mut response = (status, Body::from(part)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(file));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(value) = range.and_then(|range| HeaderValue::from_str(&range).ok()) {
        headers.insert(header::CONTENT_RANGE, value);
    }
    Ok(response)
}

/// Returns the type of the file, or a generic one if it does not fit into a header.
fn content_type(file: &File) -> HeaderValue {
    HeaderValue::from_str(&file.mime_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn asked(headers: &HeaderMap, length: usize) -> Asked {
    let Some(value) = headers.get(header::RANGE) else {
        return Asked::All;
    };
    let ranges = value
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("bytes="));
    let Some(ranges) = ranges else {
        return Asked::Malformed;
    };
    if ranges.contains(',') {
        return Asked::All;
    }
    let Some((first, last)) = ranges.trim().split_once('-') else {
        return Asked::Malformed;
    };
    let part = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(suffix)) if first.is_empty() => length.saturating_sub(suffix)..length,
        _ => return Asked::Malformed,
    };
    if part.is_empty() {
        Asked::Outside
    } else {
        Asked::Part(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let table = [
            ("bytes=0-3", Asked::Part(0..4)),
            ("bytes=8-", Asked::Part(8..10)),
            ("bytes=8-99", Asked::Part(8..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=0-1,4-5", Asked::All),
            ("bytes=5-2", Asked::Malformed),
            ("bytes=-", Asked::Malformed),
            ("lines=1-2", Asked::Malformed),
        ];
        for (value, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(value));
            assert_eq!(asked(&headers, 10), expected, "{value}");
        }
        assert_eq!(asked(&HeaderMap::new(), 10), Asked::All);
    }
}

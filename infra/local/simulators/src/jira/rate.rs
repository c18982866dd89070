//! The limit on calls to the whole site, and a check that callers wait as long as they are told.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

use super::JiraSimulator;
use crate::lock;

/// The `Retry-After` of the site's limit, in seconds.
const SENT_AWAY_S: i64 = 5;

/// The largest JSON document that is compared, in bytes.
const LARGEST_JSON: usize = 32 * 1024 * 1024;

/// The call with which every process asks once which account it uses. Another process making this
/// call is not repeating the refused one.
const ASKED_BY_EACH: &str = "GET /rest/api/3/myself";

/// The number of early calls that are named.
const NAMED: usize = 20;

/// How well the callers respect the limit.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Discipline {
    /// How many calls were answered with 429.
    pub limited: u64,
    /// How many of those calls came again before their `Retry-After` was over.
    pub too_early: u64,
    /// The first of those early calls: method, path, and how many milliseconds too early.
    pub early_calls: Vec<String>,
}

/// The calls of this second, and the refused calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    second: i64,
    calls: u32,
    sent_away: HashMap<u64, DateTime<Utc>>,
    discipline: Discipline,
}

impl Rate {
    /// Counts a call. Returns false if the site already had `limit` calls in this second.
    fn admits(&mut self, limit: Option<u32>, now: DateTime<Utc>) -> bool {
        if self.second != now.timestamp() {
            (self.second, self.calls) = (now.timestamp(), 0);
        }
        self.calls += 1;
        limit.is_none_or(|limit| self.calls <= limit)
    }

    /// Notes the arrival of a call, which may have been refused before.
    fn arrives(&mut self, call: u64, name: &str, now: DateTime<Utc>) {
        let until = self.sent_away.remove(&call);
        let Some(until) = until.filter(|until| now < *until && name != ASKED_BY_EACH) else {
            return;
        };
        self.discipline.too_early += 1;
        if self.discipline.early_calls.len() < NAMED {
            let early = (until - now).num_milliseconds();
            let named = format!("{name}, {early} ms");
            self.discipline.early_calls.push(named);
        }
    }

    /// Notes that a call was refused and must not come again for this many seconds.
    fn sends_away(&mut self, call: u64, now: DateTime<Utc>, seconds: i64) {
        self.discipline.limited += 1;
        self.sent_away
            .insert(call, now + TimeDelta::seconds(seconds));
    }

    /// Returns how well the callers have respected the limit so far.
    pub(crate) fn discipline(&self) -> Discipline {
        self.discipline.clone()
    }
}

/// Answers a call or refuses it. Two calls are the same if their method, path and JSON are.
pub(crate) async fn limit(simulator: JiraSimulator, request: Request, next: Next) -> Response {
    let (request, call) = match recognized(request).await {
        Ok(recognized) => recognized,
        Err(refusal) => return refusal,
    };
    let now = simulator.now();
    let name = format!("{} {}", request.method(), request.uri().path());
    let admitted = {
        let mut state = lock(&simulator.shared.state);
        state.rate.arrives(call, &name, now);
        let limit = state.options.calls_per_second;
        state.rate.admits(limit, now)
    };
    let response = if admitted {
        next.run(request).await
    } else {
        too_many()
    };
    if response.status() == StatusCode::TOO_MANY_REQUESTS
        && let Some(seconds) = retry_after(response.headers())
    {
        let mut state = lock(&simulator.shared.state);
        state.rate.sends_away(call, now, seconds);
    }
    response
}

async fn recognized(request: Request) -> Result<(Request, u64), Response> {
    let (parts, body) = request.into_parts();
    let is_json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let (body, bytes) = if is_json {
        let bytes = to_bytes(body, LARGEST_JSON)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        (Body::from(bytes.clone()), bytes)
    } else {
        (body, Bytes::new())
    };
    let mut hasher = DefaultHasher::new();
    (parts.method.as_str(), parts.uri.to_string(), bytes).hash(&mut hasher);
    Ok((Request::from_parts(parts, body), hasher.finish()))
}

fn retry_after(headers: &HeaderMap) -> Option<i64> {
    headers
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Creates the refusal. Source: Atlassian, "Rate limiting", responses of the quota and burst
/// limits.
fn too_many() -> Response {
    let body = json!({"errorMessages": ["Rate limit exceeded."], "errors": {}});
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, SENT_AWAY_S.into());
    headers.insert(
        "ratelimit-reason",
        HeaderValue::from_static("jira-burst-based"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn so_many_calls_in_a_second() {
        let mut rate = Rate::default();
        for (millis, admitted) in [(0, true), (500, true), (999, false), (1_000, true)] {
            assert_eq!(rate.admits(Some(2), at(millis)), admitted, "{millis}");
        }
        assert!((0..100).all(|_| rate.admits(None, at(1_000))));
    }

    #[test]
    fn who_comes_too_early_is_counted_once() {
        let mut rate = Rate::default();
        rate.sends_away(1, at(0), 5);
        rate.sends_away(2, at(0), 5);
        rate.arrives(1, "GET /one", at(4_999));
        rate.arrives(1, "GET /one", at(4_999));
        rate.arrives(2, "GET /two", at(5_000));
        rate.arrives(3, "GET /three", at(0));
        rate.sends_away(4, at(0), 5);
        rate.arrives(4, ASKED_BY_EACH, at(1));
        let Discipline {
            limited,
            too_early,
            early_calls,
        } = rate.discipline();
        assert_eq!((limited, too_early), (3, 1));
        assert_eq!(early_calls, ["GET /one, 1 ms"]);
    }
}

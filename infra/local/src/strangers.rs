//! Keeps other web pages out. Any page can send requests to 127.0.0.1, and with a DNS trick
//! (rebinding) can even read the answers.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use local_simulators::problem::Problem;

/// Answers 403 to requests from a page of another origin, and to those addressed to a name other
/// than the machine's own.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) {
        return next.run(request).await;
    }
    let wanted = "the local stack answers to http://127.0.0.1 and http://localhost alone, and to \
                  its own page";
    Problem::new(StatusCode::FORBIDDEN, wanted).into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().ok());
    let Some(Some(host)) = text(header::HOST) else {
        return false;
    };
    let is_loopback = host.parse::<Authority>().is_ok_and(|authority| {
        let name = authority.host();
        let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        address.map_or(name.eq_ignore_ascii_case("localhost"), |ip| {
            ip.is_loopback()
        })
    });
    let origin = text(header::ORIGIN);
    is_loopback && origin.is_none_or(|origin| origin == Some(&format!("http://{host}")))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_machine_itself_and_its_own_page_are_heard() {
        for (host, origin, expected) in [
            (Some("127.0.0.1:8080"), None, true),
            (Some("127.0.0.1"), None, true),
            (Some("127.8.0.1:80"), None, true),
            (Some("localhost:8080"), None, true),
            (Some("LOCALHOST:8080"), None, true),
            (Some("[::1]:8080"), None, true),
            (Some("127.0.0.1:8080"), Some("http://127.0.0.1:8080"), true),
            (Some("localhost:8080"), Some("http://localhost:8080"), true),
            (None, None, false),
            (Some(""), None, false),
            (Some("evil.example:8080"), None, false),
            (Some("127.0.0.1.evil.example:8080"), None, false),
            (Some("localhost.evil.example"), None, false),
            (Some("user@127.0.0.1:8080@evil.example"), None, false),
            (Some("192.168.0.7:8080"), None, false),
            (Some("127.0.0.1:8080"), Some("http://evil.example"), false),
            (Some("127.0.0.1:8080"), Some("null"), false),
            (Some("127.0.0.1:8080"), Some(""), false),
            (Some("127.0.0.1:8080"), Some("http://127.0.0.1:9090"), false),
            (
                Some("127.0.0.1:8080"),
                Some("https://127.0.0.1:8080"),
                false,
            ),
            (Some("evil.example"), Some("http://evil.example"), false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            assert_eq!(is_ours(&headers), expected, "{host:?} {origin:?}");
        }
    }
}

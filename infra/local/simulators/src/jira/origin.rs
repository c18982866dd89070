//! The address under which a caller reached the site: absolute links to follow start with it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, NestedPath};
use axum::http::request::Parts;

/// Scheme, host and path prefix, without a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct Origin(String);

impl Origin {
    /// The absolute address of `path`, which starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    /// The prefix is what a proxy says that it took off, and where the router is mounted.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let host = header("host").unwrap_or("localhost");
        let forwarded = header("x-forwarded-prefix").unwrap_or_default();
        let forwarded = forwarded.trim_end_matches('/');
        let nested = parts.extensions.get::<NestedPath>();
        let nested = nested.map(NestedPath::as_str).unwrap_or_default();
        Ok(Self(format!("http://{host}{forwarded}{nested}")))
    }
}

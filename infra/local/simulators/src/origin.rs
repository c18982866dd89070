//! The address at which a caller reached a router. Absolute URLs in answers start with it.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

/// The header in which a proxy in front passes the path prefix that it removed.
const FORWARDED_PREFIX: &str = "x-forwarded-prefix";

/// A scheme, host and path prefix, without a trailing slash. Requests without a `Host` header are
/// refused with 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// Returns the absolute URL of `path_and_query`, which starts with a slash.
    pub(crate) fn url(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.0)
    }

    /// Returns the same origin outside the router nested at `path`, if the caller came through that
    /// router.
    pub(crate) fn outside(&self, path: &str) -> Self {
        Self(self.0.strip_suffix(path).unwrap_or(&self.0).to_owned())
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let header = |name| parts.headers.get(name)?.to_str().ok();
        let host = header(header::HOST.as_str()).ok_or(StatusCode::BAD_REQUEST)?;
        let forwarded = header(FORWARDED_PREFIX).unwrap_or_default();
        // The prefix that the routers around this one removed.
        let nested = parts
            .extensions
            .get::<OriginalUri>()
            .and_then(|original| original.path().strip_suffix(parts.uri.path()))
            .unwrap_or_default();
        Ok(Self(format!(
            "http://{host}{}{nested}",
            forwarded.trim_end_matches('/')
        )))
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;

    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn urls_lead_back_the_way_the_caller_came() {
        let own = Router::new().route(
            "/a/b",
            get(|origin: Origin| async move {
                let outside = origin.outside("/inner").url("/c?d");
                format!("{} {outside}", origin.url("/c?d"))
            }),
        );
        let router = own
            .clone()
            .nest("/outer", Router::new().nest("/inner", own));
        let base = testing::serve(router).await;
        for (path, prefix, beside, outside) in [
            ("/a/b", None, "/c?d", "/c?d"),
            ("/a/b", Some("/via/it"), "/via/it/c?d", "/via/it/c?d"),
            ("/a/b", Some("/via/it/"), "/via/it/c?d", "/via/it/c?d"),
            ("/outer/inner/a/b", None, "/outer/inner/c?d", "/outer/c?d"),
            (
                "/outer/inner/a/b",
                Some("/via"),
                "/via/outer/inner/c?d",
                "/via/outer/c?d",
            ),
        ] {
            let mut request = testing::http().get(format!("{base}{path}"));
            if let Some(prefix) = prefix {
                request = request.header(FORWARDED_PREFIX, prefix);
            }
            let url = request.send().await.unwrap().text().await.unwrap();
            let expected = format!("{base}{beside} {base}{outside}");
            assert_eq!(url, expected, "{path} {prefix:?}");
        }
    }
}

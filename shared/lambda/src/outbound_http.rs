//! The HTTP client for Meta and Atlassian.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Drops idle connections before the far end does: a frozen function would not notice.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);

const USER_AGENT: &str = concat!("casement/", env!("CARGO_PKG_VERSION"));

/// The client cannot be built, so the function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No common TLS version.
    #[error("the TLS configuration is refused: {0}")]
    Tls(#[from] rustls::Error),
    /// Anything else.
    #[error("the HTTP client is refused: {0}")]
    Client(#[from] reqwest::Error),
}

/// Makes the client that all calls of a function share.
///
/// TLS is rustls with ring, and the trust anchors are Mozilla's, compiled in: neither delays the
/// first call. A call takes at most five seconds, follows no redirect (it would carry the token
/// elsewhere) and uses no proxy.
///
/// # Errors
/// See [`ClientError`]; this configuration has none.
pub fn client() -> Result<reqwest::Client, ClientError> {
    let anchors = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(anchors.collect::<RootCertStore>())
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(USER_AGENT)
        .build()?)
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::{header, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let server = MockServer::start().await;
        let elsewhere = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
        Mock::given(path("/"))
            .and(header("user-agent", USER_AGENT))
            .respond_with(elsewhere)
            .expect(1)
            .mount(&server)
            .await;
        let answer = client().unwrap().get(server.uri()).send().await.unwrap();
        assert_eq!(answer.status(), 302);
    }
}

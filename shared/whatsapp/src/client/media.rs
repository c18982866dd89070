//! Files that customers sent (Cloud API, "Media").

use std::io;
use std::time::Duration;

use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::PhoneNumberId;
use casement_service::ports::{FetchFailure, FileContent, MediaFiles, WhatsappCredentials};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::{Response, StatusCode, Url, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::send::{INVALID_PARAMETER, TOKEN_EXPIRED, error_code};
use super::{CloudApi, not_sent_or_unknown};

/// How long a transfer may take: 100 MB, WhatsApp's limit, at 2 MB/s, and a little more.
pub(super) const TIME_FOR_A_FILE: Duration = Duration::from_secs(60);

/// Meta's own domains. The documentation names `lookaside.fbsbx.com`; no other host may get our
/// token.
const META: [&str; 4] = ["fbsbx.com", "fbcdn.net", "facebook.com", "whatsapp.net"];

/// Meta's record of a file. The address is valid for five minutes.
#[derive(Deserialize)]
struct Located {
    url: String,
    #[serde(default)]
    mime_type: Option<String>,
    /// A number, or one in quotes.
    #[serde(default)]
    file_size: Value,
}

impl Located {
    fn size(&self) -> Option<u64> {
        let written = || self.file_size.as_str()?.parse().ok();
        self.file_size.as_u64().or_else(written)
    }
}

impl<T: WhatsappCredentials> MediaFiles for CloudApi<T> {
    /// Asks for the address of the file and reads from there. If the address has expired, asks once
    /// more.
    async fn fetch(&self, number: &PhoneNumberId, id: &str) -> Result<FileContent, FetchFailure> {
        let fetch = async |token: &SecretString| self.fetch_with(token, number, id).await;
        match self.authorized(fetch).await {
            Err(FetchFailure::Gone) => self.authorized(fetch).await,
            fetched => fetched,
        }
    }
}

impl<T> CloudApi<T>
where
    T: WhatsappCredentials,
{
    async fn fetch_with(
        &self,
        token: &SecretString,
        number: &PhoneNumberId,
        id: &str,
    ) -> Result<FileContent, FetchFailure> {
        let located = self.locate(token, number, id).await?;
        let url = Url::parse(&located.url).map_err(|_| FetchFailure::ForeignAddress)?;
        if !is_metas(&url) && url.origin() != self.root.origin() {
            return Err(FetchFailure::ForeignAddress);
        }
        let response = self
            .http
            .get(url)
            .bearer_auth(token.expose_secret())
            .timeout(TIME_FOR_A_FILE)
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))?;
        match response.status() {
            StatusCode::OK => Ok(content(response, &located)),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(FetchFailure::Gone),
            StatusCode::UNAUTHORIZED => Err(CallFailure::whatsapp(TOKEN_EXPIRED).into()),
            _ => Err(CallFailure::Unknown(Side::Whatsapp).into()),
        }
    }

    async fn locate(
        &self,
        token: &SecretString,
        number: &PhoneNumberId,
        id: &str,
    ) -> Result<Located, FetchFailure> {
        let response = self
            .http
            .get(self.url(&[id]))
            .query(&[("phone_number_id", number.as_str())])
            .bearer_auth(token.expose_secret())
            .send()
            .await
            .map_err(|error| not_sent_or_unknown(&error))?;
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        let unknown = CallFailure::Unknown(Side::Whatsapp);
        match error_code(&body) {
            // "Object with ID does not exist": after seven days, say.
            Some(INVALID_PARAMETER) => Err(FetchFailure::Gone),
            Some(code) => Err(CallFailure::whatsapp(code).into()),
            None if status.is_success() => Ok(serde_json::from_slice(&body).map_err(|_| unknown)?),
            None if status == StatusCode::NOT_FOUND => Err(FetchFailure::Gone),
            None if status == StatusCode::UNAUTHORIZED => {
                Err(CallFailure::whatsapp(TOKEN_EXPIRED).into())
            }
            None => Err(unknown.into()),
        }
    }
}

/// Takes the length that comes with the content; the record may describe another copy.
fn content(response: Response, located: &Located) -> FileContent {
    let of_header = |name| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    FileContent {
        mime_type: of_header(header::CONTENT_TYPE).or_else(|| located.mime_type.clone()),
        size: response.content_length().or_else(|| located.size()),
        pieces: response.bytes_stream().map_err(io::Error::other).boxed(),
    }
}

fn is_metas(url: &Url) -> bool {
    let is_of = |host: &str, domain: &str| {
        let rest = host.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" && META.iter().any(|domain| is_of(host, domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_to_meta_alone() {
        for (url, expected) in [
            (
                "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
                true,
            ),
            ("https://fbsbx.com/", true),
            ("https://mmg.whatsapp.net/x", true),
            ("https://scontent.xx.fbcdn.net:8443/x", true),
            ("http://lookaside.fbsbx.com/", false),
            ("https://lookaside.fbsbx.com.evil.example/", false),
            ("https://evilfbsbx.com/", false),
            ("https://evil.example/fbsbx.com", false),
            ("https://fbsbx.com@evil.example/", false),
            ("https://169.254.169.254/latest", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_metas(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}

//! The addresses of the site. Links to its inside are left out of customers' messages.

use casement_core::model::fate::{CallFailure, Side};
use casement_core::text::Site;
use casement_service::ports::JiraCredentials;
use reqwest::Url;
use serde::Deserialize;

use crate::client::{Call, JiraCloud};

/// The host of Atlassian's cloud API.
const CLOUD_API: &str = "api.atlassian.com";

/// The beginning of every site's path at the cloud API.
const CLOUD_PATH: &str = "/ex/jira/";

/// Jira Cloud REST API v3, "Get Jira instance info".
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerInfo {
    base_url: String,
    /// The owner's own domain, if there is one.
    #[serde(default)]
    display_url: Option<String>,
    #[serde(default)]
    display_url_confluence: Option<String>,
    #[serde(default)]
    display_url_servicedesk_help_center: Option<String>,
}

impl ServerInfo {
    /// Returns `None` if no address of the site can be read.
    fn site(&self) -> Option<Site> {
        let host = |address: &Option<String>| host_of(&Url::parse(address.as_deref()?).ok()?);
        let mut site = Site::at(host_of(&Url::parse(&self.base_url).ok()?)?.into());
        for domain in [&self.display_url, &self.display_url_confluence] {
            if let Some(domain) = host(domain) {
                site = site.with_domain(domain);
            }
        }
        if let Some(help_center) = host(&self.display_url_servicedesk_help_center) {
            site = site.with_help_center(help_center);
        }
        Some(site)
    }
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// Returns the addresses of the site, and asks for them until they are known.
    ///
    /// # Errors
    /// The addresses are unknown, and comments with links to the site must wait.
    pub(crate) async fn site(&self) -> Result<Site, CallFailure> {
        if let Some(known) = self.known_site.get() {
            return Ok(known.clone());
        }
        let path = ["rest", "api", "3", "serverInfo"];
        let told = self.call::<ServerInfo>(&Call::get(&path, &[])).await;
        // The cloud API's address is not a site's.
        let own = host_of(self.base()).filter(|_| !is_cloud_api(self.base()));
        let site = match (told, own) {
            (Ok(told), own) => match (told.site(), own) {
                (Some(site), Some(own)) => site.with_domain(own),
                (Some(site), None) => site,
                (None, Some(own)) => Site::at(own.into()),
                (None, None) => return Err(CallFailure::Unknown(Side::Jira)),
            },
            (Err(failure), own) => match (failure, own) {
                // Jira does not tell its address, and will not.
                (CallFailure::Jira { status, .. }, Some(own)) if has_no_answer(status) => {
                    Site::at(own.into())
                }
                // This failure must not count as the answer to another call.
                (CallFailure::Jira { status, .. }, None) if has_no_answer(status) => {
                    return Err(CallFailure::Unknown(Side::Jira));
                }
                (failure, _) => return Err(failure),
            },
        };
        Ok(self.known_site.get_or_init(|| site).clone())
    }
}

/// Whether this status means that Jira does not know the resource.
fn has_no_answer(status: u16) -> bool {
    matches!(status, 400 | 404 | 405 | 410)
}

fn is_cloud_api(base: &Url) -> bool {
    base.host_str() == Some(CLOUD_API) || format!("{}/", base.path()).contains(CLOUD_PATH)
}

fn host_of(url: &Url) -> Option<String> {
    url.host_str().map(str::to_owned)
}

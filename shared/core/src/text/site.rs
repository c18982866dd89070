//! The addresses of a Jira site in links.

use std::borrow::Cow;

/// The paths of the customer portal: the one on every site, and those of further help centers.
const FOR_CUSTOMERS: [&str; 2] = ["/servicedesk/customer/", "/helpcenter/"];

/// A Jira site. Customers are never led inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    host: Cow<'static, str>,
    /// The owner's custom domains for the site.
    domains: Vec<String>,
    /// The owner's custom domains for the customer portal.
    help_centers: Vec<String>,
}

impl Site {
    /// Creates the site at this host, for example `acme.atlassian.net`.
    #[must_use]
    pub const fn at(host: Cow<'static, str>) -> Self {
        Self {
            host,
            domains: Vec::new(),
            help_centers: Vec::new(),
        }
    }

    /// Adds a custom domain of the owner.
    #[must_use]
    pub fn with_domain(mut self, host: impl Into<String>) -> Self {
        self.domains.push(host.into());
        self
    }

    /// Adds a custom domain of the owner for the customer portal. Its front page is also for
    /// customers.
    #[must_use]
    pub fn with_help_center(mut self, host: impl Into<String>) -> Self {
        self.help_centers.push(host.into());
        self
    }

    /// Returns the hosts of the site.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = &str> {
        let domains = self.domains.iter().chain(&self.help_centers);
        std::iter::once(&*self.host).chain(domains.map(String::as_str))
    }

    /// Returns whether a web address leads inside the site: to the site, but not to the pages for
    /// customers.
    #[must_use]
    pub fn has_inside(&self, address: &str) -> bool {
        let Some((host, path)) = host_and_path(address) else {
            return false;
        };
        // A browser follows `..` before the site sees the path.
        let goes_up = |path: &str| path.contains("..") || path.contains("%2e");
        if !goes_up(&path.to_ascii_lowercase())
            && FOR_CUSTOMERS.iter().any(|portal| path.starts_with(portal))
        {
            return false;
        }
        let is_among = |hosts: &[String]| hosts.iter().any(|one| one.eq_ignore_ascii_case(host));
        let is_front_page = path.trim_matches('/').is_empty();
        self.host.eq_ignore_ascii_case(host)
            || is_among(&self.domains)
            || (is_among(&self.help_centers) && !is_front_page)
    }
}

/// Returns the host without its port, and the path without query and fragment.
fn host_and_path(address: &str) -> Option<(&str, &str)> {
    let (_, rest) = address.split_once("://")?;
    let authority_end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let host = host_and_port.split(':').next().unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Some((host.trim_end_matches('.'), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_for_customers_and_the_rest_of_the_site_is_not() {
        let site = Site::at("acme.atlassian.net".into())
            .with_domain("jira.acme.example")
            .with_help_center("help.acme.example");
        for (address, internal) in [
            ("https://acme.atlassian.net/browse/AB-1", true),
            ("https://acme.atlassian.net", true),
            ("https://ACME.atlassian.net.:443/jira", true),
            ("https://a@acme.atlassian.net", true),
            ("https://acme.atlassian.net\\browse\\AB-1", true),
            ("https://jira.acme.example/wiki/spaces/HR", true),
            (
                "https://acme.atlassian.net/login?to=/servicedesk/customer/1",
                true,
            ),
            (
                "https://acme.atlassian.net/servicedesk/customer/portal/1",
                false,
            ),
            ("https://acme.atlassian.net/helpcenter/shop/portal/1", false),
            (
                "https://acme.atlassian.net/wiki/x/servicedesk/customer/y",
                true,
            ),
            (
                "https://acme.atlassian.net/servicedesk/customer/../../browse/AB-1",
                true,
            ),
            (
                "https://acme.atlassian.net/helpcenter/%2e%2e/browse/AB-1",
                true,
            ),
            ("https://help.acme.example/browse/AB-1", true),
            ("https://help.acme.example/jira/software", true),
            ("https://help.acme.example", false),
            ("https://help.acme.example/", false),
            (
                "https://help.acme.example/servicedesk/customer/portal/1",
                false,
            ),
            ("https://acme.atlassian.net.example/browse/AB-1", false),
            ("https://other.atlassian.net/browse/AB-1", false),
            ("https://elsewhere.example/?acme.atlassian.net", false),
            ("mailto:ana@acme.atlassian.net", false),
        ] {
            assert_eq!(site.has_inside(address), internal, "{address}");
        }
    }
}

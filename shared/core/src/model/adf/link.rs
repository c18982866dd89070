//! Links that Casement writes itself.

use serde::Serialize;

use crate::model::private::Private;

/// The longest address that becomes a link, in characters.
const LONGEST: usize = 2000;

/// The address of a web page that may become clickable in Jira: `http` or `https`, in plain ASCII
/// and without user information. Other schemes could run something or open a local file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(Private<String>);

impl Link {
    /// Accepts a web address. Returns `None` for anything else; show that as text, or not at all.
    #[must_use]
    pub fn web(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let fits = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            // A name before the host can pass for the host:
            // `https://shop.example@elsewhere.example`. Programs disagree about the meaning of a
            // backslash.
            && !host.contains(['@', '%'])
            && !address.contains('\\')
            && address.len() <= LONGEST
            && address.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(address.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for (address, is_link) in [
            ("https://example.org/a?b=c#d", true),
            ("HTTP://example.org", true),
            ("http://[::1]/", true),
            ("javascript:alert(1)", false),
            ("javascript://example.org/%0aalert(1)", false),
            ("file:///etc/passwd", false),
            ("example.org", false),
            ("https://", false),
            ("https:///path", false),
            ("https://example.org/a b", false),
            ("https://example.org/\u{202e}gpj", false),
            ("AD_OR_POST_FB_URL", false),
            ("https://shop.example@elsewhere.example/", false),
            ("https://shop.example:443@elsewhere.example", false),
            ("https://shop.example@elsewhere.example?a", false),
            ("https://shop.example\\@elsewhere.example/", false),
            ("https://@elsewhere.example/", false),
            ("HTTPS://a:b@elsewhere.example", false),
            ("https://video.example/@channel", true),
            ("https://maps.example/?q=a@b#c@d", true),
            ("https://maps.example?q=a@b", true),
            ("https://shop.example%40elsewhere.example/", false),
            ("", false),
        ] {
            assert_eq!(Link::web(address).is_some(), is_link, "{address}");
        }
        assert_eq!(Link::web(&format!("https://a/{}", "b".repeat(2000))), None);
    }
}

//! Web addresses in text.

use std::ops::Range;

/// What the path of every page of the customer portal has in it.
const PORTAL: &str = "/servicedesk/customer/";

/// Where web addresses with their scheme stand in `text`. A full stop or a closing bracket after
/// one is not part of it.
pub(super) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        let end = start + address_len(&text[start..]);
        found.push(start..end);
        from = end;
    }
    found
}

/// The length of the address that `text` begins with.
pub(super) fn address_len(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '[' | ']'))
        .unwrap_or(text.len());
    let mut address = &text[..end];
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if !inner.contains('(') => inner,
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address.len();
        }
        address = shorter;
    }
}

/// Whether `text` begins with `http://` or `https://`.
pub(super) fn is_web(text: &str) -> bool {
    has_prefix(text, "http://") || has_prefix(text, "https://")
}

pub(super) fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether the web address leads to `site`, but not to the customer portal there.
pub(super) fn is_internal(address: &str, site: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else {
        return false;
    };
    let authority_end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let host = host_and_port.split(':').next().unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    host.trim_end_matches('.').eq_ignore_ascii_case(site) && !path.contains(PORTAL)
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    text[from..]
        .match_indices("://")
        .map(|(at, _)| from + at)
        .find_map(|colon| {
            ["https", "http"].into_iter().find_map(|scheme| {
                let start = colon.checked_sub(scheme.len()).filter(|at| *at >= from)?;
                let is_scheme = text.get(start..colon)?.eq_ignore_ascii_case(scheme);
                let before = text[..start].chars().next_back();
                let begins_there = !before.is_some_and(char::is_alphanumeric);
                (is_scheme && begins_there).then_some(start)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_without_what_follows_them() {
        for (text, expected) in [
            ("see https://a.example/x, or", vec!["https://a.example/x"]),
            ("(http://a.example)", vec!["http://a.example"]),
            ("https://a.example/f(x).", vec!["https://a.example/f(x)"]),
            (
                "HTTPS://A.example http://b.example",
                vec!["HTTPS://A.example", "http://b.example"],
            ),
            ("xhttp://a.example é://", vec![]),
        ] {
            let found: Vec<_> = addresses(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn the_portal_is_for_customers_and_the_rest_of_the_site_is_not() {
        for (address, internal) in [
            ("https://help.example/browse/AB-1", true),
            ("https://HELP.example.:443/jira", true),
            ("https://a@help.example", true),
            (
                "https://help.example/login?to=/servicedesk/customer/1",
                true,
            ),
            ("https://help.example/servicedesk/customer/portal/1", false),
            ("https://help.example.org/browse/AB-1", false),
            ("https://elsewhere.example/?help.example", false),
            ("mailto:help.example", false),
        ] {
            assert_eq!(is_internal(address, "help.example"), internal, "{address}");
        }
    }
}

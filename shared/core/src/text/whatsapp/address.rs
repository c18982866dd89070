//! Web addresses in text.

use std::ops::Range;

use crate::text::Site;

/// Finds the web addresses with a scheme in `text`. A full stop or a closing bracket after an
/// address is not part of it.
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

/// Returns the length of the address that `text` begins with.
pub(super) fn address_len(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '[' | ']'))
        .unwrap_or(text.len());
    let mut address = &text[..end];
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        let count = |bracket| shorter.matches(bracket).count();
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if count(')') > count('(') => inner,
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address.len();
        }
        address = shorter;
    }
}

/// Returns whether `text` begins with `http://` or `https://`.
pub(super) fn is_web(text: &str) -> bool {
    has_prefix(text, "http://") || has_prefix(text, "https://")
}

pub(super) fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// An address inside the site, found in a text.
pub(super) struct Typed {
    pub(super) at: Range<usize>,
    /// The issue that it leads to.
    pub(super) key: Option<String>,
}

/// Finds the addresses in `text` that lead into `site`. People leave out the scheme, and WhatsApp
/// makes even a bare host a link.
pub(super) fn of_site(text: &str, site: &Site) -> Vec<Typed> {
    let mut found = addresses(text);
    let lower = text.to_ascii_lowercase();
    for host in site.hosts() {
        for (start, _) in lower.match_indices(&host.to_ascii_lowercase()) {
            let before = text[..start].chars().next_back();
            let joins = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '@' | '/' | '_');
            let is_known = found.iter().any(|address| address.contains(&start));
            let end = start + address_len(&text[start..]);
            // A host alone may be the subject of the text, and a colon may end a clause.
            let leads_on = text[start + host.len()..end].starts_with(['/', ':']);
            if leads_on && !before.is_some_and(joins) && !is_known {
                found.push(start..end);
            }
        }
    }
    found.sort_by_key(|address| address.start);
    let internal = found.into_iter().filter_map(|at| {
        let address = &text[at.clone()];
        let whole = if is_web(address) {
            address.to_owned()
        } else {
            format!("https://{address}")
        };
        site.has_inside(&whole).then(|| Typed {
            at,
            key: issue_key(&whole),
        })
    });
    internal.collect()
}

/// Returns the key of the issue that an address of a Jira site leads to: `/browse/KEY`,
/// `/projects/…/issues/KEY`, or the page of a queue or a board with it.
pub(super) fn issue_key(address: &str) -> Option<String> {
    let address = address
        .split_once("://")
        .map_or(address, |(_, address)| address);
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut segments = path.split('/').skip(1).peekable();
    // Confluence may have a page called COVID-19.
    if segments
        .peek()
        .is_some_and(|first| first.eq_ignore_ascii_case("wiki"))
    {
        return None;
    }
    let mut holds_issues = false;
    let mut key = None;
    for segment in segments {
        if holds_issues && is_issue_key(segment) {
            key = Some(segment);
        }
        let names = ["browse", "issues", "issue", "queues"];
        holds_issues |= names.iter().any(|name| segment.eq_ignore_ascii_case(name));
    }
    let selected = || {
        let values = query.split('&').filter_map(|pair| pair.split_once('='));
        let selects = |name: &str| {
            ["selectedIssue", "issueKey"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        };
        let mut keys = values.filter_map(|(name, value)| selects(name).then_some(value));
        keys.find(|value| is_issue_key(value))
    };
    key.or_else(selected).map(str::to_ascii_uppercase)
}

/// Returns whether the text has the form of an issue key: a project key and a number.
fn is_issue_key(text: &str) -> bool {
    let Some((project, number)) = text.split_once('-') else {
        return false;
    };
    project.len() > 1
        && project.starts_with(|c: char| c.is_ascii_alphabetic())
        && project
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !number.starts_with('0')
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
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
            ("(https://a.example/f(x)).", vec!["https://a.example/f(x)"]),
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
    fn an_issue_is_known_by_its_address() {
        for (path, key) in [
            ("/browse/SUP-12", Some("SUP-12")),
            ("/browse/sup-12/", Some("SUP-12")),
            (
                "/browse/SUP-12?focusedCommentId=10003#comment",
                Some("SUP-12"),
            ),
            ("/projects/SUP/issues/SUP-1", Some("SUP-1")),
            ("/jira/software/c/projects/A_1/issues/A_1-7", Some("A_1-7")),
            (
                "/jira/servicedesk/projects/SUP/queues/custom/4/SUP-9",
                Some("SUP-9"),
            ),
            (
                "/jira/software/projects/SUP/boards/1?selectedIssue=SUP-3&x=y",
                Some("SUP-3"),
            ),
            (
                "/projects/SUP/issues/?filter=1&selectedissue=SUP-3",
                Some("SUP-3"),
            ),
            ("/browse/SUP", None),
            ("/browse/SUP-012", None),
            ("/browse/S-1", None),
            ("/issues/?jql=key=SUP-1", None),
            ("/wiki/spaces/IT/issues/COVID-19", None),
            ("/jira/dashboards/10", None),
            ("", None),
        ] {
            let address = format!("https://help.example{path}");
            assert_eq!(issue_key(&address).as_deref(), key, "{path}");
        }
    }
}

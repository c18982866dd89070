//! The storage of Jira's files.

use reqwest::Url;

/// Atlassian's own domains. The documentation has `api.media.atlassian.com` in its examples;
/// content from anywhere else would go to a customer as if it came from Jira.
const ATLASSIAN: [&str; 3] = ["atlassian.com", "atlassian.net", "atl-paas.net"];

/// Whether the content of a file may be read at `url`: one of Atlassian's domains, or the host of
/// `jira` itself.
pub(super) fn is_atlassians(url: &Url, jira: &Url) -> bool {
    let is_of = |host: &str, domain: &str| {
        let rest = host.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let host = url.host_str().unwrap_or_default();
    let is_known = url.scheme() == "https" && ATLASSIAN.iter().any(|domain| is_of(host, domain));
    is_known || url.origin() == jira.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_at_atlassians_alone() {
        let jira = Url::parse("http://127.0.0.1:8080/atlassian").unwrap();
        for (url, expected) in [
            (
                "https://api.media.atlassian.com/file/6ee4/binary?token=x",
                true,
            ),
            ("https://shop.atlassian.net/secure/attachment/1", true),
            ("https://media.prod.atl-paas.net/file/6ee4", true),
            ("http://127.0.0.1:8080/atlassian/file/6ee4/binary", true),
            ("http://127.0.0.1:8081/atlassian/file/6ee4/binary", false),
            ("https://127.0.0.1:8080/atlassian/file/6ee4/binary", false),
            ("http://api.media.atlassian.com/file/6ee4/binary", false),
            ("https://api.media.atlassian.com.evil.example/", false),
            ("https://api.media.atlassian.com@evil.example/", false),
            ("https://evilatlassian.com/", false),
            ("https://evil.example/atlassian.com", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://localhost:8080/", false),
            ("file:///etc/passwd", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(is_atlassians(&url, &jira), expected, "{url}");
        }
    }
}

//! Requests that no contract describes.

use super::call::{Call, Service};

/// Where files lie: on hosts of their own, at addresses that an answer of the API gave out (Cloud
/// API, "Download media"; Jira Cloud REST API v3, "Get attachment content").
const FILES: [(Service, &str); 2] = [
    (Service::Whatsapp, "/media-files/"),
    (Service::Jira, "/media-api/file/"),
];

/// Whether nobody publishes anything about the address.
pub(super) fn is_described_nowhere(call: &Call) -> bool {
    let is_file = |(service, prefix): &(Service, &str)| {
        call.service == *service && call.path.starts_with(prefix)
    };
    call.method == "GET" && FILES.iter().any(is_file)
}

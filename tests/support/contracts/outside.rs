//! Requests that no contract describes.

use super::call::{Call, Service};

/// The addresses of files. These are on hosts of their own, at addresses that an answer of the API
/// gave out (Cloud API, "Download media"; Jira Cloud REST API v3, "Get attachment content").
const FILES: [(Service, &str); 2] = [
    (Service::Whatsapp, "/media-files/"),
    (Service::Jira, "/media-api/file/"),
];

/// Returns whether the call is described only in words: the registration of webhooks (Graph API,
/// "Application > Subscriptions"; Atlassian, "Webhooks") or the inspection of a token (Graph API,
/// "Debug-Token").
fn is_registration(call: &Call) -> bool {
    match call.service {
        Service::Whatsapp => matches!(
            call.segments().last(),
            Some("subscriptions" | "debug_token")
        ),
        Service::Jira => call.path.starts_with("/rest/webhooks/1.0/webhook"),
    }
}

/// Returns whether nobody publishes a schema of the address.
pub(super) fn is_described_nowhere(call: &Call) -> bool {
    let is_file = |(service, prefix): &(Service, &str)| {
        call.service == *service && call.path.starts_with(prefix)
    };
    is_registration(call) || (call.method == "GET" && FILES.iter().any(is_file))
}

//! A request as the local stack has recorded it.

use reqwest::Url;
use serde_json::Value;

/// Whom a request goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// The Cloud API.
    Whatsapp,
    /// Jira and Jira Service Management.
    Jira,
}

/// A request to WhatsApp or Jira.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) service: Service,
    pub(super) method: String,
    /// As it was sent, beginning with a slash.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// Without parameters.
    pub(super) content_type: Option<String>,
    /// `None` also if it is not JSON.
    pub(super) body: Option<Value>,
}

impl Call {
    /// Reads an entry of `GET /api/calls`. `None`: it went to AWS.
    #[must_use]
    pub fn recorded(entry: &Value) -> Option<Self> {
        let service = match entry["service"].as_str().unwrap() {
            "whatsapp" => Service::Whatsapp,
            "jira" => Service::Jira,
            _ => return None,
        };
        let target = entry["path"].as_str().unwrap();
        let url = Url::parse("http://service").unwrap().join(target).unwrap();
        let content_type = entry["content_type"].as_str();
        let content_type = content_type.and_then(|kind| kind.split(';').next());
        Some(Self {
            service,
            method: entry["method"].as_str().unwrap().to_owned(),
            path: at_the_site(url.path()).to_owned(),
            query: url.query_pairs().into_owned().collect(),
            content_type: content_type.map(|kind| kind.trim().to_ascii_lowercase()),
            body: entry.get("request").cloned(),
        })
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        segments(&self.path)
    }
}

pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

/// The path as the site itself has it: the cloud API puts `/ex/jira/CLOUD-ID` in front.
fn at_the_site(path: &str) -> &str {
    let behind = path.strip_prefix("/ex/jira/");
    let slash = behind.and_then(|rest| Some(&rest[rest.find('/')?..]));
    slash.unwrap_or(path)
}

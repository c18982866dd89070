//! A request as recorded by the local stack.

use std::collections::BTreeSet;

use reqwest::Url;
use serde_json::{Map, Value};

/// The recipient of a request.
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
    /// The path as it was sent, beginning with a slash.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// The media type without parameters.
    pub(super) content_type: Option<String>,
    /// The body as JSON. For a form, the values by name, empty for files. `None` also if the body
    /// was not recorded.
    pub(super) body: Option<Value>,
    /// Whether an upload ended before its form did, which leaves nothing to judge.
    pub(super) broke_off: bool,
    /// Mistakes that no schema of a form can express.
    pub(super) mistakes_in_form: Vec<String>,
}

impl Call {
    /// Reads an entry of `GET /api/calls`. Returns `None` if the call went to AWS.
    #[must_use]
    pub fn recorded(entry: &Value) -> Option<Self> {
        let service = match entry["service"].as_str().unwrap() {
            "whatsapp" => Service::Whatsapp,
            "jira" => Service::Jira,
            _ => return None,
        };
        let target = entry["path"].as_str().unwrap();
        let url = Url::parse("http://service").unwrap().join(target).unwrap();
        let form = entry["form"].as_array().map(Vec::as_slice);
        let content_type = entry["content_type"].as_str();
        let content_type = content_type.and_then(|kind| kind.split(';').next());
        Some(Self {
            service,
            method: entry["method"].as_str().unwrap().to_owned(),
            path: at_the_site(url.path()).to_owned(),
            query: url.query_pairs().into_owned().collect(),
            content_type: content_type.map(|kind| kind.trim().to_ascii_lowercase()),
            body: form.map(values).or_else(|| entry.get("request").cloned()),
            broke_off: entry["broke_off"] == true,
            mistakes_in_form: form.map(mistakes).unwrap_or_default(),
        })
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        segments(&self.path)
    }
}

fn name(part: &Value) -> &str {
    part["name"].as_str().unwrap()
}

fn values(form: &[Value]) -> Value {
    let value = |part: &Value| part["value"].as_str().unwrap_or_default().into();
    let members = form.iter().map(|part| (name(part).to_owned(), value(part)));
    Value::Object(members.collect::<Map<_, _>>())
}

/// Returns files without a name or a type, and parts that occur twice.
fn mistakes(form: &[Value]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let twice = form.iter().filter(|part| !seen.insert(name(part)));
    let twice = twice.map(|part| format!("part {} comes twice", name(part)));
    let files = form.iter().filter(|part| part["value"].is_null());
    let bare = files.flat_map(|part| {
        let without = |what: &str| {
            let missing = part[what].as_str().is_none_or(str::is_empty);
            missing.then(|| format!("part {} has no {what}", name(part)))
        };
        ["filename", "content_type"].into_iter().filter_map(without)
    });
    let bare: Vec<_> = bare.collect();
    twice.chain(bare).collect()
}

pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

/// Returns the path at the site itself, without the cloud API's prefix `/ex/jira/CLOUD-ID`.
fn at_the_site(path: &str) -> &str {
    let behind = path.strip_prefix("/ex/jira/");
    let slash = behind.and_then(|rest| Some(&rest[rest.find('/')?..]));
    slash.unwrap_or(path)
}

//! A call, before it is made.

use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::Value;

/// Whether a call changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Changes nothing: always safe to repeat.
    Read,
    /// Changes nothing, and asks for the target of a redirect.
    Redirect,
    /// Changes something.
    Write,
}

/// One call to Jira, without credentials.
pub(crate) struct Call<'a> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    body: Option<Value>,
    pub(super) effect: Effect,
}

impl<'a> Call<'a> {
    /// Reads what is at `path`.
    pub(crate) fn get(path: &'a [&'a str], query: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            method: Method::GET,
            path,
            query,
            body: None,
            effect: Effect::Read,
        }
    }

    /// Asks where `path` redirects to.
    pub(crate) fn resolve(path: &'a [&'a str]) -> Self {
        Self {
            effect: Effect::Redirect,
            ..Self::get(path, &[])
        }
    }

    /// Posts a read that is too long for a query.
    pub(crate) fn ask(path: &'a [&'a str], body: Value) -> Self {
        Self {
            method: Method::POST,
            path,
            query: &[],
            body: Some(body),
            effect: Effect::Read,
        }
    }

    /// Posts something new.
    pub(crate) fn create(path: &'a [&'a str], body: Value) -> Self {
        Self {
            effect: Effect::Write,
            ..Self::ask(path, body)
        }
    }

    /// Creates or replaces what is at `path`.
    pub(crate) fn put(path: &'a [&'a str], body: Value) -> Self {
        Self {
            method: Method::PUT,
            ..Self::create(path, body)
        }
    }

    /// Returns the issue in the path of the call.
    pub(super) fn issue(&self) -> Option<&'a str> {
        match self.path {
            ["rest", "api", "3", "issue", issue, ..]
            | ["rest", "servicedeskapi", "request", issue, ..] => Some(issue),
            _ => None,
        }
    }

    /// Whether the call is about a comment or an attachment, of whatever issue.
    pub(super) fn is_of_something(&self) -> bool {
        matches!(
            self.path,
            ["rest", "api", "3", "comment" | "attachment", _, _, ..]
        )
    }

    /// Whether the call is about one comment of an issue, in the platform's API.
    pub(super) fn is_of_a_comment(&self) -> bool {
        matches!(
            self.path,
            ["rest", "api", "3", "issue", _, "comment", _, ..]
        )
    }

    pub(super) fn request(&self, http: &Client, base: &Url) -> RequestBuilder {
        let mut url = address(base, self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        let request = http.request(self.method.clone(), url);
        match &self.body {
            None => request,
            Some(body) => request.json(body),
        }
    }
}

/// Returns the address of `path`. Escapes its parts, so an id cannot lead to another path.
pub(super) fn address(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    // Only a URL that cannot have a path has no segments; `JiraCloud::new` accepts http and https
    // alone.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

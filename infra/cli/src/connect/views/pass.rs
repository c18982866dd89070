//! One pass over everything: the first looks what is missing, the second makes it.

use reqwest::Method;
use serde_json::Value;

use crate::jira::{Jira, JiraFailure};

/// The longest list that is read, in pages.
const PAGES: usize = 40;

/// A pass, and what it found.
pub(super) struct Pass<'a> {
    pub jira: &'a Jira,
    /// Whether what is missing is made.
    pub makes: bool,
    /// Whether the account administers Jira.
    pub administers: bool,
    /// What is to be made, or has been.
    pub steps: Vec<String>,
    /// What went wrong.
    pub failed: Vec<String>,
    /// What a person has to do or to know, since Jira has no call for it.
    pub by_hand: Vec<String>,
}

/// Something in Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// It is there, under this id.
    There(String),
    /// It will be made.
    Planned,
    /// It is not there, and cannot be made.
    Missing,
}

impl Thing {
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::There(id) => Some(id),
            Self::Planned | Self::Missing => None,
        }
    }
}

impl<'a> Pass<'a> {
    pub(super) fn new(jira: &'a Jira, makes: bool, administers: bool) -> Self {
        Self {
            jira,
            makes,
            administers,
            steps: Vec::new(),
            failed: Vec::new(),
            by_hand: Vec::new(),
        }
    }

    /// Makes something in the second pass. The first only notes the step.
    pub(super) async fn make(
        &mut self,
        step: String,
        method: Method,
        path: &str,
        body: Value,
    ) -> Option<Value> {
        if !self.makes {
            self.steps.push(step);
            return None;
        }
        match self.jira.send(method, path, body).await {
            Ok(answer) => {
                self.steps.push(step);
                Some(answer)
            }
            Err(failure) => {
                self.failed.push(format!("{step}: {failure}"));
                None
            }
        }
    }

    /// As [`Self::make`], for something that has an id.
    pub(super) async fn make_thing(&mut self, step: String, path: &str, body: Value) -> Thing {
        match self.make(step, Method::POST, path, body).await {
            Some(made) => written_id(&made["id"]).map_or(Thing::Missing, Thing::There),
            None if self.makes => Thing::Missing,
            None => Thing::Planned,
        }
    }

    pub(super) async fn look(
        &mut self,
        what: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Option<Value> {
        match self.jira.get(path, query).await {
            Ok(answer) => Some(answer),
            Err(failure) => {
                self.cannot_read(what, failure);
                None
            }
        }
    }

    fn cannot_read(&mut self, what: &str, failure: JiraFailure) {
        self.failed.push(format!("read {what}: {failure}"));
    }

    /// Returns all pages of a list.
    pub(super) async fn list(
        &mut self,
        what: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Option<Vec<Value>> {
        let mut all: Vec<Value> = Vec::new();
        for _ in 0..PAGES {
            let start = all.len().to_string();
            let mut asked = query.to_vec();
            asked.push(("startAt", &start));
            let page = self.look(what, path, &asked).await?;
            let values = page["values"].as_array().cloned().unwrap_or_default();
            let is_last = page["isLast"] != false || values.is_empty();
            all.extend(values);
            if is_last {
                return Some(all);
            }
        }
        Some(all)
    }
}

/// Returns an id, which some of Jira's answers have as a number.
pub(super) fn written_id(id: &Value) -> Option<String> {
    match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

//! Issues and their comments.

pub(crate) mod attachment;
mod files;
pub(crate) mod limits;
pub(crate) mod rate;
pub(crate) mod views;
pub(crate) mod workflow;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::attachment::Attachment;
use self::limits::Writes;
use self::rate::Rate;
use self::views::Views;
use self::workflow::Status;
use super::account::Account;
use super::adf;
use super::options::Options;
use super::setup::Setup;

/// All state that changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub options: Options,
    pub setup: Setup,
    pub rate: Rate,
    /// The expiry of each access token of the OAuth client.
    pub access_tokens: BTreeMap<String, DateTime<Utc>>,
    /// The issues by id.
    pub issues: BTreeMap<u64, Issue>,
    pub links: BTreeSet<IssueLink>,
    pub views: Views,
}

/// A "relates to" link between two issues, by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IssueLink {
    pub inward: u64,
    pub outward: u64,
}

/// An issue. One with a request type is a customer request.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub id: u64,
    pub key: String,
    pub summary: String,
    /// As ADF.
    pub description: Option<Value>,
    pub request_type: Option<String>,
    pub status: Status,
    pub status_since: DateTime<Utc>,
    /// Every status that the issue has had, oldest first.
    pub statuses: Vec<(Status, DateTime<Utc>)>,
    /// When "Time to first response" stopped.
    pub responded: Option<DateTime<Utc>>,
    pub labels: Vec<String>,
    pub reporter: Account,
    pub assignee: Option<Account>,
    /// Custom fields by id.
    pub fields: BTreeMap<String, Value>,
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    pub writes: Writes,
    /// The states that the search index was given, oldest first.
    indexed: Vec<(DateTime<Utc>, IndexEntry)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub id: u64,
    pub author: Account,
    pub update_author: Account,
    /// As ADF.
    pub body: Value,
    /// Whether customers see the comment.
    pub public: bool,
    pub visibility: Option<Visibility>,
    pub properties: BTreeMap<String, Value>,
    /// The ids of the attachments that the comment was created with.
    pub files: BTreeSet<u64>,
    /// The time from which the REST APIs list the comment's attachments.
    pub files_linked: DateTime<Utc>,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
}

/// The only role or group that sees a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visibility {
    /// `role` or `group`.
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

/// The search index's copy of an issue.
#[derive(Clone, Debug)]
pub(crate) struct IndexEntry {
    pub id: u64,
    pub key: String,
    pub summary: String,
    pub description: String,
    pub labels: Vec<String>,
    pub status: Status,
    pub reporter: Account,
    pub fields: BTreeMap<String, Value>,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
}

/// An issue as the search index knows it.
#[derive(Clone, Debug)]
pub(crate) struct Indexed<'a> {
    pub entry: &'a IndexEntry,
    pub comments: Vec<&'a Comment>,
}

impl Indexed<'_> {
    /// Returns the words of all text fields.
    pub(crate) fn text(&self) -> String {
        let entry = self.entry;
        let mut texts = vec![entry.summary.clone(), entry.description.clone()];
        let custom = entry.fields.values().filter_map(Value::as_str);
        texts.extend(custom.map(str::to_owned));
        texts.extend(
            self.comments
                .iter()
                .map(|comment| adf::plain_text(&comment.body)),
        );
        texts.join("\n")
    }
}

/// The initial content of an issue.
#[derive(Clone, Debug)]
pub(crate) struct NewIssue {
    pub summary: String,
    pub description: Option<Value>,
    pub request_type: Option<String>,
    pub fields: BTreeMap<String, Value>,
    pub reporter: Account,
}

/// How many states of an issue the index may lag behind.
const INDEX_DEPTH: usize = 32;

impl Issue {
    pub(crate) fn new(id: u64, key: String, new: NewIssue, now: DateTime<Utc>) -> Self {
        let mut issue = Self {
            id,
            key,
            summary: new.summary,
            description: new.description,
            request_type: new.request_type,
            status: Status::FIRST,
            status_since: now,
            statuses: vec![(Status::FIRST, now)],
            responded: None,
            labels: Vec::new(),
            reporter: new.reporter,
            assignee: None,
            fields: new.fields,
            comments: Vec::new(),
            attachments: Vec::new(),
            created: now,
            updated: now,
            writes: Writes::default(),
            indexed: Vec::new(),
        };
        issue.touch(now);
        issue
    }

    /// Marks the issue as changed now and updates the search index.
    pub(crate) fn touch(&mut self, now: DateTime<Utc>) {
        self.updated = now;
        let entry = IndexEntry {
            id: self.id,
            key: self.key.clone(),
            summary: self.summary.clone(),
            description: self
                .description
                .as_ref()
                .map(adf::plain_text)
                .unwrap_or_default(),
            labels: self.labels.clone(),
            status: self.status,
            reporter: self.reporter,
            fields: self.fields.clone(),
            created: self.created,
            updated: now,
        };
        if self.indexed.len() == INDEX_DEPTH {
            self.indexed.remove(0);
        }
        self.indexed.push((now, entry));
    }

    /// Returns the issue as the index knows it if changes take `lag` to arrive, or `None` if it has
    /// not arrived yet.
    pub(crate) fn in_index(&self, now: DateTime<Utc>, lag: TimeDelta) -> Option<Indexed<'_>> {
        let mut newest_first = self.indexed.iter().rev();
        let (_, entry) = newest_first.find(|(told, _)| *told + lag <= now)?;
        let arrived = |comment: &&Comment| comment.updated + lag <= now;
        Some(Indexed {
            entry,
            comments: self.comments.iter().filter(arrived).collect(),
        })
    }

    pub(crate) fn comment(&self, id: &str) -> Option<&Comment> {
        let id: u64 = id.parse().ok()?;
        self.comments.iter().find(|comment| comment.id == id)
    }

    pub(crate) fn comment_mut(&mut self, id: u64) -> Option<&mut Comment> {
        self.comments.iter_mut().find(|comment| comment.id == id)
    }
}

impl State {
    pub(crate) fn issue(&self, id_or_key: &str) -> Option<&Issue> {
        self.issues.get(&self.id_of(id_or_key)?)
    }

    pub(crate) fn issue_mut(&mut self, id_or_key: &str) -> Option<&mut Issue> {
        let id = self.id_of(id_or_key)?;
        self.issues.get_mut(&id)
    }

    /// Returns the comment with this id, whichever issue it is on, and the issue's id.
    pub(crate) fn comment_mut(&mut self, id: &str) -> Option<(u64, &mut Comment)> {
        let comment_id: u64 = id.parse().ok()?;
        self.issues.values_mut().find_map(|issue| {
            let issue_id = issue.id;
            let comment = issue.comment_mut(comment_id)?;
            Some((issue_id, comment))
        })
    }

    /// Returns the keys of the issues that are linked to this one.
    pub(crate) fn linked_to(&self, issue: u64) -> Vec<&str> {
        let ends = self.links.iter().filter_map(|link| match link {
            link if link.inward == issue => Some(link.outward),
            link if link.outward == issue => Some(link.inward),
            _ => None,
        });
        let linked = ends.filter_map(|id| self.issues.get(&id));
        linked.map(|issue| issue.key.as_str()).collect()
    }

    fn id_of(&self, id_or_key: &str) -> Option<u64> {
        if let Ok(id) = id_or_key.parse() {
            return Some(id);
        }
        let is = |issue: &&Issue| issue.key.eq_ignore_ascii_case(id_or_key);
        self.issues.values().find(is).map(|issue| issue.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_lags_behind() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let new = NewIssue {
            summary: "first".to_owned(),
            description: None,
            request_type: None,
            fields: BTreeMap::new(),
            reporter: Account::Agent,
        };
        let mut issue = Issue::new(1, "SUP-1".to_owned(), new, at(100));
        issue.summary = "second".to_owned();
        issue.touch(at(110));
        let lag = TimeDelta::seconds(5);
        let table = [
            (104, None),
            (105, Some("first")),
            (114, Some("first")),
            (115, Some("second")),
        ];
        for (second, summary) in table {
            let entry = issue.in_index(at(second), lag);
            assert_eq!(
                entry.map(|found| found.entry.summary.as_str()),
                summary,
                "at {second}"
            );
        }
    }
}

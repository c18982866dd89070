//! Requests without webhooks, for a stack with a past.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use serde_json::json;

use super::JiraSimulator;
use super::account::Account;
use super::adf;
use super::state::{Comment, Issue, NewIssue};
use super::webhooks::actions::{FIRST_COMMENT, FIRST_ISSUE};
use crate::lock;

impl JiraSimulator {
    /// Opens a request for a phone number, with public comments by Casement's account and an agent
    /// in turn, without a webhook. Returns the id and the key.
    pub fn seed_request(&self, phone: &str, summary: &str, texts: &[String]) -> (u64, String) {
        let count = self.shared.issues.fetch_add(1, Ordering::SeqCst);
        let config = &self.shared.config;
        let key = format!("{}-{}", config.project_key, count + 1);
        let now = self.now();
        let new = NewIssue {
            summary: summary.to_owned(),
            description: None,
            request_type: config.request_types.first().map(|kind| kind.id.clone()),
            fields: BTreeMap::from([(config.phone_field.clone(), json!(format!("+{phone}")))]),
            reporter: Account::Bridge,
        };
        let mut issue = Issue::new(FIRST_ISSUE + count, key.clone(), new, now);
        // The marks that Casement sets on a comment that reached the customer.
        let delivered = json!({"v": 1, "state": "read", "parts": []});
        let turns = [Account::Bridge, Account::Agent].into_iter().cycle();
        issue.comments = texts
            .iter()
            .zip(turns)
            .map(|(text, author)| Comment {
                id: FIRST_COMMENT + self.shared.comments.fetch_add(1, Ordering::SeqCst),
                author,
                update_author: author,
                body: adf::from_text(text),
                public: true,
                visibility: None,
                properties: BTreeMap::from([("casement".to_owned(), delivered.clone())]),
                files: BTreeSet::new(),
                files_linked: now,
                created: now,
                updated: now,
            })
            .collect();
        let id = issue.id;
        lock(&self.shared.state).issues.insert(id, issue);
        (id, key)
    }
}

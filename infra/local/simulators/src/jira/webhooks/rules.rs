//! Automation's rules, which comment when somebody has commented.

use std::collections::BTreeMap;

use super::actions::NewComment;
use crate::jira::account::Account;
use crate::jira::adf;
use crate::jira::options::{Judged, Rule};
use crate::jira::state::{Comment, Issue};

impl Rule {
    /// Returns what the rule writes because of `comment`. Casement writes customers' messages in
    /// public and its own notes inside.
    pub(super) fn reaction(self, issue: &Issue, comment: &Comment) -> Option<NewComment> {
        let by_casement = comment.author == Account::Bridge;
        let text = match self {
            Self::AutoReply if by_casement && comment.public => {
                "Thank you, we have your message and will answer soon.".to_owned()
            }
            Self::OnNotes if by_casement && !comment.public => {
                format!("{} has {} comments.", issue.key, issue.comments.len())
            }
            _ => return None,
        };
        Some(NewComment {
            author: Account::Automation,
            body: adf::from_text(&text),
            public: true,
            visibility: None,
            properties: BTreeMap::new(),
            files: Vec::new(),
        })
    }
}

impl Judged {
    /// Returns the side of whoever wrote a public comment; `self` is the side of the service
    /// account. Rules do not set off each other.
    pub(super) fn side_of(self, author: Account) -> Option<Self> {
        match author {
            Account::Bridge => Some(self),
            Account::Agent => Some(Self::Agent),
            Account::Customer => Some(Self::Customer),
            Account::Automation => None,
        }
    }
}

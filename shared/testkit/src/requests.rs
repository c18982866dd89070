//! Requests in Jira, and what is asked of issues.

use std::collections::HashMap;

use casement_core::decide::fields::FieldValue;
use casement_core::decide::inbound::NewRequest;
use casement_core::decide::routing::{RequestState, Transition};
use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{AccountId, Assignee, IssueId, IssueRef};
use casement_service::ports::{Clock, Origin, RequestDetails, Requests};
use chrono::{DateTime, Utc};

use crate::{Call, World};

#[derive(Default)]
pub(crate) struct AllRequests {
    /// The requests that we opened, with the ids 1, 2, and so on.
    opened: Vec<NewRequest>,
    issues: HashMap<IssueId, Issue>,
    transitions: Vec<Transition>,
    assignee: Option<Assignee>,
    related: Vec<(IssueId, IssueId)>,
    /// The writes of fields, each with its request.
    fields: Vec<(String, Vec<(String, FieldValue)>)>,
    /// A field that Jira refuses.
    unknown_field: Option<String>,
}

/// The state of an issue that is not as at first.
#[derive(Default)]
struct Issue {
    /// The cause of Jira's 404.
    absence: Option<Absence>,
    /// Jira's answer to all writes.
    full: Option<CallFailure>,
    done_since: Option<DateTime<Utc>>,
    phone: Option<String>,
}

fn issue(number: usize) -> IssueRef {
    IssueRef {
        id: IssueId::new(number.to_string()),
        key: format!("SUP-{number}"),
    }
}

impl World {
    /// Returns the number of requests that we opened.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.inner.requests.borrow().opened.len()
    }

    /// Returns the words around the reference of the latest request.
    #[must_use]
    pub fn reference_text(&self) -> String {
        let requests = self.inner.requests.borrow();
        requests.opened.last().unwrap().reference_text.clone()
    }

    fn set_issue(&self, id: &str, change: impl FnOnce(&mut Issue)) {
        let issues = &mut self.inner.requests.borrow_mut().issues;
        change(issues.entry(IssueId::new(id)).or_default());
    }

    fn of_issue<T>(&self, id: &IssueId, what: impl Fn(&Issue) -> Option<T>) -> Option<T> {
        self.inner.requests.borrow().issues.get(id).and_then(what)
    }

    /// Deletes the request.
    pub fn delete_request(&self, id: &str) {
        self.hide_request(id, Absence::Deleted);
    }

    /// Makes Jira answer with 404 for the request from now on.
    pub fn hide_request(&self, id: &str, absence: Absence) {
        self.set_issue(id, |issue| issue.absence = Some(absence));
    }

    /// Makes all hidden and deleted requests visible again.
    pub fn show_requests(&self) {
        let issues = &mut self.inner.requests.borrow_mut().issues;
        issues.values_mut().for_each(|issue| issue.absence = None);
    }

    /// Makes Jira refuse all writes to the request with `failure` from now on.
    pub fn fill(&self, id: &str, failure: CallFailure) {
        self.set_issue(id, |issue| issue.full = Some(failure));
    }

    /// Closes request 1.
    pub fn resolve_request(&self) {
        self.resolve("1", self.now());
    }

    /// Closes a request at `since`.
    pub fn resolve(&self, id: &str, since: DateTime<Utc>) {
        self.set_issue(id, |issue| issue.done_since = Some(since));
    }

    /// Returns whether the request is closed.
    #[must_use]
    pub fn is_done(&self, id: &str) -> bool {
        self.of_issue(&IssueId::new(id), |issue| issue.done_since)
            .is_some()
    }

    /// Sets the transitions out of "done", each with whether it leads to "done" again.
    pub fn set_transitions(&self, transitions: &[(&str, bool)]) {
        let listed = transitions.iter().map(|(id, leads_to_done)| Transition {
            id: (*id).to_owned(),
            leads_to_done: *leads_to_done,
        });
        self.inner.requests.borrow_mut().transitions = listed.collect();
    }

    /// Returns the links: the new request, and the one that it follows.
    #[must_use]
    pub fn related(&self) -> Vec<(String, String)> {
        let requests = self.inner.requests.borrow();
        let related = requests.related.iter();
        related
            .map(|(new, former)| (new.as_str().to_owned(), former.as_str().to_owned()))
            .collect()
    }

    /// Assigns all requests to an agent.
    pub fn assign(&self, name: &str) {
        self.inner.requests.borrow_mut().assignee = Some(Assignee {
            account: AccountId::new("712020:1"),
            name: name.to_owned().into(),
        });
    }

    /// Returns the writes of fields, each with its request.
    #[must_use]
    pub fn written_fields(&self) -> Vec<(String, Vec<(String, FieldValue)>)> {
        self.inner.requests.borrow().fields.clone()
    }

    /// Makes Jira refuse every write of this field.
    pub fn refuse_field(&self, field: &str) {
        self.inner.requests.borrow_mut().unknown_field = Some(field.to_owned());
    }

    /// Fills the phone number field of a request.
    pub fn has_phone(&self, id: &str, phone: &str) {
        self.set_issue(id, |issue| issue.phone = Some(phone.to_owned()));
    }

    /// Fails if Jira answers with 404 for the request.
    pub(crate) fn check_presence(&self, id: &IssueId) -> Result<(), CallFailure> {
        let absence = self.of_issue(id, |issue| issue.absence);
        absence.map_or(Ok(()), |absence| Err(CallFailure::Absent(absence)))
    }

    /// Fails if the request refuses writes.
    pub(crate) fn check_room(&self, id: &IssueId) -> Result<(), CallFailure> {
        self.of_issue(id, |issue| issue.full.clone())
            .map_or(Ok(()), Err)
    }
}

impl Requests for World {
    async fn open(&self, request: &NewRequest) -> Result<IssueRef, CallFailure> {
        self.others_first().await;
        let call = self.begin_call(Call::OpenRequest)?;
        let opened = &mut self.inner.requests.borrow_mut().opened;
        opened.push(request.clone());
        let issue = issue(opened.len());
        self.update_issue(issue.id.as_str(), self.now());
        call.answer(issue)
    }

    async fn find(&self, request: &NewRequest) -> Result<Option<IssueRef>, CallFailure> {
        let call = self.begin_call(Call::FindRequest)?;
        let requests = self.inner.requests.borrow();
        let mut opened = requests.opened.iter();
        let found = opened.position(|opened| opened.reference == request.reference);
        call.answer(found.map(|index| issue(index + 1)))
    }

    async fn state(&self, issue: &IssueId) -> Result<RequestState, CallFailure> {
        self.check_presence(issue)?;
        self.others_first().await;
        let call = self.begin_call(Call::State)?;
        let done = self.of_issue(issue, |issue| issue.done_since);
        call.answer(done.map_or(RequestState::Open, |since| RequestState::Done {
            since: Some(since),
        }))
    }

    async fn transitions(&self, _issue: &IssueId) -> Result<Vec<Transition>, CallFailure> {
        let call = self.begin_call(Call::Transitions)?;
        call.answer(self.inner.requests.borrow().transitions.clone())
    }

    async fn transition(
        &self,
        issue: &IssueId,
        transition: &Transition,
    ) -> Result<(), CallFailure> {
        let call = self.begin_call(Call::Transition)?;
        assert!(!transition.leads_to_done);
        assert!(self.is_done(issue.as_str()), "reopened twice");
        self.set_issue(issue.as_str(), |issue| issue.done_since = None);
        call.answer(())
    }

    async fn assignee(&self, _issue: &IssueId) -> Result<Option<Assignee>, CallFailure> {
        let call = self.begin_call(Call::Assignee)?;
        call.answer(self.inner.requests.borrow().assignee.clone())
    }

    async fn set_fields(
        &self,
        issue: &IssueId,
        fields: &[(String, FieldValue)],
    ) -> Result<(), CallFailure> {
        let call = self.begin_call(Call::SetFields)?;
        let unknown = self.inner.requests.borrow().unknown_field.clone();
        if fields
            .iter()
            .any(|(field, _)| Some(field) == unknown.as_ref())
        {
            return Err(CallFailure::Jira {
                status: 400,
                retry_after: None,
            });
        }
        for (_, value) in fields {
            if let FieldValue::Text(text) = value {
                self.has_phone(issue.as_str(), text.get());
            }
        }
        let written = (issue.as_str().to_owned(), fields.to_vec());
        self.inner.requests.borrow_mut().fields.push(written);
        call.answer(())
    }

    async fn relate(&self, new: &IssueId, former: &IssueId) -> Result<(), CallFailure> {
        let call = self.begin_call(Call::Relate)?;
        let related = &mut self.inner.requests.borrow_mut().related;
        let link = (new.clone(), former.clone());
        if !related.contains(&link) {
            related.push(link);
        }
        call.answer(())
    }
}

impl RequestDetails for World {
    async fn origin(&self, issue: &IssueId) -> Result<Origin, CallFailure> {
        Ok(Origin {
            issue: IssueRef {
                id: issue.clone(),
                key: format!("SUP-{}", issue.as_str()),
            },
            service_desk_id: "1".to_owned(),
            request_type_id: "10".to_owned(),
        })
    }

    async fn field(&self, issue: &IssueId, _field: &str) -> Result<Option<String>, CallFailure> {
        Ok(self.of_issue(issue, |issue| issue.phone.clone()))
    }

    async fn file_named(
        &self,
        _issue: &IssueId,
        name: &str,
    ) -> Result<Option<CommentFile>, CallFailure> {
        Ok(self.any_file(name))
    }
}

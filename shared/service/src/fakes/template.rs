//! Templates at WhatsApp, and Jira's details of requests.

use std::collections::HashMap;
use std::sync::Arc;

use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{
    BusinessAccountId, IssueId, IssueRef, PhoneNumber, PhoneNumberId, Recipient,
};
use casement_core::model::status::TemplateHold;
use casement_core::say::template::{Template, TemplateStatus, Wording};
use chrono::{DateTime, Utc};

use super::World;
use crate::failure::StoreFailure;
use crate::ports::*;

/// Templates at WhatsApp, and Jira's details of requests.
#[derive(Default)]
pub(super) struct Templates {
    all: Vec<Template>,
    /// The number of times that the list was asked for.
    asked: u32,
    /// A worker's copy of the list, with its time.
    copy: Option<(DateTime<Utc>, Arc<Vec<Template>>)>,
    list_failure: Option<CallFailure>,
    changed_at: Option<DateTime<Utc>>,
    /// WhatsApp's spelling of the recipient's number.
    answers_from: Option<String>,
    hold: Option<TemplateHold>,
    phone_fields: HashMap<String, String>,
}

impl World {
    /// Adds an approved template with nothing but text.
    pub(crate) fn approve(&self, name: &str, language: &str, body: &str) {
        self.list_template(name, language, body, "APPROVED");
    }

    /// Adds a template in any state, replacing an earlier one.
    pub(crate) fn list_template(&self, name: &str, language: &str, body: &str, status: &str) {
        let mut templates = self.inner.templates.borrow_mut();
        let is_other = |one: &Template| one.name != name || one.language != language;
        templates.all.retain(is_other);
        templates.all.push(Template {
            name: name.to_owned(),
            language: language.to_owned(),
            status: TemplateStatus::new(status),
            header: None,
            body: Wording::new(body, Vec::new()),
            footer: None,
            buttons: Vec::new(),
            unsupported: None,
        });
    }

    /// Makes WhatsApp accept templates and keep them back from now on.
    pub(crate) fn keep_back(&self, hold: TemplateHold) {
        self.inner.templates.borrow_mut().hold = Some(hold);
    }

    /// Gives the last template another header.
    pub(crate) fn give_header(&self, header: casement_core::say::template::Header) {
        let mut templates = self.inner.templates.borrow_mut();
        templates.all.last_mut().unwrap().header = Some(header);
    }

    /// Makes Meta fail so, if at all, when the list is asked for from now on.
    pub(crate) fn fail_list(&self, failure: Option<CallFailure>) {
        self.inner.templates.borrow_mut().list_failure = failure;
    }

    /// Returns how often Meta was asked for the list.
    pub(crate) fn lists_read(&self) -> u32 {
        self.inner.templates.borrow().asked
    }

    /// Sets WhatsApp's spelling of every recipient's number.
    pub(crate) fn answers_come_from(&self, digits: &str) {
        self.inner.templates.borrow_mut().answers_from = Some(digits.to_owned());
    }

    /// Makes WhatsApp not tell its spelling from now on.
    pub(crate) fn answers_do_not_say_from_where(&self) {
        self.inner.templates.borrow_mut().answers_from = None;
    }

    /// Sets the phone number field of the request `issue`.
    pub(crate) fn has_phone(&self, issue: &str, phone: &str) {
        let mut templates = self.inner.templates.borrow_mut();
        templates
            .phone_fields
            .insert(issue.to_owned(), phone.to_owned());
    }
}

impl TemplateMessages for World {
    async fn templates(
        &self,
        _account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Vec<Template>>, CallFailure> {
        let mut templates = self.inner.templates.borrow_mut();
        if let Some((made_at, list)) = &templates.copy
            && *made_at >= fresh_since
        {
            return Ok(Arc::clone(list));
        }
        templates.asked += 1;
        if let Some(failure) = templates.list_failure.clone() {
            return Err(failure);
        }
        let list = Arc::new(templates.all.clone());
        templates.copy = Some((now, Arc::clone(&list)));
        Ok(list)
    }

    async fn send_template(
        &self,
        _from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingTemplate<'_>,
        callback: &str,
    ) -> Result<AcceptedTemplate, CallFailure> {
        let file = message.header.map_or("", |media| media.as_str());
        let text = format!("{}: {}{file}", message.template.name, message.template.text);
        let wamid = self.deliver(to, text, callback)?;
        let phone = self.inner.templates.borrow().answers_from.clone();
        Ok(AcceptedTemplate {
            wamid,
            phone: phone.map(PhoneNumber::new),
            hold: self.inner.templates.borrow().hold,
        })
    }
}

impl TemplateChanges for World {
    async fn templates_changed(
        &self,
        _account: &BusinessAccountId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFailure> {
        self.inner.templates.borrow_mut().changed_at = Some(at);
        Ok(())
    }

    async fn last_template_change(
        &self,
        _account: &BusinessAccountId,
    ) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        Ok(self.inner.templates.borrow().changed_at)
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
        let templates = self.inner.templates.borrow();
        Ok(templates.phone_fields.get(issue.as_str()).cloned())
    }

    async fn file_named(
        &self,
        _issue: &IssueId,
        name: &str,
    ) -> Result<Option<CommentFile>, CallFailure> {
        Ok(self.any_file(name))
    }
}

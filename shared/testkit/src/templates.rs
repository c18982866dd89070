//! Templates at WhatsApp.

use std::sync::Arc;

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{BusinessAccountId, PhoneNumber, PhoneNumberId, Recipient};
use casement_core::model::status::TemplateHold;
use casement_core::say::template::{Header, Template, TemplateStatus, Wording};
use casement_service::StoreFailure;
use casement_service::ports::{
    AcceptedTemplate, OutgoingTemplate, TemplateChanges, TemplateMessages,
};
use chrono::{DateTime, Utc};

use crate::{Call, World};

#[derive(Default)]
pub(crate) struct Templates {
    all: Vec<Template>,
    /// A worker's copy of the list, with its time.
    copy: Option<(DateTime<Utc>, Arc<Vec<Template>>)>,
    changed_at: Option<DateTime<Utc>>,
    /// WhatsApp's spelling of the recipient's number.
    answers_from: Option<String>,
    hold: Option<TemplateHold>,
}

impl World {
    /// Adds an approved template with nothing but text.
    pub fn approve(&self, name: &str, language: &str, body: &str) {
        self.list_template(name, language, body, "APPROVED");
    }

    /// Adds a template in any state, replacing an earlier one.
    pub fn list_template(&self, name: &str, language: &str, body: &str, status: &str) {
        let templates = &mut self.inner.templates.borrow_mut();
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

    /// Gives the last template another header.
    pub fn give_header(&self, header: Header) {
        let templates = &mut self.inner.templates.borrow_mut();
        templates.all.last_mut().unwrap().header = Some(header);
    }

    /// Makes WhatsApp accept templates and keep them back from now on.
    pub fn keep_back(&self, hold: TemplateHold) {
        self.inner.templates.borrow_mut().hold = Some(hold);
    }

    /// Sets WhatsApp's spelling of every recipient's number. `None`: WhatsApp does not say.
    pub fn answers_come_from(&self, digits: Option<&str>) {
        self.inner.templates.borrow_mut().answers_from = digits.map(str::to_owned);
    }
}

impl TemplateMessages for World {
    async fn templates(
        &self,
        _account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Vec<Template>>, CallFailure> {
        let templates = &mut self.inner.templates.borrow_mut();
        if let Some((made_at, list)) = &templates.copy
            && *made_at >= fresh_since
        {
            return Ok(Arc::clone(list));
        }
        let call = self.begin_call(Call::Templates)?;
        let list = Arc::new(templates.all.clone());
        templates.copy = Some((now, Arc::clone(&list)));
        call.answer(list)
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
        let templates = self.inner.templates.borrow();
        Ok(AcceptedTemplate {
            wamid,
            phone: templates.answers_from.as_deref().map(PhoneNumber::new),
            hold: templates.hold,
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

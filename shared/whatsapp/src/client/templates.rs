//! The list of templates (Graph API, "WhatsApp Business Account, Message Templates").

mod listed;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casement_core::model::fate::{CallFailure, Side};
use casement_core::model::identity::{BusinessAccountId, PhoneNumberId, Recipient};
use casement_core::model::ledger::callback;
use casement_core::say::template::Template;
use casement_service::ports::{
    AcceptedTemplate, OutgoingTemplate, TemplateMessages, WhatsappCredentials,
};
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use self::listed::template;
use super::send::{
    INVALID_PARAMETER, Message, TOKEN_EXPIRED, accepted_number, error_code, outcome, template_hold,
};
use super::{CloudApi, not_sent_or_unknown};

/// The fields asked for each template.
const FIELDS: &str = "name,language,status,category,components";

/// The number of templates on a page.
const PAGE: &str = "100";

/// The most pages to read. An account has up to 6,000 templates in all languages.
const MOST_PAGES: usize = 100;

/// Lists that were read, by account.
#[derive(Debug, Default)]
pub(super) struct TemplateLists(Mutex<HashMap<BusinessAccountId, List>>);

#[derive(Debug)]
struct List {
    made_at: DateTime<Utc>,
    templates: Arc<Vec<Template>>,
}

impl TemplateLists {
    fn get(
        &self,
        account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Arc<Vec<Template>>> {
        let lists = self.lock();
        let list = lists.get(account)?;
        // A list from the future was made before the clock was set back.
        let is_fresh = (fresh_since..=now).contains(&list.made_at);
        is_fresh.then(|| Arc::clone(&list.templates))
    }

    fn put(
        &self,
        account: &BusinessAccountId,
        made_at: DateTime<Utc>,
        templates: Vec<Template>,
    ) -> Arc<Vec<Template>> {
        let templates = Arc::new(templates);
        let list = List {
            made_at,
            templates: Arc::clone(&templates),
        };
        self.lock().insert(account.clone(), list);
        templates
    }

    /// Nobody panics while holding it.
    fn lock(&self) -> MutexGuard<'_, HashMap<BusinessAccountId, List>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: WhatsappCredentials> TemplateMessages for CloudApi<T> {
    async fn templates(
        &self,
        account: &BusinessAccountId,
        fresh_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Vec<Template>>, CallFailure> {
        if let Some(list) = self.templates.get(account, fresh_since, now) {
            return Ok(list);
        }
        let list = async |token: &SecretString| self.list(token, account).await;
        let templates = self.authorized(list).await?;
        Ok(self.templates.put(account, now, templates))
    }

    async fn send_template(
        &self,
        from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingTemplate<'_>,
        callback: &str,
    ) -> Result<AcceptedTemplate, CallFailure> {
        let url = self.url(&[from.as_str(), "messages"]);
        let callback = callback::sealed(callback);
        let message = Message::of_template(to, message, &callback);
        self.authorized(async |token| {
            let answer = self.post(&url, token, &message).await?;
            Ok(AcceptedTemplate {
                wamid: outcome(&answer)?,
                phone: accepted_number(&answer.body),
                hold: template_hold(&answer.body),
            })
        })
        .await
    }
}

impl<T: WhatsappCredentials> CloudApi<T> {
    async fn list(
        &self,
        token: &SecretString,
        account: &BusinessAccountId,
    ) -> Result<Vec<Template>, CallFailure> {
        let mut templates = Vec::new();
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let page = self.page(token, account, after.as_deref()).await?;
            let items = page["data"].as_array().into_iter().flatten();
            templates.extend(items.filter_map(template));
            // The answer also has the address of the next page, but the token goes to no address
            // from an answer.
            let is_last = page["paging"]["next"].is_null();
            match page["paging"]["cursors"]["after"].as_str() {
                Some(cursor) if !is_last => after = Some(cursor.to_owned()),
                _ => break,
            }
        }
        Ok(templates)
    }

    async fn page(
        &self,
        token: &SecretString,
        account: &BusinessAccountId,
        after: Option<&str>,
    ) -> Result<Value, CallFailure> {
        let mut query = vec![("fields", FIELDS), ("limit", PAGE)];
        query.extend(after.map(|cursor| ("after", cursor)));
        let again = || CallFailure::Unreachable(Side::Whatsapp);
        let response = self
            .http
            .get(self.url(&[account.as_str(), "message_templates"]))
            .query(&query)
            .bearer_auth(token.expose_secret())
            .send()
            .await
            .map_err(|error| match not_sent_or_unknown(&error) {
                CallFailure::Unknown(_) => again(),
                failure => failure,
            })?;
        let status = response.status();
        let body = response.bytes().await.map_err(|_| again())?;
        match error_code(&body) {
            Some(code) => Err(CallFailure::whatsapp(code)),
            None if status.is_success() => serde_json::from_slice(&body).map_err(|_| again()),
            None if status == StatusCode::UNAUTHORIZED => Err(CallFailure::whatsapp(TOKEN_EXPIRED)),
            None if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                Err(CallFailure::whatsapp(INVALID_PARAMETER))
            }
            None => Err(again()),
        }
    }
}

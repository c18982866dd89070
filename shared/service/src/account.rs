//! Takes Meta's word about business accounts, their numbers and their templates.

use casement_core::decide::freshness::Happening;
use casement_core::model::account::{AccountEvent, AccountKind, Severity};
use casement_core::model::identity::BusinessAccountId;
use casement_core::model::status::{TemplateCategory, TemplateChange};
use casement_core::settings::{NumberSettings, Settings};

use crate::app::Ports;
use crate::event::Event;
use crate::outcome::{Done, Ignored, Later, Outcome};
use crate::ports::*;
use crate::statuses::Statuses;

impl<P: Ports> Statuses<P> {
    /// Counts what has happened to a business account or to one of its numbers, and says in the log
    /// what to do.
    ///
    /// # Errors
    /// [`Later`]: put the report back.
    pub async fn account_event(&self, event: &AccountEvent) -> Result<Outcome, Later> {
        let what = Happening::AccountEvent;
        if what.is_stale(event.at, self.app.clock.now()) {
            return Ok(Outcome::Ignored(what.into()));
        }
        let settings = self.app.settings.current().await?;
        let account = event.business_account_id.as_ref();
        if account.is_some_and(|account| is_of_others(account, &settings)) {
            return Ok(Outcome::Ignored(Ignored::OtherAccount));
        }
        tell(event.kind, account, &event.details.join(", "));
        Ok(Outcome::Done(Done::AccountNoted))
    }

    /// Records that a template of a business account has changed, and tells operators if the
    /// reopening template becomes advertising.
    ///
    /// # Errors
    /// [`Later`]: put the report back.
    pub async fn template_changed(&self, change: &TemplateChange) -> Result<Outcome, Later> {
        let now = self.app.clock.now();
        let is_stale = |what: Happening| change.changed_at.is_some_and(|at| what.is_stale(at, now));
        // The list of templates has been read anew since, but the category may still be news.
        let what = Happening::TemplateChange;
        let is_old = is_stale(what);
        if is_old && (change.category.is_none() || is_stale(Happening::AccountEvent)) {
            return Ok(Outcome::Ignored(what.into()));
        }
        let account = &change.business_account_id;
        let settings = self.app.settings.current().await?;
        let mut numbers = settings.numbers().iter();
        if !numbers.any(|number| is_of(number, account)) {
            return Ok(Outcome::Ignored(Ignored::OtherAccount));
        }
        if !is_old {
            self.app.store.templates_changed(account, now).await?;
        }
        tracing::info!(
            template = change.name,
            language = change.language,
            event = change.event.as_deref().unwrap_or("changed"),
            "a template has changed"
        );
        if let Some(kind) = of_reopening(change, &settings) {
            let on = change.category.and_then(|category| category.announced_for);
            let on = on.map(|at| format!(" on {}", at.format("%F %H:%M UTC")));
            let details = format!(
                "{} ({}){}",
                change.name,
                change.language,
                on.unwrap_or_default()
            );
            tell(kind, Some(account), &details);
        }
        Ok(Outcome::Done(Done::TemplateChanged))
    }
}

/// Counts an event, and says in the log what it means and what to do.
fn tell(kind: AccountKind, account: Option<&BusinessAccountId>, details: &str) {
    Event::Account(kind).count();
    let (word, meaning, to_do) = (kind.as_str(), kind.meaning(), kind.to_do());
    let account = account.map_or("unknown", BusinessAccountId::as_str);
    macro_rules! log {
        ($level:ident) => {
            tracing::$level!(
                event = "account",
                account_event = word,
                severity = kind.severity().as_str(),
                account,
                details,
                to_do,
                "{meaning}"
            )
        };
    }
    match kind.severity() {
        Severity::Stops | Severity::Limits => log!(error),
        Severity::Warning => log!(warn),
        Severity::Info => log!(info),
    }
}

/// Whether the settings show that `account` is none of ours: several deployments and partners share
/// an app. A number whose account the settings do not name may be of any.
fn is_of_others(account: &BusinessAccountId, settings: &Settings) -> bool {
    let mut numbers = settings.numbers().iter();
    numbers.all(|number| number.business_account_id.is_some() && !is_of(number, account))
}

fn is_of(number: &NumberSettings, account: &BusinessAccountId) -> bool {
    number.business_account_id.as_ref() == Some(account)
}

/// Returns the event if the template that announces held replies becomes advertising.
fn of_reopening(change: &TemplateChange, settings: &Settings) -> Option<AccountKind> {
    let category = change.category?;
    let numbers = settings.numbers().iter();
    let mut templates = numbers
        .filter(|number| is_of(number, &change.business_account_id))
        .filter_map(|number| number.reopening_template.as_ref());
    let is_reopening = templates.any(|template| template.is(&change.name, &change.language));
    (is_reopening && category.to == TemplateCategory::Marketing).then_some(
        if category.announced_for.is_some() {
            AccountKind::ReopeningTemplateToMarketing
        } else {
            AccountKind::ReopeningTemplateIsMarketing
        },
    )
}

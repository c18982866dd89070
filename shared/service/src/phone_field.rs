//! Shows a customer's phone number in the request's field.

use casement_core::decide::fields::FieldValue;
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::{CustomerIdentity, IssueId, PhoneNumber};
use casement_core::say::notes::InField;
use casement_core::settings::NumberSettings;

use crate::app::{App, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::ports::*;

/// Writes `number` into the owner's field, unless somebody has written something else there. A
/// number that the customer shared before may be replaced: `before` is the customer as known so far.
/// Idempotent.
///
/// # Errors
/// Jira may take it later, and this is not the `last` attempt: repeat it.
pub(crate) async fn show<P: Ports>(
    app: &App<P>,
    settings: &NumberSettings,
    issue: &IssueId,
    number: &PhoneNumber,
    before: &CustomerIdentity,
    last: bool,
) -> Result<InField, Failure> {
    let Some(field) = &settings.phone_field else {
        return Ok(InField::NoField);
    };
    let shown = async || -> Result<InField, CallFailure> {
        if let Some(text) = app.jira.field(issue, field).await? {
            return match PhoneNumber::of_text(&text) {
                Ok(shown) if shown == *number => Ok(InField::Shown),
                Ok(shown) if before.has(shown.as_str()) => write(app, issue, field, number).await,
                _ => Ok(InField::Occupied),
            };
        }
        write(app, issue, field, number).await
    };
    match shown().await {
        Ok(shown) => Ok(shown),
        Err(failure) if !last && is_for_now(&failure) => Err(failure.into()),
        Err(failure) => {
            let issue = issue.as_str();
            tracing::warn!(%failure, issue, "the request does not show the customer's phone number");
            Event::NotShown("phone_field").count();
            Ok(InField::NotTaken)
        }
    }
}

async fn write<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    field: &str,
    number: &PhoneNumber,
) -> Result<InField, CallFailure> {
    let value = FieldValue::Text(number.e164().into());
    let fields = [(field.to_owned(), value)];
    app.jira.set_fields(issue, &fields).await?;
    Ok(InField::Shown)
}

fn is_for_now(failure: &CallFailure) -> bool {
    matches!(fate(failure), Fate::Retry(_) | Fate::Resolve)
}

//! Checks that the values of a document fit together.

mod hours;
mod ids;
mod languages;

use std::ops::Range;

use toml::Spanned;

use super::document::{Document, NumberTable};
use super::error::Problem;
use super::value::{CustomField, TextField};
use super::{NumberSettings, Senders, Settings};
use crate::hours::QuietHours;

const NUMBER: &str = "[[number]]";

/// Returns the settings, or the first value that does not fit.
pub(super) fn checked(document: Document) -> Result<Settings, Problem> {
    if document.numbers.is_empty() {
        let message = "no [[number]] table: add one for each WhatsApp number";
        return Err(Problem::new("", "", 0..0, message));
    }
    let mut numbers: Vec<NumberSettings> = Vec::new();
    for table in document.numbers {
        let id = &table.phone_number_id;
        let earlier = numbers.iter().map(|earlier| &earlier.phone_number_id);
        ids::new_number(NUMBER, "phone_number_id", id, earlier, "is given twice")?;
        numbers.push(number(table)?);
    }
    let mut other_numbers = Vec::new();
    for id in document.other_numbers {
        let ours = numbers.iter().map(|number| &number.phone_number_id);
        let is_ours = "has a [[number]] table as well";
        ids::new_number("", "other_numbers", &id, ours, is_ours)?;
        ids::new_number("", "other_numbers", &id, &other_numbers, "is given twice")?;
        other_numbers.push(id.into_inner());
    }
    Ok(Settings {
        numbers,
        other_numbers,
    })
}

fn number(table: NumberTable) -> Result<NumberSettings, Problem> {
    let zone = table.time_zone;
    let hours = hours::checked(zone, table.hours, table.holidays)?;
    let languages = languages::checked(table.language, table.languages, table.texts)?;
    let reopening_template = table
        .reopening_template
        .map(|template| languages::template(template, languages.default_language()))
        .transpose()?;
    let senders = {
        for sender in &table.allowed {
            if table.blocked.contains(sender.get_ref()) {
                let message = format!("\"{}\" is blocked as well", sender.get_ref().0);
                return Err(Problem::new(NUMBER, "allowed", sender.span(), message));
            }
        }
        let blocked = table.blocked.into_iter().map(|sender| sender.0).collect();
        let allowed = table.allowed.into_iter();
        let allowed = allowed.map(|sender| sender.into_inner().0).collect();
        Senders::new(blocked, allowed, table.unwanted)
    };
    let business_account_id = ids::account(table.business_account_id, &table.phone_number_id)?;
    let text = |field: Option<Spanned<TextField>>| field.map(|f| (f.span(), f.into_inner().0));
    let custom = |field: Option<Spanned<CustomField>>| field.map(|f| (f.span(), f.into_inner().0));
    let fields = different([
        ("reference_field", text(table.reference_field)),
        ("phone_field", text(table.phone_field)),
        ("name_field", text(table.name_field)),
        ("window_field", custom(table.window_field)),
        ("waiting_field", custom(table.waiting_field)),
        ("held_field", custom(table.held_field)),
    ])?;
    let [
        reference_field,
        phone_field,
        name_field,
        window_field,
        waiting_field,
        held_field,
    ] = fields;
    Ok(NumberSettings {
        phone_number_id: table.phone_number_id.into_inner(),
        business_account_id,
        service_desk_id: table.service_desk_id.0,
        request_type_id: table.request_type_id.0,
        reference_field: reference_field.unwrap_or_else(|| "description".to_owned()),
        phone_field,
        name_field,
        window_field,
        waiting_field,
        held_field,
        time_zone: zone,
        hours,
        quiet_hours: QuietHours::new(zone, table.quiet_hours),
        reopen_within: table.reopen_within,
        delay_after: table.delay_after,
        hold_for: table.hold_for,
        keep_open_lead: table.keep_open_lead,
        keep_open_times: table.keep_open_times,
        alert_lead: table.alert_lead,
        agent_name: table.agent_name,
        mark_read: table.mark_read,
        automation_comments: table.automation_comments,
        automation_after_stop: table.automation_after_stop,
        automation_limit: usize::try_from(table.automation_limit).unwrap_or(usize::MAX),
        standby: table.standby,
        typing_indicator: table.typing_indicator,
        thanks_words: usable("thanks_words", table.thanks_words)?,
        stop_words: worded("stop_words", table.stop_words)?,
        start_words: worded("start_words", table.start_words)?,
        senders,
        languages,
        reopening_template,
    })
}

/// The id of a field, with its place in the document.
type Placed = (Range<usize>, String);

/// Checks that each key names a field of its own.
fn different<const N: usize>(
    fields: [(&str, Option<Placed>); N],
) -> Result<[Option<String>; N], Problem> {
    for (index, (key, field)) in fields.iter().enumerate() {
        let Some((span, field)) = field else { continue };
        let mut earlier = fields[..index].iter();
        let same =
            earlier.find(|(_, earlier)| earlier.as_ref().is_some_and(|(_, other)| other == field));
        if let Some((earlier, _)) = same {
            let message = format!("is the field of {earlier}");
            return Err(Problem::new(NUMBER, key, span.clone(), message));
        }
    }
    Ok(fields.map(|(_, field)| field.map(|(_, field)| field)))
}

fn usable(key: &str, entries: Vec<Spanned<String>>) -> Result<Vec<String>, Problem> {
    let problem = "has no word and no emoji";
    all(key, entries, crate::say::thanks::is_usable, problem)
}

fn worded(key: &str, entries: Vec<Spanned<String>>) -> Result<Vec<String>, Problem> {
    let has_a_word = |entry: &str| !crate::text::words(entry).is_empty();
    all(key, entries, has_a_word, "has no word")
}

fn all(
    key: &str,
    entries: Vec<Spanned<String>>,
    is_right: impl Fn(&str) -> bool,
    problem: &str,
) -> Result<Vec<String>, Problem> {
    if let Some(entry) = entries.iter().find(|entry| !is_right(entry.get_ref())) {
        let message = format!("\"{}\" {problem}", entry.get_ref());
        return Err(Problem::new(NUMBER, key, entry.span(), message));
    }
    Ok(entries.into_iter().map(Spanned::into_inner).collect())
}

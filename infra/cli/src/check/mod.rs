//! `casement check`: one row for each thing that has to be set up.
//!
//! Each of `aws`, `meta` and `site` fetches facts, and pure functions beside it judge them. A fact
//! that is unavailable because an earlier one is wrong adds no red row: its row names the row it
//! waits for.

pub(crate) mod aws;
pub(crate) mod meta;
mod others;
mod row;
pub(crate) mod site;
#[cfg(test)]
mod tests;
pub(crate) mod versions;

use std::process::ExitCode;

use casement_aws::{Credentials, WebhookSecrets};
use casement_core::settings::Settings;
use serde_json::json;

use crate::Problem;
use crate::args::Check;
use crate::place::Place;
use crate::stored::{APPLY, Table};
use crate::talk::{Talk, counted};
pub(crate) use row::{Row, Verdict};

const WEBHOOK_SECRET: &str = "webhook secret";
const CREDENTIALS: &str = "credentials secret";

/// Both secrets of the deployment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Secrets<'a> {
    pub webhook: &'a WebhookSecrets,
    pub credentials: &'a Credentials,
}

/// Prints all rows. The exit code is 1 if a row needs action.
///
/// # Errors
/// The deployment's names are unknown.
pub async fn run(place: &Place, talk: &Talk, wanted: &Check) -> Result<ExitCode, Problem> {
    let progress = talk.spinner("looking");
    let mut rows = Vec::new();
    rows.extend(aws::rows(place).await?);
    progress.inc(1);
    let settings = Table::of(place)?.checked_settings().await;
    rows.push(settings_row(&settings));
    let settings = settings.ok();
    rows.push(fingerprint_key_row(&place.take_fingerprint_key().await));
    let webhook = place.webhook_secrets().await;
    rows.push(secret_row(WEBHOOK_SECRET, &webhook));
    let credentials = place.credentials().await;
    rows.push(secret_row(CREDENTIALS, &credentials));
    let another_sender = Table::of(place)?.another_sender().await;
    rows.push(others::row(&another_sender, settings.as_ref()));
    match (&webhook, &credentials) {
        (Ok(webhook), Ok(credentials)) => {
            let secrets = Secrets {
                webhook,
                credentials,
            };
            rows.extend(meta::rows(place, secrets, settings.as_ref(), wanted).await?);
            progress.inc(1);
            let last = Table::of(place)?.last_use().await?;
            rows.extend(site::rows(place, secrets, settings.as_ref(), last).await?);
        }
        (webhook, _) => {
            let missing = if webhook.is_err() {
                WEBHOOK_SECRET
            } else {
                CREDENTIALS
            };
            let waiting = meta::ROWS.into_iter().chain(site::ROWS);
            rows.extend(waiting.map(|what| Row::new(what, Verdict::waits_for(missing))));
        }
    }
    progress.finish_and_clear();
    report(talk, &rows)
}

fn report(talk: &Talk, rows: &[Row]) -> Result<ExitCode, Problem> {
    let wrong = rows.iter().filter(|row| row.is_wrong()).count();
    let mut text = rows.iter().map(Row::line).collect::<String>();
    text.push_str(&match wrong {
        0 => "Nothing to do.".to_owned(),
        some => format!("{} to do.", counted(some, "thing", "things")),
    });
    talk.say(&text, &json!({"ok": wrong == 0, "rows": rows}))?;
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

fn settings_row(settings: &Result<Settings, Problem>) -> Row {
    let verdict = match settings {
        Ok(settings) => {
            let numbers = counted(settings.numbers().len(), "number", "numbers");
            Verdict::ok(format!("valid, {numbers}"))
        }
        Err(problem) => Verdict::of(problem, APPLY),
    };
    Row::new("settings", verdict)
}

fn fingerprint_key_row(taken: &Result<(), Problem>) -> Row {
    let verdict = match taken {
        Ok(()) => Verdict::ok("can be read"),
        Err(problem) => Verdict::of(
            problem,
            "no function starts without it: the runbook says how to get it back",
        ),
    };
    Row::new("fingerprint key", verdict)
}

fn secret_row<T>(what: &'static str, secret: &Result<T, Problem>) -> Row {
    let verdict = match secret {
        Ok(_) => Verdict::ok("has every key"),
        Err(problem) => Verdict::of(problem, "put it right: casement secret set"),
    };
    Row::new(what, verdict)
}

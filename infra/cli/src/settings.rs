//! `casement settings`: shows, checks and stores the settings.

use std::path::Path;
use std::process::ExitCode;

use casement_core::settings::Settings;
use serde_json::json;
use similar::TextDiff;

use crate::Problem;
use crate::file::text_of;
use crate::place::Place;
use crate::stored::{Table, none_stored};
use crate::talk::Talk;

/// Prints the stored document unchanged.
///
/// # Errors
/// No document is stored, or the table does not answer.
pub async fn show(place: &Place, talk: &Talk) -> Result<ExitCode, Problem> {
    let stored = Table::of(place)?.settings().await?;
    let stored = stored.ok_or_else(none_stored)?;
    let value = json!({"version": stored.version, "document": stored.document});
    talk.say(&stored.document, &value)?;
    Ok(ExitCode::SUCCESS)
}

/// Checks a file. Needs no deployment.
///
/// # Errors
/// The file cannot be read, or is invalid. The message names the place.
pub fn validate(talk: &Talk, file: &Path) -> Result<ExitCode, Problem> {
    let (_, settings) = read(file)?;
    let numbers = settings.numbers().len();
    let text = format!("{} is valid.", file.display());
    talk.say(&text, &json!({"valid": true, "numbers": numbers}))?;
    Ok(ExitCode::SUCCESS)
}

/// Checks a file, shows the changes, asks, and stores the file.
///
/// # Errors
/// The file is invalid, or somebody else stores settings at the same time.
pub async fn apply(place: &Place, talk: &Talk, file: &Path) -> Result<ExitCode, Problem> {
    let (document, _) = read(file)?;
    let table = Table::of(place)?;
    let stored = table.settings().await?;
    let (former, version) = stored.map_or_else(
        || (String::new(), 0),
        |stored| (stored.document, stored.version),
    );
    let said = |text: &str, changed: bool, version: u64| {
        talk.say(text, &json!({"changed": changed, "version": version}))
    };
    if former == document {
        said("These settings are in force already.", false, version)?;
        return Ok(ExitCode::SUCCESS);
    }
    let shown = changes(&former, &document);
    if !talk.json {
        eprint!("{shown}");
    }
    if !talk.confirm("Store these settings?")? {
        said("Nothing is changed.", false, version)?;
        return Ok(ExitCode::FAILURE);
    }
    table.store_settings(&document, version).await?;
    let text = "Stored. The functions take them up within a minute.";
    said(text, true, version + 1)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes a unified diff.
fn changes(former: &str, document: &str) -> String {
    let diff = TextDiff::from_lines(former, document);
    let mut diff = diff.unified_diff();
    diff.context_radius(2).header("stored", "new").to_string()
}

fn read(file: &Path) -> Result<(String, Settings), Problem> {
    let shown = file.display();
    let document = text_of(file).map_err(|why| {
        Problem::Usage(format!(
            "{shown}: {why}. Give the file with your settings; infra/settings.example.toml is one \
             to begin with"
        ))
    })?;
    let settings = Settings::from_toml(&document)
        .map_err(|error| Problem::Usage(format!("{shown}: {error}")))?;
    Ok((document, settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_their_neighbours() {
        let former = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n";
        let shown = changes(former, &former.replace("d = 4", "d = 7"));
        assert_eq!(
            shown,
            "--- stored\n+++ new\n@@ -2,5 +2,5 @@\n b = 2\n c = 3\n-d = 4\n+d = 7\n e = 5\n f = 6\n"
        );
    }
}

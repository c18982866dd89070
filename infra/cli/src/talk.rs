//! Talks to the user of the command.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::Problem;

/// Counts things: `1 dead letter`, `2 dead letters`.
pub(crate) fn counted(count: usize, one: &str, several: &str) -> String {
    let what = if count == 1 { one } else { several };
    format!("{count} {what}")
}

/// The way the command communicates.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// Whether to print JSON, for programs.
    pub json: bool,
    /// Whether to answer every question with yes.
    pub yes: bool,
}

impl Talk {
    /// Prints `text`, or `value` if JSON is wanted.
    pub(crate) fn say(&self, text: &str, value: &impl Serialize) -> Result<(), Problem> {
        let said = if self.json {
            serde_json::to_string_pretty(value).map_err(|error| {
                Problem::Failed(format!("the answer cannot be written: {error}"))
            })?
        } else {
            text.trim_end().to_owned()
        };
        writeln!(std::io::stdout(), "{said}")
            .map_err(|error| Problem::Failed(format!("nothing can be printed: {error}")))
    }

    /// Shows what is about to happen and asks for confirmation.
    pub(crate) fn confirm(&self, question: &str) -> Result<bool, Problem> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() {
            return Err(Problem::Usage(format!(
                "{question} Cannot ask: input is not a terminal. Repeat with --yes to go ahead."
            )));
        }
        eprint!("{question} Type yes to go on: ");
        let mut answer = String::new();
        std::io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Problem::Failed(format!("the answer cannot be read: {error}")))?;
        Ok(answer.trim().eq_ignore_ascii_case("yes"))
    }

    /// Makes a progress bar for `length` steps, drawn only on a terminal.
    pub(crate) fn bar(&self, what: &str, length: u64) -> ProgressBar {
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar
    }

    /// Makes a spinner for work of unknown length, drawn only on a terminal.
    pub(crate) fn spinner(&self, what: &str) -> ProgressBar {
        let spinner = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}") {
            spinner.set_style(style);
        }
        spinner.set_message(what.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(120));
        spinner
    }
}

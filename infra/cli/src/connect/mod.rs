//! `casement connect`: sets up what `check` found missing, and leaves the rest as it is.

mod automation;
pub mod jira;
pub mod views;
pub mod whatsapp;

use std::process::ExitCode;

use serde_json::json;

use crate::Problem;
use crate::talk::Talk;

/// Reports the changes made.
fn report(talk: &Talk, done: &[String]) -> Result<ExitCode, Problem> {
    let text = if done.is_empty() {
        "Everything is connected already.".to_owned()
    } else {
        format!("{}\nLook at the rest: casement check", done.join("\n"))
    };
    talk.say(&text, &json!({"done": done}))?;
    Ok(ExitCode::SUCCESS)
}

/// Shows `steps` and asks for confirmation.
fn may(talk: &Talk, steps: &[String]) -> Result<bool, Problem> {
    if !talk.json {
        for step in steps {
            eprintln!("- {step}");
        }
    }
    talk.confirm("Do this?")
}
